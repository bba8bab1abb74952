//! Values as Parquet stores them, taken exactly.

/// The greatest number of 38 digits.
pub(super) const MOST_PARTS: i128 = 10_i128.pow(38) - 1;
/// The number by which astronomers know 1970-01-01.
const JULIAN_EPOCH: i128 = 2_440_588;
const DAY: i128 = 86_400_000_000;

/// Microseconds since 1970-01-01, of nanoseconds of a day and the number of the day. What is less than one is cut
/// off towards the past, as for all timestamps.
pub(super) fn int96_micros(bytes: &[u8]) -> Option<i64> {
    let (nanos, day) = (bytes.first_chunk()?, bytes.get(8..)?.try_into().ok()?);
    let (nanos, day) = (i64::from_le_bytes(*nanos), u32::from_le_bytes(day));
    let micros = (i128::from(day) - JULIAN_EPOCH) * DAY + i128::from(nanos.div_euclid(1000));
    i64::try_from(micros).ok()
}

/// The value of a float of 16 bits, each of which is a double too; NaN is none.
pub(super) fn half(bytes: &[u8]) -> Option<f64> {
    let bits = u16::from_le_bytes(bytes.try_into().ok()?);
    let (exponent, fraction) = (i32::from(bits >> 10 & 0x1F), f64::from(bits & 0x3FF));
    let magnitude = match exponent {
        0 => fraction * 2_f64.powi(-24),
        0x1F if fraction == 0.0 => f64::INFINITY,
        0x1F => return None,
        exponent => (1024.0 + fraction) * 2_f64.powi(exponent - 25),
    };
    Some(if bits >> 15 == 0 { magnitude } else { -magnitude })
}

/// A UUID as it is usually written.
pub(super) fn uuid(bytes: &[u8]) -> Option<String> {
    use std::fmt::Write as _;
    let bytes: &[u8; 16] = bytes.try_into().ok()?;
    let mut text = String::with_capacity(36);
    for (at, byte) in bytes.iter().enumerate() {
        if matches!(at, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        write!(text, "{byte:02x}").ok()?;
    }
    Some(text)
}

/// A whole number of any number of bytes, the highest first; `None` if it has more than 38 digits, or no byte.
pub(super) fn decimal_parts(bytes: &[u8]) -> Option<i128> {
    let fill = if *bytes.first()? < 0x80 { 0 } else { 0xFF };
    let beyond = bytes.len().saturating_sub(16);
    let (beyond, bytes) = bytes.split_at_checked(beyond)?;
    if beyond.iter().any(|byte| *byte != fill) {
        return None;
    }
    let mut all = [fill; 16];
    let start = all.len().checked_sub(bytes.len())?;
    all.get_mut(start..)?.copy_from_slice(bytes);
    let parts = i128::from_be_bytes(all);
    // What was cut off is only a sign where the rest has the same.
    let is_sign = (parts < 0) == (fill == 0xFF);
    (is_sign && parts.abs_diff(0) <= MOST_PARTS.unsigned_abs()).then_some(parts)
}

/// The double that is nearest to so many parts of one, of which it has 10^`decimals`.
#[allow(clippy::cast_precision_loss)] // both are below 2^53
pub(super) fn nearest_double(parts: i128, decimals: u32) -> f64 {
    const EXACT: u128 = 1 << 53;
    /// 10^22 is the greatest power of ten that is a double.
    const MOST: u32 = 22;
    if parts.unsigned_abs() < EXACT && decimals <= MOST {
        // One division of two doubles rounds once.
        return parts as f64 / 10_f64.powi(decimals.cast_signed());
    }
    format!("{parts}e-{decimals}").parse().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn int96(nanos: i64, day: u32) -> Option<i64> {
        int96_micros(&[&nanos.to_le_bytes()[..], &day.to_le_bytes()[..]].concat())
    }

    #[test]
    fn every_point_in_time_of_twelve_bytes_is_exact_or_none() {
        let date = |year, month, day| chrono::NaiveDate::from_ymd_opt(year, month, day).unwrap();
        for (year, month, day) in [(1, 1, 1), (1500, 2, 28), (1969, 12, 31), (2024, 2, 29), (9999, 12, 31)] {
            let date = date(year, month, day);
            let days = (date - chrono::NaiveDate::from_ymd_opt(1970, 1, 1).unwrap()).num_days();
            let julian = u32::try_from(days + 2_440_588).unwrap();
            let expected = date.and_hms_micro_opt(23, 59, 59, 999_999).unwrap().and_utc().timestamp_micros();
            assert_eq!(int96(86_399_999_999_999, julian), Some(expected));
            assert_eq!(
                int96(0, julian),
                Some(date.and_hms_opt(0, 0, 0).unwrap().and_utc().timestamp_micros())
            );
        }
        assert_eq!(int96(-1, 2_440_588), Some(-1));
        assert_eq!(int96(0, 0), Some(-2_440_588 * 86_400_000_000));
        let last_day = u32::try_from(i64::MAX / 86_400_000_000 + 2_440_588).unwrap();
        assert_eq!(int96(i64::MAX % 86_400_000_000 * 1000 + 999, last_day), Some(i64::MAX));
        assert_eq!(int96((i64::MAX % 86_400_000_000 + 1) * 1000, last_day), None);
        assert_eq!(int96(0, u32::MAX), None);
        assert_eq!(int96_micros(&[0; 11]), None);
    }

    #[test]
    fn all_floats_of_16_bits_are_what_they_are() {
        for bits in 0..=u16::MAX {
            // A single float of the same sign and fraction, by the definition of both.
            let (sign, exponent, fraction) = (bits >> 15, bits >> 10 & 31, bits & 1023);
            let wide = |exponent: u32| u32::from(sign) << 31 | exponent << 23 | u32::from(fraction) << 13;
            let expected = match exponent {
                // Below the least normal one: as if that were the lead, without it.
                0 => {
                    f64::from(f32::from_bits(wide(113)))
                        - f64::from(f32::from_bits(u32::from(sign) << 31 | 113 << 23))
                }
                31 => f64::from(f32::from_bits(wide(255))),
                exponent => f64::from(f32::from_bits(wide(u32::from(exponent) + 112))),
            };
            let value = half(&bits.to_le_bytes());
            assert_eq!(value, Some(expected).filter(|expected| !expected.is_nan()), "{bits:#x}");
            if value == Some(0.0) {
                assert_eq!(value.map(f64::is_sign_negative), Some(sign == 1));
            }
        }
        assert_eq!(half(&[0]), None);
    }

    #[test]
    fn uuids_are_written_as_usual() {
        let bytes: Vec<u8> = (0..16).map(|byte| byte * 17).collect();
        assert_eq!(uuid(&bytes).as_deref(), Some("00112233-4455-6677-8899-aabbccddeeff"));
        assert_eq!(uuid(&bytes[1..]), None);
    }

    #[test]
    fn decimals_beyond_38_digits_are_none() {
        assert_eq!(decimal_parts(&MOST_PARTS.to_be_bytes()), Some(MOST_PARTS));
        assert_eq!(decimal_parts(&(-MOST_PARTS).to_be_bytes()), Some(-MOST_PARTS));
        assert_eq!(decimal_parts(&(MOST_PARTS + 1).to_be_bytes()), None);
        assert_eq!(decimal_parts(&i128::MIN.to_be_bytes()), None);
        assert_eq!(decimal_parts(&[]), None);
        // The sign of what was cut off is another than that of the rest.
        assert_eq!(decimal_parts(&[&[0][..], &[0xFF; 16]].concat()), None);
        assert_eq!(decimal_parts(&[1; 17]), None);
    }

    proptest! {
        #[test]
        fn decimals_of_any_length_are_the_same(parts in -MOST_PARTS..=MOST_PARTS, small: i32, more in 0_usize..20) {
            for parts in [parts, small.into()] {
                let bytes = parts.to_be_bytes();
                let fill = if parts < 0 { 0xFF } else { 0 };
                let long = [&vec![fill; more][..], &bytes[..]].concat();
                prop_assert_eq!(decimal_parts(&long), Some(parts));
                // The shortest that has the sign.
                let mut short = &bytes[..];
                while short.len() > 1 && short[0] == fill && (short[1] >= 0x80) == (parts < 0) {
                    short = &short[1..];
                }
                prop_assert_eq!(decimal_parts(short), Some(parts));
            }
        }

        #[test]
        fn the_nearest_double_is_the_one_that_is_read_of_the_digits(
            parts in -MOST_PARTS..=MOST_PARTS, small: i32, middle: i64, decimals in 0_u32..=38,
        ) {
            for parts in [parts, small.into(), middle.into()] {
                let digits = format!("{:0>1$}", parts.unsigned_abs(), decimals as usize + 1);
                let (whole, behind) = digits.split_at(digits.len() - decimals as usize);
                let text = format!("{}{whole}.{behind}", if parts < 0 { "-" } else { "" });
                prop_assert_eq!(nearest_double(parts, decimals), text.parse::<f64>().unwrap(), "{}", text);
            }
        }
    }
}
