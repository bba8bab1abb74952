//! Numbers for people, and amounts for programs.

use serde_json::Value;

use crate::backend::Money;
use crate::segment::Number;

/// `82,121`
pub(super) fn count(number: u64) -> String {
    crate::segment::words::count(number)
}

/// `-1,234`, `+5`
pub(super) fn signed(number: i64) -> String {
    let sign = if number < 0 { "-" } else { "+" };
    if number == 0 { "0".to_owned() } else { format!("{sign}{}", count(number.unsigned_abs())) }
}

/// `956,120.55 EUR`, or with the sign of the currency before it: `$956,120.55`
pub(super) fn money(amount: Money, currency: &str) -> String {
    let cents = amount.0.unsigned_abs();
    let minus = if amount.0 < 0 { "-" } else { "" };
    let digits = format!("{}.{:02}", count(cents / 100), cents % 100);
    match currency {
        "USD" => format!("{minus}${digits}"),
        "EUR" => format!("{minus}€{digits}"),
        "GBP" => format!("{minus}£{digits}"),
        other => format!("{minus}{digits} {other}"),
    }
}

/// `1,234.57`: of so many decimals.
pub(super) fn decimal(number: Number, decimals: usize) -> String {
    let digits = format!("{:.decimals$}", number.as_f64().abs());
    let (whole, rest) = digits.split_at(digits.find('.').unwrap_or(digits.len()));
    let whole = whole.parse().map_or_else(|_| whole.to_owned(), count);
    let is_zero = digits.bytes().all(|byte| matches!(byte, b'0' | b'.'));
    let minus = if number < Number::Integer(0) && !is_zero { "-" } else { "" };
    format!("{minus}{whole}{rest}")
}

/// `$184.89`: an amount that is divided among some.
pub(super) fn average_money(number: Number, currency: &str) -> String {
    #[allow(clippy::cast_possible_truncation)] // saturates, far beyond
    let cents = (number.as_f64() * 100.0).round() as i64;
    money(Money(cents), currency)
}

/// `+12.3%`: how far a number is from the one that it is compared with; nothing if that is none.
pub(super) fn delta(number: f64, base: f64) -> String {
    if base == 0.0 {
        return "–".to_owned();
    }
    let percent = format!("{:.1}", (number - base) * 100.0 / base);
    match percent.as_str() {
        "0.0" | "-0.0" => "0.0%".to_owned(),
        _ if percent.starts_with('-') => format!("{percent}%"),
        _ => format!("+{percent}%"),
    }
}

/// An amount for programs: its digits, which a double might not hold.
pub(super) fn json_money(amount: Money) -> Value {
    let cents = amount.0.unsigned_abs();
    let minus = if amount.0 < 0 { "-" } else { "" };
    let parts = format!("{:02}", cents % 100);
    let parts = parts.strip_suffix('0').unwrap_or(&parts);
    json_digits(&format!("{minus}{}.{parts}", cents / 100))
}

/// A number for programs: its digits.
pub(super) fn json_number(number: Number) -> Value {
    json_digits(&number.to_string())
}

/// Numbers that are none in JSON, such as infinity, are `null`.
fn json_digits(digits: &str) -> Value {
    digits.parse().map_or(Value::Null, Value::Number)
}

/// `8.6%`; nothing of nothing is all of it.
#[allow(clippy::cast_precision_loss)] // a share is rounded for people anyway
pub(super) fn share(part: i64, whole: i64) -> String {
    match (part, whole) {
        (0, 0) => "100.0%".to_owned(),
        (_, 0) => "–".to_owned(),
        _ => format!("{:.1}%", part as f64 * 100.0 / whole as f64),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped() {
        assert_eq!([1, 12, 123, 1_234, 1_234_567].map(count), ["1", "12", "123", "1,234", "1,234,567"]);
        assert_eq!(signed(-1234), "-1,234");
        assert_eq!(money(Money(-95_612_055), "USD"), "-$956,120.55");
        assert_eq!(money(Money(5), "CHF"), "0.05 CHF");
        let decimals = [1234.567, -0.5, -0.001].map(|number| decimal(Number::Decimal(number), 2));
        assert_eq!(decimals, ["1,234.57", "-0.50", "0.00"]);
        assert_eq!(decimal(Number::Integer(7), 0), "7");
        assert_eq!(average_money(Number::Decimal(184.894), "USD"), "$184.89");
        let deltas = [delta(11.0, 8.0), delta(4.0, 8.0), delta(8.0, 8.0), delta(1.0, 0.0)];
        assert_eq!(deltas, ["+37.5%", "-50.0%", "0.0%", "–"]);
        assert_eq!((share(1, 8), share(0, 0), share(1, 0)), ("12.5%".into(), "100.0%".into(), "–".into()));
    }

    #[test]
    fn programs_get_all_digits() {
        let cents = [0, 5, -5, 250, 95_612_055, 9_007_199_254_740_993, -9_223_372_036_854_775_808];
        let amounts = cents.map(|cents| json_money(Money(cents)).to_string());
        let expected =
            ["0.0", "0.05", "-0.05", "2.5", "956120.55", "90071992547409.93", "-92233720368547758.08"];
        assert_eq!(amounts, expected);
        assert_eq!(json_number(Number::Integer(2)).to_string(), "2");
        assert_eq!(json_number(Number::Decimal(0.333_333)).to_string(), "0.333333");
        assert!(json_number(Number::Decimal(f64::INFINITY)).is_null());
    }
}
