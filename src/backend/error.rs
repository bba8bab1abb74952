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
    #[error("{0}")]
    Missing(Diagnostic),
    /// The data does not allow an answer.
    #[error("{0}")]
    Data(Diagnostic),
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
        /// What to do, unless opening the database again helps.
        help: Option<String>,
    },
}

impl BackendError {
    /// What a person is told of it; `reopen` is how the database is opened again, where that helps.
    #[must_use]
    pub(crate) fn into_diagnostic(self, reopen: &str) -> Diagnostic<Option<String>> {
        match self {
            Self::Refused(problem) => problem.diagnostic.map_place(|place| Some(place.to_string())),
            Self::Missing(diagnostic) | Self::Data(diagnostic) => diagnostic.at(None),
            Self::Unreadable { help: Some(ref help), .. } => {
                Diagnostic::new(self.to_string()).with_help(help).at(None)
            }
            Self::Changed(_) | Self::Unreadable { .. } => {
                Diagnostic::new(self.to_string()).with_help(reopen).at(None)
            }
            Self::Cancelled => Diagnostic::new(self.to_string()).at(None),
        }
    }
}
