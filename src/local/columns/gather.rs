//! Rows of several chunks as one.

use std::sync::Arc;

use super::chunk::{Chunk, DamagedChunk};
use super::dictionary::{Dictionary, LogicalType, Value};
use super::encode::{Rows, decimals, exact_decimals, null_rows, whole_numbers};
use super::keys::Keys;
use super::strings::{StringArray, StringIndex};

/// Rows of one column, wherever they stand, as a chunk of their own.
///
/// # Errors
/// They are of several types.
pub(crate) fn gather(rows: &[(Arc<Chunk>, usize)]) -> Result<Chunk, DamagedChunk> {
    let values: Vec<Option<Value<'_>>> =
        rows.iter().map(|(chunk, row)| (!chunk.is_null(*row)).then(|| chunk.value(*row))).collect();
    let whole = |logical_type, of: fn(Value<'_>) -> Option<i64>| {
        known(&values, of).and_then(|rows| whole_numbers(logical_type, rows))
    };
    match values.iter().copied().flatten().next() {
        None => {
            let nulls = null_rows(&vec![true; values.len()]);
            Chunk::new(Dictionary::Strings(StringArray::default()), Keys::U8(vec![0; values.len()]), nulls)
        }
        Some(Value::Text(_)) => texts(&values),
        Some(Value::Integer(_)) => whole(LogicalType::Integer, |value| match value {
            Value::Integer(number) => Some(number),
            _ => None,
        }),
        Some(Value::Boolean(_)) => whole(LogicalType::Boolean, |value| match value {
            Value::Boolean(value) => Some(value.into()),
            _ => None,
        }),
        Some(Value::Date(_)) => whole(LogicalType::Date, |value| match value {
            Value::Date(day) => Some(day),
            _ => None,
        }),
        Some(Value::Datetime(_)) => whole(LogicalType::Datetime, |value| match value {
            Value::Datetime(micros) => Some(micros),
            _ => None,
        }),
        Some(Value::Decimal(_)) => decimals(known(&values, |value| match value {
            Value::Decimal(number) => Some(number),
            _ => None,
        })?),
        Some(Value::Exact { decimals, .. }) => {
            let parts = known(&values, |value| match value {
                Value::Exact { parts, decimals } => Some((parts, decimals)),
                _ => None,
            })?;
            // A column has one number of decimals.
            if parts.values.iter().any(|(_, other)| *other != decimals) {
                return Err(DamagedChunk::Types);
            }
            let values = parts.values.into_iter().map(|(parts, _)| parts).collect();
            exact_decimals(decimals, Rows { values, nulls: parts.nulls })
        }
    }
}

/// Values of one type, of which there is one; where a row is NULL, one that occurs.
fn known<T: Copy>(
    values: &[Option<Value<'_>>],
    of: impl Fn(Value<'_>) -> Option<T>,
) -> Result<Rows<T>, DamagedChunk> {
    let some = values.iter().flatten().find_map(|value| of(*value)).ok_or(DamagedChunk::Types)?;
    let value =
        |value: &Option<Value<'_>>| value.map_or(Ok(some), |value| of(value).ok_or(DamagedChunk::Types));
    let nulls: Vec<bool> = values.iter().map(Option::is_none).collect();
    Ok(Rows { values: values.iter().map(value).collect::<Result<_, _>>()?, nulls: null_rows(&nulls) })
}

fn texts(values: &[Option<Value<'_>>]) -> Result<Chunk, DamagedChunk> {
    let (mut strings, mut numbers) = (StringArray::default(), StringIndex::default());
    let mut keys = Vec::with_capacity(values.len());
    for value in values {
        keys.push(match value {
            Some(Value::Text(text)) => numbers.find_or_add(&mut strings, text),
            Some(_) => return Err(DamagedChunk::Types),
            // Any key.
            None => 0,
        });
    }
    let nulls: Vec<bool> = values.iter().map(Option::is_none).collect();
    let dictionary = Dictionary::Strings(strings);
    let last = dictionary.last().unwrap_or(0);
    Chunk::new(dictionary, Keys::collect(last, keys.into_iter().map(u64::from)), null_rows(&nulls))
}

#[cfg(test)]
mod tests {
    use polars::prelude::{Column, NamedFrom, Series};

    use super::*;
    use crate::local::columns::encode;

    fn chunk(column: Series) -> Arc<Chunk> {
        Arc::new(encode(&Column::from(column)).unwrap())
    }

    fn values(chunk: &Chunk) -> Vec<Option<Value<'_>>> {
        (0..chunk.rows()).map(|row| (!chunk.is_null(row)).then(|| chunk.value(row))).collect()
    }

    #[test]
    fn rows_keep_their_values() {
        let chunks = [
            chunk(Series::new("x".into(), [Some(0.5), None, Some(1e300)])),
            chunk(Series::new("x".into(), [Some(0.25), Some(2.0)])),
            chunk(Series::new("x".into(), [None::<f64>, None])),
        ];
        let rows =
            [(0, 2), (1, 0), (2, 1), (0, 0)].map(|(at, row): (usize, usize)| (chunks[at].clone(), row));
        let gathered = gather(&rows).unwrap();
        let expected = [Some(1e300), Some(0.25), None, Some(0.5)].map(|number| number.map(Value::Decimal));
        assert_eq!(values(&gathered), expected);
        assert_eq!(values(&gather(&rows[2..3]).unwrap()), [None]);
        assert_eq!(gather(&[]).unwrap().rows(), 0);
        let texts =
            [chunk(Series::new("t".into(), ["b", "a"])), chunk(Series::new("t".into(), [Some("a"), None]))];
        let rows = [(0, 1), (1, 1), (1, 0), (0, 0)].map(|(at, row): (usize, usize)| (texts[at].clone(), row));
        let gathered = gather(&rows).unwrap();
        assert_eq!(
            values(&gathered),
            [Some("a"), None, Some("a"), Some("b")].map(|text| text.map(Value::Text))
        );
        assert_eq!(gathered.dictionary().last(), Some(1));
        let mixed = [(chunks[0].clone(), 0), (texts[0].clone(), 0)];
        assert_eq!(gather(&mixed), Err(DamagedChunk::Types));
    }
}
