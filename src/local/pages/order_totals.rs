//! The orders of a range of days, added up for each customer.

use std::sync::Arc;

use crate::backend::{Available, BackendError, DayRange};
use crate::diagnostic::Diagnostic;
use crate::local::sets::customer_set::CustomerSet;
use crate::local::sets::totals::Totals;
use crate::local::view::View;

/// The orders of a range of days, for each customer. The figures of a set of customers are sums over it.
#[allow(dead_code)]
pub(crate) struct OrderTotals {
    /// Who has an order.
    pub active: CustomerSet,
    /// What each has spent; `None`: the table has no revenue.
    pub revenue: Option<Totals>,
    /// How many distinct orders each has.
    pub orders: Vec<u32>,
    /// How many units each has bought; `None`: the table has no quantity.
    pub units: Option<Totals>,
}

impl View<'_> {
    /// The orders of a range of days, kept from one answer to the next; or what the data lacks for them.
    ///
    /// # Errors
    /// Cancelled; a table cannot be read.
    #[allow(dead_code)]
    pub(crate) fn order_totals(&self, _: DayRange) -> Result<Available<Arc<OrderTotals>>, BackendError> {
        Ok(Err(Diagnostic::new("this is still being built").with_help("come back later")))
    }
}
