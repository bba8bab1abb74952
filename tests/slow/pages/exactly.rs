//! Amounts and ratios in whole numbers: sums in units of the twelfth decimal, quotients of two of them digit by digit.

use segtui::backend::Money;
use segtui::segment::Number;

use crate::slow::Cell;
use crate::slow::exact::units;

/// Units in one.
pub const ONE: i128 = 1_000_000_000_000;

/// An amount in units; NULL is nothing.
pub fn amount(cell: &Cell) -> i128 {
    match cell {
        Cell::Null => 0,
        Cell::Whole(whole) => i128::from(*whole) * ONE,
        Cell::Decimal(decimal) => units(&decimal.to_string()),
        other => panic!("{other:?} is no amount"),
    }
}

/// One number divided by another, half away from zero.
pub fn rounded(number: i128, by: i128) -> i128 {
    let sign = number.signum() * by.signum();
    sign * ((number.abs() * 2 + by.abs()) / (by.abs() * 2))
}

pub fn money(units: i128) -> Money {
    Money(i64::try_from(rounded(units, ONE / 100)).unwrap())
}

/// With six decimals; nothing divided by nothing is no number.
pub fn ratio(number: i128, by: i128) -> Option<Number> {
    (by != 0).then(|| millionths(rounded(number * 1_000_000, by)))
}

/// A number that is so many millionths.
fn millionths(parts: i128) -> Number {
    billionths(parts * 1_000)
}

pub fn billionths(parts: i128) -> Number {
    let digits = format!("{:010}", parts.abs());
    let (whole, rest) = digits.split_at(digits.len() - 9);
    let sign = if parts < 0 { "-" } else { "" };
    number(&format!("{sign}{whole}.{rest}"))
}

/// The number that the digits say.
pub fn number(digits: &str) -> Number {
    Number::from_json(&digits.parse().unwrap()).unwrap()
}

#[test]
fn ratios_are_rounded_half_away_from_zero() {
    assert_eq!(ratio(1, 3), Some(number("0.333333")));
    assert_eq!(ratio(-2, 3), Some(number("-0.666667")));
    assert_eq!(ratio(1, -2_000_000), Some(number("-0.000001")));
    assert_eq!(ratio(1, 0), None);
    assert_eq!([money(ONE / 200), money(-ONE / 200), money(ONE / 201)], [Money(1), Money(-1), Money(0)]);
}
