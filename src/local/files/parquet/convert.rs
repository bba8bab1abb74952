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

/// Values of a column as polars reads them when it is told that they are [`ColumnType::declared`], in the type in
/// which the table holds them.
///
/// # Errors
/// A value does not fit.
pub(crate) fn convert(column: &Column, stored: ColumnType, held: HeldType) -> PolarsResult<Column> {
    let target = held.polars_type();
    let name = column.name().clone();
    let values = match stored {
        ColumnType::Boolean | ColumnType::Date | ColumnType::Text => return Ok(column.clone()),
        ColumnType::Int64 if target == DataType::Int64 => return Ok(column.clone()),
        ColumnType::Int32 | ColumnType::UInt32 | ColumnType::Int64 | ColumnType::UInt64 => {
            return column.strict_cast(&target);
        }
        ColumnType::Null(_) => Series::full_null(name, column.len(), &target),
        ColumnType::Float | ColumnType::Double => numbers(&column.cast(&DataType::Float64)?)?.into_series(),
        ColumnType::Half => {
            let numbers = column.binary()?.iter().map(|bytes| bytes.and_then(exact::half));
            numbers.collect::<Float64Chunked>().into_series()
        }
        ColumnType::Timestamp(unit) => {
            let micros = |value: i64| match unit {
                Unit::Millis => value.checked_mul(1000),
                Unit::Micros => Some(value),
                Unit::Nanos => Some(value.div_euclid(1000)),
            };
            each::<_, _, Int64Chunked>(column, column.i64()?.iter(), BEYOND_TIME, micros)?.into_series()
        }
        ColumnType::Int96 => {
            let instants = column.binary()?.iter();
            each::<_, _, Int64Chunked>(column, instants, BEYOND_TIME, exact::int96_micros)?.into_series()
        }
        ColumnType::Uuid => {
            const NO_UUID: &str = "a UUID that has not 16 bytes";
            each::<_, _, StringChunked>(column, column.binary()?.iter(), NO_UUID, exact::uuid)?.into_series()
        }
        ColumnType::Bytes | ColumnType::FixedBytes(_) => {
            let text = |bytes| std::str::from_utf8(bytes).ok();
            each::<_, _, StringChunked>(column, column.binary()?.iter(), NO_TEXT, text)?.into_series()
        }
        ColumnType::Decimal { scale, .. } => decimals(column, scale, held.scale)?,
    };
    // Points in time were whole numbers up to here.
    let values = if values.dtype() == &DataType::Int64 { values.cast(&target)? } else { values };
    Ok(values.with_name(column.name().clone()).into())
}

/// A column of decimals as the nearest doubles.
pub(crate) fn nearest_doubles(name: &str) -> Expr {
    let doubles = |column: Column| {
        let scale = match column.dtype() {
            DataType::Decimal(_, scale) => u32::try_from(*scale).unwrap_or(u32::MAX),
            other => polars_bail!(SchemaMismatch: "{} is {other}", column.name()),
        };
        Ok(decimals(&column, scale, None)?.with_name(column.name().clone()).into())
    };
    let field = |_: &Schema, field: &Field| Ok(Field::new(field.name().clone(), DataType::Float64));
    col(name).map(doubles, field)
}

/// NaN is NULL.
fn numbers(column: &Column) -> PolarsResult<Float64Chunked> {
    let numbers = column.f64()?;
    let has_nan = numbers.iter().flatten().any(f64::is_nan);
    let known = |number: &f64| !number.is_nan();
    Ok(if has_nan { numbers.iter().map(|number| number.filter(known)).collect() } else { numbers.clone() })
}

fn decimals(column: &Column, scale: u32, wanted: Option<u32>) -> PolarsResult<Series> {
    let parts = parts(column)?;
    let Some(wanted) = wanted else {
        let doubles = parts.iter().map(|parts| parts.map(|parts| exact::nearest_double(parts, scale)));
        return Ok(doubles.collect::<Float64Chunked>().into_series());
    };
    let Some(factor) = wanted.checked_sub(scale).and_then(|more| 10_i128.checked_pow(more)) else {
        polars_bail!(ComputeError: "column {:?} has decimals of other lengths", column.name());
    };
    let scaled = |parts: i128| parts.checked_mul(factor).filter(|parts| is_within(*parts));
    let parts = match factor {
        1 => parts,
        _ => each(column, parts.iter(), BEYOND_DIGITS, scaled)?,
    };
    Ok(parts.into_decimal_unchecked(MOST_DIGITS as usize, wanted as usize).into_series())
}

/// Decimals as whole numbers of their last decimal.
fn parts(column: &Column) -> PolarsResult<Int128Chunked> {
    if let Ok(bytes) = column.binary() {
        return each(column, bytes.iter(), BEYOND_DIGITS, exact::decimal_parts);
    }
    let parts = match column.dtype() {
        DataType::Decimal(..) => column.decimal()?.physical().clone(),
        _ => column.strict_cast(&DataType::Int128)?.i128()?.clone(),
    };
    let fit = parts.iter().flatten().all(is_within);
    polars_ensure!(fit, ComputeError: "column {:?} has {BEYOND_DIGITS}", column.name());
    Ok(parts)
}

/// Whether a number has at most 38 digits.
fn is_within(parts: i128) -> bool {
    parts.unsigned_abs() <= MOST_PARTS.unsigned_abs()
}

/// What is wrong with a text that is none.
const NO_TEXT: &str = "a text that is not UTF-8";
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::local::files::parquet::schema::Physical;

    fn bytes(values: &[Option<&[u8]>]) -> Column {
        Series::new("x".into(), values).into()
    }

    fn whole(values: &[Option<i64>]) -> Column {
        Series::new("x".into(), values).into()
    }

    fn made(column: &Column, stored: ColumnType) -> PolarsResult<Column> {
        let scale = match stored {
            ColumnType::Decimal { scale, .. } => Some(scale),
            _ => None,
        };
        let held = HeldType { data_type: stored.segment_type(), scale };
        let made = convert(column, stored, held)?;
        assert_eq!((made.dtype(), made.name().as_str()), (&held.polars_type(), "x"));
        Ok(made)
    }

    fn micros(column: &Column) -> Vec<Option<i64>> {
        column.datetime().unwrap().physical().iter().collect()
    }

    fn message(made: PolarsResult<Column>) -> String {
        made.unwrap_err().to_string()
    }

    #[test]
    fn timestamps_are_exact_or_an_error_that_names_the_column() {
        let of = |unit, values: &[Option<i64>]| made(&whole(values), ColumnType::Timestamp(unit));
        assert_eq!(
            micros(&of(Unit::Nanos, &[Some(-1), None, Some(1999)]).unwrap()),
            [Some(-1), None, Some(1)]
        );
        assert_eq!(micros(&of(Unit::Micros, &[Some(i64::MIN)]).unwrap()), [Some(i64::MIN)]);
        assert_eq!(micros(&of(Unit::Millis, &[Some(-7)]).unwrap()), [Some(-7000)]);
        let error = message(of(Unit::Millis, &[Some(1), Some(i64::MAX)]));
        assert!(error.contains("column \"x\" has a point in time beyond"), "{error}");
        let far = [&[0; 8][..], &[0xFF; 4]].concat();
        assert!(message(made(&bytes(&[None, Some(&far)]), ColumnType::Int96)).contains("column \"x\""));
    }

    #[test]
    fn bytes_are_texts_if_they_are_utf_8() {
        let texts = made(&bytes(&[Some("né".as_bytes()), None, Some(b"")]), ColumnType::Bytes).unwrap();
        assert_eq!(texts.str().unwrap().iter().collect::<Vec<_>>(), [Some("né"), None, Some("")]);
        let error = message(made(&bytes(&[Some(&[0xFF])]), ColumnType::FixedBytes(1)));
        assert!(error.contains("column \"x\" has a text that is not UTF-8"), "{error}");
    }

    #[test]
    fn decimals_are_held_as_written() {
        let of = |physical, precision, scale| ColumnType::Decimal { physical, precision, scale };
        let parts = |column: &Column| column.decimal().unwrap().physical().iter().collect::<Vec<_>>();
        let long = bytes(&[Some(&[0xFF, 0x38]), None, Some(&[7])]);
        assert_eq!(parts(&made(&long, of(Physical::Bytes, 5, 2)).unwrap()), [Some(-200), None, Some(7)]);
        // Of more digits than their storage has room for, which polars is not told.
        let stored = of(Physical::Int64, 30, 2);
        assert_eq!(parts(&made(&whole(&[Some(-5)]), stored).unwrap()), [Some(-5)]);
        let finer = HeldType { data_type: Type::Decimal, scale: Some(4) };
        assert_eq!(
            parts(&convert(&long, of(Physical::Bytes, 5, 2), finer).unwrap()),
            [Some(-20_000), None, Some(700)]
        );
        let doubles = HeldType { data_type: Type::Decimal, scale: None };
        let column = convert(&long, of(Physical::Bytes, 5, 2), doubles).unwrap();
        assert_eq!(column.f64().unwrap().iter().collect::<Vec<_>>(), [Some(-2.0), None, Some(0.07)]);
        assert!(
            message(made(&bytes(&[Some(&[0x7F; 16])]), of(Physical::Fixed(20), 38, 0))).contains("38 digits")
        );
        let most = (MOST_PARTS).to_be_bytes();
        let error = message(convert(&bytes(&[Some(&most)]), of(Physical::Bytes, 38, 2), finer));
        assert!(error.contains("column \"x\" has a decimal of more than 38 digits"), "{error}");
    }

    #[test]
    fn other_columns_are_what_they_are() {
        let doubles: Column =
            Series::new("x".into(), &[Some(f64::NAN), None, Some(0.5), Some(f64::INFINITY)]).into();
        let numbers = made(&doubles, ColumnType::Double).unwrap();
        let expected = [None, None, Some(0.5), Some(f64::INFINITY)];
        assert_eq!(numbers.f64().unwrap().iter().collect::<Vec<_>>(), expected);
        let halves = made(&bytes(&[Some(&[0, 0x3C]), None, Some(&[1, 0x7E])]), ColumnType::Half).unwrap();
        assert_eq!(halves.f64().unwrap().iter().collect::<Vec<_>>(), [Some(1.0), None, None]);
        let nulls = made(&whole(&[None, None]), ColumnType::Null(Physical::Int64)).unwrap();
        assert_eq!(nulls.str().unwrap().iter().collect::<Vec<_>>(), [None, None]);
        let great: Column = Series::new("x".into(), &[u64::MAX]).into();
        let text = HeldType { data_type: Type::String, scale: None };
        let texts = convert(&great, ColumnType::UInt64, text).unwrap();
        assert_eq!(texts.str().unwrap().get(0), Some("18446744073709551615"));
        assert!(made(&great, ColumnType::UInt64).is_err());
        let uuid = made(&bytes(&[Some(&[0xAB; 16]), None]), ColumnType::Uuid).unwrap();
        assert_eq!(uuid.str().unwrap().get(0), Some("abababab-abab-abab-abab-abababababab"));
    }
}
