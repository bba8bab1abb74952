//! Whose row is it?

use super::scan::scan;
use super::truth::Customers;
use super::universe::Universe;
use super::values::is_blank;
use super::{Cancel, EngineError, TableCounts};
use crate::catalog::{Table, id_texts};

/// Stands for "of nobody" in an index.
pub const NOBODY: u32 = u32::MAX;

/// The customer of each row of a table.
pub struct RowIndex {
    customers: Vec<u32>,
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
        let mut customers = Vec::new();
        let mut seen = Customers::with_capacity(universe.size());
        let mut counts = TableCounts::default();
        scan(table, &[id_column], cancel, |_, frame| {
            let ids = id_texts(frame.column(id_column).map_err(&unreadable)?).map_err(&unreadable)?;
            for id in ids.iter() {
                counts.rows += 1;
                let customer = id.filter(|id| !is_blank(id)).map(|id| universe.number(id));
                match customer {
                    Some(Some(customer)) if seen.put(customer as usize) => counts.is_multi_row = true,
                    Some(Some(_)) => counts.customers += 1,
                    Some(None) => counts.orphan_rows += 1,
                    None => {}
                }
                customers.push(customer.flatten().unwrap_or(NOBODY));
            }
            Ok(())
        })?;
        Ok(Self { customers, counts })
    }

    /// The customer of each row from `first` on; `None` for a row of nobody.
    pub fn from(&self, first: usize) -> impl Iterator<Item = Option<usize>> {
        customers_from(&self.customers, first)
    }

    /// What the table holds.
    pub fn counts(&self) -> TableCounts {
        self.counts
    }
}

/// The entries of an index from `first` on.
pub fn customers_from(index: &[u32], first: usize) -> impl Iterator<Item = Option<usize>> {
    index.iter().skip(first).map(|number| (*number != NOBODY).then_some(*number as usize))
}
