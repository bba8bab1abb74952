//! Numbers of documents.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

/// A number of a document: whole where it can be, otherwise the nearest double, never NaN.
#[derive(Clone, Copy, Debug)]
pub enum Number {
    /// A whole number.
    Integer(i64),
    /// Any other number.
    Decimal(f64),
}

impl Number {
    /// Reads a JSON number. `2.0` is the whole number 2.
    #[must_use]
    pub fn from_json(number: &serde_json::Number) -> Option<Self> {
        if let Some(integer) = number.as_i64() {
            return Some(Self::Integer(integer));
        }
        let decimal = number.as_f64().filter(|decimal| decimal.is_finite())?;
        // Below 2^53 every whole double is exactly one integer.
        let is_exact = decimal.fract() == 0.0 && decimal.abs() < 9_007_199_254_740_992.0;
        #[allow(clippy::cast_possible_truncation)]
        Some(if is_exact { Self::Integer(decimal as i64) } else { Self::Decimal(decimal) })
    }

    /// So many parts of a whole that has 10^`decimals` of them: 1250 with 2 decimals is 12.5.
    #[must_use]
    pub(crate) fn from_parts(parts: i128, decimals: u32) -> Self {
        let whole = 10_i128.pow(decimals);
        if let (0, Ok(integer)) = (parts % whole, i64::try_from(parts / whole)) {
            return Self::Integer(integer);
        }
        // Dividing rounds once, to the nearest double, as long as both are exactly doubles.
        const EXACT: i128 = 1 << 53;
        #[allow(clippy::cast_precision_loss)]
        if parts.abs() < EXACT && whole < EXACT {
            return Self::Decimal(parts as f64 / whole as f64);
        }
        let sign = if parts < 0 { "-" } else { "" };
        let (parts, whole) = (parts.unsigned_abs(), whole.unsigned_abs());
        let width = decimals as usize;
        let text = format!("{sign}{}.{:0width$}", parts / whole, parts % whole);
        Self::Decimal(text.parse().unwrap_or(f64::MAX))
    }

    /// The nearest double.
    #[must_use]
    #[allow(clippy::cast_precision_loss)]
    pub fn as_f64(&self) -> f64 {
        match *self {
            Self::Integer(integer) => integer as f64,
            Self::Decimal(decimal) => decimal,
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
        // Whoever equals a double is exactly that double; zero has one sign.
        (self.as_f64() + 0.0).to_bits().hash(state);
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Integer(integer) => integer.fmt(f),
            Self::Decimal(decimal) => decimal.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::hash::{BuildHasher, RandomState};

    use super::*;

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
