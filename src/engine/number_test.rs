//! Whether a number passes a test (`segment-language.md`, Attribute conditions).

use crate::segment::{Comparison, Number, NumberTest};

/// Whether `value` passes. Whole numbers compare exactly, beyond what a double can hold too.
pub fn holds(test: &NumberTest, value: Number) -> bool {
    let is = |comparison: Comparison, other: &Number| comparison.holds(value.cmp(other));
    match test {
        NumberTest::Compare(comparison, other) => is(*comparison, other),
        NumberTest::Between { low, high, inclusive: true } => {
            is(Comparison::GreaterOrEqual, low) && is(Comparison::LessOrEqual, high)
        }
        NumberTest::Between { low, high, inclusive: false } => {
            is(Comparison::Greater, low) && is(Comparison::Less, high)
        }
        NumberTest::NotBetween { low, high } => is(Comparison::Less, low) || is(Comparison::Greater, high),
        NumberTest::In { numbers, negated } => numbers.binary_search(&value).is_ok() != *negated,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_do_not_lose_digits() {
        let big = Number::Integer(9_007_199_254_740_993);
        let equal = |other| holds(&NumberTest::Compare(Comparison::Equal, other), big);
        assert!(equal(big));
        assert!(!equal(Number::Decimal(9_007_199_254_740_992.0)));
        assert!(!equal(Number::Integer(9_007_199_254_740_992)));
    }

    #[test]
    fn whole_numbers_stand_between_decimals() {
        let between =
            NumberTest::Between { low: Number::Decimal(1.5), high: Number::Decimal(2.5), inclusive: false };
        assert!(holds(&between, Number::Integer(2)) && !holds(&between, Number::Integer(3)));
        let list = NumberTest::In { numbers: vec![Number::Integer(0), Number::Decimal(2.5)], negated: false };
        assert!(holds(&list, Number::Decimal(2.5)) && holds(&list, Number::Decimal(-0.0)));
        assert!(!holds(&list, Number::Integer(2)));
    }
}
