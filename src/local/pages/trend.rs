//! A segment over time.

use crate::backend::{BackendError, FollowTrend, Task, Trend};
use crate::diagnostic::Diagnostic;
use crate::local::engine::Engine;

impl Engine {
    /// A segment over time.
    ///
    /// # Errors
    /// As of every question.
    pub(crate) fn follow_trend(&self, _: &FollowTrend, _: Task<'_>) -> Result<Trend, BackendError> {
        Err(BackendError::Data(Diagnostic::new("this is still being built").with_help("come back later")))
    }
}
