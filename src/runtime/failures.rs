//! Errors as the app shows them.

use crate::app::event::{Failure, SegmentFailure};
use crate::backend::BackendError;
use crate::database::DatabaseError;
use crate::settings::SettingsError;
use crate::workspace::WorkspaceError;

impl From<WorkspaceError> for Failure {
    fn from(error: WorkspaceError) -> Self {
        Self { message: error.to_string(), help: error.help() }
    }
}

impl From<DatabaseError> for Failure {
    fn from(error: DatabaseError) -> Self {
        Self { message: error.to_string(), help: error.help }
    }
}

impl From<SettingsError> for Failure {
    fn from(error: SettingsError) -> Self {
        Self { message: error.to_string(), help: error.help.unwrap_or_default() }
    }
}

impl From<BackendError> for SegmentFailure {
    fn from(error: BackendError) -> Self {
        match error {
            BackendError::Refused(problem) => Self::Refused(problem),
            error => Self::Other(error.into()),
        }
    }
}

impl From<BackendError> for Failure {
    fn from(error: BackendError) -> Self {
        let diagnostic =
            error.into_diagnostic("open the database again (D); should that not help, check the file");
        Self { message: diagnostic.to_string(), help: diagnostic.help.unwrap_or_default() }
    }
}
