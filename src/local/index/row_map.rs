//! For each row of a table an id: of its customer, or of its order.

use std::sync::Arc;

use super::customer_chunks::CustomerChunks;
use super::row_map_chunk::RowMapChunk;
use crate::backend::BackendError;
use crate::local::cache::CacheSlot;
use crate::local::cache_key::CacheKey;
use crate::local::chunk_reader::ChunkReader;
use crate::local::columns::Bitmap;
use crate::local::consistency::{check_length, inconsistent, missing_chunk};
use crate::local::memory::MemorySize;

/// The ids of all rows of a table, chunk by chunk.
#[derive(Debug)]
pub(crate) struct RowMap {
    /// How many ids there are: those of rows are below it.
    ids: usize,
    chunks: Chunks,
}

#[derive(Debug)]
enum Chunks {
    InMemory(Vec<Arc<RowMapChunk>>),
    /// In the cache folder, and read as they are needed; with the number of rows of each.
    OnDisk(CacheSlot, Vec<u64>),
    /// So many, the customers of rows, and read as they are needed.
    AsNeeded(CustomerChunks, usize),
}

impl RowMap {
    /// One that was stored before, with the number of rows of each chunk.
    pub(crate) fn from_slot(slot: CacheSlot, rows: Vec<u64>, ids: usize) -> Self {
        Self { ids, chunks: Chunks::OnDisk(slot, rows) }
    }

    /// The customers of rows out of so many, in so many chunks.
    pub(super) fn read_as_needed(source: CustomerChunks, chunks: usize, ids: usize) -> Self {
        Self { ids, chunks: Chunks::AsNeeded(source, chunks) }
    }

    /// Where the customers of rows are found, if they are read as they are needed.
    pub(super) fn source(&self) -> Option<&CustomerChunks> {
        match &self.chunks {
            Chunks::InMemory(_) | Chunks::OnDisk(..) => None,
            Chunks::AsNeeded(source, _) => Some(source),
        }
    }

    /// How many ids there are.
    pub(super) fn ids(&self) -> usize {
        self.ids
    }

    /// Where its chunks are and the number of rows of each, if they are in the cache folder.
    pub(crate) fn on_disk(&self) -> Option<(&CacheSlot, &[u64])> {
        match &self.chunks {
            Chunks::InMemory(_) | Chunks::AsNeeded(..) => None,
            Chunks::OnDisk(slot, rows) => Some((slot, rows)),
        }
    }

    /// How many chunks there are.
    pub(crate) fn chunks(&self) -> usize {
        match &self.chunks {
            Chunks::InMemory(chunks) => chunks.len(),
            Chunks::OnDisk(_, rows) => rows.len(),
            Chunks::AsNeeded(_, chunks) => *chunks,
        }
    }

    /// Checks that the ids are those of so many customers or orders: then every id has its place in what is
    /// worked out for each of them.
    pub(crate) fn check_ids(&self, ids: usize) -> Result<(), BackendError> {
        check_length("ids of the rows of a table", self.ids, ids)
    }

    /// # Errors
    /// There is no such chunk; it is not in the cache folder any more.
    pub fn chunk(&self, number: usize, reader: ChunkReader<'_>) -> Result<Arc<RowMapChunk>, BackendError> {
        self.find_chunk(number, None, reader)
    }

    /// A chunk which has at least the ids of some rows.
    ///
    /// # Errors
    /// As [`Self::chunk`].
    pub(crate) fn chunk_with(
        &self,
        number: usize,
        rows: &Bitmap,
        reader: ChunkReader<'_>,
    ) -> Result<Arc<RowMapChunk>, BackendError> {
        self.find_chunk(number, Some(rows), reader)
    }

    fn find_chunk(
        &self,
        number: usize,
        rows: Option<&Bitmap>,
        reader: ChunkReader<'_>,
    ) -> Result<Arc<RowMapChunk>, BackendError> {
        match &self.chunks {
            Chunks::InMemory(chunks) => {
                chunks.get(number).cloned().ok_or_else(|| missing_chunk("an index", number))
            }
            Chunks::OnDisk(slot, rows) => {
                let key = key(slot, number);
                if let Some(known) = reader.memory.get(&key) {
                    return Ok(known);
                }
                let found: Option<RowMapChunk> = slot.load_part(number);
                let is_right = |chunk: &RowMapChunk| {
                    rows.get(number) == Some(&(chunk.rows() as u64)) && chunk.fits(self.ids)
                };
                let Some(found) = found.filter(is_right) else {
                    return Err(reader.disk_cache.report_miss(slot));
                };
                let found = Arc::new(found);
                reader.memory.put(key, Arc::clone(&found));
                Ok(found)
            }
            Chunks::AsNeeded(source, chunks) if number < *chunks => {
                source.chunk(number, (self.ids, rows), reader)
            }
            Chunks::AsNeeded(..) => Err(missing_chunk("an index", number)),
        }
    }

    /// All chunks at once.
    ///
    /// # Errors
    /// As [`Self::chunk`]; cancelled.
    pub fn all(&self, reader: ChunkReader<'_>) -> Result<Vec<Arc<RowMapChunk>>, BackendError> {
        let chunk = |number| reader.cancel.check().and_then(|()| self.chunk(number, reader));
        (0..self.chunks()).map(chunk).collect()
    }

    /// How many bytes it takes by itself.
    pub(crate) fn memory_size(&self) -> usize {
        match &self.chunks {
            Chunks::InMemory(chunks) => chunks.iter().map(|chunk| chunk.memory_size()).sum(),
            Chunks::OnDisk(_, rows) => size_of_val(rows.as_slice()),
            Chunks::AsNeeded(..) => 0,
        }
    }
}

impl MemorySize for RowMapChunk {
    fn memory_size(&self) -> usize {
        RowMapChunk::memory_size(self)
    }
}

fn key(slot: &CacheSlot, number: usize) -> CacheKey {
    CacheKey::RowMapChunk { slot: Arc::clone(slot.kind()), number }
}

/// Takes chunks as they are made, so that not all of them have to be in memory.
pub(crate) struct RowMapWriter<'a> {
    pub slot: Option<CacheSlot>,
    pub reader: ChunkReader<'a>,
}

/// A chunk that was taken.
pub(crate) enum WrittenChunk {
    InMemory(Arc<RowMapChunk>),
    /// Of so many rows.
    OnDisk(u64),
}

impl RowMapWriter<'_> {
    /// Takes a chunk, into the cache folder where that is possible.
    pub fn put(&self, number: usize, chunk: RowMapChunk) -> WrittenChunk {
        let chunk = Arc::new(chunk);
        match &self.slot {
            Some(slot) if slot.store_part_now(number, &*chunk) => {
                let rows = chunk.rows() as u64;
                self.reader.memory.put(key(slot, number), chunk);
                WrittenChunk::OnDisk(rows)
            }
            _ => WrittenChunk::InMemory(chunk),
        }
    }

    /// All chunks, in their order, with ids of so many customers or orders.
    ///
    /// # Errors
    /// Some could not be put into the cache folder, and others are not there any more; an id is none.
    pub fn finish(self, written: Vec<WrittenChunk>, ids: usize) -> Result<RowMap, BackendError> {
        let rows: Option<Vec<u64>> = written.iter().map(WrittenChunk::rows_on_disk).collect();
        if let Some((slot, rows)) = self.slot.clone().zip(rows) {
            return Ok(RowMap::from_slot(slot, rows, ids));
        }
        let chunk = |(number, written)| match (written, &self.slot) {
            (WrittenChunk::InMemory(chunk), _) => Ok(chunk),
            (WrittenChunk::OnDisk(_), Some(slot)) => {
                slot.load_part(number).map(Arc::new).ok_or_else(|| self.reader.disk_cache.report_miss(slot))
            }
            (WrittenChunk::OnDisk(_), None) => Err(missing_chunk("an index", number)),
        };
        let chunks: Vec<Arc<RowMapChunk>> =
            written.into_iter().enumerate().map(chunk).collect::<Result<_, BackendError>>()?;
        match chunks.iter().all(|chunk| chunk.fits(ids)) {
            true => Ok(RowMap { ids, chunks: Chunks::InMemory(chunks) }),
            false => Err(inconsistent(format!("an index has an id that is none of {ids}"))),
        }
    }
}

impl WrittenChunk {
    fn rows_on_disk(&self) -> Option<u64> {
        match self {
            Self::InMemory(_) => None,
            Self::OnDisk(rows) => Some(*rows),
        }
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use crate::local::chunk_reader::tests::with_chunk_rows;

    /// In memory, without a check.
    pub(crate) fn in_memory(chunks: Vec<RowMapChunk>, ids: usize) -> RowMap {
        RowMap { ids, chunks: Chunks::InMemory(chunks.into_iter().map(Arc::new).collect()) }
    }

    #[test]
    fn a_missing_chunk_and_an_id_out_of_range_are_errors() {
        with_chunk_rows(2, |reader| {
            let map = in_memory(vec![RowMapChunk::from_ids(&[0, 1])], 2);
            assert!(map.chunk(0, reader).is_ok());
            let message = map.chunk(1, reader).unwrap_err().to_string();
            assert_eq!(message, "chunk 1 of an index is missing");
            assert!(map.check_ids(2).is_ok() && map.check_ids(3).is_err());
            let finish = |ids| {
                let writer = RowMapWriter { slot: None, reader };
                let written = writer.put(0, RowMapChunk::from_ids(&[0, 2]));
                writer.finish(vec![written], ids)
            };
            assert!(finish(3).is_ok());
            let message = finish(2).unwrap_err().to_string();
            assert_eq!(message, "an index has an id that is none of 2");
        });
    }
}
