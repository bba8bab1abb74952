//! What is asked for.

use chrono::NaiveDate;

use crate::backend::{Backend, BackendError, QueryIds, ReadRows, Task, TextRow};
use crate::database::{DatabaseView, Table};
use crate::diagnostic::Diagnostic;
use crate::segment::{CheckedSegment, Query, Segment};

/// A segment that is to be written as SQL.
#[derive(Clone, Copy)]
pub struct ExportRequest<'a> {
    /// The segment as it was written, for its words.
    pub segment: &'a Segment,
    /// What it means on the database and the day. Of one that is still in the making, what counts is
    /// written; whoever wants none but whole ones looks at its problems first.
    pub checked: &'a CheckedSegment,
    /// The database, seen through the segment's activation ID.
    pub view: DatabaseView<'a>,
    /// The day of evaluation.
    pub as_of: NaiveDate,
    /// Where that is found which no other engine has: the segments that it refers to, the ids that a query of the
    /// embedded engine returns, the rows of the workspace's tables.
    pub backend: &'a dyn Backend,
    /// Stops it.
    pub task: Task<'a>,
}

impl ExportRequest<'_> {
    /// The ids that a query of the embedded engine returns.
    pub(super) fn query_ids(&self, query: &Query) -> Result<Vec<String>, Diagnostic> {
        let activation_id = self.view.activation_id.to_owned();
        let question = QueryIds { query: query.clone(), activation_id };
        self.backend.query_ids(&question, self.task).map_err(reason)
    }

    /// The rows of some columns of a table of the workspace.
    pub(super) fn rows(&self, table: &Table, columns: &[&str]) -> Result<Vec<TextRow>, Diagnostic> {
        let columns = columns.iter().map(|column| (*column).to_owned()).collect();
        let question = ReadRows { table: table.name.clone(), columns, as_of: self.as_of };
        self.backend.read_rows(&question, self.task).map_err(reason)
    }
}

/// Why what a segment refers to cannot be had. The place is that of the condition.
fn reason(error: BackendError) -> Diagnostic {
    error.into_diagnostic("open the database again").at(())
}

/// How relative dates are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateStyle {
    /// As the days that they mean on the day of evaluation.
    Resolved,
    /// As arithmetic on the day on which the query runs.
    Relative,
}
