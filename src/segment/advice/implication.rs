//! What follows from a fact for another one. Never more than is certain.

use super::fact::{Count, Every, Fact, Unit, at_least, is_same_list, none};
use super::ranges::Ranges;

impl<'c> Fact<'c> {
    /// Whether the other certainly holds where this does.
    pub fn implies(&self, other: &Self) -> bool {
        let direct = match (self, other) {
            (Self::Value(a), Self::Value(b)) => a.is_comparable(b) && a.values.is_subset(&b.values),
            (Self::Every(a), Self::Every(b)) => {
                a.some.is_comparable(&b.some)
                    && a.rows == b.rows
                    && a.column == b.column
                    && a.values.is_subset(&b.values)
            }
            (Self::Behaviour(a, _), Self::Behaviour(b, _)) => a == b,
            (Self::List(a), Self::List(b)) => a.negated == b.negated && is_same_list(a, b),
            (Self::Every(every), Self::Count(count)) if every.leaves_none(count) => {
                none().is_subset(&count.counts)
            }
            _ => false,
        };
        let counted = || match (self.counts(), other) {
            (Some(own), Self::Count(count)) => count.given(own).is_subset(&count.counts),
            _ => false,
        };
        direct || counted()
    }

    /// Whether certainly nobody has both.
    pub fn is_disjoint(&self, other: &Self) -> bool {
        let direct = match (self, other) {
            (Self::Value(a), Self::Value(b)) => a.is_comparable(b) && a.values.is_disjoint(&b.values),
            (Self::List(a), Self::List(b)) => a.negated != b.negated && is_same_list(a, b),
            (Self::Every(every), fact) | (fact, Self::Every(every)) => {
                fact.counts().is_some_and(|count| count.is_some() && every.leaves_none(count))
            }
            _ => false,
        };
        let counted = || {
            let Some((a, b)) = self.counts().zip(other.counts()) else { return false };
            b.given(a).intersect(&b.counts).is_empty() || a.given(b).intersect(&a.counts).is_empty()
        };
        direct || counted()
    }

    /// Both as one fact, where that is one of these kinds.
    pub fn and(&self, other: &Self) -> Option<Self> {
        match (self, other) {
            (Self::Value(a), Self::Value(b)) if a.is_comparable(b) => {
                Some(Self::Value(a.with(a.values.intersect(&b.values))))
            }
            _ => self.counts().zip(other.counts()).and_then(|(a, b)| a.and(b)).map(Self::Count),
        }
    }

    /// The opposite, where that is one of these kinds.
    pub fn not(&self) -> Option<Self> {
        match self {
            Self::Count(count) => {
                let counts = count.counts.complement().intersect(&count.possible);
                Some(Self::Count(Count { counts, ..count.clone() }))
            }
            Self::Value(value) if !value.is_total() => {
                value.values.complement().map(|values| Self::Value(value.with(values)))
            }
            Self::Value(_) | Self::Every(_) | Self::Behaviour(..) | Self::List(_) => None,
        }
    }

    /// Whether everybody certainly has one of the two.
    pub(crate) fn covers_with(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::List(a), Self::List(b)) => a.negated != b.negated && is_same_list(a, b),
            _ => self.not().is_some_and(|not| !not.is_impossible() && not.implies(other)),
        }
    }

    /// The rows whose owners certainly have one of the two, which differ in this column only.
    pub(crate) fn rows_with(&self, other: &Self) -> Option<(Count<'c>, &'c str)> {
        let (Self::Count(a), Self::Count(b)) = (self, other) else { return None };
        let any = |count: &Count| at_least(1).intersect(&count.possible).is_subset(&count.counts);
        if a.unit != Unit::Rows || !a.is_comparable(b) || !any(a) || !any(b) {
            return None;
        }
        let (rows, column) = a.rows.union(&b.rows)?;
        Some((Count { rows, ..a.clone() }, column))
    }
}

impl<'c> Count<'c> {
    /// The numbers that are possible here where the other holds.
    fn given(&self, other: &Count<'c>) -> Ranges<i64> {
        let mut left = self.possible.clone();
        if !self.is_comparable(other) {
            return left;
        }
        let (more, fewer) = (other.rows.is_subset(&self.rows), self.rows.is_subset(&other.rows));
        if more && fewer {
            left = left.intersect(&other.counts);
        }
        if more && let Some(low) = other.counts.low() {
            left = left.intersect(&Ranges::between(low, super::ranges::Cut::End));
        }
        if fewer && let Some(high) = other.counts.high() {
            left = left.intersect(&Ranges::between(super::ranges::Cut::Start, high));
        }
        // Who has one row, which is among the others, has none here.
        if self.is_single && other.is_some() && self.rows.is_disjoint(&other.rows) {
            left = left.intersect(&none());
        }
        left
    }

    fn and(&self, other: &Self) -> Option<Self> {
        if !self.is_comparable(other) {
            return None;
        }
        if self.rows == other.rows {
            return Some(Self { counts: self.counts.intersect(&other.counts), ..self.clone() });
        }
        // The only row is in both.
        let is_one_row = self.is_single && self.unit == Unit::Rows && self.is_some() && other.is_some();
        is_one_row.then(|| {
            let rows = self.rows.intersect(&other.rows);
            let possible = if rows.is_empty() { none() } else { self.possible.clone() };
            let counts = self.counts.intersect(&possible);
            Self { rows, possible, counts, ..self.clone() }
        })
    }
}

impl Every<'_> {
    /// Whether there is certainly none of these rows where the test holds on every row.
    fn leaves_none(&self, count: &Count) -> bool {
        let tested = || count.rows.values(Some(self.column));
        self.some.is_comparable(count)
            && count.rows.is_subset(&self.rows)
            && tested().is_disjoint(&self.values)
    }
}
