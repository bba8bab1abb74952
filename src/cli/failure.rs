//! Why a command has no answer.

use std::io;

use serde_json::{Value, json};

use crate::backend::BackendError;
use crate::database::DatabaseError;
use crate::diagnostic::Diagnostic;
use crate::file_system::{reason, reason_first};
use crate::runtime::open::OpenError;
use crate::segment::Problem;
use crate::ui::text::sanitize;
use crate::workspace::WorkspaceError;

/// What is at fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FailureKind {
    Segment,
    Data,
    Workspace,
    Usage,
    /// The answer cannot be written, so that standard output is not for saying so.
    Output,
    /// The reader of the output has gone, which is no fault.
    Closed,
    /// A signal has stopped the command, whose sender knows.
    Stopped,
}

/// What is wrong, where, and what to do.
#[derive(Clone, Debug)]
pub(super) struct Failure {
    pub(super) kind: FailureKind,
    pub(super) diagnostic: Diagnostic<Option<String>>,
}

impl Failure {
    fn new(kind: FailureKind, message: impl Into<String>) -> Self {
        Self { kind, diagnostic: Diagnostic::new(message).at(None) }
    }

    pub(super) fn data(message: impl Into<String>) -> Self {
        Self::new(FailureKind::Data, message)
    }

    pub(super) fn usage(message: impl Into<String>) -> Self {
        Self::new(FailureKind::Usage, message)
    }

    pub(super) fn stopped() -> Self {
        Self::new(FailureKind::Stopped, "stopped")
    }

    pub(super) fn help(self, help: impl Into<String>) -> Self {
        Self { diagnostic: self.diagnostic.with_help(help), ..self }
    }

    pub(super) fn json(&self) -> Value {
        let kind = match self.kind {
            FailureKind::Segment => "segment",
            FailureKind::Data | FailureKind::Output | FailureKind::Closed | FailureKind::Stopped => "data",
            FailureKind::Workspace => "workspace",
            FailureKind::Usage => "usage",
        };
        let Diagnostic { place, message, help } = &self.diagnostic;
        json!({"error": {"kind": kind, "place": place, "message": message, "help": help}})
    }

    /// As people read it; `about` is the segment, where there are several.
    pub(super) fn text(&self, about: Option<&str>) -> String {
        // What the segment is called must not look like another line.
        let about = about.map(sanitize);
        let about = about.map(|about| format!("{about}: ")).unwrap_or_default();
        let mut text = format!("error: {about}{}", self.diagnostic);
        if let Some(help) = &self.diagnostic.help {
            for line in help.lines() {
                text.push_str("\n  ");
                text.push_str(line);
            }
        }
        text
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self::data(reason_first(&error))
    }
}

impl From<&Problem> for Failure {
    fn from(problem: &Problem) -> Self {
        let diagnostic = problem.diagnostic.clone().map_place(|place| Some(place.to_string()));
        Self { kind: FailureKind::Segment, diagnostic }
    }
}

impl From<WorkspaceError> for Failure {
    fn from(error: WorkspaceError) -> Self {
        let kind = match &error {
            WorkspaceError::Damaged(_) => FailureKind::Segment,
            _ => FailureKind::Workspace,
        };
        Self { kind, diagnostic: Diagnostic::from(error).at(None) }
    }
}

impl From<DatabaseError> for Failure {
    fn from(error: DatabaseError) -> Self {
        Self { kind: FailureKind::Data, diagnostic: error.with_place_in_message().at(None) }
    }
}

impl From<OpenError> for Failure {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::Failed(error) => error.into(),
            OpenError::Stopped => Self::stopped(),
            OpenError::Demo(error) => {
                Self::data(reason_first(&error)).help("name a database with --data DIR")
            }
        }
    }
}

impl From<BackendError> for Failure {
    fn from(error: BackendError) -> Self {
        let kind = match &error {
            BackendError::Refused(_) | BackendError::Missing(_) => FailureKind::Segment,
            BackendError::Cancelled => FailureKind::Stopped,
            BackendError::Data(_) | BackendError::Changed(_) | BackendError::Unreadable { .. } => {
                FailureKind::Data
            }
        };
        let diagnostic = error.into_diagnostic("run the command again, which opens the database again");
        Self { kind, diagnostic }
    }
}

/// Of writing the answer.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::new(FailureKind::Closed, ""),
            _ => Self::new(FailureKind::Output, format!("{}: the answer is not written", reason(&error)))
                .help("check where standard output goes"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::{Change, ChangeKind};

    #[test]
    fn a_file_that_changed_is_the_datas_fault() {
        let change = Change {
            table: Some("Orders".to_owned()),
            file: "d/Orders.parquet".into(),
            kind: ChangeKind::Changed,
        };
        let failure = Failure::from(BackendError::Changed(change));
        assert_eq!(failure.kind, FailureKind::Data);
        let message = "table \"Orders\": d/Orders.parquet changed since the database was opened";
        assert_eq!(failure.diagnostic.message, message);
        assert!(failure.diagnostic.help.is_some_and(|help| help.contains("run the command again")));
    }
}
