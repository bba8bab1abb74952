//! A segment by the values of attributes.

use crate::backend::{BackendError, BreakDown, Breakdown, Task};
use crate::diagnostic::Diagnostic;
use crate::local::engine::Engine;

impl Engine {
    /// A segment by the values of attributes.
    ///
    /// # Errors
    /// As of every question.
    pub(crate) fn break_down(&self, _: &BreakDown, _: Task<'_>) -> Result<Breakdown, BackendError> {
        Err(BackendError::Data(Diagnostic::new("this is still being built").with_help("come back later")))
    }
}
