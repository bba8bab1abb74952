//! What is needed to repeat the answer for some customers elsewhere.

use std::sync::Arc;

use chrono::NaiveDate;

use super::explain::Explanation;
use crate::segment::Segment;

/// All that is needed to repeat the answer for some customers elsewhere.
#[derive(Clone, Debug, PartialEq)]
pub struct MakeCase {
    /// The segment.
    pub segment: Arc<Segment>,
    /// The day of evaluation.
    pub as_of: NaiveDate,
    /// The customers.
    pub ids: Vec<String>,
    /// Columns that are left out or replaced: `column`, or `Table.column`.
    pub hide: Vec<String>,
}

/// A database and a workspace of some customers alone, as files.
#[derive(Clone, Debug, PartialEq)]
pub struct CaseContent {
    /// The files, by their paths with `/`: `database/…` and `workspace/…`.
    pub files: Vec<CaseFile>,
    /// The segment as these files have it, without the ids of other customers.
    pub segment: Arc<Segment>,
    /// Why the customers are in the segment, or are not, as these files say it.
    pub explanation: Explanation,
    /// What was hidden.
    pub hidden: Vec<HiddenColumn>,
}

/// A file of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseFile {
    /// Where it is in the case.
    pub path: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// A column that was hidden.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HiddenColumn {
    /// The name of the table.
    pub table: String,
    /// The name of the column.
    pub column: String,
    /// Whether other values stand in for its own; otherwise it was left out.
    pub is_replaced: bool,
}
