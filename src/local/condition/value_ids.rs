//! The values of a whole column numbered without gaps: the same id for the same value in every chunk.

use std::collections::HashMap;
use std::sync::Arc;

use hashbrown::DefaultHashBuilder;

use super::sort_keys::SortKeys;
use crate::backend::{BackendError, Cancel};
use crate::database::Table;
use crate::local::cache_key::CacheKey;
use crate::local::chunk_reader::{ChunkReader, ReadableTable};
use crate::local::columns::{Chunk, ChunkSize, Keys, same_length};
use crate::local::consistency::{checked, checked_mut, missing_chunk};
use crate::local::memory::MemorySize;
use crate::local::parallel::parallel_map;

pub(crate) const NULL_ID: u32 = 0;
/// Up to here the keys of a chunk get their ids by a table.
const FEW: u64 = u16::MAX as u64;

type IdsByValue<K> = HashMap<K, u32, DefaultHashBuilder>;

/// For each row of a column the id of its value, or of a combination of values.
pub(crate) struct ValueIds {
    chunks: Vec<Keys>,
    chunk_size: ChunkSize,
    /// How many ids there are, NULL's among them.
    count: u32,
    /// For each id but NULL's a chunk and a key that have it; of combinations, none.
    examples: Vec<(usize, u64)>,
}

impl ValueIds {
    /// The values of a column; kept from one answer to the next.
    pub(crate) fn of_column(
        table: &Table,
        column: &str,
        reader: ChunkReader<'_>,
    ) -> Result<Arc<Self>, BackendError> {
        let key = CacheKey::ValueIds { table: table.key().into_owned(), column: column.to_owned() };
        reader.memory.get_or_make(key, reader.cancel, || {
            let chunks = reader.column(ReadableTable::new(table)?, column)?;
            Self::from_chunks(&chunks, reader.chunk_size, reader.cancel)
        })
    }

    /// From all chunks of a column.
    pub(crate) fn from_chunks(
        chunks: &[Arc<Chunk>],
        chunk_size: ChunkSize,
        cancel: &Cancel,
    ) -> Result<Self, BackendError> {
        let sort_keys = SortKeys::new(chunks, false);
        let mut ids: IdsByValue<u64> = HashMap::default();
        let mut examples = Vec::new();
        let mut id = |at: usize, chunk: &Chunk, key: u64| {
            *ids.entry(sort_keys.sort_key(at, chunk, key)).or_insert_with(|| {
                examples.push((at, key));
                to_u32(examples.len())
            })
        };
        let mut tables: Vec<Vec<u32>> = Vec::with_capacity(chunks.len());
        for (at, chunk) in chunks.iter().enumerate() {
            cancel.check()?;
            tables.push(match short_dictionary(chunk) {
                Some(len) => {
                    // Only keys on rows have an id.
                    let mut occurs = vec![false; len];
                    for key in keys(chunk).flatten() {
                        checked_mut(&mut occurs, to_usize(key)).into_iter().for_each(|place| *place = true);
                    }
                    let keys = (0..).zip(&occurs);
                    keys.map(|(key, occurs)| if *occurs { id(at, chunk, key) } else { NULL_ID }).collect()
                }
                None => keys(chunk).map(|key| key.map_or(NULL_ID, |key| id(at, chunk, key))).collect(),
            });
        }
        let count = to_u32(examples.len()) + 1;
        let chunks = parallel_map(chunks.len(), cancel, |at| {
            let (Some(chunk), Some(table)) = (chunks.get(at), tables.get(at)) else {
                return Err(missing_chunk("a column", at));
            };
            if short_dictionary(chunk).is_none() {
                return Ok(Keys::collect(count.into(), table.iter().map(|id| u64::from(*id))));
            }
            let id = |key: Option<u64>| key.map_or(NULL_ID, |key| checked(table, to_usize(key)));
            Ok(Keys::collect(count.into(), keys(chunk).map(|key| id(key).into())))
        })?;
        Ok(Self { chunks, chunk_size, count, examples })
    }

    /// Combinations with the values of another column of the same table.
    pub(crate) fn combine(&self, other: &Self, cancel: &Cancel) -> Result<Self, BackendError> {
        let mut ids: IdsByValue<(u64, u64)> = HashMap::default();
        let mut chunks = Vec::with_capacity(self.chunks.len());
        same_length(self.chunks.len(), other.chunks.len())?;
        for (one, other) in self.chunks.iter().zip(&other.chunks) {
            cancel.check()?;
            same_length(one.len(), other.len())?;
            let combined: Vec<u32> = (0..one.len())
                .map(|row| {
                    let next = to_u32(ids.len());
                    *ids.entry((one.get(row), other.get(row))).or_insert(next)
                })
                .collect();
            chunks.push(combined);
        }
        let count = to_u32(ids.len());
        let keys = |ids: Vec<u32>| Keys::collect(count.into(), ids.into_iter().map(u64::from));
        let chunks = chunks.into_iter().map(keys).collect();
        Ok(Self { chunks, chunk_size: self.chunk_size, count, examples: Vec::new() })
    }

    /// The same value on all rows of chunks of so many rows.
    pub fn constant(rows: impl Iterator<Item = usize>, chunk_size: ChunkSize) -> Self {
        let chunks = rows.map(|rows| Keys::U8(vec![0; rows])).collect();
        Self { chunks, chunk_size, count: 1, examples: Vec::new() }
    }

    /// How many ids there are, NULL's among them.
    pub fn count(&self) -> u32 {
        self.count
    }

    /// The ids of the rows of a chunk.
    pub fn chunk(&self, number: usize) -> Result<&Keys, BackendError> {
        self.chunks.get(number).ok_or_else(|| missing_chunk("the values of a column", number))
    }

    /// The id of a row of the table. There is none after its last one.
    #[inline]
    #[allow(clippy::cast_possible_truncation)] // ids are of 32 bits
    pub fn id(&self, row: usize) -> u32 {
        let (chunk, row) = self.chunk_size.split(row);
        debug_assert!(chunk < self.chunks.len());
        self.chunks.get(chunk).map_or(NULL_ID, |ids| ids.get(row) as u32)
    }

    /// A chunk and a key that have an id, for each id from 1 on.
    pub(crate) fn examples(&self) -> &[(usize, u64)] {
        &self.examples
    }
}

impl MemorySize for ValueIds {
    fn memory_size(&self) -> usize {
        self.chunks.iter().map(Keys::memory_size).sum::<usize>() + size_of_val(self.examples.as_slice())
    }
}

/// How many keys a dictionary has that is short enough for a table.
fn short_dictionary(chunk: &Chunk) -> Option<usize> {
    match chunk.dictionary().last() {
        None => Some(0),
        Some(last) => (last <= FEW).then(|| to_usize(last) + 1),
    }
}

/// The key of each row; `None` for a NULL.
fn keys(chunk: &Chunk) -> impl Iterator<Item = Option<u64>> {
    (0..chunk.rows()).map(move |row| (!chunk.is_null(row)).then(|| chunk.keys().get(row)))
}

#[allow(clippy::cast_possible_truncation)] // no more values than rows, which a u32 counts
fn to_u32(values: usize) -> u32 {
    values as u32
}

#[allow(clippy::cast_possible_truncation)] // of a short dictionary
fn to_usize(key: u64) -> usize {
    key as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_of_different_lengths_are_not_combined() {
        let size = ChunkSize::from_rows(4);
        let one = |rows: &[usize]| ValueIds::constant(rows.iter().copied(), size);
        let combine = |a: &[usize], b: &[usize]| one(a).combine(&one(b), &Cancel::default());
        assert!(combine(&[4, 2], &[4, 2]).is_ok());
        assert!(combine(&[4, 2], &[4, 1]).is_err());
        assert!(combine(&[4, 2], &[4]).is_err());
        assert!(one(&[4]).chunk(1).is_err());
    }
}
