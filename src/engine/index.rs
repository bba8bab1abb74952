//! Whose row is it?

use super::jobs::jobs_in_order;
use super::memory::Weigh;
use super::numbered::{NONE, Numbered, NumberedPiece};
use super::pieces::{content, pieces_of, rows};
use super::store::all;
use super::truth::{Customers, count};
use super::universe::{CHECKED, Universe};
use super::values::is_blank;
use super::{Cancel, EngineError, TableCounts};
use crate::catalog::{Table, id_texts};

/// The customer of each row of a table.
#[derive(Debug, PartialEq)]
pub struct RowIndex {
    pub customers: Numbered,
    counts: TableCounts,
}

impl RowIndex {
    /// Reads the ids of a table and finds them in the universe.
    pub fn read(
        table: &Table,
        id_column: &str,
        universe: &Universe,
        cancel: &Cancel,
    ) -> Result<Self, EngineError> {
        let unreadable = EngineError::unreadable(&table.name);
        let content = content(table)?;
        let found = jobs_in_order(pieces_of(content), cancel, |number| {
            let frame = rows(table, content, &[id_column], number)?;
            let ids = id_texts(frame.column(id_column).map_err(&unreadable)?).map_err(&unreadable)?;
            let (mut numbers, mut orphans) = (Vec::with_capacity(frame.height()), 0);
            let mut before = None;
            for (row, id) in ids.iter().enumerate() {
                if row % CHECKED == 0 {
                    cancel.check()?;
                }
                let id = id.filter(|id| !is_blank(id));
                let customer = id.and_then(|id| universe.number_after(before, id));
                orphans += u64::from(id.is_some() && customer.is_none());
                before = customer.or(before);
                numbers.push(customer.unwrap_or(NONE));
            }
            Ok((NumberedPiece::of(&numbers), orphans))
        })?;
        let orphan_rows = found.iter().map(|(_, orphans)| orphans).sum();
        let customers = Numbered { pieces: found.into_iter().map(|(piece, _)| piece).collect() };
        Ok(Self::of(customers, orphan_rows, universe.size()))
    }

    /// From the customers of the rows, and how many rows have an id that is none of a customer.
    pub fn of(customers: Numbered, orphan_rows: u64, universe_size: usize) -> Self {
        let mut seen = Customers::with_capacity(universe_size);
        let (mut rows, mut matched) = (0, 0);
        for piece in &customers.pieces {
            piece.mark(&all(piece.rows()), &mut seen);
            let without =
                piece.without.iter().flatten().map(|word| u64::from(word.count_ones())).sum::<u64>();
            rows += piece.rows() as u64;
            matched += piece.rows() as u64 - without;
        }
        let is_multi_row = matched > count(&seen);
        let counts = TableCounts { rows, customers: count(&seen), orphan_rows, is_multi_row };
        Self { customers, counts }
    }

    /// From the customers of the rows, and what that comes to.
    pub fn counted(customers: Numbered, counts: TableCounts) -> Self {
        Self { customers, counts }
    }

    /// What the table holds.
    pub fn counts(&self) -> TableCounts {
        self.counts
    }
}

impl Weigh for RowIndex {
    fn weight(&self) -> usize {
        self.customers.weight()
    }
}
