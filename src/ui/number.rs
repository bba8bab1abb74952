//! Numbers as people read them.

use crate::backend::Money;

pub use crate::app::number::whole;

/// `−12`, `+430,197`, `0`
#[must_use]
pub fn signed(number: i64) -> String {
    match number {
        0 => "0".to_owned(),
        1.. => format!("+{}", whole(number.unsigned_abs())),
        _ => format!("−{}", whole(number.unsigned_abs())),
    }
}

/// `955K`, `9.8M`, `312`
#[must_use]
pub fn short(number: u64) -> String {
    let scaled = |unit: u64, letter: char| {
        let tenths = number / (unit / 10);
        if tenths < 100 {
            format!("{}.{}{letter}", tenths / 10, tenths % 10)
        } else {
            format!("{}{letter}", tenths / 10)
        }
    };
    match number {
        0..=999 => number.to_string(),
        1_000..=999_999 => scaled(1_000, 'K'),
        1_000_000..=999_999_999 => scaled(1_000_000, 'M'),
        _ => scaled(1_000_000_000, 'B'),
    }
}

/// `312 bytes`, `4.2 KB`: in units of 1,000.
#[must_use]
pub fn bytes(number: u64) -> String {
    match number {
        1 => "1 byte".to_owned(),
        0..=999 => format!("{number} bytes"),
        _ => {
            let short = short(number);
            let digits = short.trim_end_matches(['K', 'M', 'B']);
            let unit = match short.chars().last() {
                Some('K') => "KB",
                Some('M') => "MB",
                _ => "GB",
            };
            format!("{digits} {unit}")
        }
    }
}

/// `8.6 %`: `part` of `all`; nothing where there is no whole.
#[must_use]
pub fn share(part: f64, all: f64) -> String {
    if all > 0.0 { format!("{:.1} %", 100.0 * part / all) } else { "–".to_owned() }
}

/// `$956,120` or, with cents, `$956,120.55`.
#[must_use]
pub(crate) fn money(amount: Money, currency: &str, cents: bool) -> String {
    let absolute = amount.0.unsigned_abs();
    let number = if cents {
        format!("{}.{:02}", whole(absolute / 100), absolute % 100)
    } else {
        // Half a unit is rounded up, as people do.
        whole((absolute + 50) / 100)
    };
    with_currency(&number, amount.0 < 0, currency)
}

/// `$1.37B`, `$956K`, `$184.89`: about three digits.
#[must_use]
pub(crate) fn short_money(amount: Money, currency: &str) -> String {
    let cents = amount.0.unsigned_abs();
    let hundredths = |unit: u64| cents / unit;
    let number = match cents {
        0..100_000 => return money(amount, currency, true),
        100_000..100_000_000 => three_digits(hundredths(1_000), 'K'),
        100_000_000..100_000_000_000 => three_digits(hundredths(1_000_000), 'M'),
        _ => three_digits(hundredths(1_000_000_000), 'B'),
    };
    with_currency(&number, amount.0 < 0, currency)
}

/// Hundredths as at least three digits: `1.37`, `13.7`, `137`. What is left out is not rounded up.
fn three_digits(hundredths: u64, letter: char) -> String {
    match hundredths {
        0..1_000 => format!("{}.{:02}{letter}", hundredths / 100, hundredths % 100),
        1_000..10_000 => format!("{}.{}{letter}", hundredths / 100, hundredths / 10 % 10),
        _ => format!("{}{letter}", whole(hundredths / 100)),
    }
}

fn with_currency(number: &str, is_negative: bool, currency: &str) -> String {
    let sign = if is_negative { "−" } else { "" };
    match currency {
        "USD" => format!("{sign}${number}"),
        "EUR" => format!("{sign}€{number}"),
        "GBP" => format!("{sign}£{number}"),
        other => format!("{sign}{number} {other}"),
    }
}

/// `4.73`, `1,204.50`: so many decimals, rounded half away from zero.
#[must_use]
pub(crate) fn decimal(number: f64, decimals: usize) -> String {
    let text = format!("{:.decimals$}", rounded(number.abs(), decimals));
    let (before, after) = text.split_once('.').unwrap_or((&text, ""));
    let before = before.parse().map_or_else(|_| before.to_owned(), whole);
    let is_zero = text.bytes().all(|digit| matches!(digit, b'0' | b'.'));
    let sign = if number < 0.0 && !is_zero { "−" } else { "" };
    if after.is_empty() { format!("{sign}{before}") } else { format!("{sign}{before}.{after}") }
}

/// A double says its shortest decimal notation, so that 2.675 is half way and not a little less.
fn rounded(number: f64, decimals: usize) -> f64 {
    let text = number.to_string();
    let (before, after) = text.split_once('.').unwrap_or((&text, ""));
    match after.as_bytes().get(decimals) {
        Some(b'5'..=b'9') => {
            let kept = format!("{before}.{}9", after.get(..decimals).unwrap_or_default());
            kept.parse().unwrap_or(number)
        }
        Some(_) => {
            format!("{before}.{}0", after.get(..decimals).unwrap_or_default()).parse().unwrap_or(number)
        }
        None => number,
    }
}

/// `$184.89`, of an amount that is no whole number of cents.
#[must_use]
pub(crate) fn money_of(amount: f64, currency: &str) -> String {
    let number = decimal(amount.abs(), 2);
    with_currency(&number, amount < 0.0 && number != "0.00", currency)
}

/// A bar of `columns`, in halves: the filled part and the rest.
#[must_use]
pub(crate) fn bar(part: f64, all: f64, columns: usize) -> (String, String) {
    let fraction = if all > 0.0 { (part / all).clamp(0.0, 1.0) } else { 0.0 };
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
    let halves = (fraction * columns as f64 * 2.0).round() as usize;
    // Something is never shown as nothing, nor a part as all of it.
    let least = usize::from(part > 0.0);
    let most = if part < all { (2 * columns).saturating_sub(1) } else { 2 * columns };
    let halves = halves.clamp(least.min(most), most);
    let filled = format!("{}{}", "━".repeat(halves / 2), if halves % 2 == 1 { "╸" } else { "" });
    let rest = columns.saturating_sub(super::text::width(&filled));
    (filled, "─".repeat(rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_well() {
        assert_eq!(
            [whole(0), whole(999), whole(1_000), whole(1_234_567)],
            ["0", "999", "1,000", "1,234,567"]
        );
        assert_eq!([signed(-12), signed(0), signed(430_197)], ["−12", "0", "+430,197"]);
        assert_eq!(
            [short(999), short(1_000), short(9_940), short(955_982), short(9_800_000), short(2_000_000_000)],
            ["999", "1.0K", "9.9K", "955K", "9.8M", "2.0B"]
        );
        assert_eq!(money(Money(95_612_055), "USD", false), "$956,121");
        assert_eq!(money(Money(-1_205), "EUR", true), "−€12.05");
        assert_eq!(money(Money(100), "CHF", true), "1.00 CHF");
        assert_eq!(share(1.0, 3.0), "33.3 %");
        assert_eq!(
            [decimal(4.7349, 2), decimal(2.675, 2), decimal(-0.001, 2), decimal(1_204.5, 2), decimal(9.5, 0)],
            ["4.73", "2.68", "0.00", "1,204.50", "10"]
        );
        assert_eq!(
            [decimal(0.0, 1), decimal(0.05, 1), decimal(1e15, 0)],
            ["0.0", "0.1", "1,000,000,000,000,000"]
        );
        assert_eq!(
            [money_of(184.885, "USD"), money_of(-77.0, "EUR"), money_of(-0.001, "USD")],
            ["$184.89", "−€77.00", "$0.00"]
        );
    }

    #[test]
    fn short_money_has_three_digits() {
        let short = |cents| short_money(Money(cents), "USD");
        assert_eq!(
            [short(18_489), short(99_999), short(100_000), short(95_612_055), short(136_999_999_999)],
            ["$184.89", "$999.99", "$1.00K", "$956K", "$1.36B"]
        );
        assert_eq!([short(-1_234_567_800), short(i64::MAX)], ["−$12.3M", "$92,233,720B"]);
    }

    #[test]
    fn bars_fill_their_width() {
        assert_eq!(bar(1.0, 2.0, 4), ("━━".to_owned(), "──".to_owned()));
        assert_eq!(bar(1.0, 1_000_000.0, 4).0, "╸");
        assert_eq!(bar(999_999.0, 1_000_000.0, 4).0, "━━━╸");
        assert_eq!(bar(0.0, 5.0, 4).0, "");
        assert_eq!(bar(5.0, 5.0, 4), ("━━━━".to_owned(), String::new()));
    }
}
