//! The values that customers have on their orders.

use std::sync::Arc;

use crate::backend::BackendError;
use crate::local::pages::rows_within::RowsWithin;
use crate::local::values_by_customer::{Pairs, ValuesByCustomer};
use crate::local::view::View;

impl View<'_> {
    /// The values of a column that customers have on the rows of their orders in a range of days.
    pub(super) fn values_of_orders(
        &self,
        rows: &RowsWithin<'_>,
        column: &str,
    ) -> Result<Arc<ValuesByCustomer>, BackendError> {
        self.values_of(rows.table(), column, Some(rows.range()), |listing, ids| {
            let found = rows.fold(&[], Pairs::default, |pairs, of| {
                pairs.add(listing, ids.chunk(of.number)?, of.rows, of.customers)
            })?;
            ValuesByCustomer::from_pairs(listing, &found, self.size(), self.cancel)
        })
    }
}
