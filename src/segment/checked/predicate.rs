//! What must hold of a value.

use chrono::NaiveDate;

use crate::segment::date::{ResolvedDate, TimePoint};
use crate::segment::number::Number;
use crate::segment::value::Sorted;

/// What must hold of a value. No predicate but the NULL ones holds of a NULL.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Predicate {
    /// The value is NULL.
    Null,
    /// The value is not NULL.
    NotNull,
    /// NULL, or nothing left after trimming.
    Empty,
    /// The rest.
    NotEmpty,
    Boolean(bool),
    Number(NumberTest),
    /// A string.
    Text(TextTest),
    /// A date or a date and time.
    Date(DateTest),
}

/// What must hold of a number.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum NumberTest {
    /// Compares with one number.
    Compare(Comparison, Number),
    /// low < x < high, or with the ends.
    Between {
        /// The lower end.
        low: Number,
        /// The upper end.
        high: Number,
        /// Whether the ends are in.
        inclusive: bool,
    },
    /// x < low or x > high.
    NotBetween {
        /// The lower end.
        low: Number,
        /// The upper end.
        high: Number,
    },
    /// Is one of these, or none of them.
    In {
        /// The numbers, sorted, without doubles.
        numbers: Sorted<Number>,
        /// None of them.
        negated: bool,
    },
}

impl NumberTest {
    /// The test as it is of columns of doubles: with the nearest of those that no double says. `None` where it is the
    /// same.
    #[must_use]
    pub fn nearest(&self) -> Option<Self> {
        let is_exact = |number: &Number| matches!(number, Number::Exact(_));
        let nearest = |number: &Number| number.nearest();
        let has_exact = match self {
            Self::Compare(_, number) => is_exact(number),
            Self::Between { low, high, .. } | Self::NotBetween { low, high } => {
                is_exact(low) || is_exact(high)
            }
            Self::In { numbers, .. } => numbers.iter().any(is_exact),
        };
        has_exact.then(|| match self {
            Self::Compare(comparison, number) => Self::Compare(*comparison, nearest(number)),
            Self::Between { low, high, inclusive } => {
                Self::Between { low: nearest(low), high: nearest(high), inclusive: *inclusive }
            }
            Self::NotBetween { low, high } => Self::NotBetween { low: nearest(low), high: nearest(high) },
            Self::In { numbers, negated } => {
                let numbers: Vec<Number> = numbers.iter().map(nearest).collect();
                Self::In { numbers: Sorted::from(numbers), negated: *negated }
            }
        })
    }

    /// Whether a number passes. Whole numbers compare exactly, beyond what a double can hold too.
    #[must_use]
    pub fn holds(&self, value: Number) -> bool {
        let is = |comparison: Comparison, other: &Number| comparison.holds(value.cmp(other));
        match self {
            Self::Compare(comparison, other) => is(*comparison, other),
            Self::Between { low, high, inclusive: true } => {
                is(Comparison::GreaterOrEqual, low) && is(Comparison::LessOrEqual, high)
            }
            Self::Between { low, high, inclusive: false } => {
                is(Comparison::Greater, low) && is(Comparison::Less, high)
            }
            Self::NotBetween { low, high } => is(Comparison::Less, low) || is(Comparison::Greater, high),
            Self::In { numbers, negated } => numbers.binary_search(&value).is_ok() != *negated,
        }
    }
}

/// What must hold of a string.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TextTest {
    /// How the string compares.
    pub kind: TextKind,
    /// The opposite.
    pub negated: bool,
    /// Compare as stored; otherwise both sides in Unicode lower case. Then the texts in `kind` are
    /// in lower case already.
    pub match_case: bool,
}

/// How a string compares.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum TextKind {
    Exactly(String),
    Contains(String),
    StartsWith(String),
    EndsWith(String),
    /// Matches this LIKE pattern as a whole.
    Like(Vec<LikeToken>),
    /// Is one of these, sorted, without doubles.
    In(Sorted<String>),
}

/// A token of a LIKE pattern.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum LikeToken {
    /// This text.
    Literal(String),
    /// `%`: any text, line breaks included.
    AnyText,
    /// `_`: one code point.
    AnyCharacter,
}

/// What must hold of a date.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum DateTest {
    /// Compares with one time point: a day with the UTC calendar day, an instant with the instant.
    Compare(Comparison, ResolvedDate<TimePoint>),
    /// low < x < high, or with the ends; each end by its own kind.
    Between {
        /// The lower end.
        low: ResolvedDate<TimePoint>,
        /// The upper end.
        high: ResolvedDate<TimePoint>,
        /// Whether the ends are in.
        inclusive: bool,
    },
    /// x < low or x > high.
    NotBetween {
        /// The lower end.
        low: ResolvedDate<TimePoint>,
        /// The upper end.
        high: ResolvedDate<TimePoint>,
    },
    /// Month and day fall on a day from `first` to `last`, ends included; 29 February falls on
    /// 1 March in other years.
    Anniversary {
        /// The first day.
        first: ResolvedDate<NaiveDate>,
        /// The last day, at most 366 days later.
        last: ResolvedDate<NaiveDate>,
    },
}

/// A comparison of a number.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum AmountTest {
    Compare(Comparison, Number),
    /// With two ends, which are in or out.
    Between {
        /// The lower end.
        low: Number,
        /// The upper end.
        high: Number,
        /// Whether the ends are in.
        inclusive: bool,
    },
}

impl AmountTest {
    /// Whether a number passes.
    #[must_use]
    pub fn holds(&self, amount: Number) -> bool {
        use std::cmp::Ordering;
        let order = |number: &Number| amount.cmp(number);
        match self {
            Self::Compare(comparison, number) => comparison.holds(order(number)),
            Self::Between { low, high, inclusive } => match (order(low), order(high)) {
                (Ordering::Greater, Ordering::Less) => true,
                (above, below) => *inclusive && above != Ordering::Less && below != Ordering::Greater,
            },
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Comparison {
    /// Whether it holds of a value that stands so to the other.
    #[must_use]
    pub fn holds(self, order: std::cmp::Ordering) -> bool {
        match self {
            Self::Equal => order.is_eq(),
            Self::NotEqual => order.is_ne(),
            Self::Less => order.is_lt(),
            Self::LessOrEqual => order.is_le(),
            Self::Greater => order.is_gt(),
            Self::GreaterOrEqual => order.is_ge(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_do_not_lose_digits() {
        let big = Number::Integer(9_007_199_254_740_993);
        let equal = |other| NumberTest::Compare(Comparison::Equal, other).holds(big);
        assert!(equal(big));
        assert!(!equal(Number::Decimal(9_007_199_254_740_992.0)));
        assert!(!equal(Number::Integer(9_007_199_254_740_992)));
    }

    #[test]
    fn whole_numbers_stand_between_decimals() {
        let between =
            NumberTest::Between { low: Number::Decimal(1.5), high: Number::Decimal(2.5), inclusive: false };
        assert!(between.holds(Number::Integer(2)) && !between.holds(Number::Integer(3)));
        let list = NumberTest::In {
            numbers: Sorted::from(vec![Number::Integer(0), Number::Decimal(2.5)]),
            negated: false,
        };
        assert!(list.holds(Number::Decimal(2.5)) && list.holds(Number::Decimal(-0.0)));
        assert!(!list.holds(Number::Integer(2)));
    }
}
