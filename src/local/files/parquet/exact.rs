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
