//! Errors as the app shows them.

use crate::app::event::SegmentFailure;
use crate::backend::BackendError;
use crate::diagnostic::Diagnostic;

impl From<BackendError> for SegmentFailure {
    fn from(error: BackendError) -> Self {
        match error {
            BackendError::Refused(problem) => Self::Refused(problem),
            error => Self::Other(from_backend(error)),
        }
    }
}

/// Why a backend has no answer. The message says the place too.
pub(crate) fn from_backend(error: BackendError) -> Diagnostic {
    error
        .into_diagnostic("open the database again (D); should that not help, check the file")
        .with_place_in_message()
}
