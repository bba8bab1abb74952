//! Text as typed values (`docs/reference/database.md`, Types).
//!
//! Two grammars: the narrow one ([`look`]) decides what type a CSV column has, the wide one (`parse_…`) reads values
//! once the type is settled. Whatever the narrow one takes, the wide one reads to the same value; beyond that it takes
//! what only a stated type can make sense of, such as `02134` as an integer.
//!
//! - A number is `[-]digits[.digits][e[±]digits]`; the wide grammar also has `+`, leading zeros and more digits.
//! - A date is `YYYY-MM-DD` or `YYYY/MM/DD`, a datetime that with `T` or a blank, `HH:MM[:SS[.fraction]]` (or `,` before
//!   the fraction) and a zone: nothing, `Z`, `UTC`, `GMT`, `±HH`, `±HHMM` or `±HH:MM`, after a blank or not (`Z` after
//!   none). Months, days and hours may have one digit, and one blank may stand at either end. The narrow grammar has
//!   dates and datetimes apart; to the wide one a midnight is a date, and a date its midnight.

use chrono::NaiveDate;

use crate::segment::DataType;

/// What a text looks like so much that a column may be of that type without being told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Look {
    Boolean,
    Integer,
    /// An integer with as many digits as telephone numbers.
    LongInteger,
    /// A decimal without point, such as `1e5`.
    Exponent,
    /// A decimal whose point others write between thousands, such as `1.234`.
    Thousands,
    Decimal,
    Date,
    Datetime,
}

/// The fewest digits of a telephone number.
pub(crate) const LONG: usize = 7;

/// Whether a text looks so much like a type that a column may have it without being told.
pub(crate) fn looks_like(text: &str, data_type: DataType) -> bool {
    match look(text) {
        _ if data_type == DataType::String => true,
        None => false,
        Some(Look::Boolean) => data_type == DataType::Boolean,
        Some(Look::Integer | Look::LongInteger) => {
            matches!(data_type, DataType::Integer | DataType::Decimal)
        }
        Some(Look::Exponent | Look::Thousands | Look::Decimal) => data_type == DataType::Decimal,
        Some(Look::Date) => data_type == DataType::Date,
        Some(Look::Datetime) => data_type == DataType::Datetime,
    }
}

/// The narrow grammar. No text looks like two types, but for integers, which are decimals too.
pub(crate) fn look(text: &str) -> Option<Look> {
    let bytes = text.as_bytes();
    match bytes.first()? {
        b't' | b'T' | b'f' | b'F' => parse_boolean(text).map(|_| Look::Boolean),
        b'0'..=b'9' | b'-' | b'.' => match bytes.get(4) {
            Some(b'-' | b'/') => look_of_date(text).or_else(|| look_of_number(text)),
            _ => look_of_number(text),
        },
        b' ' => look_of_date(text),
        _ => None,
    }
}

fn look_of_number(text: &str) -> Option<Look> {
    let shape = shape(text).filter(|shape| shape.is_plain)?;
    if shape.is_whole {
        return Some(if shape.whole >= LONG { Look::LongInteger } else { Look::Integer });
    }
    // So few digits without an exponent are always finite.
    if (shape.has_exponent || text.len() >= 300) && parse_decimal(text).is_none() {
        return None;
    }
    Some(match (shape.whole, shape.fraction) {
        (_, None) => Look::Exponent,
        (1..=3, Some(3)) if !shape.has_exponent && !shape.begins_with_zero => Look::Thousands,
        _ => Look::Decimal,
    })
}

fn look_of_date(text: &str) -> Option<Look> {
    match year_first(unpadded(text))? {
        (_, []) => Some(Look::Date),
        (days, rest) => time_of(days, rest).map(|_| Look::Datetime),
    }
}

/// `true` or `false` in any case.
pub(crate) fn parse_boolean(text: &str) -> Option<bool> {
    if text.eq_ignore_ascii_case("true") {
        Some(true)
    } else if text.eq_ignore_ascii_case("false") {
        Some(false)
    } else {
        None
    }
}

/// Digits with an optional sign that fit 64 bits.
pub(crate) fn parse_integer(text: &str) -> Option<i64> {
    shape(text).filter(|shape| shape.is_whole).and_then(|_| text.parse().ok())
}

/// A finite number with optional sign, point and exponent.
pub(crate) fn parse_decimal(text: &str) -> Option<f64> {
    // The shape keeps out `inf` and `nan`, the filter `1e999`.
    shape(text).and_then(|_| text.parse().ok()).filter(|number: &f64| number.is_finite())
}

/// Days since 1970-01-01; a datetime counts as a date where it is a midnight.
pub(crate) fn parse_date(text: &str) -> Option<i32> {
    match year_first(unpadded(text))? {
        (days, []) => Some(days),
        (days, rest) => {
            let micros = time_of(days, rest)?;
            (micros.rem_euclid(DAY) == 0).then(|| i32::try_from(micros.div_euclid(DAY)).ok())?
        }
    }
}

/// Microseconds since 1970-01-01 UTC; a date counts as its midnight.
pub(crate) fn parse_datetime(text: &str) -> Option<i64> {
    match year_first(unpadded(text))? {
        (days, []) => Some(i64::from(days) * DAY),
        (days, rest) => time_of(days, rest),
    }
}

/// A day in microseconds.
pub(crate) const DAY: i64 = 86_400_000_000;
/// A minute in microseconds.
const MINUTE: i64 = 60_000_000;

/// What a number looks like.
struct NumberShape {
    /// Neither a leading zero before another digit, nor a leading `+`, nor more than 18 digits
    /// without point and exponent: such texts are codes, phone numbers and the like.
    is_plain: bool,
    /// Neither point nor exponent.
    is_whole: bool,
    has_exponent: bool,
    begins_with_zero: bool,
    /// How many digits stand before the point.
    whole: usize,
    /// How many stand behind it, where there is one.
    fraction: Option<usize>,
}

fn shape(text: &str) -> Option<NumberShape> {
    let (sign, rest) = match text.as_bytes() {
        [sign @ (b'-' | b'+'), rest @ ..] => (Some(*sign), rest),
        rest => (None, rest),
    };
    let (whole, rest) = digits(rest)?;
    let (fraction, rest) = match rest {
        [b'.', rest @ ..] => digits(rest).map(|(fraction, rest)| (Some(fraction), rest))?,
        rest => (None, rest),
    };
    if whole.is_empty() && fraction.is_none_or(<[u8]>::is_empty) {
        return None;
    }
    let has_exponent = match rest {
        [] => false,
        [b'e' | b'E', b'-' | b'+', rest @ ..] | [b'e' | b'E', rest @ ..] => {
            let (exponent, rest) = digits(rest)?;
            if exponent.is_empty() || !rest.is_empty() {
                return None;
            }
            true
        }
        _ => return None,
    };
    let is_whole = fraction.is_none() && !has_exponent;
    let is_code = sign == Some(b'+') || matches!(whole, [b'0', _, ..]) || (is_whole && whole.len() > 18);
    Some(NumberShape {
        is_plain: !is_code,
        is_whole,
        has_exponent,
        begins_with_zero: whole.starts_with(b"0"),
        whole: whole.len(),
        fraction: fraction.map(<[u8]>::len),
    })
}

/// The leading digits and what follows them.
fn digits(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let count = bytes.iter().take_while(|byte| byte.is_ascii_digit()).count();
    bytes.split_at_checked(count)
}

/// The number that a fixed run of digits writes.
fn number(digits: &[u8]) -> Option<i64> {
    digits.iter().try_fold(0, |number, digit| {
        digit.is_ascii_digit().then(|| number * 10 + i64::from(digit.wrapping_sub(b'0')))
    })
}

/// A text without one blank at either end.
fn unpadded(text: &str) -> &[u8] {
    let bytes = text.as_bytes();
    let bytes = bytes.strip_prefix(b" ").unwrap_or(bytes);
    bytes.strip_suffix(b" ").unwrap_or(bytes)
}

/// Year, month and day, and what follows them.
fn year_first(bytes: &[u8]) -> Option<(i32, &[u8])> {
    let [y1, y2, y3, y4, mark @ (b'-' | b'/'), rest @ ..] = bytes else {
        return None;
    };
    let year = i32::try_from(number(&[*y1, *y2, *y3, *y4])?).ok()?;
    let (month, day, rest) = match rest {
        [m1, m2, other, d1, d2, rest @ ..]
            if other == mark
                && rest.first().is_none_or(|next| !next.is_ascii_digit())
                && d2.is_ascii_digit() =>
        {
            (number(&[*m1, *m2])?, number(&[*d1, *d2])?, rest)
        }
        _ => {
            let (month, rest) = one_or_two_digits(rest)?;
            let (day, rest) = one_or_two_digits(rest.strip_prefix(&[*mark])?)?;
            (month, day, rest)
        }
    };
    let date = NaiveDate::from_ymd_opt(year, u32::try_from(month).ok()?, u32::try_from(day).ok()?)?;
    let days = date.signed_duration_since(NaiveDate::default()).num_days();
    Some((i32::try_from(days).ok()?, rest))
}

/// The number that one or two digits write, and what follows them.
fn one_or_two_digits(bytes: &[u8]) -> Option<(i64, &[u8])> {
    match bytes {
        [d1, d2, rest @ ..] if d2.is_ascii_digit() => Some((number(&[*d1, *d2])?, rest)),
        [d1, rest @ ..] => Some((number(&[*d1])?, rest)),
        [] => None,
    }
}

/// A day and what follows it as microseconds since 1970-01-01 UTC. Digits beyond microseconds are cut off.
fn time_of(days: i32, rest: &[u8]) -> Option<i64> {
    let (hours, rest) = one_or_two_digits(rest.strip_prefix(b"T").or_else(|| rest.strip_prefix(b" "))?)?;
    let [b':', m1, m2, rest @ ..] = rest else {
        return None;
    };
    let mut micros = clock(hours, number(&[*m1, *m2])?)?;
    let mut rest = rest;
    if let [b':', s1, s2, after @ ..] = rest {
        micros += number(&[*s1, *s2]).filter(|seconds| *seconds < 60)? * 1_000_000;
        rest = after;
        if let [b'.' | b',', after @ ..] = rest {
            let (fraction, after) = digits(after)?;
            if fraction.is_empty() {
                return None;
            }
            let padded = fraction.iter().copied().chain(std::iter::repeat(b'0')).take(6);
            micros += padded.fold(0, |number, digit| number * 10 + i64::from(digit.wrapping_sub(b'0')));
            rest = after;
        }
    }
    Some(i64::from(days) * DAY + micros - offset(rest)?)
}

/// A zone as microseconds before UTC.
fn offset(zone: &[u8]) -> Option<i64> {
    let (sign, offset) = match zone.strip_prefix(b" ").filter(|zone| !zone.is_empty()).unwrap_or(zone) {
        b"UTC" | b"GMT" => return Some(0),
        [sign @ (b'+' | b'-'), h1, h2] => (sign, clock(number(&[*h1, *h2])?, 0)?),
        [sign @ (b'+' | b'-'), h1, h2, m1, m2] | [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] => {
            (sign, clock(number(&[*h1, *h2])?, number(&[*m1, *m2])?)?)
        }
        _ => return matches!(zone, [] | b"Z").then_some(0),
    };
    Some(if *sign == b'+' { offset } else { -offset })
}

/// Hours and minutes as microseconds.
fn clock(hours: i64, minutes: i64) -> Option<i64> {
    (hours < 24 && minutes < 60).then_some((hours * 60 + minutes) * MINUTE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn iso_date(text: &str) -> Option<i32> {
        parse_date(text).filter(|_| look(text) == Some(Look::Date))
    }

    fn iso_datetime(text: &str) -> Option<i64> {
        parse_datetime(text).filter(|_| look(text) == Some(Look::Datetime))
    }

    #[test]
    fn integers_look_like_integers() {
        for text in ["0", "-0", "7", "-20", "123456789012345678"] {
            assert!(looks_like(text, DataType::Integer), "{text}");
            assert!(looks_like(text, DataType::Decimal), "{text}");
        }
        for text in ["", "-", "+1", "02134", "-01", "00", "1234567890123456789", " 1", "1 ", "1.0", "١"] {
            assert!(!looks_like(text, DataType::Integer), "{text}");
        }
    }

    #[test]
    fn decimals_look_like_decimals() {
        for (text, value) in [("1e5", 1e5), (".5", 0.5), ("5.", 5.0), ("-2E-3", -2e-3), ("1e+05", 1e5)] {
            assert!(looks_like(text, DataType::Decimal), "{text}");
            assert_eq!(parse_decimal(text), Some(value));
        }
        assert!(looks_like("12345678901234567890.0", DataType::Decimal));
        for text in [".", "-.", "e5", ".e5", "1e", "1e+", "NaN", "inf", "-inf", "infinity", "1e999"] {
            assert!(!looks_like(text, DataType::Decimal), "{text}");
        }
        for text in ["+1.5", "01.5", "00.5", "1234567890123456789", "1_000", "0x10"] {
            assert!(!looks_like(text, DataType::Decimal), "{text}");
        }
    }

    #[test]
    fn a_stated_type_reads_more() {
        assert_eq!(parse_integer("02134"), Some(2134));
        assert_eq!(parse_integer("+1555"), Some(1555));
        assert_eq!(parse_integer("9223372036854775807"), Some(i64::MAX));
        assert_eq!(parse_integer("9223372036854775808"), None);
        assert_eq!(parse_decimal("00.5"), Some(0.5));
        assert_eq!(parse_datetime("1970-01-02"), Some(DAY));
        assert_eq!(parse_date("1970-01-02 00:00"), Some(1));
        assert_eq!(parse_date("1970-01-02 00:01"), None);
    }

    #[test]
    fn dates_exist_in_the_calendar() {
        assert_eq!(iso_date("1970-01-01"), Some(0));
        assert_eq!(iso_date("2024-02-29"), Some(19782));
        assert_eq!(iso_date("1969-12-31"), Some(-1));
        for text in ["2024-2-29", "2024/02/29", " 2024/2/29", "2024-02-29 "] {
            assert_eq!(iso_date(text), Some(19782), "{text}");
        }
        assert_eq!(iso_date("2024-1-1"), iso_date("2024/01/01"));
        for text in ["2023-02-29", "2024-13-01", "2024/31/12", "24-01-01", "2024-01/01", "2024.01.01"] {
            assert_eq!(iso_date(text), None, "{text}");
        }
        for text in
            ["2024-01-01  ", "2024-001-01", "2024-01-", "2024-01", "2024--1-01", "20240-1-1", "2024/13"]
        {
            assert_eq!(iso_date(text), None, "{text}");
        }
    }

    #[test]
    fn datetimes_are_utc() {
        let noon = 19782 * DAY + 12 * 60 * MINUTE;
        assert_eq!(iso_datetime("2024-02-29 12:00"), Some(noon));
        assert_eq!(iso_datetime("2024-02-29T12:00:01.25"), Some(noon + 1_250_000));
        assert_eq!(iso_datetime("2024-02-29T12:00:00.1234567Z"), Some(noon + 123_456));
        assert_eq!(iso_datetime("2024-02-29T14:00:00+02:00"), Some(noon));
        assert_eq!(iso_datetime("2024-02-29T06:30-05:30"), Some(noon));
        for text in ["2024-02-29", "2024-02-29 25:00", "2024-02-29 12:60", "2024-02-29 12:00:60"] {
            assert_eq!(iso_datetime(text), None, "{text}");
        }
        for text in ["2024-02-29 12", "2024-02-29 12:00:00.", "2024-02-29 12:00 Z", "2024-02-29 12:00+2"] {
            assert_eq!(iso_datetime(text), None, "{text}");
        }
        for text in ["2024-02-29  12:00", "2024-02-29 12:0", "2024-02-29 12:00 CET", "2024-02-29 12:00:00 "] {
            assert_eq!(iso_datetime(&format!("{text} ")), None, "{text}");
        }
        assert_eq!(iso_datetime("2024-02-2é 12:00"), None);
    }

    #[test]
    fn datetimes_with_one_reading_are_read() {
        let noon = 19782 * DAY + 12 * 60 * MINUTE;
        for zone in ["", "Z", " UTC", "UTC", " GMT", "GMT", "+00", "-00:00", " +0000", " "] {
            assert_eq!(iso_datetime(&format!("2024/2/29 12:00:00{zone}")), Some(noon), "{zone}");
        }
        assert_eq!(iso_datetime("2024-02-29T10:30:00.000-0130"), Some(noon));
        assert_eq!(iso_datetime(" 2024-02-29 20:00:00,000 +08 "), Some(noon));
        assert_eq!(iso_datetime("2024-02-29 2:00:00,5-10"), Some(noon + 500_000));
        assert_eq!(iso_datetime("2024-02-29 9:05"), iso_datetime("2024-02-29 09:05:00"));
    }

    proptest! {
        #[test]
        fn the_wide_grammar_reads_what_the_narrow_one_takes(
            text in "[ +-]?([0-9]{4}[-/][01]?[0-9][-/][0-3]?[0-9]([T ][0-2]?[0-9]:[0-5][0-9](:[0-5][0-9]([.,][0-9]{1,7})?)?( ?(Z|UTC|GMT|[+-][01][0-9](:?[0-5][0-9])?))?)?|0?[0-9]{0,20}([.][0-9]{0,3})?(e9{1,3})?|(?i)true|FALSE) ?",
        ) {
            let reads = match look(&text) {
                None => true,
                Some(Look::Boolean) => parse_boolean(&text).is_some(),
                Some(Look::Integer | Look::LongInteger) => {
                    parse_integer(&text).map(|number| number as f64) == parse_decimal(&text)
                }
                Some(Look::Exponent | Look::Thousands | Look::Decimal) => parse_decimal(&text).is_some(),
                Some(Look::Date) => {
                    parse_date(&text).map(|days| i64::from(days) * DAY) == parse_datetime(&text)
                }
                Some(Look::Datetime) => parse_datetime(&text).is_some(),
            };
            prop_assert!(reads, "{text:?}");
        }

        #[test]
        fn a_date_is_read_back_in_every_spelling_with_one_reading(
            days in -100_000_i64..1_000_000, seconds in 0_i64..86_400, mark in "[-/]", zone in -23_i64..24,
            pads: bool,
        ) {
            let micros = days * DAY + seconds * 1_000_000;
            let local = chrono::DateTime::from_timestamp_micros(micros + zone * 60 * MINUTE).unwrap();
            let pad = if pads { "" } else { "-" };
            let format = format!("%Y{mark}%{pad}m{mark}%{pad}d %{pad}H:%M:%S{zone:+03}");
            prop_assert_eq!(iso_datetime(&local.format(&format).to_string()), Some(micros));
            let date = chrono::DateTime::from_timestamp_micros(days * DAY).unwrap();
            let date = date.format(&format!("%Y{mark}%{pad}m{mark}%{pad}d")).to_string();
            prop_assert_eq!(look(&date), Some(Look::Date));
            prop_assert_eq!(parse_date(&date).map(i64::from), Some(days));
        }
    }
}
