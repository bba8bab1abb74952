//! Work that takes the rows of one customer after the other.

use super::grouped::Grouped;
use super::jobs::each_job;
use super::numbered::{Numbered, NumberedPiece};
use super::pieces::Pieces;
use super::row_test::RowMatcher;
use super::store::{ROWS, Words, is_set};
use super::{Cancel, EngineError};
use crate::catalog::Table;

/// How many customers are taken in one go.
const CUSTOMERS: usize = 1 << 14;

/// Sets of rows of all pieces of a table.
pub struct AllRows(pub Vec<Words>);

impl AllRows {
    /// The rows of a table on which all tests hold; `numbered` has as many rows.
    pub fn of(
        table: &Table,
        tests: &RowMatcher<'_>,
        numbered: &Numbered,
        pieces: Pieces<'_>,
    ) -> Result<Self, EngineError> {
        let rows = pieces.map(table, &tests.columns(), |number, pieces| {
            let rows = numbered.pieces.get(number).map_or(0, NumberedPiece::rows);
            Ok(tests.rows(pieces, rows))
        });
        rows.map(Self)
    }

    /// Whether a row is in it.
    #[inline]
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
