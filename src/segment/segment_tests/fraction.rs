//! Numbers of tests, exactly as their digits say.

use std::cmp::Ordering;
use std::fmt;

use serde_json::Value;

use crate::segment::number::ExactDecimal;

/// A number of a test that is not negative, exactly as its digits say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fraction(ExactDecimal);

impl Fraction {
    /// Parts are multiplied with numbers of customers: with so many decimals nothing overflows.
    const MOST_DECIMALS: u32 = 18;

    /// Reads the digits of a number.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        // As JSON has numbers: no sign, no blanks, a digit at both ends.
        let is_number = matches!(serde_json::from_str(text), Ok(Value::Number(_))) && text.trim() == text;
        let number = ExactDecimal::parse(text).filter(|_| is_number)?;
        let fits = number.parts() >= 0 && number.decimals() <= Self::MOST_DECIMALS;
        fits.then_some(Self(number))
    }

    /// Parts of one, and how many a whole has.
    fn parts(self) -> (u128, u128) {
        (self.0.parts().unsigned_abs(), 10_u128.pow(self.0.decimals()))
    }

    /// How `part` compares with this fraction of `whole`.
    #[must_use]
    pub(crate) fn compare(self, part: u64, whole: u64) -> Ordering {
        let (parts, one) = self.parts();
        match parts.checked_mul(whole.into()) {
            Some(wanted) => (u128::from(part) * one).cmp(&wanted),
            // More than any number of customers.
            None => Ordering::Less,
        }
    }

    /// Whether it is more than another one.
    #[must_use]
    pub(crate) fn is_more_than(self, other: Self) -> bool {
        let ((parts, one), (others, other_one)) = (self.parts(), other.parts());
        // As whole numbers and what is left, so that nothing overflows.
        (parts / one, parts % one * other_one) > (others / other_one, others % other_one * one)
    }

    /// A hundredth.
    fn hundredth(self) -> String {
        ExactDecimal::parse(&format!("{}e-2", self.0)).map_or_else(String::new, |number| number.to_string())
    }

    /// A hundred times as much, which says a share in percent.
    pub(super) fn times_100(self) -> String {
        ExactDecimal::parse(&format!("{}e2", self.0))
            .map_or_else(|| format!("100 · {self}"), |it| it.to_string())
    }

    pub(super) fn json(self) -> Value {
        serde_json::from_str(&self.to_string()).unwrap_or_default()
    }

    /// Reads `0.086` or `8.6 %`.
    #[must_use]
    pub(crate) fn parse_share(text: &str) -> Option<Self> {
        match text.trim().strip_suffix('%') {
            Some(percent) => Self::parse(&Self::parse(percent.trim())?.hundredth()),
            None => Self::parse(text.trim()),
        }
    }

    /// Whether it is a share of something.
    #[must_use]
    pub(crate) fn is_share(self) -> bool {
        let (parts, one) = self.parts();
        parts <= one
    }
}

impl fmt::Display for Fraction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
