//! For each row of a table a number: whose row it is, or of which order.

use std::sync::Arc;

use super::row_map_chunk::RowMapChunk;
use crate::local::EngineError;
use crate::local::chunk_reader::ChunkReader;
use crate::local::kept::Shelf;
use crate::local::memory::{CacheKey, MemorySize};

/// The numbers of all rows of a table, piece by piece.
#[derive(Debug)]
pub enum RowMap {
    /// In memory.
    InMemory(Vec<Arc<RowMapChunk>>),
    /// On a shelf, and fetched as they are needed; with the number of rows of each.
    OnDisk(Shelf, Vec<u64>),
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
    /// It is not on its shelf any more.
    pub fn piece(&self, number: usize, pieces: ChunkReader<'_>) -> Result<Arc<RowMapChunk>, EngineError> {
        match self {
            Self::InMemory(here) => {
                Ok(here.get(number).cloned().unwrap_or_else(|| Arc::new(RowMapChunk::of(&[]))))
            }
            Self::OnDisk(shelf, rows) => {
                let key = key(shelf, number);
                if let Some(known) = pieces.memory.get(&key) {
                    return Ok(known);
                }
                let found: Option<RowMapChunk> = shelf.part(number);
                let is_right = |piece: &RowMapChunk| rows.get(number) == Some(&(piece.rows() as u64));
                let Some(found) = found.filter(is_right) else {
                    return Err(pieces.shelves.lose(shelf));
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
    pub fn all(&self, pieces: ChunkReader<'_>) -> Result<Vec<Arc<RowMapChunk>>, EngineError> {
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

fn key(shelf: &Shelf, number: usize) -> CacheKey {
    CacheKey::RowMapChunk { shelf: Arc::clone(shelf.kind()), number }
}

/// Takes the pieces as they are made, so that not all of them have to be in memory.
pub struct RowMapWriter<'a> {
    pub shelf: Option<Shelf>,
    pub pieces: ChunkReader<'a>,
}

/// A piece that was made.
pub enum WrittenChunk {
    InMemory(Arc<RowMapChunk>),
    /// Of so many rows.
    OnDisk(u64),
}

impl RowMapWriter<'_> {
    /// Puts a piece on the shelf, where that is possible.
    pub fn put(&self, number: usize, piece: RowMapChunk) -> WrittenChunk {
        let piece = Arc::new(piece);
        match &self.shelf {
            Some(shelf) if shelf.put_part_now(number, &*piece) => {
                let rows = piece.rows() as u64;
                self.pieces.memory.put(key(shelf, number), piece);
                WrittenChunk::OnDisk(rows)
            }
            _ => WrittenChunk::InMemory(piece),
        }
    }

    /// All pieces, in their order.
    ///
    /// # Errors
    /// Some could not be put on the shelf, and others are not there any more.
    pub fn finish(self, made: Vec<WrittenChunk>) -> Result<RowMap, EngineError> {
        let rows: Option<Vec<u64>> = made.iter().map(WrittenChunk::shelved).collect();
        if let Some((shelf, rows)) = self.shelf.clone().zip(rows) {
            return Ok(RowMap::OnDisk(shelf, rows));
        }
        let piece = |(number, made)| match (made, &self.shelf) {
            (WrittenChunk::InMemory(piece), _) => Ok(piece),
            (WrittenChunk::OnDisk(_), Some(shelf)) => {
                shelf.part(number).map(Arc::new).ok_or_else(|| self.pieces.shelves.lose(shelf))
            }
            // Nothing is shelved where there is no shelf.
            (WrittenChunk::OnDisk(_), None) => Ok(Arc::new(RowMapChunk::of(&[]))),
        };
        made.into_iter().enumerate().map(piece).collect::<Result<_, _>>().map(RowMap::InMemory)
    }
}

impl WrittenChunk {
    fn shelved(&self) -> Option<u64> {
        match self {
            Self::InMemory(_) => None,
            Self::OnDisk(rows) => Some(*rows),
        }
    }
}
