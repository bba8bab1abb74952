//! Some rows of a whole table.

use crate::backend::BackendError;
use crate::local::chunk_reader::ChunkReader;
use crate::local::columns::{Bitmap, ChunkSize};
use crate::local::consistency::missing_chunk;
use crate::local::parallel::parallel_map;
use crate::local::predicate::row_filter::RowFilter;

/// A bitmap for each chunk of a table.
pub(crate) struct TableBitmap {
    chunks: Vec<Bitmap>,
    chunk_size: ChunkSize,
}

impl TableBitmap {
    /// The rows on which all tests hold, in so many chunks.
    pub fn new(filter: &RowFilter<'_>, chunks: usize, reader: ChunkReader<'_>) -> Result<Self, BackendError> {
        let chunks = parallel_map(chunks, reader.cancel, |number| filter.rows(number))?;
        Ok(Self { chunks, chunk_size: reader.chunk_size })
    }

    pub(crate) fn chunks(&self) -> usize {
        self.chunks.len()
    }

    pub fn chunk(&self, number: usize) -> Result<&Bitmap, BackendError> {
        self.chunks.get(number).ok_or_else(|| missing_chunk("the rows of a table", number))
    }

    /// Whether a row of the table is in it. There is none after its last one.
    #[inline]
    pub fn contains(&self, row: usize) -> bool {
        let (chunk, row) = self.chunk_size.split(row);
        debug_assert!(chunk < self.chunks.len());
        self.chunks.get(chunk).is_some_and(|rows| rows.get(row))
    }
}
