//! Finds out about customer lists before they are taken.

use std::path::Path;

use chrono::NaiveDate;

use crate::app::effect::Previewed;
use crate::app::event::{Failure, ListPreview};
use crate::diagnostic::Diagnostic;
use crate::local::files::{IdFile, TableError, read_id_file};
use crate::local::{Cancel, Engine, EngineError};
use crate::segment::{ListSource, Lists};
use crate::workspace::Workspace;

/// How many ids are shown.
const FIRST: usize = 8;

/// What looking needs.
pub struct Inspector<'a> {
    /// Where the lists are.
    pub workspace: &'a Workspace,
    /// Who the customers are.
    pub engine: &'a Engine,
    /// Stops it.
    pub cancel: &'a Cancel,
}

impl Inspector<'_> {
    /// What is found out about a list; `None` if it was cancelled.
    pub fn at(
        &self,
        of: &Previewed,
        activation_id: &str,
        as_of: NaiveDate,
    ) -> Result<Option<ListPreview>, Failure> {
        let found = match of {
            Previewed::Stored(ListSource::Segment(id)) => self.segment(id, as_of),
            Previewed::Stored(ListSource::File(path)) => {
                let file = self.workspace.list_file(path).map_err(failure)?;
                self.ids(read_file(&file, activation_id)?, activation_id)
            }
            Previewed::Outside(file) => self.ids(read_file(file, activation_id)?, activation_id),
            Previewed::Stored(ListSource::Query(path)) => {
                return Ok(Some(ListPreview::Query(self.workspace.query_text(path).map_err(failure)?)));
            }
        };
        match found {
            Err(EngineError::Cancelled) => Ok(None),
            found => found.map(Some).map_err(Failure::from),
        }
    }

    fn segment(&self, id: &str, as_of: NaiveDate) -> Result<ListPreview, EngineError> {
        let missing = |missing: Diagnostic| EngineError::Missing {
            message: missing.message,
            help: missing.help.unwrap_or_default(),
        };
        let segment = self.workspace.segment(id).map_err(missing)?;
        let evaluation = self.engine.evaluate_strictly(&segment, as_of, self.cancel)?;
        Ok(ListPreview::Segment { members: evaluation.insights.unique_customers, segment })
    }

    fn ids(&self, read: IdFile, activation_id: &str) -> Result<ListPreview, EngineError> {
        let counts = self.engine.count_ids(&read.ids, activation_id, self.cancel)?;
        Ok(ListPreview::Ids {
            blank: read.rows.saturating_sub(read.ids.len() as u64),
            first: read.ids.into_iter().take(FIRST).collect(),
            column: read.column,
            rows: read.rows,
            counts,
        })
    }
}

/// Reads a file that somebody looks at in passing.
fn read_file(file: &Path, activation_id: &str) -> Result<IdFile, Failure> {
    let refused = |message: String, help: &str| Err(Failure { message, help: help.to_owned() });
    match std::fs::metadata(file) {
        // What the system makes up on the spot has no size, and some of it has no end.
        Ok(metadata) if metadata.is_file() && metadata.len() > 0 => {
            read_id_file(file, activation_id).map_err(fault)
        }
        Ok(_) => refused("the file is empty".to_owned(), "choose a file with ids"),
        Err(error) => refused(format!("cannot be read: {error}"), "choose another file"),
    }
}

fn failure(missing: Diagnostic) -> Failure {
    Failure { message: missing.message, help: missing.help.unwrap_or_default() }
}

/// The name of the file stands above what is said of it.
fn fault(error: TableError) -> Failure {
    let message = match error.line {
        Some(line) => format!("line {line}: {}", error.message),
        None => error.message,
    };
    Failure { message, help: error.help }
}
