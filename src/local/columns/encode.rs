//! From columns as polars reads them to chunks.

use std::collections::HashMap;

use hashbrown::DefaultHashBuilder;
use polars::prelude::{
    ChunkedArray, Column, DataType, PolarsNumericType, PolarsResult, StringChunked, polars_err,
};

use super::bitmap::Bitmap;
use super::chunk::{Chunk, DamagedChunk};
use super::dictionary::{Dictionary, LogicalType};
use super::keys::Keys;
use super::string_index::StringIndex;
use super::strings::StringArray;

/// Microseconds of a second and of a day: the steps between instants that are tried.
const SECOND: u64 = 1_000_000;
const DAY: u64 = 86_400 * SECOND;
/// The numbers of decimals that are tried: most decimals are money or percentages.
const DECIMALS: [u32; 2] = [2, 6];

/// The rows of a column of a type that `Content::frame` may have.
///
/// # Errors
/// A column of another type.
pub(crate) fn encode(column: &Column) -> PolarsResult<Chunk> {
    let chunk = match column.dtype() {
        DataType::String => strings(column.str()?),
        DataType::Int64 => whole_numbers(LogicalType::Integer, rows(column.i64()?, |value| value)),
        DataType::Boolean => {
            let values = column.bool()?.iter();
            let (values, nulls): (Vec<i64>, Vec<bool>) =
                values.map(|value| (i64::from(value == Some(true)), value.is_none())).unzip();
            whole_numbers(LogicalType::Boolean, Rows { values, nulls: null_rows(&nulls) })
        }
        DataType::Date => whole_numbers(LogicalType::Date, rows(column.date()?.physical(), i64::from)),
        DataType::Datetime(..) => {
            whole_numbers(LogicalType::Datetime, rows(column.datetime()?.physical(), |value| value))
        }
        // Adding zero turns -0 into 0, the same number.
        DataType::Float64 => decimals(rows(column.f64()?, |value| value + 0.0)),
        DataType::Decimal(_, scale) => {
            let decimals = u32::try_from(*scale).unwrap_or(u32::MAX);
            exact_decimals(decimals, rows(column.decimal()?.physical(), |parts| parts))
        }
        DataType::Null => {
            let nulls = null_rows(&vec![true; column.len()]);
            whole_numbers(LogicalType::Integer, Rows { values: vec![0; column.len()], nulls })
        }
        other => return Err(polars_err!(SchemaMismatch: "{} is {other}", column.name())),
    };
    chunk.map_err(|damage| polars_err!(ComputeError: "{}: {damage}", column.name()))
}

/// A number for each row; where a row is NULL, any number that occurs.
struct Rows<T> {
    values: Vec<T>,
    nulls: Option<Bitmap>,
}

fn rows<P: PolarsNumericType, T: Copy + Default>(
    column: &ChunkedArray<P>,
    make: impl Fn(P::Native) -> T,
) -> Rows<T> {
    let mut values = Vec::with_capacity(column.len());
    column.downcast_iter().for_each(|array| values.extend(array.values().iter().map(|value| make(*value))));
    if column.null_count() == 0 {
        return Rows { values, nulls: None };
    }
    let nulls: Vec<bool> = column.is_null().iter().map(|is_null| is_null == Some(true)).collect();
    let known = values.iter().zip(&nulls).find(|(_, is_null)| !**is_null).map(|(value, _)| *value);
    // Where every row is NULL, zero.
    let known = known.unwrap_or_default();
    values.iter_mut().zip(&nulls).filter(|(_, is_null)| **is_null).for_each(|(value, _)| *value = known);
    Rows { values, nulls: null_rows(&nulls) }
}

fn null_rows(nulls: &[bool]) -> Option<Bitmap> {
    nulls.contains(&true).then(|| Bitmap::from_values(nulls, |is_null| is_null))
}

fn strings(column: &StringChunked) -> Result<Chunk, DamagedChunk> {
    let (mut strings, mut numbers) = (StringArray::default(), StringIndex::default());
    let mut keys = Vec::with_capacity(column.len());
    for array in column.downcast_iter() {
        let mut places = KnownPlaces::new();
        for (row, view) in array.views().iter().enumerate() {
            let place = view.as_u128();
            let key = places.key(place).or_else(|| {
                let key = numbers.find_or_add(&mut strings, array.get(row)?);
                places.put(place, key);
                Some(key)
            });
            // A NULL has any key.
            keys.push(key.unwrap_or(0));
        }
    }
    strings.shrink_to_fit();
    let nulls: Vec<bool> = match column.null_count() {
        0 => Vec::new(),
        _ => column.is_null().iter().map(|is_null| is_null == Some(true)).collect(),
    };
    let dictionary = Dictionary::Strings(strings);
    let keys = match u16::try_from(dictionary.last().unwrap_or(0)) {
        Ok(last) => Keys::collect(u64::from(last), keys.into_iter().map(u64::from)),
        Err(_) => Keys::U32(keys),
    };
    Chunk::new(dictionary, keys, null_rows(&nulls))
}

/// The keys of strings by where they stand: files say a string once and then only where it is, so that the same place has
/// the same string. Of places that get into each other's way the last is known.
struct KnownPlaces(Vec<(u128, Option<u32>)>);

impl KnownPlaces {
    const BITS: u32 = 12;

    fn new() -> Self {
        Self(vec![(0, None); 1 << Self::BITS])
    }

    #[inline]
    fn key(&self, place: u128) -> Option<u32> {
        let (known, key) = self.0.get(Self::at(place))?;
        key.filter(|_| *known == place)
    }

    #[inline]
    fn put(&mut self, place: u128, key: u32) {
        self.0.get_mut(Self::at(place)).into_iter().for_each(|entry| *entry = (place, Some(key)));
    }

    #[allow(clippy::cast_possible_truncation)] // its two halves, and bits of both
    #[inline]
    fn at(place: u128) -> usize {
        /// 2^64 divided by the golden ratio spreads whatever differs over the highest bits.
        const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;
        let both = (place as u64).wrapping_mul(SPREAD) ^ (place >> u64::BITS) as u64;
        (both.wrapping_mul(SPREAD) >> (u64::BITS - Self::BITS)) as usize
    }
}

/// Whole numbers. Datetimes may all be whole days or seconds apart.
fn whole_numbers(logical_type: LogicalType, rows: Rows<i64>) -> Result<Chunk, DamagedChunk> {
    let Rows { values, nulls } = rows;
    // Without rows, any range.
    let start = values.iter().copied().min().unwrap_or(0);
    let end = values.iter().copied().max().unwrap_or(0);
    let steps = match logical_type {
        LogicalType::Datetime => in_steps::<DAY>(&values, start, end)
            .map(|keys| (keys, DAY))
            .or_else(|| in_steps::<SECOND>(&values, start, end).map(|keys| (keys, SECOND))),
        LogicalType::Integer | LogicalType::Decimal(_) | LogicalType::Exact(_) => None,
        LogicalType::Boolean | LogicalType::Date => None,
    };
    let (keys, step) = steps.unwrap_or_else(|| (keys_from::<1>(&values, start, end), 1));
    let last = distance(end, start) / step;
    let dictionary = Dictionary::Range { logical_type, start, step: step.cast_signed(), last };
    Chunk::new(dictionary, keys, nulls)
}

/// The distance from the least value, which always fits without a sign.
fn distance(value: i64, start: i64) -> u64 {
    value.wrapping_sub(start).cast_unsigned()
}

/// The keys of values that are whole steps from the first one; `None` if one is not.
fn in_steps<const STEP: u64>(values: &[i64], start: i64, end: i64) -> Option<Keys> {
    let fits = values.iter().all(|value| distance(*value, start).is_multiple_of(STEP));
    fits.then(|| keys_from::<STEP>(values, start, end))
}

fn keys_from<const STEP: u64>(values: &[i64], start: i64, end: i64) -> Keys {
    Keys::collect(distance(end, start) / STEP, values.iter().map(|value| distance(*value, start) / STEP))
}

fn decimals(rows: Rows<f64>) -> Result<Chunk, DamagedChunk> {
    for decimals in DECIMALS {
        if let Some(values) = rows.values.iter().map(|value| whole_of(*value, decimals)).collect() {
            let rows = Rows { values, nulls: rows.nulls };
            return whole_numbers(LogicalType::Decimal(decimals), rows);
        }
    }
    let mut numbers = rows.values.clone();
    numbers.sort_unstable_by(f64::total_cmp);
    numbers.dedup_by(|a, b| a.to_bits() == b.to_bits());
    let by_bits: HashMap<u64, u64, DefaultHashBuilder> =
        (0..).zip(&numbers).map(|(key, number)| (number.to_bits(), key)).collect();
    // Every value is among the numbers; what is not would be found to have no key.
    let none = numbers.len() as u64;
    let key = |value: &f64| by_bits.get(&value.to_bits()).copied().unwrap_or(none);
    let keys = Keys::collect(none, rows.values.iter().map(key));
    Chunk::new(Dictionary::Doubles(numbers), keys, rows.nulls)
}

/// Decimals as they are written: whole numbers of their last decimal.
fn exact_decimals(decimals: u32, rows: Rows<i128>) -> Result<Chunk, DamagedChunk> {
    let Rows { values, nulls } = rows;
    let whole = || values.iter().map(|parts| i64::try_from(*parts).ok()).collect::<Option<Vec<i64>>>();
    if decimals <= LogicalType::MOST_DECIMALS
        && let Some(values) = whole()
    {
        return whole_numbers(LogicalType::Exact(decimals), Rows { values, nulls });
    }
    let mut parts = values.clone();
    parts.sort_unstable();
    parts.dedup();
    // Every value is among the numbers; what is not would be found to have no key.
    let none = parts.len() as u64;
    let key = |value: &i128| parts.binary_search(value).map_or(none, |key| key as u64);
    let keys = Keys::collect(none, values.iter().map(key));
    Chunk::new(Dictionary::Exact { decimals, parts }, keys, nulls)
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
    use crate::local::columns::Value;

    fn encoded(series: Series) -> Chunk {
        encode(&Column::from(series)).unwrap()
    }

    fn values(chunk: &Chunk) -> Vec<Option<Value<'_>>> {
        (0..chunk.rows()).map(|row| (!chunk.is_null(row)).then(|| chunk.value(row))).collect()
    }

    #[test]
    fn numbers_take_the_smallest_type() {
        let keys = |numbers: &[i64]| encoded(Series::new("n".into(), numbers)).keys().clone();
        assert_eq!(keys(&[1000, 1255]), Keys::U8(vec![0, 255]));
        assert_eq!(keys(&[1000, 1256]), Keys::U16(vec![0, 256]));
        assert_eq!(keys(&[i64::MIN, i64::MAX]), Keys::U64(vec![0, u64::MAX]));
        let money = encoded(Series::new("n".into(), [Some(1.1), None, Some(3.65)]));
        assert_eq!(*money.keys(), Keys::U8(vec![0, 0, 255]));
        let instants =
            Series::new("n".into(), [Some(1_700_000_000_000_000_i64), Some(1_700_000_009_000_000)]);
        let instants = encoded(instants.cast(&DataType::Datetime(TimeUnit::Microseconds, None)).unwrap());
        assert_eq!(*instants.keys(), Keys::U8(vec![0, 9]));
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
            let chunk = encoded(Series::new("t".into(), &texts));
            let expected: Vec<_> = texts.iter().map(|text| text.as_deref().map(Value::Text)).collect();
            prop_assert_eq!(values(&chunk), expected);
            let chunk = encoded(Series::new("i".into(), &wholes));
            let expected: Vec<_> = wholes.iter().map(|whole| whole.map(Value::Integer)).collect();
            prop_assert_eq!(values(&chunk), expected);
            let instants = Series::new("d".into(), &wholes);
            let chunk = encoded(instants.cast(&DataType::Datetime(TimeUnit::Microseconds, None)).unwrap());
            let expected: Vec<_> = wholes.iter().map(|whole| whole.map(Value::Datetime)).collect();
            prop_assert_eq!(values(&chunk), expected);
            for numbers in [numbers, money.into_iter().map(Some).collect()] {
                let chunk = encoded(Series::new("f".into(), &numbers));
                let expected: Vec<_> = numbers.iter().map(|number| number.map(Value::Decimal)).collect();
                prop_assert_eq!(values(&chunk), expected);
            }
        }
    }
}
