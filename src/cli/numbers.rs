//! Numbers for people.

use crate::backend::Money;

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
        assert_eq!((share(1, 8), share(0, 0), share(1, 0)), ("12.5%".into(), "100.0%".into(), "–".into()));
    }
}
