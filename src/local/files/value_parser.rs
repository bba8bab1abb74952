//! Text as typed values (`docs/reference/database.md`, Types).
//!
//! Two grammars: the narrow one decides what type a CSV column has, the wide one reads values once
//! the type is settled. Whatever the narrow one takes, the wide one reads to the same value; beyond
//! that it takes what only a stated type can make sense of, such as `02134` as an integer.

use chrono::NaiveDate;

use crate::segment::DataType;

/// Whether a text looks so much like a type that a column may have it without being told.
pub(crate) fn looks_like(text: &str, data_type: DataType) -> bool {
    match data_type {
        DataType::String => true,
        DataType::Boolean => parse_boolean(text).is_some(),
        DataType::Integer => shape(text).is_some_and(|shape| shape.is_plain && shape.is_whole),
        // So few digits without an exponent are always finite.
        DataType::Decimal => shape(text).is_some_and(|shape| {
            shape.is_plain && ((!shape.has_exponent && text.len() < 300) || parse_decimal(text).is_some())
        }),
        DataType::Date => iso_date(text).is_some(),
        DataType::Datetime => iso_datetime(text).is_some(),
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
    iso_date(text).or_else(|| {
        let micros = iso_datetime(text)?;
        (micros.rem_euclid(DAY) == 0).then(|| i32::try_from(micros.div_euclid(DAY)).ok())?
    })
}

/// Microseconds since 1970-01-01 UTC; a date counts as its midnight.
pub(crate) fn parse_datetime(text: &str) -> Option<i64> {
    iso_datetime(text).or_else(|| iso_date(text).map(|days| i64::from(days) * DAY))
}

/// A day in microseconds.
const DAY: i64 = 86_400_000_000;
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
    Some(NumberShape { is_plain: !is_code, is_whole, has_exponent })
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

/// `YYYY-MM-DD` as days since 1970-01-01.
fn iso_date(text: &str) -> Option<i32> {
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = *text.as_bytes() else {
        return None;
    };
    let year = i32::try_from(number(&[y1, y2, y3, y4])?).ok()?;
    let month = u32::try_from(number(&[m1, m2])?).ok()?;
    let day = u32::try_from(number(&[d1, d2])?).ok()?;
    let date = NaiveDate::from_ymd_opt(year, month, day)?;
    i32::try_from(date.signed_duration_since(NaiveDate::default()).num_days()).ok()
}

/// `YYYY-MM-DD[T ]HH:MM[:SS[.fraction]][Z|±HH:MM]` as microseconds since 1970-01-01 UTC. Digits
/// beyond microseconds are cut off.
fn iso_datetime(text: &str) -> Option<i64> {
    let (date, rest) = text.split_at_checked(10)?;
    let [b'T' | b' ', h1, h2, b':', m1, m2, rest @ ..] = rest.as_bytes() else {
        return None;
    };
    let mut micros = clock(&[*h1, *h2], &[*m1, *m2])?;
    let mut rest = rest;
    if let [b':', s1, s2, after @ ..] = rest {
        micros += number(&[*s1, *s2]).filter(|seconds| *seconds < 60)? * 1_000_000;
        rest = after;
        if let [b'.', after @ ..] = rest {
            let (fraction, after) = digits(after)?;
            if fraction.is_empty() {
                return None;
            }
            let padded = fraction.iter().copied().chain(std::iter::repeat(b'0')).take(6);
            micros += number(&padded.collect::<Vec<_>>())?;
            rest = after;
        }
    }
    let offset = match rest {
        [] | [b'Z'] => 0,
        [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] => {
            let offset = clock(&[*h1, *h2], &[*m1, *m2])?;
            if *sign == b'+' { offset } else { -offset }
        }
        _ => return None,
    };
    iso_date(date).map(|days| i64::from(days) * DAY + micros - offset)
}

/// Hours and minutes as microseconds.
fn clock(hours: &[u8], minutes: &[u8]) -> Option<i64> {
    let hours = number(hours).filter(|hours| *hours < 24)?;
    let minutes = number(minutes).filter(|minutes| *minutes < 60)?;
    Some((hours * 60 + minutes) * MINUTE)
}

#[cfg(test)]
mod tests {
    use super::*;

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
        for text in ["2023-02-29", "2024-13-01", "2024-1-01", "24-01-01", "2024/01/01", "2024-01-01 "] {
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
        for text in ["2024-02-29 12", "2024-02-29 12:00:00.", "2024-02-29 12:00+0200", "2024-02-29 12:00 Z"] {
            assert_eq!(iso_datetime(text), None, "{text}");
        }
        assert_eq!(iso_datetime("2024-02-2é 12:00"), None);
    }
}
