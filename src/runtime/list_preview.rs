//! Finds out about customer lists before they are taken.

use std::path::Path;

use chrono::NaiveDate;

use super::failures::from_backend;
use crate::app::effect::Previewed;
use crate::app::event::ListPreview;
use crate::backend::{
    Backend, BackendError, Cancel, Evaluate, IdFile, InspectIds, Task, WantedNumbers, WorkspaceFiles,
    WrongConditions,
};
use crate::database::TableError;
use crate::diagnostic::Diagnostic;
use crate::file_system::{reason, regular_metadata};
use crate::segment::ListSource;
use crate::workspace::Workspace;

/// How many ids are shown.
const EXAMPLES: usize = 8;

/// What a preview is made with.
pub(crate) struct ListPreviewer<'a> {
    pub workspace: &'a Workspace,
    /// Who the customers are.
    pub backend: &'a dyn Backend,
    /// Stops it.
    pub cancel: &'a Cancel,
}

impl ListPreviewer<'_> {
    /// What is found out about a list; `None` if it was cancelled.
    pub(crate) fn preview(
        &self,
        of: &Previewed,
        activation_id: &str,
        as_of: NaiveDate,
    ) -> Result<Option<ListPreview>, Diagnostic> {
        let found = match of {
            Previewed::Stored(ListSource::Segment(id)) => self.segment(id, as_of),
            Previewed::Stored(ListSource::File(path)) => {
                let file = self.workspace.list_file(path)?;
                self.ids(&file, activation_id)?
            }
            Previewed::Outside(file) => self.ids(file, activation_id)?,
            Previewed::Stored(ListSource::Query(path)) => {
                return Ok(Some(ListPreview::Query(self.workspace.query(path)?)));
            }
        };
        match found {
            Err(BackendError::Cancelled) => Ok(None),
            found => found.map(Some).map_err(from_backend),
        }
    }

    fn segment(&self, id: &str, as_of: NaiveDate) -> Result<ListPreview, BackendError> {
        let segment = WorkspaceFiles::segment(self.workspace, id).map_err(BackendError::Missing)?;
        let question =
            Evaluate { segment, as_of, wrong: WrongConditions::Refuse, wanted: WantedNumbers::All };
        let evaluation = self.backend.evaluate(&question, Task::new(self.cancel))?;
        Ok(ListPreview::Segment { members: evaluation.insights.unique_customers, segment: question.segment })
    }

    /// A file that somebody looks at in passing.
    fn ids(&self, file: &Path, activation_id: &str) -> Result<Result<ListPreview, BackendError>, Diagnostic> {
        let refused = |message: String, help: &str| Err(Diagnostic::new(message).with_help(help));
        match regular_metadata(file) {
            // What the system makes up on the spot has no size, and some of it has no end.
            Ok(metadata) if metadata.len() > 0 => {}
            Ok(_) => return refused("the file is empty".to_owned(), "choose a file with ids"),
            Err(error) => {
                return refused(format!("cannot be read: {}", reason(&error)), "choose another file");
            }
        }
        let activation_id = activation_id.to_owned();
        let question = InspectIds { file: file.to_owned(), activation_id, examples: EXAMPLES };
        match self.backend.inspect_ids(&question, Task::new(self.cancel)) {
            Err(error) => Ok(Err(error)),
            Ok(inspected) => {
                let IdFile { column, rows, blank, examples, counts } = inspected.map_err(fault)?;
                Ok(Ok(ListPreview::Ids { column, rows, blank, first: examples, counts }))
            }
        }
    }
}

/// The name of the file stands above what is said of it.
fn fault(error: TableError) -> Diagnostic {
    let message = match error.place.line {
        Some(line) => format!("line {line}: {}", error.message),
        None => error.message.clone(),
    };
    Diagnostic { message, ..error.at(()) }
}
