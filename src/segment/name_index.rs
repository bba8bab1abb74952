//! Names that are searched by what stands in a text, in the time that the text takes and not in that of all names.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::letters::{AllLetters, Letters};
use super::name_matching::{Named, best_matches, is_called, is_proper_prefix, phrase_end};

/// Tables or the columns of a table, by their names and labels.
#[derive(Debug, Default)]
pub struct NameIndex {
    names: Vec<Named>,
    /// Every name and label without regard to case and blanks, in order.
    phrases: Vec<Phrase>,
    /// The first bytes of each phrase, which mostly say where one stands in their order without reading any.
    beginnings: Vec<u64>,
    /// The letters of each label.
    letters: Vec<Letters>,
    /// Those of all labels together.
    all_letters: AllLetters,
}

/// A name or a label, as it is compared.
#[derive(Debug)]
struct Phrase {
    folded: Box<str>,
    hash: u64,
    /// Who is called so, by name or label, in order.
    called: Vec<usize>,
    /// The longest other phrase with which it begins.
    prefix: Option<usize>,
}

/// A place of a text, at which names are looked for.
pub(crate) struct TextPlace<'a> {
    text: &'a str,
    at: usize,
    folded: String,
}

impl<'a> TextPlace<'a> {
    pub(crate) fn new(text: &'a str, at: usize) -> Self {
        Self { text, at, folded: fold(text.get(at..).unwrap_or_default()) }
    }
}

/// Without regard to case and to the number of blanks: what is alike is equal, though not all that is equal is alike.
pub(crate) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut is_after_blank = false;
    for letter in text.chars() {
        let is_blank = letter.is_whitespace();
        match is_blank {
            true if is_after_blank => {}
            true => folded.push(' '),
            false => folded.extend(letter.to_lowercase()),
        }
        is_after_blank = is_blank;
    }
    folded
}

/// The hash of a phrase that was folded.
pub(crate) fn hash(folded: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    folded.hash(&mut hasher);
    hasher.finish()
}

/// The first bytes of a text as a number, in the order of texts.
fn beginning(text: &str) -> u64 {
    let bytes = text.as_bytes();
    (0..8).fold(0, |number, at| number << 8 | u64::from(bytes.get(at).copied().unwrap_or(0)))
}

impl NameIndex {
    /// An index of these.
    #[must_use]
    pub fn new(names: Vec<Named>) -> Self {
        let mut by_phrase: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        let mut letters = Vec::with_capacity(names.len());
        for (at, named) in names.iter().enumerate() {
            letters.push(Letters::of(&named.label));
            for text in [fold(&named.label), fold(&named.name)] {
                let called = by_phrase.entry(text).or_default();
                if called.last() != Some(&at) {
                    called.push(at);
                }
            }
        }
        let mut phrases: Vec<Phrase> = Vec::with_capacity(by_phrase.len());
        for (folded, called) in by_phrase {
            let mut prefix = phrases.len().checked_sub(1);
            while let Some(at) = prefix {
                let before = phrases.get(at);
                if before.is_some_and(|before| folded.starts_with(&*before.folded)) {
                    break;
                }
                prefix = before.and_then(|before| before.prefix);
            }
            let hash = hash(&folded);
            phrases.push(Phrase { folded: folded.into_boxed_str(), hash, called, prefix });
        }
        let beginnings = phrases.iter().map(|phrase| beginning(&phrase.folded)).collect();
        let all_letters = AllLetters::of(&letters);
        Self { names, phrases, beginnings, letters, all_letters }
    }

    /// How many phrases come before a text that was folded.
    fn before(&self, folded: &str) -> usize {
        let wanted = beginning(folded);
        let first = self.beginnings.partition_point(|beginning| *beginning < wanted);
        let alike = self.beginnings.get(first..).unwrap_or_default();
        let alike = alike.partition_point(|beginning| *beginning == wanted);
        let among = self.phrases.get(first..first + alike).unwrap_or_default();
        first + among.partition_point(|phrase| *phrase.folded < *folded)
    }

    /// The phrase that a text which was folded is.
    fn phrase(&self, folded: &str) -> Option<&Phrase> {
        self.phrases.get(self.before(folded)).filter(|phrase| *phrase.folded == *folded)
    }

    /// All of them, in order.
    #[must_use]
    pub fn names(&self) -> &[Named] {
        &self.names
    }

    /// Those that are called so.
    pub(crate) fn called(&self, said: &str) -> Vec<&Named> {
        let folded = fold(said);
        let called = self.phrase(&folded).into_iter().flat_map(|phrase| &phrase.called);
        called.filter_map(|at| self.names.get(*at)).filter(|named| is_called(named, said)).collect()
    }

    /// Whether any is called so, of a name that was folded.
    pub(crate) fn has_folded(&self, folded: &str) -> bool {
        self.phrase(folded).is_some()
    }

    /// Those whose name or label stands at a place, in order, with where it ends: at most twice each.
    pub(crate) fn standing_at(&self, place: &TextPlace<'_>) -> Vec<(usize, &Named)> {
        let before = self.before(&place.folded);
        let is_there = self.phrases.get(before).is_some_and(|phrase| *phrase.folded == *place.folded);
        let mut next = if is_there { Some(before) } else { before.checked_sub(1) };
        let mut called: Vec<usize> = Vec::new();
        while let Some(phrase) = next.and_then(|at| self.phrases.get(at)) {
            if place.folded.starts_with(&*phrase.folded) {
                called.extend(&phrase.called);
            }
            next = phrase.prefix;
        }
        called.sort_unstable();
        called.dedup();
        let ends = |named: &Named| {
            let [label, name] =
                [&named.label, &named.name].map(|name| phrase_end(place.text, place.at, name));
            [label.min(name), label.max(name).filter(|_| label != name)]
        };
        let called = called.into_iter().filter_map(|at| self.names.get(at));
        called.flat_map(|named| ends(named).into_iter().flatten().map(move |end| (end, named))).collect()
    }

    /// What comes after the phrase in the names and labels that begin with it.
    pub(crate) fn after<'a>(&'a self, phrase: &'a str) -> impl Iterator<Item = &'a str> {
        let folded = fold(phrase);
        let first = self.before(&folded);
        let begin = self.phrases.iter().skip(first);
        let begin = begin.take_while(move |phrase| phrase.folded.starts_with(&folded));
        let called = begin.flat_map(|phrase| &phrase.called).filter_map(|at| self.names.get(*at));
        let texts = called.flat_map(|named| [named.name.as_str(), named.label.as_str()]);
        texts.filter_map(move |text| text.get(phrase_end(text, 0, phrase)?..))
    }

    /// Those whose label goes on after these letters, in order.
    pub(crate) fn labels_beginning(&self, begun: &str) -> Vec<usize> {
        let folded = fold(begun);
        let first = self.before(&folded);
        let begin = self.phrases.iter().skip(first);
        let begin = begin.take_while(|phrase| phrase.folded.starts_with(&folded));
        let mut found: Vec<usize> = begin.flat_map(|phrase| phrase.called.iter().copied()).collect();
        found.retain(|at| self.names.get(*at).is_some_and(|named| is_proper_prefix(begun, &named.label)));
        found.sort_unstable();
        found.dedup();
        found
    }

    /// What to call one of them so that only this one is meant: its label, else its name.
    pub(crate) fn disambiguate(&self, name: &str, label: String) -> String {
        match best_matches(&label, self.called(&label)).as_slice() {
            [only] if only.name == name => label,
            [] => label,
            _ => name.to_owned(),
        }
    }

    /// The hashes of every name and label without regard to case and blanks, each once.
    pub(crate) fn hashes(&self) -> impl Iterator<Item = u64> {
        self.phrases.iter().map(|phrase| phrase.hash)
    }

    /// The letters of all labels together.
    pub(crate) fn all_letters(&self) -> AllLetters {
        self.all_letters
    }

    /// The letters of the labels, in order.
    #[must_use]
    pub(crate) fn letters(&self) -> &[Letters] {
        &self.letters
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index(names: &[(&str, &str)]) -> NameIndex {
        NameIndex::new(
            names
                .iter()
                .map(|(name, label)| Named { name: (*name).into(), label: (*label).into() })
                .collect(),
        )
    }

    #[test]
    fn names_tell_apart_what_labels_do_not() {
        let among = index(&[("a", "City"), ("city", "Town"), ("b", "Tier"), ("c", "Tier")]);
        assert_eq!(among.disambiguate("a", "City".into()), "City");
        assert_eq!(among.disambiguate("b", "Tier".into()), "b");
        assert_eq!(among.disambiguate("city", "Town".into()), "Town");
        let among = index(&[("town", "city"), ("city", "Place")]);
        assert_eq!(among.disambiguate("town", "city".into()), "town");
    }

    /// What is found through the index is what comparing every name finds.
    #[test]
    fn the_index_finds_what_comparing_each_name_finds() {
        let mut random = fastrand::Rng::with_seed(5);
        let parts = ["a", "A", "ab", "is", "İ", "i\u{307}", "ß", "ẞ", " ", "  ", "\u{a0}", "_", ".", "1"];
        let text = |random: &mut fastrand::Rng| -> String {
            (0..random.usize(..5)).filter_map(|_| random.choice(parts)).collect()
        };
        for _ in 0..2_000 {
            let named = |random: &mut fastrand::Rng| Named { name: text(random), label: text(random) };
            let names: Vec<Named> = (0..random.usize(..12)).map(|_| named(&mut random)).collect();
            let line = text(&mut random) + &text(&mut random);
            let index = NameIndex::new(names.clone());
            let called: Vec<&Named> = names.iter().filter(|named| is_called(named, &line)).collect();
            assert_eq!(index.called(&line), called, "{line:?} {names:?}");
            let ends = |named: &Named| {
                let mut ends = [&named.label, &named.name].map(|name| phrase_end(&line, 0, name));
                ends.sort_unstable();
                let mut ends: Vec<usize> = ends.into_iter().flatten().collect();
                ends.dedup();
                ends
            };
            let standing: Vec<(usize, &Named)> =
                names.iter().flat_map(|named| ends(named).into_iter().map(move |end| (end, named))).collect();
            assert_eq!(index.standing_at(&TextPlace::new(&line, 0)), standing, "{line:?} {names:?}");
            let texts = names.iter().flat_map(|named| [&named.name, &named.label]);
            let begin = texts.filter(|text| phrase_end(text, 0, &line).is_some()).count();
            assert_eq!(index.after(&line).next().is_some(), begin > 0, "{line:?} {names:?}");
        }
    }
}
