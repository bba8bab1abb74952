//! For each row of a table a number: whose row it is, or of which order.

use std::sync::Arc;

use super::row_map_chunk::RowMapChunk;
use crate::backend::BackendError;
use crate::local::cache::CacheSlot;
use crate::local::chunk_reader::ChunkReader;
use crate::local::memory::{CacheKey, MemorySize};

/// The numbers of all rows of a table, piece by piece.
#[derive(Debug)]
pub enum RowMap {
    /// In memory.
    InMemory(Vec<Arc<RowMapChunk>>),
    /// In the cache folder, and loaded as they are needed; with the number of rows of each.
    OnDisk(CacheSlot, Vec<u64>),
}

impl RowMap {
    /// How many pieces there are.
    pub fn pieces(&self) -> usize {
        match self {
            Self::InMemory(pieces) => pieces.len(),
            Self::OnDisk(_, rows) => rows.len(),
        }
    }

    /// A piece; an empty one where there is none.
    ///
    /// # Errors
    /// It is not in the cache folder any more.
    pub fn piece(&self, number: usize, pieces: ChunkReader<'_>) -> Result<Arc<RowMapChunk>, BackendError> {
        match self {
            Self::InMemory(here) => {
                Ok(here.get(number).cloned().unwrap_or_else(|| Arc::new(RowMapChunk::of(&[]))))
            }
            Self::OnDisk(slot, rows) => {
                let key = key(slot, number);
                if let Some(known) = pieces.memory.get(&key) {
                    return Ok(known);
                }
                let found: Option<RowMapChunk> = slot.load_part(number);
                let is_right = |piece: &RowMapChunk| rows.get(number) == Some(&(piece.rows() as u64));
                let Some(found) = found.filter(is_right) else {
                    return Err(pieces.disk_cache.report_miss(slot));
                };
                let found = Arc::new(found);
                pieces.memory.put(key, Arc::clone(&found));
                Ok(found)
            }
        }
    }

    /// All pieces at once.
    ///
    /// # Errors
    /// As [`Self::piece`]; cancelled.
    pub fn all(&self, pieces: ChunkReader<'_>) -> Result<Vec<Arc<RowMapChunk>>, BackendError> {
        let piece = |number| pieces.cancel.check().and_then(|()| self.piece(number, pieces));
        (0..self.pieces()).map(piece).collect()
    }

    /// How many bytes they take by themselves.
    pub fn memory_size(&self) -> usize {
        match self {
            Self::InMemory(pieces) => pieces.iter().map(|piece| piece.memory_size()).sum(),
            Self::OnDisk(_, rows) => size_of_val(rows.as_slice()),
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

/// Takes the pieces as they are made, so that not all of them have to be in memory.
pub struct RowMapWriter<'a> {
    pub slot: Option<CacheSlot>,
    pub pieces: ChunkReader<'a>,
}

/// A piece that was made.
pub enum WrittenChunk {
    InMemory(Arc<RowMapChunk>),
    /// Of so many rows.
    OnDisk(u64),
}

impl RowMapWriter<'_> {
    /// Stores a piece in the cache folder, where that is possible.
    pub fn put(&self, number: usize, piece: RowMapChunk) -> WrittenChunk {
        let piece = Arc::new(piece);
        match &self.slot {
            Some(slot) if slot.store_part_now(number, &*piece) => {
                let rows = piece.rows() as u64;
                self.pieces.memory.put(key(slot, number), piece);
                WrittenChunk::OnDisk(rows)
            }
            _ => WrittenChunk::InMemory(piece),
        }
    }

    /// All pieces, in their order.
    ///
    /// # Errors
    /// Some could not be stored, and others are not there any more.
    pub fn finish(self, made: Vec<WrittenChunk>) -> Result<RowMap, BackendError> {
        let rows: Option<Vec<u64>> = made.iter().map(WrittenChunk::rows_on_disk).collect();
        if let Some((slot, rows)) = self.slot.clone().zip(rows) {
            return Ok(RowMap::OnDisk(slot, rows));
        }
        let piece = |(number, made)| match (made, &self.slot) {
            (WrittenChunk::InMemory(piece), _) => Ok(piece),
            (WrittenChunk::OnDisk(_), Some(slot)) => {
                slot.load_part(number).map(Arc::new).ok_or_else(|| self.pieces.disk_cache.report_miss(slot))
            }
            // Nothing is on disk where there is no slot.
            (WrittenChunk::OnDisk(_), None) => Ok(Arc::new(RowMapChunk::of(&[]))),
        };
        made.into_iter().enumerate().map(piece).collect::<Result<_, _>>().map(RowMap::InMemory)
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
