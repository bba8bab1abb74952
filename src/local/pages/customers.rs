//! The members of a segment, a window at a time.

use crate::backend::{BackendError, CustomerWindow, ListCustomers, Task};
use crate::diagnostic::Diagnostic;
use crate::local::engine::Engine;

impl Engine {
    /// The members of a segment, a window at a time.
    ///
    /// # Errors
    /// As of every question.
    pub(crate) fn list_customers(
        &self,
        _: &ListCustomers,
        _: Task<'_>,
    ) -> Result<CustomerWindow, BackendError> {
        Err(BackendError::Data(Diagnostic::new("this is still being built").with_help("come back later")))
    }
}
