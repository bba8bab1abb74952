//! Work that takes the rows of one customer after the other.

use crate::local::columns::{PieceSize, Words, is_set};
use crate::local::index::grouped::Grouped;
use crate::local::jobs::{each_job, jobs_in_order};
use crate::local::pieces::Pieces;
use crate::local::predicate::row_test::RowMatcher;
use crate::local::{Cancel, EngineError};

/// How many customers are taken in one go.
const CUSTOMERS: usize = 1 << 14;

/// Sets of rows of all pieces of a table.
pub struct AllRows {
    pub pieces: Vec<Words>,
    size: PieceSize,
}

impl AllRows {
    /// The rows on which all tests hold, in so many pieces.
    pub fn of(tests: &RowMatcher<'_>, count: usize, pieces: Pieces<'_>) -> Result<Self, EngineError> {
        let rows = jobs_in_order(count, pieces.cancel, |number| tests.rows(number))?;
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
    grouped: &Grouped,
    cancel: &Cancel,
    new: impl Fn() -> A + Sync,
    add: impl Fn(&mut A, usize, &mut dyn Iterator<Item = usize>) + Sync,
) -> Result<Vec<A>, EngineError> {
    each_job(universe_size.div_ceil(CUSTOMERS), cancel, new, |result, job| {
        for customer in job * CUSTOMERS..((job + 1) * CUSTOMERS).min(universe_size) {
            add(result, customer, &mut grouped.rows(customer));
        }
        Ok(())
    })
}
