//! Why there is no answer.

use crate::database::Change;
use crate::diagnostic::Diagnostic;
use crate::segment::Problem;

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum BackendError {
    /// Somebody asked to stop.
    #[error("cancelled")]
    Cancelled,
    /// The segment cannot be evaluated as it stands.
    #[error("{0}")]
    Refused(Box<Problem>),
    /// A table or column was asked for that does not exist, or cannot be used with the activation ID.
    #[error("{message}")]
    Missing {
        /// What is missing.
        message: String,
        /// What to do.
        help: String,
    },
    /// The data does not allow an answer.
    #[error("{message}")]
    Data {
        /// What is wrong with it.
        message: String,
        /// What to do.
        help: String,
    },
    /// A file is not what it was when the database was opened. Everything that is known of the database is of
    /// no use any more: it has to be opened again.
    #[error("{0}")]
    Changed(Change),
    /// A table cannot be read any more, or is not what it was when the database was opened.
    #[error("table {table:?}: {message}")]
    Unreadable {
        /// The table.
        table: String,
        /// What is wrong with it.
        message: String,
    },
}

/// As what could not be had of a list.
impl From<BackendError> for Diagnostic {
    fn from(error: BackendError) -> Self {
        match error {
            BackendError::Refused(problem) => problem.diagnostic.at(()),
            BackendError::Missing { message, help } | BackendError::Data { message, help } => {
                Self::new(message).with_help(help)
            }
            other => Self::new(other.to_string()).with_help("open the database again"),
        }
    }
}
