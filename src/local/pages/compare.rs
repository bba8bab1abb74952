//! Segments side by side, and what they share.

use crate::backend::{BackendError, Compare, Comparison, Task};
use crate::diagnostic::Diagnostic;
use crate::local::engine::Engine;

impl Engine {
    /// Segments side by side, and what they share.
    ///
    /// # Errors
    /// As of every question.
    pub(crate) fn compare(&self, _: &Compare, _: Task<'_>) -> Result<Comparison, BackendError> {
        Err(BackendError::Data(Diagnostic::new("this is still being built").with_help("come back later")))
    }
}
