//! Tests on numbers.

use super::outcome::Outcome;
use super::rounded::{compare_rounded, compare_unrounded};
use super::stored::{compare_double, compare_integer, double, integer};
use crate::segment::{AmountTest, Comparison, Number, NumberTest};
use crate::sql::dialect::SqlDialect;
use crate::sql::layout::{Fragment, sql};

/// What is compared.
#[derive(Clone, Debug)]
pub(crate) enum NumericOperand {
    /// A whole number of 64 bits.
    Integer(Fragment),
    /// A double, which is no NaN.
    Double(Fragment),
    /// A sum, before it is rounded to so many decimals.
    Sum(Fragment, u32),
    /// A sum divided by a number of rows, before it is rounded to so many decimals.
    Average { sum: Fragment, count: Fragment, decimals: u32 },
}

impl NumericOperand {
    /// A test as a condition that is true where the test holds; elsewhere it is false or unknown.
    pub fn test(&self, test: &NumberTest, dialect: &dyn SqlDialect) -> Fragment {
        match test {
            NumberTest::Compare(comparison, number) => self.is(*comparison, number, dialect),
            NumberTest::Between { low, high, inclusive } => self.between(low, high, *inclusive, dialect),
            NumberTest::NotBetween { low, high } => Fragment::any([
                self.is(Comparison::Less, low, dialect),
                self.is(Comparison::Greater, high, dialect),
            ]),
            NumberTest::In { numbers, negated } => self.is_in(numbers, *negated, dialect),
        }
    }

    /// The same of an amount.
    pub fn amount(&self, test: &AmountTest, dialect: &dyn SqlDialect) -> Fragment {
        match test {
            AmountTest::Compare(comparison, number) => self.is(*comparison, number, dialect),
            AmountTest::Between { low, high, inclusive } => self.between(low, high, *inclusive, dialect),
        }
    }

    fn between(&self, low: &Number, high: &Number, inclusive: bool, dialect: &dyn SqlDialect) -> Fragment {
        let (above, below) = if inclusive {
            (Comparison::GreaterOrEqual, Comparison::LessOrEqual)
        } else {
            (Comparison::Greater, Comparison::Less)
        };
        Fragment::all([self.is(above, low, dialect), self.is(below, high, dialect)])
    }

    fn is(&self, comparison: Comparison, number: &Number, dialect: &dyn SqlDialect) -> Fragment {
        match self.compare(comparison, *number, dialect) {
            Outcome::Where(condition) => condition,
            Outcome::Always => self.is_not_null(),
            Outcome::Never => "FALSE".into(),
        }
    }

    fn is_not_null(&self) -> Fragment {
        sql![self.value(), " IS NOT NULL"]
    }

    fn is_in(&self, numbers: &[Number], negated: bool, dialect: &dyn SqlDialect) -> Fragment {
        let literal = |number: &Number| match self {
            Self::Integer(_) => integer(*number),
            Self::Double(_) => double(*number, dialect),
            Self::Sum(..) | Self::Average { .. } => None,
        };
        // What is written as a difference is nothing that engines take in a list.
        let least = Number::Integer(i64::MIN);
        let by_itself = |number: &Number| match self {
            Self::Integer(_) => *number == least,
            Self::Double(_) => false,
            Self::Sum(..) | Self::Average { .. } => true,
        };
        let listed = numbers.iter().filter(|number| !by_itself(number));
        let items: Vec<String> = listed.filter_map(literal).collect();
        let comparison = if negated { Comparison::NotEqual } else { Comparison::Equal };
        let others = numbers.iter().filter(|number| by_itself(number));
        let others = others.map(|number| self.is(comparison, number, dialect));
        let (operator, one) = if negated { ("NOT IN", " <> ") } else { ("IN", " = ") };
        let listed = match items.as_slice() {
            [] => None,
            [only] => Some(sql![self.value(), one, only]),
            items => Some(Fragment::is_in(self.value(), operator, items)),
        };
        let conditions: Vec<Fragment> = listed.into_iter().chain(others).collect();
        match (conditions.is_empty(), negated) {
            (true, true) => self.is_not_null(),
            (_, true) => Fragment::all(conditions),
            (_, false) => Fragment::any(conditions),
        }
    }

    /// The number itself.
    fn value(&self) -> &Fragment {
        match self {
            Self::Integer(value) | Self::Double(value) | Self::Sum(value, _) => value,
            Self::Average { sum, .. } => sum,
        }
    }

    fn compare(&self, comparison: Comparison, number: Number, dialect: &dyn SqlDialect) -> Outcome {
        match self {
            Self::Integer(value) => compare_integer(value, comparison, number),
            Self::Double(value) => compare_double(value, comparison, number, dialect),
            Self::Sum(sum, decimals) if *decimals == 0 || dialect.rounds_half_away_from_zero() => {
                compare_rounded(sum, *decimals, comparison, number, dialect)
            }
            Self::Sum(sum, decimals) => {
                let bound = |bound: &str| dialect.decimal_literal(bound).into();
                compare_unrounded(sum, &bound, *decimals, comparison, number)
            }
            Self::Average { sum, count, decimals } => {
                let bound = |bound: &str| sql![dialect.decimal_literal(bound), " * ", count];
                compare_unrounded(sum, &bound, *decimals, comparison, number)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::dialect::DuckDb;

    fn is(operand: &NumericOperand, comparison: Comparison, number: Number) -> String {
        operand.is(comparison, &number, &DuckDb).layout()
    }

    #[test]
    fn whole_numbers_keep_their_digits() {
        let points = NumericOperand::Integer("points".into());
        let double = NumericOperand::Double("score".into());
        let big = Number::Integer(9_007_199_254_740_993);
        assert_eq!(is(&points, Comparison::Greater, big), "points > 9007199254740993");
        assert_eq!(is(&points, Comparison::Equal, Number::Decimal(2.5)), "FALSE");
        assert_eq!(is(&points, Comparison::Less, Number::Decimal(2.5)), "points < 2.5");
        assert_eq!(is(&points, Comparison::Less, Number::Decimal(1e-30)), "points < 0.5");
        assert_eq!(is(&points, Comparison::Less, Number::Decimal(1e300)), "points IS NOT NULL");
        assert_eq!(is(&points, Comparison::LessOrEqual, Number::Decimal(-1e300)), "FALSE");
        assert_eq!(
            is(&points, Comparison::Equal, Number::Integer(i64::MIN)),
            "points = (-9223372036854775807 - 1)"
        );
        assert_eq!(is(&double, Comparison::Equal, big), "FALSE");
        assert_eq!(is(&double, Comparison::Less, big), "score <= 9.007199254740992e15");
        assert_eq!(is(&double, Comparison::GreaterOrEqual, big), "score >= 9.007199254740994e15");
        assert_eq!(is(&double, Comparison::Equal, Number::Decimal(0.1)), "score = 0.1");
        assert_eq!(
            is(&double, Comparison::Equal, Number::Decimal(0.300_000_000_000_000_04)),
            "score = 3.0000000000000004e-1"
        );
    }

    #[test]
    fn sums_are_rounded_before_they_are_compared() {
        let sum = NumericOperand::Sum("sum(x)".into(), 2);
        assert_eq!(is(&sum, Comparison::Greater, Number::Integer(500)), "round(sum(x), 2) > 500");
        assert_eq!(is(&sum, Comparison::Equal, Number::Decimal(-0.1)), "round(sum(x), 2) = -0.1");
        assert_eq!(is(&sum, Comparison::Greater, Number::Decimal(0.005)), "round(sum(x), 2) >= 0.01");
        assert_eq!(
            is(&sum, Comparison::Equal, Number::Decimal(0.005)),
            "round(sum(x), 2) > 0 AND round(sum(x), 2) < 0.01"
        );
        assert_eq!(is(&sum, Comparison::Less, Number::Decimal(1e300)), "sum(x) IS NOT NULL");
    }

    #[test]
    fn averages_are_compared_without_dividing() {
        let (sum, count) = ("sum(x)".into(), "count(x)".into());
        let average = NumericOperand::Average { sum, count, decimals: 6 };
        let text = |comparison, number| is(&average, comparison, number);
        assert_eq!(text(Comparison::Greater, Number::Integer(50)), "sum(x) >= 50.0000005 * count(x)");
        assert_eq!(text(Comparison::GreaterOrEqual, Number::Integer(50)), "sum(x) >= 49.9999995 * count(x)");
        assert_eq!(text(Comparison::GreaterOrEqual, Number::Integer(0)), "sum(x) > -0.0000005 * count(x)");
        assert_eq!(text(Comparison::Less, Number::Integer(0)), "sum(x) <= -0.0000005 * count(x)");
        assert_eq!(
            text(Comparison::Equal, Number::Decimal(2.5)),
            "sum(x) >= 2.4999995 * count(x) AND sum(x) < 2.5000005 * count(x)"
        );
        assert_eq!(text(Comparison::Equal, Number::Decimal(0.000_000_1)), "FALSE");
    }
}
