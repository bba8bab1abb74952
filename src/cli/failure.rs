//! Why a command has no answer.

use std::io;

use serde_json::{Value, json};

use crate::local::EngineError;
use crate::local::files::{DatabaseError, NotOpened};
use crate::segment::Problem;
use crate::ui::text::sanitize;
use crate::workspace::WorkspaceError;

/// What is at fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Segment,
    Data,
    Workspace,
    Usage,
    /// The reader of the output has gone, which is no fault.
    Closed,
}

/// What is wrong, where, and what to do.
#[derive(Clone, Debug)]
pub(super) struct Failure {
    pub(super) kind: Kind,
    pub(super) place: Option<String>,
    pub(super) message: String,
    pub(super) help: Option<String>,
}

impl Failure {
    fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self { kind, place: None, message: message.into(), help: None }
    }

    pub(super) fn segment(message: impl Into<String>) -> Self {
        Self::new(Kind::Segment, message)
    }

    pub(super) fn data(message: impl Into<String>) -> Self {
        Self::new(Kind::Data, message)
    }

    pub(super) fn usage(message: impl Into<String>) -> Self {
        Self::new(Kind::Usage, message)
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into()).filter(|help| !help.is_empty());
        self
    }

    pub(super) fn json(&self) -> Value {
        let kind = match self.kind {
            Kind::Segment => "segment",
            Kind::Data | Kind::Closed => "data",
            Kind::Workspace => "workspace",
            Kind::Usage => "usage",
        };
        json!({"error": {"kind": kind, "place": self.place, "message": self.message, "help": self.help}})
    }

    /// As people read it; `about` is the segment, where there are several.
    pub(super) fn text(&self, about: Option<&str>) -> String {
        // What the segment is called must not look like another line.
        let about = about.map(sanitize);
        let parts = [about.as_deref(), self.place.as_deref(), Some(self.message.as_str())];
        let mut text = format!("error: {}", parts.into_iter().flatten().collect::<Vec<_>>().join(": "));
        if let Some(help) = &self.help {
            for line in help.lines() {
                text.push_str("\n  ");
                text.push_str(line);
            }
        }
        text
    }
}

impl From<&Problem> for Failure {
    fn from(problem: &Problem) -> Self {
        Self {
            kind: Kind::Segment,
            place: Some(problem.diagnostic.place.to_string()),
            message: problem.diagnostic.message.clone(),
            help: problem.diagnostic.help.clone(),
        }
    }
}

impl From<WorkspaceError> for Failure {
    fn from(error: WorkspaceError) -> Self {
        let kind = match &error {
            WorkspaceError::Damaged(_) => Kind::Segment,
            _ => Kind::Workspace,
        };
        Self::new(kind, error.to_string()).help(error.help())
    }
}

impl From<DatabaseError> for Failure {
    fn from(error: DatabaseError) -> Self {
        Self::data(error.to_string()).help(error.help)
    }
}

impl From<NotOpened> for Failure {
    fn from(error: NotOpened) -> Self {
        match error {
            NotOpened::Failed(error) => error.into(),
            NotOpened::Stopped => Self::data(error.to_string()),
        }
    }
}

impl From<EngineError> for Failure {
    fn from(error: EngineError) -> Self {
        match error {
            EngineError::Refused(problem) => Self::from(&*problem),
            EngineError::Missing { message, help } => Self::segment(message).help(help),
            EngineError::Changed(_) | EngineError::Unreadable { .. } => {
                Self::data(error.to_string()).help("run the command again, which opens the database again")
            }
            EngineError::Cancelled => Self::data(error.to_string()),
        }
    }
}

/// Of writing the answer.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::new(Kind::Closed, ""),
            _ => Self::data(format!("cannot write: {error}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::local::files::{Change, Fate};

    #[test]
    fn a_file_that_changed_is_the_datas_fault() {
        let change =
            Change { table: Some("Orders".to_owned()), file: "d/Orders.parquet".into(), fate: Fate::Changed };
        let failure = Failure::from(EngineError::Changed(change));
        assert_eq!(failure.kind, Kind::Data);
        let message = "table \"Orders\": d/Orders.parquet changed since the database was opened";
        assert_eq!(failure.message, message);
        assert!(failure.help.is_some_and(|help| help.contains("run the command again")));
    }
}
