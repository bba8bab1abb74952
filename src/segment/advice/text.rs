//! What can be said for certain of tests of texts without looking at any.

use crate::segment::checked::{LikeToken, Predicate, TextKind, TextTest};

/// Longer lists are compared as wholes only.
const LONGEST_LIST: usize = 100_000;

/// One thing that must hold of a value: most often of a text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Atom<'c> {
    shape: Shape<'c>,
    negated: bool,
    /// Compared as stored; otherwise both sides in lower case.
    match_case: bool,
}

/// How a text compares.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Shape<'c> {
    OneOf(&'c [String]),
    StartsWith(&'c str),
    EndsWith(&'c str),
    Contains(&'c str),
    /// Nothing but white space.
    Blank,
    Any,
    /// Only known to be the same as itself.
    Other(&'c Predicate),
}

impl<'c> Atom<'c> {
    /// Is, or is not, nothing but white space.
    pub fn blank(negated: bool) -> Self {
        Self { shape: Shape::Blank, negated, match_case: true }
    }

    /// A predicate of which nothing more is known.
    pub fn other(predicate: &'c Predicate) -> Self {
        Self { shape: Shape::Other(predicate), negated: false, match_case: true }
    }

    /// What a test of a text asks; `predicate` is what it is part of.
    pub fn text(test: &'c TextTest, predicate: &'c Predicate) -> Self {
        let shape = match &test.kind {
            TextKind::Exactly(text) => Shape::OneOf(std::slice::from_ref(text)),
            TextKind::In(texts) if texts.len() <= LONGEST_LIST => Shape::OneOf(texts),
            TextKind::StartsWith(text) => Shape::StartsWith(text),
            TextKind::EndsWith(text) => Shape::EndsWith(text),
            TextKind::Contains(text) => Shape::Contains(text),
            TextKind::Like(tokens) => match tokens.as_slice() {
                [LikeToken::Literal(text), LikeToken::AnyText] => Shape::StartsWith(text),
                [LikeToken::AnyText, LikeToken::Literal(text)] => Shape::EndsWith(text),
                [LikeToken::AnyText, LikeToken::Literal(text), LikeToken::AnyText] => Shape::Contains(text),
                [LikeToken::AnyText] => Shape::Any,
                _ => return Self::other(predicate),
            },
            TextKind::In(_) => return Self::other(predicate),
        };
        Self { shape, negated: test.negated, match_case: test.match_case }
    }

    /// The opposite.
    pub fn not(self) -> Self {
        Self { negated: !self.negated, ..self }
    }

    /// Whether it holds of every text.
    pub(crate) fn is_all(&self) -> bool {
        self.shape == Shape::Any && !self.negated
    }

    /// Whether nothing can pass all of these.
    pub(crate) fn are_empty(atoms: &[Self]) -> bool {
        let fails_all = |all: &Self| all.negated && all.shape == Shape::Any;
        let is_listed_out = |finite: &Self| {
            finite.texts().is_some_and(|texts| {
                texts.iter().all(|text| atoms.iter().any(|atom| atom.holds_of(text, finite) == Some(false)))
            })
        };
        let apart =
            |(at, atom): (usize, &Self)| atoms.iter().skip(at + 1).any(|other| atom.implies(&other.not()));
        atoms.iter().any(fails_all) || atoms.iter().any(is_listed_out) || atoms.iter().enumerate().any(apart)
    }

    /// Whether what passes all of these passes `other`.
    pub(crate) fn all_imply(atoms: &[Self], other: &Self) -> bool {
        let is_listed = |finite: &Self| {
            finite.texts().is_some_and(|texts| {
                texts.iter().all(|text| {
                    other.holds_of(text, finite) == Some(true)
                        || atoms.iter().any(|atom| atom.holds_of(text, finite) == Some(false))
                })
            })
        };
        other.is_all() || atoms.iter().any(|atom| atom.implies(other)) || atoms.iter().any(is_listed)
    }

    /// Whether what passes this certainly passes `other`.
    fn implies(&self, other: &Self) -> bool {
        match (self.negated, other.negated) {
            (false, false) => self.is_subset(other),
            (true, true) => other.is_subset(self),
            (false, true) => self.is_disjoint(other) || other.is_disjoint(self),
            (true, false) => other.shape == Shape::Any,
        }
    }

    /// The texts of a finite test, in the case in which they compare.
    fn texts(&self) -> Option<&'c [String]> {
        match self.shape {
            Shape::OneOf(texts) if !self.negated => Some(texts),
            _ => None,
        }
    }

    /// Whether this holds of every value that `from` takes for `text`; `None` if that is not known.
    fn holds_of(&self, text: &str, from: &Self) -> Option<bool> {
        // Values that are alike in lower case may differ as they are stored.
        let case_matters = !from.match_case && self.match_case;
        let lower;
        let text = if from.match_case && !self.match_case {
            lower = text.to_lowercase();
            &lower
        } else {
            text
        };
        let matches = match self.shape {
            Shape::Any => true,
            Shape::Blank => text.trim().is_empty(),
            Shape::Other(_) => return None,
            // What differs even in lower case differs.
            Shape::OneOf(texts) if case_matters => {
                if texts.iter().any(|own| own.to_lowercase() == text) {
                    return None;
                }
                false
            }
            _ if case_matters => return None,
            Shape::OneOf(texts) => texts.binary_search_by(|own| own.as_str().cmp(text)).is_ok(),
            Shape::StartsWith(start) => text.starts_with(start),
            Shape::EndsWith(end) => text.ends_with(end),
            Shape::Contains(part) => text.contains(part),
        };
        Some(matches != self.negated)
    }

    /// Whether the shape of this takes only what the shape of `other` takes.
    fn is_subset(&self, other: &Self) -> bool {
        let plain = Self { negated: false, ..*other };
        match (self.shape, other.shape) {
            (_, Shape::Any) => true,
            (Shape::OneOf(texts), _) if self.match_case == other.match_case && self.shape == other.shape => {
                !texts.is_empty()
            }
            (Shape::OneOf(texts), _) => {
                texts.iter().all(|text| plain.holds_of(text, &Self { negated: false, ..*self }) == Some(true))
            }
            (a, b) if a == b => self.match_case == other.match_case,
            _ if self.match_case != other.match_case => false,
            (Shape::StartsWith(a), Shape::StartsWith(b)) => a.starts_with(b),
            (Shape::EndsWith(a), Shape::EndsWith(b)) => a.ends_with(b),
            (Shape::StartsWith(a) | Shape::EndsWith(a) | Shape::Contains(a), Shape::Contains(b)) => {
                a.contains(b)
            }
            _ => false,
        }
    }

    /// Whether no value has both shapes.
    fn is_disjoint(&self, other: &Self) -> bool {
        let plain = Self { negated: false, ..*other };
        let is_visible = |text: &str| !text.trim().is_empty();
        match (self.shape, other.shape) {
            (Shape::OneOf(texts), _) => texts
                .iter()
                .all(|text| plain.holds_of(text, &Self { negated: false, ..*self }) == Some(false)),
            (Shape::StartsWith(text) | Shape::EndsWith(text) | Shape::Contains(text), Shape::Blank) => {
                is_visible(text)
            }
            _ if self.match_case != other.match_case => false,
            (Shape::StartsWith(a), Shape::StartsWith(b)) => !a.starts_with(b) && !b.starts_with(a),
            (Shape::EndsWith(a), Shape::EndsWith(b)) => !a.ends_with(b) && !b.ends_with(a),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn predicate(kind: TextKind, negated: bool, match_case: bool) -> Predicate {
        Predicate::Text(TextTest { kind, negated, match_case })
    }

    fn atom(predicate: &Predicate) -> Atom<'_> {
        let Predicate::Text(test) = predicate else { panic!("no text") };
        Atom::text(test, predicate)
    }

    fn implies(a: &Predicate, b: &Predicate) -> bool {
        Atom::all_imply(&[atom(a)], &atom(b))
    }

    fn are_disjoint(a: &Predicate, b: &Predicate) -> bool {
        Atom::are_empty(&[atom(a), atom(b)])
    }

    #[test]
    fn case_is_heeded() {
        let is = |text: &str, case| predicate(TextKind::Exactly(text.to_owned()), false, case);
        let is_not = |text: &str, case| predicate(TextKind::Exactly(text.to_owned()), true, case);
        assert!(
            implies(&is("Rome", true), &is("rome", false)) && !implies(&is("rome", false), &is("Rome", true))
        );
        assert!(!are_disjoint(&is("rome", false), &is("Rome", true)));
        assert!(
            are_disjoint(&is("Rome", true), &is("ROME", true))
                && are_disjoint(&is("rome", false), &is("Oslo", true))
        );
        assert!(are_disjoint(&is("Rome", true), &is_not("rome", false)));
        assert!(implies(&is_not("rome", false), &is_not("Rome", true)));
        assert!(!implies(&is_not("Rome", true), &is_not("rome", false)));
    }

    #[test]
    fn starts_and_ends_are_compared() {
        let starts = |text: &str| predicate(TextKind::StartsWith(text.to_owned()), false, false);
        let has = |text: &str, negated| predicate(TextKind::Contains(text.to_owned()), negated, false);
        assert!(implies(&starts("chic"), &starts("ch")) && implies(&starts("chic"), &has("hi", false)));
        assert!(are_disjoint(&starts("a"), &starts("b")) && are_disjoint(&starts("chic"), &has("hi", true)));
        assert!(!are_disjoint(&starts("a"), &has("b", true)) && !implies(&starts("ch"), &starts("chic")));
        assert!(Atom::are_empty(&[atom(&starts("a")), Atom::blank(false)]));
    }
}
