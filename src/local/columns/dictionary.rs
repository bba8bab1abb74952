//! What the codes of a piece stand for.

use serde::{Deserialize, Serialize};

use super::strings::StringArray;
use crate::local::cache::persisted::packed;
use crate::segment::Number;

/// A value of a column.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value<'a> {
    Text(&'a str),
    Integer(i64),
    Decimal(f64),
    Boolean(bool),
    /// Days since 1970-01-01.
    Date(i64),
    /// Microseconds since 1970-01-01.
    Datetime(i64),
}

impl Value<'_> {
    /// As a number, if it is one.
    pub fn number(self) -> Option<Number> {
        match self {
            Value::Integer(number) => Some(Number::Integer(number)),
            Value::Decimal(number) => Some(Number::Decimal(number)),
            Value::Text(_) | Value::Boolean(_) | Value::Date(_) | Value::Datetime(_) => None,
        }
    }
}

/// What whole numbers stand for.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub enum LogicalType {
    Integer,
    /// So many decimals: 1250 of two decimals is 12.5. No number has more than 15 digits, so that each is
    /// the one decimal number of its double.
    Decimal(u32),
    Boolean,
    Date,
    Datetime,
}

impl LogicalType {
    /// What a whole number stands for.
    #[allow(clippy::cast_precision_loss)] // at most 15 digits
    pub fn value(self, whole: i64) -> Value<'static> {
        match self {
            Self::Integer => Value::Integer(whole),
            Self::Decimal(decimals) => Value::Decimal(whole as f64 / 10_f64.powi(decimals.cast_signed())),
            Self::Boolean => Value::Boolean(whole != 0),
            Self::Date => Value::Date(whole),
            Self::Datetime => Value::Datetime(whole),
        }
    }
}

/// The values of the codes of a piece, in ascending order but for texts.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub enum Dictionary {
    /// The text of each code, no two the same.
    Strings(StringArray),
    /// Code 0 is `start`, each further code one `step` more, up to code `last`. Not every code occurs.
    Range { kind: LogicalType, start: i64, step: i64, last: u64 },
    /// The number of each code.
    Doubles(#[serde(with = "packed")] Vec<f64>),
}

impl Dictionary {
    /// The greatest code; 0 if there is none at all.
    pub fn last(&self) -> u64 {
        match self {
            Self::Strings(texts) => texts.len().saturating_sub(1) as u64,
            Self::Range { last, .. } => *last,
            Self::Doubles(numbers) => numbers.len().saturating_sub(1) as u64,
        }
    }

    /// The value of a code; of a code that is none, any value.
    #[inline]
    pub fn value(&self, code: u64) -> Value<'_> {
        let at = usize::try_from(code).unwrap_or(usize::MAX);
        match self {
            Self::Strings(texts) => Value::Text(texts.get(at)),
            Self::Range { kind, .. } => kind.value(self.whole(code)),
            Self::Doubles(numbers) => Value::Decimal(numbers.get(at).copied().unwrap_or_default()),
        }
    }

    /// The whole number of a code, where codes stand for such; otherwise the code.
    #[inline]
    pub fn whole(&self, code: u64) -> i64 {
        match self {
            // From `start` to the greatest number may be more than an i64 holds; the sum is in range.
            Self::Range { start, step, .. } => start.wrapping_add(step.wrapping_mul(code.cast_signed())),
            Self::Strings(_) | Self::Doubles(_) => code.cast_signed(),
        }
    }

    /// How many bytes it takes.
    pub fn memory_size(&self) -> usize {
        match self {
            Self::Strings(texts) => texts.memory_size(),
            Self::Range { .. } => 0,
            Self::Doubles(numbers) => size_of_val(numbers.as_slice()),
        }
    }
}
