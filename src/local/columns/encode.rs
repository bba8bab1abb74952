//! Columns as polars reads them to pieces.

use std::collections::HashMap;

use hashbrown::DefaultHashBuilder;
use polars::prelude::{
    ChunkedArray, Column, DataType, PolarsNumericType, PolarsResult, StringChunked, polars_err,
};

use super::bitmap::{Bitmap, bits};
use super::chunk::Chunk;
use super::dictionary::{Dictionary, LogicalType};
use super::keys::Keys;
use super::strings::{StringArray, StringIndex};

/// Microseconds of a second and of a day: the steps between instants that are tried.
const SECOND: u64 = 1_000_000;
const DAY: u64 = 86_400 * SECOND;
/// The numbers of decimals that are tried: most decimals are money or percentages.
const DECIMALS: [u32; 2] = [2, 6];

/// The rows of a column of a type that `Content::frame` may have.
///
/// # Errors
/// A column of another type.
pub fn encode(column: &Column) -> PolarsResult<Chunk> {
    Ok(match column.dtype() {
        DataType::String => texts(column.str()?),
        DataType::Int64 => wholes(LogicalType::Integer, rows(column.i64()?, |value| value)),
        DataType::Boolean => {
            let values = column.bool()?.iter();
            let (values, nulls): (Vec<i64>, Vec<bool>) =
                values.map(|value| (i64::from(value == Some(true)), value.is_none())).unzip();
            wholes(LogicalType::Boolean, Rows { values, nulls: null_rows(&nulls) })
        }
        DataType::Date => wholes(LogicalType::Date, rows(column.date()?.physical(), i64::from)),
        DataType::Datetime(..) => {
            wholes(LogicalType::Datetime, rows(column.datetime()?.physical(), |value| value))
        }
        // Adding zero turns -0 into 0, the same number.
        DataType::Float64 => decimals(rows(column.f64()?, |value| value + 0.0)),
        DataType::Null => {
            let nulls = null_rows(&vec![true; column.len()]);
            wholes(LogicalType::Integer, Rows { values: vec![0; column.len()], nulls })
        }
        other => return Err(polars_err!(SchemaMismatch: "{} is {other}", column.name())),
    })
}

/// Numbers of rows; where a row is NULL, any number that occurs.
struct Rows<T> {
    values: Vec<T>,
    nulls: Option<Bitmap>,
}

fn rows<P: PolarsNumericType, T: Copy + Default>(
    column: &ChunkedArray<P>,
    make: impl Fn(P::Native) -> T,
) -> Rows<T> {
    let mut values = Vec::with_capacity(column.len());
    column.downcast_iter().for_each(|chunk| values.extend(chunk.values().iter().map(|value| make(*value))));
    if column.null_count() == 0 {
        return Rows { values, nulls: None };
    }
    let nulls: Vec<bool> = column.is_null().iter().map(|is_null| is_null == Some(true)).collect();
    let known = values.iter().zip(&nulls).find(|(_, is_null)| !**is_null).map(|(value, _)| *value);
    let known = known.unwrap_or_default();
    values.iter_mut().zip(&nulls).filter(|(_, is_null)| **is_null).for_each(|(value, _)| *value = known);
    Rows { values, nulls: null_rows(&nulls) }
}

fn null_rows(nulls: &[bool]) -> Option<Bitmap> {
    nulls.contains(&true).then(|| bits(nulls, |is_null| is_null))
}

fn texts(column: &StringChunked) -> Chunk {
    /// Beyond so many different ones it is no use to remember where texts stand.
    const PLACES: usize = 1 << 14;
    let (mut texts, mut numbers) = (StringArray::default(), StringIndex::default());
    let mut codes = Vec::with_capacity(column.len());
    for chunk in column.downcast_iter() {
        // Files say a text once and then only where it stands: the same place has the same text.
        let mut places: HashMap<u128, u32, DefaultHashBuilder> = HashMap::default();
        let mut before: Option<(u128, u32)> = None;
        for (row, view) in chunk.views().iter().enumerate() {
            let place = view.as_u128();
            let known = before.filter(|(known, _)| *known == place).map(|(_, code)| code);
            let known = known.or_else(|| places.get(&place).copied());
            let code = known.or_else(|| {
                let code = numbers.find_or_add(&mut texts, chunk.get(row)?);
                if places.len() < PLACES {
                    places.insert(place, code);
                }
                Some(code)
            });
            before = code.map(|code| (place, code));
            codes.push(code.unwrap_or_default());
        }
    }
    texts.shrink();
    let nulls: Vec<bool> = match column.null_count() {
        0 => Vec::new(),
        _ => column.is_null().iter().map(|is_null| is_null == Some(true)).collect(),
    };
    let domain = Dictionary::Strings(texts);
    let codes = match u16::try_from(domain.last()) {
        Ok(last) => Keys::collect(u64::from(last), codes.into_iter().map(u64::from)),
        Err(_) => Keys::U32(codes),
    };
    Chunk { domain, codes, nulls: null_rows(&nulls) }
}

/// Whole numbers. Instants may all be whole days or seconds apart.
fn wholes(kind: LogicalType, rows: Rows<i64>) -> Chunk {
    let Rows { values, nulls } = rows;
    let start = values.iter().copied().min().unwrap_or_default();
    let end = values.iter().copied().max().unwrap_or_default();
    let steps = match kind {
        LogicalType::Datetime => fits::<DAY>(&values, start).or_else(|| fits::<SECOND>(&values, start)),
        LogicalType::Integer | LogicalType::Decimal(_) | LogicalType::Boolean | LogicalType::Date => None,
    };
    let (codes, step) = steps.unwrap_or_else(|| (coded::<1>(&values, start, end), 1));
    let last = above(end, start) / step.unsigned_abs().max(1);
    Chunk { domain: Dictionary::Range { kind, start, step, last }, codes, nulls }
}

/// The distance from the least value, which always fits without a sign.
fn above(value: i64, start: i64) -> u64 {
    value.wrapping_sub(start).cast_unsigned()
}

/// The codes of values that are whole steps from the first one, and the step; `None` if one is not.
fn fits<const STEP: u64>(values: &[i64], start: i64) -> Option<(Keys, i64)> {
    let fits = values.iter().all(|value| above(*value, start).is_multiple_of(STEP));
    let end = values.iter().copied().max().unwrap_or_default();
    fits.then(|| (coded::<STEP>(values, start, end), STEP.cast_signed()))
}

fn coded<const STEP: u64>(values: &[i64], start: i64, end: i64) -> Keys {
    Keys::collect(above(end, start) / STEP, values.iter().map(|value| above(*value, start) / STEP))
}

fn decimals(rows: Rows<f64>) -> Chunk {
    for decimals in DECIMALS {
        if let Some(values) = rows.values.iter().map(|value| whole_of(*value, decimals)).collect() {
            return wholes(LogicalType::Decimal(decimals), Rows { values, nulls: rows.nulls });
        }
    }
    let mut numbers = rows.values.clone();
    numbers.sort_unstable_by(f64::total_cmp);
    numbers.dedup_by(|a, b| a.to_bits() == b.to_bits());
    let by_bits: HashMap<u64, u64, DefaultHashBuilder> =
        (0..).zip(&numbers).map(|(code, number)| (number.to_bits(), code)).collect();
    let code = |value: &f64| by_bits.get(&value.to_bits()).copied().unwrap_or_default();
    let codes = Keys::collect(numbers.len() as u64, rows.values.iter().map(code));
    Chunk { domain: Dictionary::Doubles(numbers), codes, nulls: rows.nulls }
}

/// How many of the last of so many decimals a number is, if it is a number of so many decimals and of at
/// most 15 digits.
#[allow(clippy::cast_possible_truncation, clippy::cast_precision_loss)] // within 15 digits, checked
fn whole_of(value: f64, decimals: u32) -> Option<i64> {
    const MOST: f64 = 1e15;
    let unit = 10_f64.powi(decimals.cast_signed());
    let parts = value * unit;
    let whole = (parts + 0.5_f64.copysign(parts)) as i64;
    (parts.abs() < MOST && whole as f64 / unit == value).then_some(whole)
}

#[cfg(test)]
mod tests {
    use polars::prelude::{NamedFrom, Series, TimeUnit};
    use proptest::prelude::*;

    use super::*;
    use crate::local::columns::{Value, is_set};

    fn encoded(series: Series) -> Chunk {
        encode(&Column::from(series)).unwrap()
    }

    fn values(piece: &Chunk) -> Vec<Option<Value<'_>>> {
        let is_null = |row| piece.nulls.as_ref().is_some_and(|nulls| is_set(nulls, row));
        (0..piece.rows()).map(|row| (!is_null(row)).then(|| piece.value(row))).collect()
    }

    #[test]
    fn numbers_take_the_smallest_type() {
        let of = |numbers: &[i64]| encoded(Series::new("n".into(), numbers)).codes;
        assert_eq!(of(&[1000, 1255]), Keys::U8(vec![0, 255]));
        assert_eq!(of(&[1000, 1256]), Keys::U16(vec![0, 256]));
        assert_eq!(of(&[i64::MIN, i64::MAX]), Keys::U64(vec![0, u64::MAX]));
        let money = encoded(Series::new("n".into(), [Some(1.1), None, Some(3.65)]));
        assert_eq!(money.codes, Keys::U8(vec![0, 0, 255]));
        let instants =
            Series::new("n".into(), [Some(1_700_000_000_000_000_i64), Some(1_700_000_009_000_000)]);
        let instants = encoded(instants.cast(&DataType::Datetime(TimeUnit::Microseconds, None)).unwrap());
        assert_eq!(instants.codes, Keys::U8(vec![0, 9]));
    }

    proptest! {
        #[test]
        fn what_is_encoded_is_read_again(
            texts in prop::collection::vec(prop::option::of("[ab]{0,2}"), 0..300),
            wholes in prop::collection::vec(prop::option::of(prop_oneof![any::<i64>(), 0_i64..100]), 0..200),
            numbers in prop::collection::vec(
                prop::option::of(prop_oneof![
                    any::<f64>().prop_filter("NaN is NULL", |number| !number.is_nan()),
                    (-10_000_i32..10_000).prop_map(|cents| f64::from(cents) / 100.0),
                ]),
                0..200,
            ),
            money in prop::collection::vec((0_i64..10_000_000).prop_map(|cents| cents as f64 / 100.0), 0..200),
        ) {
            let piece = encoded(Series::new("t".into(), &texts));
            let expected: Vec<_> = texts.iter().map(|text| text.as_deref().map(Value::Text)).collect();
            prop_assert_eq!(values(&piece), expected);
            let piece = encoded(Series::new("i".into(), &wholes));
            let expected: Vec<_> = wholes.iter().map(|whole| whole.map(Value::Integer)).collect();
            prop_assert_eq!(values(&piece), expected);
            let instants = Series::new("d".into(), &wholes);
            let piece = encoded(instants.cast(&DataType::Datetime(TimeUnit::Microseconds, None)).unwrap());
            let expected: Vec<_> = wholes.iter().map(|whole| whole.map(Value::Datetime)).collect();
            prop_assert_eq!(values(&piece), expected);
            for numbers in [numbers, money.into_iter().map(Some).collect()] {
                let piece = encoded(Series::new("f".into(), &numbers));
                let expected: Vec<_> = numbers.iter().map(|number| number.map(Value::Decimal)).collect();
                prop_assert_eq!(values(&piece), expected);
            }
        }
    }
}
