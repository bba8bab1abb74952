//! Tests that hold from one value to another: of keys in ascending order, two ends are all there is to find.

use std::cmp::Ordering;

use super::key_set::KeySet;
use crate::segment::{AmountTest, Comparison, DateTest, Number, NumberTest, ResolvedDate, TimePoint};

/// The values between two ends, or the others.
pub(crate) struct Interval<'a, T> {
    low: Option<End<'a, T>>,
    high: Option<End<'a, T>>,
    /// The others.
    negated: bool,
}

struct End<'a, T> {
    value: &'a T,
    /// Whether the end itself is within.
    is_in: bool,
}

impl<'a, T> Interval<'a, T> {
    fn between(low: &'a T, high: &'a T, is_in: bool, negated: bool) -> Self {
        Self { low: Some(End { value: low, is_in }), high: Some(End { value: high, is_in }), negated }
    }

    fn compare(comparison: Comparison, value: &'a T) -> Self {
        let end = |is_in| Some(End { value, is_in });
        match comparison {
            Comparison::Equal => Self::between(value, value, true, false),
            Comparison::NotEqual => Self::between(value, value, true, true),
            Comparison::Less => Self { low: None, high: end(false), negated: false },
            Comparison::LessOrEqual => Self { low: None, high: end(true), negated: false },
            Comparison::Greater => Self { low: end(false), high: None, negated: false },
            Comparison::GreaterOrEqual => Self { low: end(true), high: None, negated: false },
        }
    }

    /// Whether a value passes.
    pub fn contains(&self, value: &T) -> bool
    where
        T: Ord,
    {
        self.keys(0, |_, other| value.cmp(other)).contains(0)
    }

    /// The keys that pass, of those up to `last`; `order` says how the value of a key stands to another.
    pub fn keys(&self, last: u64, order: impl Fn(u64, &T) -> Ordering) -> KeySet {
        let is_below = |key| {
            self.low.as_ref().is_some_and(|low| match order(key, low.value) {
                Ordering::Less => true,
                Ordering::Equal => !low.is_in,
                Ordering::Greater => false,
            })
        };
        let is_above = |key| {
            self.high.as_ref().is_some_and(|high| match order(key, high.value) {
                Ordering::Less => false,
                Ordering::Equal => !high.is_in,
                Ordering::Greater => true,
            })
        };
        let first = first_where(last, |key| !is_below(key));
        let end = first_where(last, is_above);
        // One less than the first above; where none is above, no key is too great.
        let last_within = end.map_or(Some(u64::MAX), |end| end.checked_sub(1));
        match (first.zip(last_within).filter(|(first, last)| first <= last), self.negated) {
            (Some((first, last)), false) => KeySet::Within { first, last },
            (Some((first, last)), true) => KeySet::Outside { first, last },
            (None, false) => KeySet::None,
            (None, true) => KeySet::All,
        }
    }
}

impl<'a> Interval<'a, Number> {
    pub(crate) fn from_amount_test(test: &'a AmountTest) -> Self {
        match test {
            AmountTest::Compare(comparison, number) => Self::compare(*comparison, number),
            AmountTest::Between { low, high, inclusive } => Self::between(low, high, *inclusive, false),
        }
    }

    pub(crate) fn from_number_test(test: &'a NumberTest) -> Option<Self> {
        Some(match test {
            NumberTest::Compare(comparison, number) => Self::compare(*comparison, number),
            NumberTest::Between { low, high, inclusive } => Self::between(low, high, *inclusive, false),
            NumberTest::NotBetween { low, high } => Self::between(low, high, true, true),
            NumberTest::In { .. } => return None,
        })
    }
}

impl<'a> Interval<'a, ResolvedDate<TimePoint>> {
    pub(crate) fn from_date_test(test: &'a DateTest) -> Option<Self> {
        Some(match test {
            DateTest::Compare(comparison, date) => Self::compare(*comparison, date),
            DateTest::Between { low, high, inclusive } => Self::between(low, high, *inclusive, false),
            DateTest::NotBetween { low, high } => Self::between(low, high, true, true),
            DateTest::Anniversary { .. } => return None,
        })
    }
}

/// The first number up to `last` where something holds that holds of all after it.
fn first_where(last: u64, holds: impl Fn(u64) -> bool) -> Option<u64> {
    if !holds(last) {
        return None;
    }
    let (mut low, mut high) = (0, last);
    while low < high {
        let middle = low + (high - low) / 2;
        if holds(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    Some(low)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn tests() -> impl Strategy<Value = NumberTest> {
        let number = || (-2_i64..12).prop_map(Number::Integer);
        let comparison = prop::sample::select(vec![
            Comparison::Equal,
            Comparison::NotEqual,
            Comparison::Less,
            Comparison::LessOrEqual,
            Comparison::Greater,
            Comparison::GreaterOrEqual,
        ]);
        prop_oneof![
            (comparison, number()).prop_map(|(comparison, number)| NumberTest::Compare(comparison, number)),
            (number(), number(), any::<bool>()).prop_map(|(low, high, inclusive)| NumberTest::Between {
                low,
                high,
                inclusive
            }),
            (number(), number()).prop_map(|(low, high)| NumberTest::NotBetween { low, high }),
        ]
    }

    proptest! {
        #[test]
        fn an_interval_has_the_keys_whose_values_pass(test in tests(), last in 0_u64..10) {
            let number = |key: u64| Number::Integer(key.cast_signed());
            let passing = Interval::from_number_test(&test).unwrap().keys(last, |key, other| number(key).cmp(other));
            for key in 0..=last {
                prop_assert_eq!(passing.contains(key), test.holds(number(key)), "key {}", key);
                let interval = Interval::from_number_test(&test).unwrap();
                prop_assert_eq!(interval.contains(&number(key)), test.holds(number(key)), "value {}", key);
            }
        }
    }
}
