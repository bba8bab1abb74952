//! Values of a column in forms that are the same in all chunks.

use std::cmp::Ordering;

use crate::local::columns::{Dictionary, LogicalType, Value};
use crate::local::condition::sort_keys::{from_double, from_whole, to_double, to_whole};
use crate::local::values::{DAY, Timestamp, day_text};
use crate::segment::Number;

/// A value of a column, in the order of its type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Plain<'a> {
    /// By code point.
    Text(&'a str),
    /// What fits into 64 bits, in the order of the values: see [`PlainType`].
    Short(u64),
    /// Parts of one.
    Long(i128),
}

/// What the numbers of a column stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PlainType {
    Text,
    /// A whole number.
    Integer,
    /// A double.
    Double,
    /// Decimals as they are written, with so many decimals.
    Exact(u32),
    Boolean,
    /// Days.
    Date,
    /// Microseconds.
    Datetime,
}

impl PlainType {
    /// That of the values of a chunk.
    pub fn of(dictionary: &Dictionary) -> Self {
        match dictionary {
            Dictionary::Strings(_) => Self::Text,
            Dictionary::Doubles(_) => Self::Double,
            Dictionary::Exact { decimals, .. } => Self::Exact(*decimals),
            Dictionary::Range { logical_type, .. } => match logical_type {
                LogicalType::Integer => Self::Integer,
                LogicalType::Decimal(_) => Self::Double,
                LogicalType::Boolean => Self::Boolean,
                LogicalType::Date => Self::Date,
                LogicalType::Datetime => Self::Datetime,
                LogicalType::Exact(decimals) => Self::Exact(*decimals),
            },
        }
    }

    /// Whether its values have a least and a greatest one that is worth telling.
    pub fn has_range(self) -> bool {
        self != Self::Boolean
    }

    /// The text of a value, as documents write it.
    pub fn text(self, plain: Plain<'_>) -> String {
        match (self, plain) {
            (_, Plain::Text(text)) => text.to_owned(),
            (Self::Exact(decimals), Plain::Long(parts)) => Number::text_of_parts(parts, decimals),
            (_, Plain::Long(parts)) => parts.to_string(),
            (Self::Double, Plain::Short(bits)) => to_double(bits).to_string(),
            (Self::Boolean, Plain::Short(bits)) => (to_whole(bits) != 0).to_string(),
            (Self::Date, Plain::Short(bits)) => day_text(to_whole(bits)),
            (Self::Datetime, Plain::Short(bits)) => instant_text(to_whole(bits)),
            (Self::Text | Self::Integer | Self::Exact(_), Plain::Short(bits)) => to_whole(bits).to_string(),
        }
    }
}

impl<'a> Plain<'a> {
    /// A value of a chunk.
    #[inline]
    pub fn new(value: Value<'a>) -> Self {
        match value {
            Value::Text(text) => Self::Text(text),
            Value::Integer(whole) | Value::Date(whole) | Value::Datetime(whole) => {
                Self::Short(from_whole(whole))
            }
            // Minus zero is zero.
            Value::Decimal(number) => Self::Short(from_double(number + 0.0)),
            Value::Exact { parts, .. } => Self::Long(parts),
            Value::Boolean(value) => Self::Short(from_whole(value.into())),
        }
    }
}

/// The same, of its own.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum OwnPlain {
    Text(String),
    Short(u64),
    Long(i128),
}

impl OwnPlain {
    pub fn as_plain(&self) -> Plain<'_> {
        match self {
            Self::Text(text) => Plain::Text(text),
            Self::Short(bits) => Plain::Short(*bits),
            Self::Long(parts) => Plain::Long(*parts),
        }
    }
}

impl From<Plain<'_>> for OwnPlain {
    fn from(plain: Plain<'_>) -> Self {
        match plain {
            Plain::Text(text) => Self::Text(text.to_owned()),
            Plain::Short(bits) => Self::Short(bits),
            Plain::Long(parts) => Self::Long(parts),
        }
    }
}

impl PartialOrd for OwnPlain {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for OwnPlain {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_plain().cmp(&other.as_plain())
    }
}

/// The day of a datetime, as a date is held.
pub(super) fn day_of(bits: u64) -> u64 {
    from_whole(to_whole(bits).div_euclid(DAY))
}

/// A point in time to the second, or as far as it goes.
pub(super) fn instant_text(micros: i64) -> String {
    match chrono::DateTime::from_timestamp_micros(micros) {
        Some(instant) => instant.naive_utc().to_string(),
        None => day_text(Timestamp::from_micros(micros).day),
    }
}
