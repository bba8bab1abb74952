//! Numbers of documents.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

/// A number of a document or of a column of decimals: whole where it can be, otherwise the double that says it,
/// otherwise by its digits. Never NaN.
///
/// A double says its shortest decimal notation, 0.1 and not the fraction next to it; from 2^53 on, where doubles are
/// whole, it says itself.
#[derive(Clone, Copy, Debug)]
pub enum Number {
    /// A whole number.
    Integer(i64),
    /// Any other number that a double says.
    Decimal(f64),
    /// A number that neither of them says.
    Exact(ExactDecimal),
}

/// A decimal number of up to 38 digits: parts of one, of which that has ten to the power of `decimals`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExactDecimal {
    parts: i128,
    decimals: u32,
}

impl ExactDecimal {
    /// The most digits of a number, and the most decimals.
    const DIGITS: u32 = 38;

    /// So many parts; `None` with more digits.
    fn new(parts: i128, decimals: u32) -> Option<Self> {
        let fits = parts.unsigned_abs() < 10_u128.pow(Self::DIGITS) && decimals <= Self::DIGITS;
        fits.then_some(Self { parts, decimals })
    }

    /// Parts of one.
    pub(crate) fn parts(self) -> i128 {
        self.parts
    }

    /// How many decimals the parts are of.
    pub(crate) fn decimals(self) -> u32 {
        self.decimals
    }

    /// What a JSON number says: digits, perhaps a point, perhaps an exponent.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (digits, exponent) = match text.split_once(['e', 'E']) {
            Some((digits, exponent)) => (digits, exponent.parse::<i32>().ok()?),
            None => (text, 0),
        };
        let (whole, decimals) = digits.split_once('.').unwrap_or((digits, ""));
        let decimals = decimals.trim_end_matches('0');
        let mut parts: i128 = format!("{whole}{decimals}").parse().ok()?;
        let mut exponent = exponent.checked_sub(i32::try_from(decimals.len()).ok()?)?;
        while exponent < 0 && parts % 10 == 0 {
            (parts, exponent) = if parts == 0 { (0, 0) } else { (parts / 10, exponent + 1) };
        }
        match u32::try_from(exponent) {
            Ok(zeros) => Self::new(parts.checked_mul(10_i128.checked_pow(zeros)?)?, 0),
            Err(_) => Self::new(parts, exponent.unsigned_abs()),
        }
    }

    /// The nearest double.
    fn as_f64(self) -> f64 {
        /// 10^22 is the greatest power of ten that is a double.
        const MOST: u32 = 22;
        const EXACT: u128 = 1 << 53;
        let Self { parts, decimals } = self;
        // Dividing one double by another rounds once.
        #[allow(clippy::cast_precision_loss)]
        if parts.unsigned_abs() < EXACT && decimals <= MOST {
            return parts as f64 / 10_f64.powi(decimals.cast_signed());
        }
        format!("{parts}e-{decimals}").parse().unwrap_or(f64::MAX)
    }

    fn size(self) -> Size {
        let one = 10_u128.pow(self.decimals);
        let (whole, rest) = (self.parts.unsigned_abs() / one, self.parts.unsigned_abs() % one);
        Size { whole, rest: rest * 10_u128.pow(Self::DIGITS - self.decimals), is_more: false }
    }
}

impl fmt::Display for ExactDecimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.parts < 0 { "-" } else { "" };
        let (parts, one) = (self.parts.unsigned_abs(), 10_u128.pow(self.decimals));
        let decimals = format!("{:0width$}", parts % one, width = self.decimals as usize);
        match decimals.trim_end_matches('0') {
            "" => write!(f, "{sign}{}", parts / one),
            decimals => write!(f, "{sign}{}.{decimals}", parts / one),
        }
    }
}

/// How far a number is from zero.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Size {
    whole: u128,
    /// In 10^38ths.
    rest: u128,
    /// Whether there are further decimals.
    is_more: bool,
}

impl Size {
    /// What a double says.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // what is beyond is beyond all others
    fn of_double(number: f64) -> Self {
        const WHOLE: f64 = 9_007_199_254_740_992.0;
        let number = number.abs();
        if number >= WHOLE {
            return Self { whole: number as u128, rest: 0, is_more: false };
        }
        let text = number.to_string();
        let (whole, decimals) = text.split_once('.').unwrap_or((&text, ""));
        let digits = || decimals.chars().chain(std::iter::repeat('0'));
        let rest: String = digits().take(ExactDecimal::DIGITS as usize).collect();
        let is_more = decimals.len() > ExactDecimal::DIGITS as usize;
        Self { whole: whole.parse().unwrap_or_default(), rest: rest.parse().unwrap_or_default(), is_more }
    }
}

impl Number {
    /// Reads a JSON number. `2.0` is the whole number 2.
    #[must_use]
    pub fn from_json(number: &serde_json::Number) -> Option<Self> {
        if let Some(integer) = number.as_i64() {
            return Some(Self::Integer(integer));
        }
        let decimal = number.as_f64().filter(|decimal| decimal.is_finite())?;
        // Below this every whole double is exactly one integer; above it doubles are written with an exponent.
        const WHOLE: f64 = 9_007_199_254_740_992.0;
        let text = number.to_string();
        if (decimal.abs() < WHOLE || !text.contains(['e', 'E']))
            && let Some(exact) = ExactDecimal::parse(&text)
        {
            return Some(Self::from_parts(exact.parts, exact.decimals));
        }
        let is_exact = decimal.fract() == 0.0 && decimal.abs() < WHOLE;
        #[allow(clippy::cast_possible_truncation)]
        Some(if is_exact { Self::Integer(decimal as i64) } else { Self::Decimal(decimal) })
    }

    /// So many parts of a whole that has 10^`decimals` of them: 1250 with 2 decimals is 12.5. With more than 38
    /// digits it is the nearest double.
    #[must_use]
    pub(crate) fn from_parts(parts: i128, decimals: u32) -> Self {
        /// Of so many digits each number is said by a double of its own.
        const SAID: u128 = 1_000_000_000_000_000;
        if let Some(whole) = 10_i128.checked_pow(decimals)
            && let (0, Ok(integer)) = (parts % whole, i64::try_from(parts / whole))
        {
            return Self::Integer(integer);
        }
        let Some(exact) = ExactDecimal::new(parts, decimals) else {
            return Self::Decimal(format!("{parts}e-{decimals}").parse().unwrap_or(f64::MAX));
        };
        let nearest = exact.as_f64();
        let is_said = parts.unsigned_abs() < SAID || Size::of_double(nearest) == exact.size();
        if is_said { Self::Decimal(nearest) } else { Self::Exact(exact) }
    }

    /// The digits of so many parts of a whole that has 10^`decimals` of them, without zeros at the end.
    #[must_use]
    pub fn text_of_parts(parts: i128, decimals: u32) -> String {
        match ExactDecimal::new(parts, decimals) {
            Some(exact) => exact.to_string(),
            None => format!("{parts}e-{decimals}"),
        }
    }

    /// The same, or the nearest double of one that no double says: as columns of doubles have it.
    #[must_use]
    pub fn nearest(self) -> Self {
        match self {
            Self::Exact(exact) => Self::Decimal(exact.as_f64()),
            said => said,
        }
    }

    /// The nearest double.
    #[must_use]
    #[allow(clippy::cast_precision_loss)]
    pub fn as_f64(&self) -> f64 {
        match *self {
            Self::Integer(integer) => integer as f64,
            Self::Decimal(decimal) => decimal,
            Self::Exact(exact) => exact.as_f64(),
        }
    }

    /// The greatest whole number that is not greater, where that is one of 64 bits.
    #[must_use]
    pub(crate) fn floor(self) -> Option<i64> {
        match self {
            Self::Integer(integer) => Some(integer),
            #[allow(clippy::cast_possible_truncation)] // saturates, far beyond
            Self::Decimal(decimal) => i64::try_from(decimal.floor() as i128).ok(),
            Self::Exact(exact) => i64::try_from(exact.parts.div_euclid(10_i128.pow(exact.decimals))).ok(),
        }
    }

    fn is_negative(self) -> bool {
        match self {
            Self::Integer(integer) => integer < 0,
            Self::Decimal(decimal) => decimal < 0.0,
            Self::Exact(exact) => exact.parts < 0,
        }
    }

    fn size(self) -> Size {
        match self {
            Self::Integer(integer) => Size { whole: integer.unsigned_abs().into(), rest: 0, is_more: false },
            Self::Decimal(decimal) => Size::of_double(decimal),
            Self::Exact(exact) => exact.size(),
        }
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        /// A whole number against a finite double, without rounding the former.
        #[allow(clippy::cast_possible_truncation)]
        fn mixed(integer: i64, decimal: f64) -> Ordering {
            let floor = decimal.floor() as i128;
            i128::from(integer).cmp(&floor).then(if decimal.fract() == 0.0 {
                Ordering::Equal
            } else {
                Ordering::Less
            })
        }
        match (*self, *other) {
            (Self::Integer(a), Self::Integer(b)) => a.cmp(&b),
            // Zero has one sign: -0.0 + 0.0 is 0.0.
            (Self::Decimal(a), Self::Decimal(b)) => (a + 0.0).total_cmp(&(b + 0.0)),
            (Self::Integer(a), Self::Decimal(b)) => mixed(a, b),
            (Self::Decimal(a), Self::Integer(b)) => mixed(b, a).reverse(),
            (Self::Exact(a), Self::Exact(b)) if a.decimals == b.decimals => a.parts.cmp(&b.parts),
            (a, b) => match (a.is_negative(), b.is_negative()) {
                (false, false) => a.size().cmp(&b.size()),
                (true, true) => b.size().cmp(&a.size()),
                (a, b) => b.cmp(&a),
            },
        }
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Number {}

impl Hash for Number {
    fn hash<H: Hasher>(&self, state: &mut H) {
        // Whoever equals a double is the number that it says; zero has one sign.
        (self.as_f64() + 0.0).to_bits().hash(state);
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Integer(integer) => integer.fmt(f),
            Self::Decimal(decimal) => decimal.fmt(f),
            Self::Exact(exact) => exact.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::hash::{BuildHasher, RandomState};

    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Number {
        Number::from_json(&serde_json::from_str(text).unwrap()).unwrap()
    }

    #[test]
    fn numbers_are_what_their_digits_say() {
        let texts = [
            ("0.10", "0.1"),
            ("2.0", "2"),
            ("-0.0", "0"),
            ("1e2", "100"),
            ("1.5E+1", "15"),
            ("100000000000000000.00", "100000000000000000"),
            ("99999999999999999.99", "99999999999999999.99"),
            ("-0.30000000000000004", "-0.30000000000000004"),
            ("0.10000000000000001", "0.10000000000000001"),
            ("0.99999999999999999999", "0.99999999999999999999"),
            ("12345678901234567890", "12345678901234567890"),
            ("1e-40", "0.0000000000000000000000000000000000000001"),
        ];
        for (text, said) in texts {
            assert_eq!(read(text).to_string(), said, "{text}");
        }
        assert!(read("99999999999999999.99") < read("100000000000000000.00"));
        assert!(read("99999999999999999.99") > read("99999999999999999.98"));
        assert!(read("0.10000000000000001") > Number::Decimal(0.1));
        assert_eq!(read("0.10000000000000001").nearest(), Number::Decimal(0.1));
        assert!(
            read("1e-40") > Number::Integer(0)
                && read("1e300") > read("99999999999999999999999999999999999999")
        );
        assert!(read("-1e300") < read("-99999999999999999999999999999999999999"));
        assert_eq!(read("99999999999999999.99").floor(), Some(99_999_999_999_999_999));
        assert_eq!(read("-99999999999999999.99").floor(), Some(-100_000_000_000_000_000));
        assert_eq!(read("1e30").floor(), None);
    }

    proptest! {
        /// Digits against digits, of numbers that are near one another.
        #[test]
        fn decimals_are_in_the_order_of_their_digits(
            a in -10_i128.pow(25)..10_i128.pow(25), near in -300_i128..300, small in any::<i32>(), decimals in 0_u32..=12,
        ) {
            for (a, b) in [(a, a + near), (a, small.into()), (small.into(), near)] {
                let [one, other] = [a, b].map(|parts| Number::from_parts(parts, decimals));
                prop_assert_eq!(one.cmp(&other), a.cmp(&b), "{} {}", one, other);
                // The same with other decimals.
                let finer = Number::from_parts(b * 1000, decimals + 3);
                prop_assert_eq!(one.cmp(&finer), a.cmp(&b), "{} {}", one, finer);
                prop_assert_eq!(read(&one.to_string()), one);
                prop_assert_eq!(Number::text_of_parts(a, decimals), one.to_string());
            }
        }
    }

    #[test]
    fn equal_numbers_have_equal_hashes() {
        const BIG: i64 = 9_007_199_254_740_993;
        let state = RandomState::new();
        let numbers = [
            Number::Integer(0),
            Number::Decimal(0.0),
            Number::Decimal(-0.0),
            Number::Integer(2),
            Number::Decimal(2.0),
            Number::Decimal(2.5),
            Number::Integer(BIG),
            Number::Integer(BIG - 1),
            Number::Decimal(9_007_199_254_740_992.0),
            Number::Integer(i64::MIN),
            Number::Decimal(-9_223_372_036_854_775_808.0),
            Number::from_parts(9_999_999_999_999_999_999, 2),
            Number::from_parts(10_000_000_000_000_000_001, 20),
            read("1e30"),
            read("1000000000000000000000000000000"),
            Number::Decimal(0.1),
            Number::Decimal(1e30),
        ];
        for a in numbers {
            for b in numbers {
                assert_eq!(a == b, b == a, "{a:?} {b:?}");
                assert!(a != b || state.hash_one(a) == state.hash_one(b), "{a:?} {b:?}");
                // What equals the same is equal.
                let through = numbers.iter().any(|c| a == *c && *c == b);
                assert_eq!(a == b, through, "{a:?} {b:?}");
            }
        }
        assert_eq!(Number::Decimal(0.0), Number::Decimal(-0.0));
        assert_eq!(Number::Integer(0), Number::Decimal(-0.0));
        assert_ne!(Number::Integer(BIG), Number::Integer(BIG - 1));
    }
}
