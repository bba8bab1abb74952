//! From what polars reads of a Parquet file to the values that a table holds: exactly, or an error that names the
//! column. What does not fit is never wrapped, rounded or cut.

use polars::prelude::*;

use super::exact::{self, MOST_PARTS};
use super::schema::Unit;
use super::types::{ColumnType, MOST_DIGITS};
use crate::local::files::column_builder::polars_type;
use crate::segment::DataType as Type;

/// The type in which a table holds a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct HeldType {
    /// As segments know it.
    pub data_type: Type,
    /// Of decimals that are held as written: with so many decimals. Others are doubles.
    pub scale: Option<u32>,
}

impl HeldType {
    /// Its name in polars.
    pub(crate) fn polars_type(self) -> DataType {
        match self.scale {
            Some(scale) if self.data_type == Type::Decimal => {
                DataType::Decimal(MOST_DIGITS as usize, scale as usize)
            }
            _ => polars_type(self.data_type),
        }
    }
}

/// The column `name`, which polars reads as it was told, in the type in which its table holds it.
pub(super) fn convert(name: &str, stored: ColumnType, held: HeldType) -> Expr {
    let column = col(name);
    let target = held.polars_type();
    match stored {
        ColumnType::Boolean | ColumnType::Date | ColumnType::Text => column,
        ColumnType::Int64 if target == DataType::Int64 => column,
        ColumnType::Int32 | ColumnType::UInt32 | ColumnType::Int64 | ColumnType::UInt64 => {
            column.strict_cast(target)
        }
        ColumnType::Float | ColumnType::Double => {
            let number = column.clone().cast(DataType::Float64);
            when(column.is_not_nan()).then(number).otherwise(lit(NULL)).alias(name)
        }
        ColumnType::Timestamp(Unit::Micros) => column.cast(target),
        _ => {
            let field = Field::new(name.into(), target);
            column.map(move |values| values_of(&values, stored, held), move |_, _| Ok(field.clone()))
        }
    }
}

/// The values of a column that polars has no name for.
fn values_of(column: &Column, stored: ColumnType, held: HeldType) -> PolarsResult<Column> {
    let name = column.name().clone();
    let held_type = held.polars_type();
    let values = match (stored, held.scale) {
        (ColumnType::Null(_), _) => Series::full_null(name, column.len(), &held_type),
        (ColumnType::Timestamp(unit), _) => {
            let micros = |value: i64| match unit {
                Unit::Millis => value.checked_mul(1000),
                Unit::Micros => Some(value),
                Unit::Nanos => Some(value.div_euclid(1000)),
            };
            let values: Int64Chunked = each(column, column.i64()?.iter(), BEYOND_TIME, micros)?;
            values.with_name(name).into_series().cast(&held_type)?
        }
        (ColumnType::Int96, _) => {
            let values: Int64Chunked =
                each(column, column.binary()?.iter(), BEYOND_TIME, exact::int96_micros)?;
            values.with_name(name).into_series().cast(&held_type)?
        }
        (ColumnType::Half, _) => {
            let bits = column.binary()?.iter().map(|bytes| bytes.and_then(exact::half));
            bits.collect::<Float64Chunked>().with_name(name).into_series()
        }
        (ColumnType::Uuid, _) => {
            let texts: StringChunked =
                each(column, column.binary()?.iter(), "a UUID not of 16 bytes", exact::uuid)?;
            texts.with_name(name).into_series()
        }
        (ColumnType::Bytes | ColumnType::FixedBytes(_), _) => {
            let text = |bytes| std::str::from_utf8(bytes).ok();
            let texts: StringChunked = each(column, column.binary()?.iter(), NO_TEXT, text)?;
            texts.with_name(name).into_series()
        }
        (ColumnType::Decimal { scale, .. }, wanted) => {
            let parts = parts(column)?.with_name(name);
            match wanted {
                Some(wanted) => rescaled(column, parts, scale, wanted)?,
                None => {
                    let doubles =
                        parts.iter().map(|parts| parts.map(|parts| exact::nearest_double(parts, scale)));
                    doubles.collect::<Float64Chunked>().with_name(column.name().clone()).into_series()
                }
            }
        }
        (other, _) => {
            polars_bail!(ComputeError: "column {:?} is of an unexpected type, {other:?}", column.name())
        }
    };
    Ok(values.into())
}

/// What is wrong with a text that is none.
pub(super) const NO_TEXT: &str = "a text that is not UTF-8";
const BEYOND_TIME: &str = "a point in time beyond what microseconds count from 1970";
const BEYOND_DIGITS: &str = "a decimal of more than 38 digits";

/// Makes a value of each that is not NULL. `wrong` says what one is of which none can be made.
fn each<S, T, C: FromIterator<Option<T>>>(
    column: &Column,
    values: impl Iterator<Item = Option<S>>,
    wrong: &str,
    make: impl Fn(S) -> Option<T>,
) -> PolarsResult<C> {
    let mut is_wrong = false;
    let made = values.map_while(|value| match value.map(&make) {
        Some(None) => {
            is_wrong = true;
            None
        }
        made => Some(made.flatten()),
    });
    let made: C = made.collect();
    polars_ensure!(!is_wrong, ComputeError: "column {:?} has {wrong}", column.name());
    Ok(made)
}

/// Decimals as whole numbers of their last decimal.
fn parts(column: &Column) -> PolarsResult<Int128Chunked> {
    if let Ok(bytes) = column.binary() {
        return each(column, bytes.iter(), BEYOND_DIGITS, exact::decimal_parts);
    }
    let parts = column.decimal()?.physical().clone();
    let beyond = parts.iter().flatten().any(|parts| parts.abs_diff(0) > MOST_PARTS.unsigned_abs());
    polars_ensure!(!beyond, ComputeError: "column {:?} has {BEYOND_DIGITS}", column.name());
    Ok(parts)
}

/// The same numbers with more decimals.
fn rescaled(column: &Column, parts: Int128Chunked, scale: u32, wanted: u32) -> PolarsResult<Series> {
    let more = wanted.checked_sub(scale);
    let Some(factor) = more.and_then(|more| 10_i128.checked_pow(more)) else {
        polars_bail!(ComputeError: "column {:?} has decimals of other lengths", column.name());
    };
    let parts = if factor == 1 {
        parts
    } else {
        let scaled = |parts: i128| parts.checked_mul(factor).filter(|parts| parts.abs() <= MOST_PARTS);
        let name = parts.name().clone();
        each::<_, _, Int128Chunked>(column, parts.iter(), BEYOND_DIGITS, scaled)?.with_name(name)
    };
    Ok(parts.into_decimal_unchecked(MOST_DIGITS as usize, wanted as usize).into_series())
}
