//! What the keys of a chunk stand for.

use serde::{Deserialize, Serialize};

use super::strings::StringArray;
use crate::local::cache::persisted::packed;
use crate::local::values::Timestamp;
use crate::segment::Number;

/// A value of a column.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value<'a> {
    Text(&'a str),
    Integer(i64),
    /// A double.
    Decimal(f64),
    /// As many parts of one, of which that has 10^`decimals`: a decimal as it is written.
    Exact {
        parts: i128,
        decimals: u32,
    },
    Boolean(bool),
    /// Days since 1970-01-01.
    Date(i64),
    /// Microseconds since 1970-01-01.
    Datetime(i64),
}

impl Value<'_> {
    pub fn number(self) -> Option<Number> {
        match self {
            Value::Integer(number) => Some(Number::Integer(number)),
            Value::Decimal(number) => Some(Number::Decimal(number)),
            Value::Exact { parts, decimals } => Some(Number::from_parts(parts, decimals)),
            Value::Text(_) | Value::Boolean(_) | Value::Date(_) | Value::Datetime(_) => None,
        }
    }

    /// As a point in time, if it is one.
    pub(crate) fn timestamp(self) -> Option<Timestamp> {
        match self {
            Value::Date(day) => Some(Timestamp { day, micros: 0 }),
            Value::Datetime(micros) => Some(Timestamp::from_micros(micros)),
            Value::Text(_) | Value::Integer(_) | Value::Boolean(_) => None,
            Value::Decimal(_) | Value::Exact { .. } => None,
        }
    }
}

/// What whole numbers stand for.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub(crate) enum LogicalType {
    Integer,
    /// With so many decimals: 1250 of two decimals is 12.5. No number has more than 15 digits, so that each
    /// is the one decimal number of its double.
    Decimal(u32),
    Boolean,
    Date,
    Datetime,
    /// With so many decimals, as they are written: 1250 of two decimals is 12.50.
    Exact(u32),
}

impl LogicalType {
    /// The most decimals that a number has.
    pub(crate) const MOST_DECIMALS: u32 = 9;

    /// What a whole number stands for.
    #[allow(clippy::cast_precision_loss)] // at most 15 digits
    pub fn value(self, whole: i64) -> Value<'static> {
        match self {
            Self::Integer => Value::Integer(whole),
            Self::Decimal(decimals) => Value::Decimal(whole as f64 / 10_f64.powi(decimals.cast_signed())),
            Self::Boolean => Value::Boolean(whole != 0),
            Self::Date => Value::Date(whole),
            Self::Datetime => Value::Datetime(whole),
            Self::Exact(decimals) => Value::Exact { parts: whole.into(), decimals },
        }
    }
}

/// The values of the keys of a chunk, in ascending order but for strings.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub(crate) enum Dictionary {
    /// The string of each key, no two the same.
    Strings(StringArray),
    /// Key 0 is `start`, each further key one `step` more, up to key `last`. Not every key occurs.
    Range { logical_type: LogicalType, start: i64, step: i64, last: u64 },
    /// The number of each key.
    Doubles(#[serde(with = "packed")] Vec<f64>),
    /// The number of each key, as parts of one, of which that has 10^`decimals`.
    Exact {
        decimals: u32,
        #[serde(with = "packed")]
        parts: Vec<i128>,
    },
}

impl Dictionary {
    /// The greatest key; `None` if there is none at all, as for strings of which each is NULL.
    pub fn last(&self) -> Option<u64> {
        match self {
            Self::Strings(strings) => (strings.len() as u64).checked_sub(1),
            Self::Range { last, .. } => Some(*last),
            Self::Doubles(numbers) => (numbers.len() as u64).checked_sub(1),
            Self::Exact { parts, .. } => (parts.len() as u64).checked_sub(1),
        }
    }

    /// The value of a key, none of which is greater than [`Self::last`]: making a chunk checks that.
    #[inline]
    pub fn value(&self, key: u64) -> Value<'_> {
        debug_assert!(self.last().is_some_and(|last| key <= last));
        let at = usize::try_from(key).unwrap_or(usize::MAX);
        match self {
            Self::Strings(strings) => Value::Text(strings.get(at).unwrap_or_default()),
            Self::Range { logical_type, .. } => logical_type.value(self.whole(key)),
            Self::Doubles(numbers) => Value::Decimal(numbers.get(at).copied().unwrap_or_default()),
            Self::Exact { decimals, parts } => {
                Value::Exact { parts: parts.get(at).copied().unwrap_or_default(), decimals: *decimals }
            }
        }
    }

    /// The whole number of a key, where keys stand for such; otherwise the key.
    #[inline]
    pub fn whole(&self, key: u64) -> i64 {
        match self {
            // From `start` to the greatest number may be more than an i64 holds; the sum is in range.
            Self::Range { start, step, .. } => start.wrapping_add(step.wrapping_mul(key.cast_signed())),
            Self::Strings(_) | Self::Doubles(_) | Self::Exact { .. } => key.cast_signed(),
        }
    }

    /// How many bytes it takes.
    pub(crate) fn memory_size(&self) -> usize {
        match self {
            Self::Strings(strings) => strings.memory_size(),
            Self::Range { .. } => 0,
            Self::Doubles(numbers) => size_of_val(numbers.as_slice()),
            Self::Exact { parts, .. } => size_of_val(parts.as_slice()),
        }
    }
}
