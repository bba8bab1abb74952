//! Sums that are exact.

use std::ops::AddAssign;

use crate::local::columns::{LogicalType, Value};
use crate::local::values::billionths_of;
use crate::segment::Number;

/// From here on amounts are added as doubles: no money is like this, and the sum of the others can
/// never overflow.
const BEYOND: f64 = 1e20;

/// A sum of amounts, exact up to nine decimals.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Sum {
    billionths: i128,
    /// Of the amounts that are too great, infinite ones among them.
    beyond: f64,
}

impl Sum {
    /// So many parts of one, of which it has 10^`decimals`: at most nine decimals.
    pub(crate) fn from_scaled(parts: i128, decimals: u32) -> Self {
        debug_assert!(decimals <= LogicalType::MOST_DECIMALS);
        let unit = 10_i128.pow(LogicalType::MOST_DECIMALS.saturating_sub(decimals));
        Self { billionths: parts * unit, beyond: 0.0 }
    }

    /// The same with any number of decimals; from the tenth on they are rounded.
    pub(crate) fn from_exact(parts: i128, decimals: u32) -> Self {
        const MOST: u32 = LogicalType::MOST_DECIMALS;
        let billionths = match decimals.checked_sub(MOST) {
            Some(more) => 10_i128.checked_pow(more).map(|unit| divided(parts, unit)),
            None => {
                10_i128.checked_pow(MOST.saturating_sub(decimals)).and_then(|unit| parts.checked_mul(unit))
            }
        };
        // What is less can be added up without overflow.
        let billionths = billionths.filter(|billionths| billionths.unsigned_abs() < 10_u128.pow(29));
        match billionths {
            Some(billionths) => Self { billionths, beyond: 0.0 },
            None => Self { billionths: 0, beyond: Number::from_parts(parts, decimals).as_f64() },
        }
    }

    /// Of a value; `None` if it is no number.
    pub(crate) fn of_value(value: Value<'_>) -> Option<Self> {
        match value {
            Value::Integer(amount) => Some(Self::from(amount)),
            Value::Decimal(amount) => Some(Self::from(amount)),
            Value::Exact { parts, decimals } => Some(Self::from_exact(parts, decimals)),
            Value::Text(_) | Value::Boolean(_) | Value::Date(_) | Value::Datetime(_) => None,
        }
    }

    /// In billionths, and of amounts that are too great for them.
    pub fn parts(self) -> (i128, f64) {
        (self.billionths, self.beyond)
    }

    /// From its parts.
    pub fn new(billionths: i128, beyond: f64) -> Self {
        Self { billionths, beyond }
    }

    /// In billionths, as near as they go.
    #[allow(clippy::cast_possible_truncation)] // saturates, beyond any amount of money
    pub(crate) fn billionths(self) -> i128 {
        self.billionths.saturating_add((self.beyond * 1e9) as i128)
    }

    /// Rounded half away from zero; `None` if it is no number, as infinity less infinity.
    pub fn rounded(self, decimals: u32) -> Option<Number> {
        self.average(1, decimals)
    }

    /// Divided by another sum, then rounded half away from zero; `None` if that is zero, or the result is no number.
    pub fn divided_by(self, by: Self, decimals: u32) -> Option<Number> {
        if self.beyond == 0.0
            && by.beyond == 0.0
            && let Some(parts) =
                10_i128.checked_pow(decimals).and_then(|unit| self.billionths.checked_mul(unit))
        {
            let (parts, by) = (parts.checked_mul(by.billionths.signum())?, by.billionths.checked_abs()?);
            return (by != 0).then(|| Number::from_parts(divided(parts, by), decimals));
        }
        // Far beyond what a double holds exactly.
        let (sum, by) = (self.as_f64(), by.as_f64());
        let ratio = sum / by;
        (by != 0.0 && !ratio.is_nan()).then_some(Number::Decimal(ratio))
    }

    #[allow(clippy::cast_precision_loss)]
    fn as_f64(self) -> f64 {
        self.beyond + self.billionths as f64 / 1e9
    }

    /// Divided by a number that is not zero, then rounded half away from zero.
    pub fn average(self, of: u64, decimals: u32) -> Option<Number> {
        if self.beyond == 0.0 {
            let unit = 10_i128
                .pow(LogicalType::MOST_DECIMALS.saturating_sub(decimals))
                .saturating_mul(i128::from(of));
            return Some(Number::from_parts(divided(self.billionths, unit), decimals));
        }
        #[allow(clippy::cast_precision_loss)] // far beyond what a double holds exactly
        let sum = self.as_f64() / of as f64;
        (!sum.is_nan()).then_some(Number::Decimal(sum))
    }
}

/// Rounds half away from zero. `by` is positive.
pub(crate) fn divided(number: i128, by: i128) -> i128 {
    let (whole, rest) = (number / by, number % by);
    if rest.abs() >= by - rest.abs() { whole + number.signum() } else { whole }
}

impl AddAssign for Sum {
    fn add_assign(&mut self, other: Self) {
        self.billionths = self.billionths.saturating_add(other.billionths);
        self.beyond += other.beyond;
    }
}

impl From<i64> for Sum {
    fn from(amount: i64) -> Self {
        Self { billionths: i128::from(amount) * 1_000_000_000, beyond: 0.0 }
    }
}

impl From<f64> for Sum {
    fn from(amount: f64) -> Self {
        if amount.abs() < BEYOND {
            Self { billionths: billionths_of(amount), beyond: 0.0 }
        } else {
            Self { billionths: 0, beyond: amount }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sum(amounts: &[f64]) -> Sum {
        let mut sum = Sum::default();
        amounts.iter().for_each(|amount| sum += Sum::from(*amount));
        sum
    }

    #[test]
    fn decimals_add_up_as_written() {
        assert_eq!(sum(&[0.1, 0.2]).rounded(6), Some(Number::Decimal(0.3)));
        assert_eq!(sum(&[1.005]).rounded(2), Some(Number::Decimal(1.01)));
        assert_eq!(sum(&[-1.005]).rounded(2), Some(Number::Decimal(-1.01)));
        assert_eq!(sum(&[0.5, 0.5]).rounded(2), Some(Number::Integer(1)));
        assert_eq!(sum(&[12_345_678.915]).rounded(2), Some(Number::Decimal(12_345_678.92)));
        assert_eq!(sum(&[1_000_000_000.000_000_5]).rounded(6), sum(&[1_000_000_000.000_000_5]).rounded(6));
        assert_eq!(sum(&[0.000_000_5]).rounded(6), Some(Number::Decimal(0.000_001)));
        assert_eq!(sum(&[0.000_000_499]).rounded(6), Some(Number::Integer(0)));
    }

    #[test]
    fn decimals_beyond_doubles_add_up_as_written() {
        let sum = |amounts: &[(i128, u32)]| {
            let mut sum = Sum::default();
            amounts.iter().for_each(|(parts, decimals)| sum += Sum::from_exact(*parts, *decimals));
            sum
        };
        let balance = 9_999_999_999_999_999_999;
        assert_eq!(sum(&[(balance, 2), (1, 2)]).rounded(2), Some(Number::Integer(100_000_000_000_000_000)));
        let rounded = sum(&[(balance, 2), (-1, 2)]).rounded(6).unwrap();
        assert_eq!(rounded.to_string(), "99999999999999999.98");
        assert_eq!(sum(&[(5, 7), (5, 12)]).rounded(6).unwrap().to_string(), "0.000001");
        assert_eq!(sum(&[(15, 10)]).parts(), (2, 0.0));
        assert_eq!(sum(&[(10_i128.pow(37), 0)]).parts(), (0, 1e37));
    }

    #[test]
    fn averages_round_half_away_from_zero() {
        assert_eq!(sum(&[1.0, 0.0, 0.0]).average(3, 6), Some(Number::Decimal(0.333_333)));
        assert_eq!(sum(&[2.0, 0.0, 0.0]).average(3, 6), Some(Number::Decimal(0.666_667)));
        assert_eq!(sum(&[-0.000_001, 0.0]).average(2, 6), Some(Number::Decimal(-0.000_001)));
    }

    #[test]
    fn sums_divide_as_they_are() {
        let ratio =
            |one: &[f64], other: &[f64]| sum(one).divided_by(sum(other), 6).map(|ratio| ratio.to_string());
        let is = |digits: &str| Some(digits.to_owned());
        assert_eq!(ratio(&[1.0], &[3.0]), is("0.333333"));
        assert_eq!(ratio(&[2.0], &[-3.0]), is("-0.666667"));
        assert_eq!(ratio(&[-1.0], &[-0.5]), is("2"));
        assert_eq!(ratio(&[0.000_001], &[2.0]), is("0.000001"));
        assert_eq!(ratio(&[1.0], &[0.25, -0.25]), None);
        assert_eq!(ratio(&[f64::INFINITY], &[2.0]), is("inf"));
        assert_eq!(ratio(&[f64::INFINITY], &[f64::INFINITY]), None);
        // 2^53 + 1 cents, of which a double knows nothing.
        let cents = Sum::from_exact(9_007_199_254_740_993, 2);
        assert_eq!(cents.divided_by(Sum::from(1), 6).unwrap().to_string(), "90071992547409.93");
    }

    #[test]
    fn what_is_beyond_numbers_is_told_apart() {
        assert_eq!(sum(&[f64::INFINITY, 1.0]).rounded(2), Some(Number::Decimal(f64::INFINITY)));
        assert_eq!(sum(&[f64::INFINITY, f64::NEG_INFINITY]).rounded(2), None);
        assert_eq!(sum(&[1e300, 0.25, -1e300]).rounded(2), Some(Number::Decimal(0.25)));
        let mut great = Sum::from(i64::MAX);
        great += Sum::from(i64::MAX);
        assert_eq!(great.rounded(6).unwrap().to_string(), "18446744073709551614");
    }
}
