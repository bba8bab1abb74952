//! Work that takes the rows of one customer after the other.

use crate::backend::{BackendError, Cancel};
use crate::local::consistency::check_length;
use crate::local::index::rows_by_customer::RowsByCustomer;
use crate::local::parallel::parallel_fold;

/// How many customers are taken in one go.
const CUSTOMERS: usize = 1 << 14;

/// Goes through all customers with all cores, each with a result of its own.
///
/// # Errors
/// The rows are those of another universe; cancelled.
pub(crate) fn for_each_customer<A: Send>(
    universe_size: usize,
    rows: &RowsByCustomer,
    cancel: &Cancel,
    new: impl Fn() -> A + Sync,
    add: impl Fn(&mut A, usize, &mut dyn Iterator<Item = usize>) + Sync,
) -> Result<Vec<A>, BackendError> {
    check_length("rows of customers", rows.customers(), universe_size)?;
    parallel_fold(universe_size.div_ceil(CUSTOMERS), cancel, new, |result, job| {
        for customer in job * CUSTOMERS..((job + 1) * CUSTOMERS).min(universe_size) {
            add(result, customer, &mut rows.rows(customer));
        }
        Ok(())
    })
}
