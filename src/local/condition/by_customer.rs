//! Work that takes the rows of one customer after the other.

use crate::backend::{BackendError, Cancel};
use crate::local::chunk_reader::ChunkReader;
use crate::local::columns::{Bitmap, ChunkSize, is_set};
use crate::local::index::rows_by_customer::RowsByCustomer;
use crate::local::parallel::{parallel_fold, parallel_map};
use crate::local::predicate::row_filter::RowFilter;

/// How many customers are taken in one go.
const CUSTOMERS: usize = 1 << 14;

/// Sets of rows of all pieces of a table.
pub struct TableBitmap {
    pub pieces: Vec<Bitmap>,
    size: ChunkSize,
}

impl TableBitmap {
    /// The rows on which all tests hold, in so many pieces.
    pub fn of(tests: &RowFilter<'_>, count: usize, pieces: ChunkReader<'_>) -> Result<Self, BackendError> {
        let rows = parallel_map(count, pieces.cancel, |number| tests.rows(number))?;
        Ok(Self { pieces: rows, size: pieces.size })
    }

    /// Whether a row is in it.
    #[inline]
    pub fn has(&self, row: usize) -> bool {
        let (piece, row) = self.size.split(row);
        self.pieces.get(piece).is_some_and(|words| is_set(words, row))
    }
}

/// Goes through all customers with all cores, each with a result of its own.
pub fn each_customer<A: Send>(
    universe_size: usize,
    grouped: &RowsByCustomer,
    cancel: &Cancel,
    new: impl Fn() -> A + Sync,
    add: impl Fn(&mut A, usize, &mut dyn Iterator<Item = usize>) + Sync,
) -> Result<Vec<A>, BackendError> {
    parallel_fold(universe_size.div_ceil(CUSTOMERS), cancel, new, |result, job| {
        for customer in job * CUSTOMERS..((job + 1) * CUSTOMERS).min(universe_size) {
            add(result, customer, &mut grouped.rows(customer));
        }
        Ok(())
    })
}
