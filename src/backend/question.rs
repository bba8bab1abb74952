//! What can be asked of a database.

use std::path::PathBuf;
use std::sync::Arc;

use chrono::NaiveDate;

use crate::segment::{NodePath, Query, Segment};

/// What becomes of conditions that are wrong or incomplete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WrongConditions {
    /// They are left out of the numbers and named in the answer: the segment is still being made.
    LeaveOut,
    /// The first of them is why there is no answer.
    Refuse,
}

/// Which numbers are waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WantedNumbers {
    /// All.
    All,
    /// How many there are, of the segment and of each line; of the other insights those that are at hand. Of a database
    /// that is opened for the first time they take as long again.
    Members,
}

/// The numbers of a segment.
#[derive(Clone, Debug)]
pub struct Evaluate {
    /// The segment.
    pub segment: Arc<Segment>,
    /// The day at which relative dates are resolved.
    pub as_of: NaiveDate,
    /// What becomes of conditions that are wrong.
    pub wrong: WrongConditions,
    /// Which numbers are waited for.
    pub wanted: WantedNumbers,
}

/// What could be better about a segment.
#[derive(Clone, Debug)]
pub struct Advise {
    /// The segment.
    pub segment: Arc<Segment>,
    /// The day of evaluation.
    pub as_of: NaiveDate,
}

/// Who is in a segment.
#[derive(Clone, Debug, PartialEq)]
pub struct Members {
    /// The segment.
    pub segment: Arc<Segment>,
    /// The day of evaluation.
    pub as_of: NaiveDate,
    /// What to add of each member.
    pub columns: Vec<MemberColumn>,
    /// Their order; `None`: by id.
    pub sort: Option<SortBy>,
    /// Only those with this text in the id or in a column, in any case of letters.
    pub search: Option<String>,
}

/// A column of a table, to be added to members.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MemberColumn {
    /// The name of the table.
    pub table: String,
    /// The name of the column.
    pub column: String,
    /// What it is called in the answer.
    pub title: String,
    /// Which of a member's rows counts.
    pub pick: RowPick,
}

/// Which of the rows of a customer counts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum RowPick {
    /// The only one: several rows that differ are an error.
    #[default]
    Only,
    /// The first by a column of dates, NULL last, then by the order of the file; without a column the first in the file.
    First(Option<String>),
    /// The latest by a column of dates, NULL first, then by the order of the file; without a column the last in the
    /// file.
    Latest(Option<String>),
    /// None: the column is the number of the customer's rows.
    Count,
}

/// An order of members by a column; NULL last, ties by id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SortBy {
    /// The position of the column, from 0 on, which is the id's.
    pub column: usize,
    /// Whether the greatest comes first.
    pub is_descending: bool,
}

/// How many customers have each value of a column, in the universe and in a segment.
#[derive(Clone, Debug)]
pub struct CountValues {
    /// The name of the table.
    pub table: String,
    /// The name of the column.
    pub column: String,
    /// The segment.
    pub segment: Arc<Segment>,
    /// The condition without which the segment is counted.
    pub without: Option<NodePath>,
    /// The day of evaluation.
    pub as_of: NaiveDate,
}

/// What up to five segments share.
#[derive(Clone, Debug)]
pub struct Overlaps {
    /// The segments, of one activation ID.
    pub segments: Vec<Segment>,
    /// The day of evaluation.
    pub as_of: NaiveDate,
}

/// What a table holds for an activation ID.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountTable {
    /// The name of the table.
    pub table: String,
    /// The activation ID.
    pub activation_id: String,
    /// The day on which saved queries run.
    pub as_of: NaiveDate,
}

/// What a file of ids comes to, before it becomes a list.
#[derive(Clone, Debug)]
pub struct InspectIds {
    /// The file.
    pub file: PathBuf,
    /// Whom its ids mean.
    pub activation_id: String,
    /// How many of its ids are wanted as examples.
    pub examples: usize,
}

/// The ids that a query returns.
#[derive(Clone, Debug)]
pub struct QueryIds {
    /// The query.
    pub query: Query,
    /// Whom its ids mean.
    pub activation_id: String,
}

/// Rows of a table as texts.
#[derive(Clone, Debug)]
pub struct ReadRows {
    /// The name of the table.
    pub table: String,
    /// The names of the columns.
    pub columns: Vec<String>,
    /// The day on which saved queries run.
    pub as_of: NaiveDate,
}

/// Everything that the first answer to any question needs.
#[derive(Clone, Debug)]
pub struct ReadAhead {
    /// Whom answers will count.
    pub activation_id: String,
    /// The day of evaluation.
    pub as_of: NaiveDate,
}
