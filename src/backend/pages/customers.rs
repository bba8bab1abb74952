//! The members of a segment as a table, a window at a time.

use std::sync::Arc;

use chrono::NaiveDate;

use crate::backend::answer::TextRow;
use crate::backend::question::{MemberColumn, SortBy, WrongConditions};
use crate::segment::Segment;

/// A window of the members of a segment, with columns about them.
#[derive(Clone, Debug, PartialEq)]
pub struct ListCustomers {
    /// The segment.
    pub segment: Arc<Segment>,
    /// What is shown beside the ids.
    pub columns: Vec<MemberColumn>,
    /// Their order; `None`: by id.
    pub sort: Option<SortBy>,
    /// Only those with this text in the id or in a column, in any case of letters.
    pub search: Option<String>,
    /// Which row comes first.
    pub start: WindowStart,
    /// How many rows are wanted.
    pub rows: usize,
    /// The day of evaluation.
    pub as_of: NaiveDate,
    /// What becomes of conditions that are wrong.
    pub wrong: WrongConditions,
}

/// Where a window begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WindowStart {
    /// At this row, from 0 on.
    Row(usize),
    /// At the row of this id; if it is not there, at the next one by code point.
    Id(String),
}

/// A window of the members.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomerWindow {
    /// The day of evaluation.
    pub as_of: NaiveDate,
    /// The titles: the activation ID, then the columns.
    pub titles: Vec<String>,
    /// The number of the first row, from 0 on.
    pub first: usize,
    /// The rows: the id, then the columns.
    pub rows: Vec<TextRow>,
    /// Whether the id that was asked for is the first row.
    pub is_found: bool,
    /// How many members there are.
    pub members: usize,
    /// How many of them the search leaves.
    pub matches: usize,
}
