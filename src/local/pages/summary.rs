//! The summary of a segment.

use crate::backend::{BackendError, Summarize, Summary, Task};
use crate::diagnostic::Diagnostic;
use crate::local::engine::Engine;

impl Engine {
    /// The summary of a segment.
    ///
    /// # Errors
    /// As of every question.
    pub(crate) fn summarize(&self, _: &Summarize, _: Task<'_>) -> Result<Summary, BackendError> {
        Err(BackendError::Data(Diagnostic::new("this is still being built").with_help("come back later")))
    }
}
