//! Work that takes the rows of one customer after the other.

use std::sync::Arc;

use super::grouped::Grouped;
use super::keys::Keys;
use super::pieces::each_job;
use super::store::{Piece, ROWS, Words, is_set};
use super::{Cancel, EngineError};

/// How many customers are taken in one go.
const CUSTOMERS: usize = 1 << 14;

/// A column, all of it.
pub struct Whole {
    pub pieces: Vec<Arc<Piece>>,
    pub keys: Keys,
}

impl Whole {
    pub fn of(pieces: Vec<Arc<Piece>>, is_ordered: bool) -> Self {
        Self { keys: Keys::of(&pieces, is_ordered), pieces }
    }

    /// The key of a row; `None` for a NULL.
    pub fn key(&self, row: usize) -> Option<u64> {
        let (number, row) = (row / ROWS, row % ROWS);
        let piece = self.pieces.get(number)?;
        let is_null = piece.nulls.as_deref().is_some_and(|nulls| is_set(nulls, row));
        (!is_null).then(|| self.keys.key(number, piece, piece.codes.get(row)))
    }
}

/// Sets of rows of all pieces of a table.
pub struct AllRows(pub Vec<Words>);

impl AllRows {
    pub fn has(&self, row: usize) -> bool {
        self.0.get(row / ROWS).is_some_and(|words| is_set(words, row % ROWS))
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
