//! The values of customers: as texts, and in the types of their columns.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::column::FoundColumn;
use super::text::exact_text;
use crate::backend::{BackendError, Cancel, ColumnValues};
use crate::local::chunk_reader::ChunkReader;
use crate::local::columns::{Chunk, Dictionary, LogicalType, Value};
use crate::local::parallel::parallel_map;
use crate::segment::DataType;

/// How many values are made in one go.
const VALUES: usize = 1 << 16;

/// The values of a few customers as texts; only the chunks that these are in are read.
pub(super) fn texts(
    column: &FoundColumn<'_>,
    customers: &[u32],
    reader: ChunkReader<'_>,
) -> Result<Vec<Option<String>>, BackendError> {
    if column.is_count() {
        let count = |customer: &u32| Some(column.rows.count(*customer as usize).to_string());
        return Ok(customers.iter().map(count).collect());
    }
    let mut places: BTreeMap<usize, Vec<(usize, usize)>> = BTreeMap::new();
    for (at, customer) in customers.iter().enumerate() {
        if let Some((number, row)) = column.split(*customer as usize) {
            places.entry(number).or_default().push((at, row));
        }
    }
    let places: Vec<(usize, Vec<(usize, usize)>)> = places.into_iter().collect();
    let found = parallel_map(places.len(), reader.cancel, |job| {
        let Some((number, places)) = places.get(job) else { return Ok(Vec::new()) };
        let chunk = reader.chunk(column.table, &column.key.column, *number)?;
        let known = places.iter().filter(|(_, row)| !chunk.is_null(*row));
        Ok(known.map(|(at, row)| (*at, exact_text(chunk.value(*row)))).collect())
    })?;
    let mut texts = vec![None; customers.len()];
    for (at, text) in found.into_iter().flatten() {
        texts.get_mut(at).into_iter().for_each(|place| *place = Some(text.clone()));
    }
    Ok(texts)
}

/// The values of customers in the type of their column, of which there are all chunks.
pub(super) fn typed(
    column: &FoundColumn<'_>,
    chunks: &[Arc<Chunk>],
    customers: &[u32],
    cancel: &Cancel,
) -> Result<ColumnValues, BackendError> {
    let all = Values { column, chunks, customers, cancel };
    Ok(match column.data_type {
        None => ColumnValues::Integer(
            customers.iter().map(|customer| Some(column.rows.count(*customer as usize).into())).collect(),
        ),
        Some(DataType::String) => ColumnValues::String(all.collect(|value| match value {
            Value::Text(text) => Some(text.to_owned()),
            _ => None,
        })?),
        Some(DataType::Integer) => ColumnValues::Integer(all.collect(|value| match value {
            Value::Integer(number) => Some(number),
            _ => None,
        })?),
        Some(DataType::Decimal) => match decimals(chunks) {
            Some(decimals) => {
                let parts = all.collect(|value| match value {
                    Value::Exact { parts, .. } => Some(parts),
                    _ => None,
                })?;
                ColumnValues::Exact { parts, decimals }
            }
            None => ColumnValues::Decimal(all.collect(|value| match value {
                Value::Decimal(number) => Some(number),
                _ => None,
            })?),
        },
        Some(DataType::Boolean) => ColumnValues::Boolean(all.collect(|value| match value {
            Value::Boolean(value) => Some(value),
            _ => None,
        })?),
        Some(DataType::Date) => ColumnValues::Date(all.collect(|value| match value {
            Value::Date(day) => i32::try_from(day).ok(),
            _ => None,
        })?),
        Some(DataType::Datetime) => ColumnValues::Datetime(all.collect(|value| match value {
            Value::Datetime(micros) => Some(micros),
            _ => None,
        })?),
    })
}

/// The ids of customers.
pub(super) fn ids<'a>(
    customers: &[u32],
    id: impl Fn(usize) -> Option<&'a str> + Sync,
    cancel: &Cancel,
) -> Result<ColumnValues, BackendError> {
    let blocks = parallel_map(customers.len().div_ceil(VALUES), cancel, |job| {
        let customers = customers.iter().skip(job * VALUES).take(VALUES);
        Ok(customers.map(|customer| id(*customer as usize).map(str::to_owned)).collect::<Vec<_>>())
    })?;
    Ok(ColumnValues::String(blocks.into_iter().flatten().collect()))
}

struct Values<'a> {
    column: &'a FoundColumn<'a>,
    chunks: &'a [Arc<Chunk>],
    customers: &'a [u32],
    cancel: &'a Cancel,
}

impl Values<'_> {
    fn collect<T: Send>(
        &self,
        make: impl Fn(Value<'_>) -> Option<T> + Sync,
    ) -> Result<Vec<Option<T>>, BackendError> {
        let blocks = parallel_map(self.customers.len().div_ceil(VALUES), self.cancel, |job| {
            let customers = self.customers.iter().skip(job * VALUES).take(VALUES);
            let value = |customer: &u32| {
                let (_, chunk, row) = self.column.place(*customer as usize, self.chunks)?;
                make(chunk.value(row))
            };
            Ok(customers.map(value).collect::<Vec<_>>())
        })?;
        Ok(blocks.into_iter().flatten().collect())
    }
}

/// How many decimals numbers are written with, if they are no doubles.
fn decimals(chunks: &[Arc<Chunk>]) -> Option<u32> {
    chunks.iter().find_map(|chunk| match chunk.dictionary() {
        Dictionary::Range { logical_type: LogicalType::Exact(decimals), .. }
        | Dictionary::Exact { decimals, .. } => Some(*decimals),
        _ => None,
    })
}
