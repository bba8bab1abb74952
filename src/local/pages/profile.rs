//! What a table and its columns hold.

use crate::backend::{BackendError, ProfileTable, SampleRows, SampledRows, TableProfile, Task};
use crate::diagnostic::Diagnostic;
use crate::local::engine::Engine;

impl Engine {
    /// What a table and its columns hold.
    ///
    /// # Errors
    /// As of every question.
    pub(crate) fn profile_table(&self, _: &ProfileTable, _: Task<'_>) -> Result<TableProfile, BackendError> {
        Err(BackendError::Data(Diagnostic::new("this is still being built").with_help("come back later")))
    }
}

impl Engine {
    /// Some rows of a table.
    ///
    /// # Errors
    /// As of every question.
    pub(crate) fn sample_rows(&self, _: &SampleRows, _: Task<'_>) -> Result<SampledRows, BackendError> {
        Err(BackendError::Data(Diagnostic::new("this is still being built").with_help("come back later")))
    }
}
