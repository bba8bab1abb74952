//! What a purchase condition asks, and of which rows.

use std::sync::Arc;

use crate::backend::BackendError;
use crate::database::Table;
use crate::local::chunk_reader::{ChunkReader, ReadableTable};
use crate::local::index::customer_index::CustomerIndex;
use crate::local::index::orders::OrderIndex;
use crate::local::index::rows_by_customer::RowsByCustomer;
use crate::local::parallel::parallel_map;
use crate::local::predicate::row_filter::RowFilter;
use crate::segment::{ColumnTest, DateTest, PurchaseTest};

/// A purchase condition and where it looks.
pub(crate) struct PurchaseSpec<'a> {
    /// The items table.
    pub table: &'a Table,
    /// Its column of dates and times.
    pub order_datetime: &'a str,
    /// Of the rows that are left.
    pub test: &'a PurchaseTest,
    /// Which dates count.
    pub when: Option<&'a DateTest>,
    /// What must hold on the same row.
    pub filters: &'a [ColumnTest],
}

/// What is known of the rows of the items table.
pub(crate) struct PurchaseIndexes<'a> {
    pub customers: &'a CustomerIndex,
    pub orders: &'a OrderIndex,
    /// Made where it is needed.
    pub rows: &'a (dyn Fn() -> Result<Arc<RowsByCustomer>, BackendError> + Sync),
}

impl<'a> PurchaseSpec<'a> {
    /// The test that a row's date is within the window, if there is one.
    pub fn window(&self, reader: ChunkReader<'a>) -> Result<RowFilter<'a>, BackendError> {
        within(RowFilter::new(self.table, &[], reader)?, self)
    }

    /// Whether the window leaves no more than a part of the table's chunks, as where rows stand by time.
    pub(crate) fn leaves_few_chunks(&self, reader: ChunkReader<'a>) -> Result<bool, BackendError> {
        const PART: usize = 4;
        if self.when.is_none() {
            return Ok(false);
        }
        let (window, chunks) = (self.window(reader)?, reader.chunk_count(ReadableTable::new(self.table)?));
        let left = parallel_map(chunks, reader.cancel, |number| Ok(!window.rows(number)?.is_zero()))?;
        Ok(left.into_iter().filter(|is_left| *is_left).count() * PART <= chunks)
    }

    /// The test that a row is within the window and that all filters hold.
    pub fn rows(&self, reader: ChunkReader<'a>) -> Result<RowFilter<'a>, BackendError> {
        within(RowFilter::new(self.table, self.filters, reader)?, self)
    }
}

fn within<'a>(tests: RowFilter<'a>, spec: &PurchaseSpec<'a>) -> Result<RowFilter<'a>, BackendError> {
    match spec.when {
        Some(when) => tests.within(spec.order_datetime, when),
        None => Ok(tests),
    }
}
