//! What the values of a Parquet column are, by its [`Label`]: the logical type where it is known and fits, else the
//! physical one. What segments know no type for is said in words.

use polars::prelude::DataType;

use super::schema::{Label, Logical, Nesting, Physical, Unit};
use crate::segment::DataType as Type;

/// The most digits that a decimal number has.
pub(super) const MOST_DIGITS: u32 = 38;

/// What the values of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ColumnType {
    Boolean,
    /// Of up to 32 bits; those of 8 and 16 are stored in 32.
    Int32,
    UInt32,
    Int64,
    UInt64,
    Float,
    Double,
    /// Floats of 16 bits.
    Half,
    /// UTF-8, by what the footer says: strings, JSON and the words of an ENUM.
    Text,
    /// Bytes that nothing is said of, which may be texts.
    Bytes,
    /// The same, so many for each value.
    FixedBytes(usize),
    Uuid,
    /// NULL in every row, whatever it is stored as.
    Null(Physical),
    /// Days since 1970-01-01.
    Date,
    /// Since 1970-01-01.
    Timestamp(Unit),
    /// Nanoseconds of a day and the number of the day as astronomers count.
    Int96,
    Decimal {
        physical: Physical,
        /// Digits in all, and those behind the point.
        precision: u32,
        scale: u32,
    },
}

/// What fields with values in one another are called.
pub(super) fn nesting_words(nesting: Nesting) -> &'static str {
    match nesting {
        Nesting::List => "a list",
        Nesting::Map => "a map",
        Nesting::Struct => "a struct",
        Nesting::Variant => "a variant",
    }
}

impl ColumnType {
    /// What a column is, or in words what it is instead of something that segments know.
    pub fn new(label: &Label) -> Result<Self, &'static str> {
        let physical = label.physical;
        if let Some(known) = label.logical.and_then(|logical| of_logical(logical, physical)) {
            return known;
        }
        Ok(match physical {
            Physical::Boolean => Self::Boolean,
            Physical::Int32 => Self::Int32,
            Physical::Int64 => Self::Int64,
            Physical::Int96 => Self::Int96,
            Physical::Float => Self::Float,
            Physical::Double => Self::Double,
            Physical::Bytes => Self::Bytes,
            Physical::Fixed(0) => return Err("bytes without any"),
            Physical::Fixed(length) => Self::FixedBytes(length),
            Physical::Unknown(_) => return Err("of a type that is not known"),
        })
    }

    /// The type that segments know it by.
    pub fn segment_type(self) -> Type {
        match self {
            Self::Boolean => Type::Boolean,
            Self::Int32 | Self::UInt32 | Self::Int64 | Self::UInt64 => Type::Integer,
            Self::Float | Self::Double | Self::Half | Self::Decimal { .. } => Type::Decimal,
            Self::Text | Self::Bytes | Self::FixedBytes(_) | Self::Uuid | Self::Null(_) => Type::String,
            Self::Date => Type::Date,
            Self::Timestamp(_) | Self::Int96 => Type::Datetime,
        }
    }

    /// Whether it holds strings only if its bytes are UTF-8, which nobody has promised.
    pub fn is_unmarked(self) -> bool {
        matches!(self, Self::Bytes | Self::FixedBytes(_))
    }

    /// What polars is told of the column: only what it decodes exactly, whatever the values are. The rest it gets as
    /// bytes or whole numbers, of which [`super::convert`] makes values.
    pub fn declared(self) -> Label {
        let bare = |physical| Label { physical, logical: None };
        let marked = |physical, logical| Label { physical, logical: Some(logical) };
        match self {
            Self::Boolean => bare(Physical::Boolean),
            Self::Int32 => bare(Physical::Int32),
            Self::UInt32 => marked(Physical::Int32, Logical::Integer(32, false)),
            Self::UInt64 => marked(Physical::Int64, Logical::Integer(64, false)),
            Self::Int64 | Self::Timestamp(_) => bare(Physical::Int64),
            Self::Float => bare(Physical::Float),
            Self::Double => bare(Physical::Double),
            Self::Half => bare(Physical::Fixed(2)),
            Self::Uuid => bare(Physical::Fixed(16)),
            // Of twelve bytes each; polars would make nanoseconds of them, which wrap.
            Self::Int96 | Self::Null(Physical::Int96) => bare(Physical::Fixed(12)),
            Self::FixedBytes(length) => bare(Physical::Fixed(length)),
            Self::Null(physical) => bare(physical),
            Self::Bytes => bare(Physical::Bytes),
            Self::Text => marked(Physical::Bytes, Logical::String),
            Self::Date => marked(Physical::Int32, Logical::Date),
            Self::Decimal { physical, precision, scale } if precision <= digits_in_polars(physical) => {
                marked(physical, Logical::Decimal(precision, scale))
            }
            Self::Decimal { physical, .. } => bare(physical),
        }
    }

    /// The type in which polars reads the column by what it is told.
    pub(super) fn read_type(self) -> DataType {
        let Label { physical, logical } = self.declared();
        match (physical, logical) {
            (_, Some(Logical::Decimal(precision, scale))) => {
                DataType::Decimal(precision as usize, scale as usize)
            }
            (Physical::Int32, Some(Logical::Date)) => DataType::Date,
            (Physical::Int32, Some(_)) => DataType::UInt32,
            (Physical::Int64, Some(_)) => DataType::UInt64,
            (Physical::Bytes, Some(_)) => DataType::String,
            (Physical::Boolean, _) => DataType::Boolean,
            (Physical::Int32, None) => DataType::Int32,
            (Physical::Int64, None) => DataType::Int64,
            (Physical::Float, _) => DataType::Float32,
            (Physical::Double, _) => DataType::Float64,
            (Physical::Bytes | Physical::Fixed(_) | Physical::Int96 | Physical::Unknown(_), _) => {
                DataType::Binary
            }
        }
    }
}

/// By a logical type; `None` where that does not fit with how the values are stored.
fn of_logical(logical: Logical, physical: Physical) -> Option<Result<ColumnType, &'static str>> {
    use Physical as P;
    Some(Ok(match (logical, physical) {
        (Logical::String | Logical::Enum | Logical::Json, P::Bytes) => ColumnType::Text,
        (Logical::Bson, P::Bytes) => return Some(Err("BSON")),
        (Logical::Uuid, P::Fixed(16)) => ColumnType::Uuid,
        (Logical::Float16, P::Fixed(2)) => ColumnType::Half,
        (Logical::Null, P::Unknown(_) | P::Fixed(0)) => return None,
        (Logical::Null, physical) => ColumnType::Null(physical),
        (Logical::Date, P::Int32) => ColumnType::Date,
        (Logical::Time(_), P::Int32 | P::Int64) => return Some(Err("a time of day")),
        (Logical::Timestamp(unit), P::Int64) => ColumnType::Timestamp(unit),
        (Logical::Interval, P::Fixed(_)) => return Some(Err("a duration")),
        (Logical::Integer(32, false), P::Int32) => ColumnType::UInt32,
        (Logical::Integer(64, false), P::Int64) => ColumnType::UInt64,
        (Logical::Decimal(precision, scale), P::Int32 | P::Int64 | P::Bytes | P::Fixed(1..)) => {
            if precision > MOST_DIGITS {
                return Some(Err("a decimal of more than 38 digits"));
            }
            ColumnType::Decimal { physical, precision, scale }
        }
        (Logical::Geometry, P::Bytes) => return Some(Err("a geometry")),
        (Logical::Geography, P::Bytes) => return Some(Err("a geography")),
        (Logical::Variant, _) => return Some(Err("a variant")),
        _ => return None,
    }))
}

/// Up to how many digits polars decodes decimals that are stored so.
fn digits_in_polars(physical: Physical) -> u32 {
    /// By the number of bytes, what every number of so many digits fits into.
    const DIGITS: [u32; 17] = [0, 2, 4, 6, 9, 11, 14, 16, 18, 21, 23, 26, 28, 31, 33, 35, 38];
    match physical {
        Physical::Int32 => 9,
        Physical::Int64 => 18,
        Physical::Fixed(length) => DIGITS.get(length).copied().unwrap_or_default(),
        // Those of any length it takes to be whole where they are not.
        _ => 0,
    }
}
