//! What the values of a Parquet column are, by its [`Label`]: the logical type where it is known and fits, else the
//! physical one. What segments know no type for is said in words.

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

#[cfg(test)]
mod tests {
    use super::*;

    const PHYSICAL: [Physical; 12] = [
        Physical::Boolean,
        Physical::Int32,
        Physical::Int64,
        Physical::Int96,
        Physical::Float,
        Physical::Double,
        Physical::Bytes,
        Physical::Fixed(2),
        Physical::Fixed(12),
        Physical::Fixed(16),
        Physical::Fixed(0),
        Physical::Unknown(9),
    ];

    fn of(physical: Physical, logical: Logical) -> Result<ColumnType, &'static str> {
        ColumnType::new(&Label { physical, logical: Some(logical) })
    }

    fn bare(physical: Physical) -> Result<ColumnType, &'static str> {
        ColumnType::new(&Label { physical, logical: None })
    }

    #[test]
    fn bare_columns_are_what_they_are_stored_as() {
        use ColumnType as T;
        let types = PHYSICAL.map(bare);
        let expected = [
            Ok(T::Boolean),
            Ok(T::Int32),
            Ok(T::Int64),
            Ok(T::Int96),
            Ok(T::Float),
            Ok(T::Double),
            Ok(T::Bytes),
            Ok(T::FixedBytes(2)),
            Ok(T::FixedBytes(12)),
            Ok(T::FixedBytes(16)),
            Err("bytes without any"),
            Err("of a type that is not known"),
        ];
        assert_eq!(types, expected);
    }

    /// Each logical type with what it is said to be and how it may be stored; stored otherwise it says nothing.
    #[test]
    fn a_logical_type_counts_where_it_fits() {
        use Logical as L;
        use Physical as P;
        let decimal = |physical, precision, scale| Ok(ColumnType::Decimal { physical, precision, scale });
        type Fits = Vec<(Physical, Result<ColumnType, &'static str>)>;
        let fitting: Vec<(Logical, Fits)> = vec![
            (L::String, vec![(P::Bytes, Ok(ColumnType::Text))]),
            (L::Enum, vec![(P::Bytes, Ok(ColumnType::Text))]),
            (L::Json, vec![(P::Bytes, Ok(ColumnType::Text))]),
            (L::Bson, vec![(P::Bytes, Err("BSON"))]),
            (L::Uuid, vec![(P::Fixed(16), Ok(ColumnType::Uuid))]),
            (L::Float16, vec![(P::Fixed(2), Ok(ColumnType::Half))]),
            (L::Date, vec![(P::Int32, Ok(ColumnType::Date))]),
            (L::Time(Unit::Millis), vec![(P::Int32, Err("a time of day")), (P::Int64, Err("a time of day"))]),
            (L::Timestamp(Unit::Millis), vec![(P::Int64, Ok(ColumnType::Timestamp(Unit::Millis)))]),
            (L::Timestamp(Unit::Micros), vec![(P::Int64, Ok(ColumnType::Timestamp(Unit::Micros)))]),
            (L::Timestamp(Unit::Nanos), vec![(P::Int64, Ok(ColumnType::Timestamp(Unit::Nanos)))]),
            (L::Integer(8, true), vec![]),
            (L::Integer(16, false), vec![]),
            (L::Integer(32, false), vec![(P::Int32, Ok(ColumnType::UInt32))]),
            (L::Integer(64, false), vec![(P::Int64, Ok(ColumnType::UInt64))]),
            (L::Integer(64, true), vec![]),
            (L::Geometry, vec![(P::Bytes, Err("a geometry"))]),
            (L::Geography, vec![(P::Bytes, Err("a geography"))]),
            (L::List, vec![]),
            (L::Map, vec![]),
            (L::Interval, [2, 12, 16, 0].map(|length| (P::Fixed(length), Err("a duration"))).to_vec()),
            (
                L::Decimal(9, 2),
                [P::Int32, P::Int64, P::Bytes, P::Fixed(2), P::Fixed(12), P::Fixed(16)]
                    .map(|physical| (physical, decimal(physical, 9, 2)))
                    .to_vec(),
            ),
        ];
        for (logical, fits) in fitting {
            for physical in PHYSICAL {
                let fitting = fits.iter().find(|(of, _)| *of == physical).map(|(_, expected)| *expected);
                assert_eq!(
                    of(physical, logical),
                    fitting.unwrap_or(bare(physical)),
                    "{logical:?} {physical:?}"
                );
            }
        }
        for physical in PHYSICAL.into_iter().filter(|physical| bare(*physical).is_ok()) {
            assert_eq!(of(physical, Logical::Null), Ok(ColumnType::Null(physical)));
        }
        assert_eq!(of(Physical::Fixed(21), Logical::Decimal(50, 0)), Err("a decimal of more than 38 digits"));
    }

    /// What polars is told it also says back.
    #[test]
    fn what_polars_is_told_stays_the_type() {
        use Physical as P;
        let decimal = |physical, precision| {
            of(physical, Logical::Decimal(precision, 2)).unwrap().declared().logical.is_some()
        };
        assert!(decimal(P::Int32, 9) && !decimal(P::Int32, 10));
        assert!(decimal(P::Int64, 18) && !decimal(P::Int64, 19));
        assert!(decimal(P::Fixed(9), 20) && decimal(P::Fixed(16), 38));
        assert!(!decimal(P::Fixed(17), 20) && !decimal(P::Bytes, 9) && !decimal(P::Fixed(4), 10));
        assert_eq!(bare(P::Int96).unwrap().declared().physical, P::Fixed(12));
    }
}
