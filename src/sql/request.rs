//! What is asked for.

use chrono::NaiveDate;

use crate::diagnostic::Diagnostic;
use crate::local::files::{DatabaseView, Table};
use crate::segment::{CheckedSegment, Lists, Query, Segment};

/// The values of a row, each as the text that says it exactly; `None` is NULL.
pub type TextRow = Vec<Option<String>>;

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
    /// Where the segments are that it refers to, for their names and words.
    pub lists: &'a dyn Lists,
    /// The ids that a query of the embedded engine returns, for lists that are queries.
    pub ids: &'a dyn Fn(&Query) -> Result<Vec<String>, Diagnostic>,
    /// The rows of some columns of a table of the workspace, which no other engine has.
    pub rows: &'a dyn Fn(&Table, &[&str]) -> Result<Vec<TextRow>, Diagnostic>,
}

/// How relative dates are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateStyle {
    /// As the days that they mean on the day of evaluation.
    Resolved,
    /// As arithmetic on the day on which the query runs.
    Relative,
}
