//! What could stand at a place of a line.

use crate::segment::vocabulary::{AggregateFunction, DataType};

/// What could stand at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    /// The beginning of a condition.
    Start,
    /// What a table can be asked.
    Subjects(String),
    /// A column of a table.
    Columns(String),
    /// A column of one of these tables that a function works on.
    Operands(Vec<String>, AggregateFunction),
    Operators(DataType),
    /// A value of a column of texts.
    Text {
        table: String,
        column: String,
    },
    Number,
    Date,
    /// One of these words.
    Words(&'static [KeywordHint]),
    /// A customer list of a kind, or of any.
    Lists(Option<ListKind>),
}

/// A word that may follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct KeywordHint {
    pub word: &'static str,
    pub detail: &'static str,
}

/// Between the ends of a range.
pub const AND: &[KeywordHint] = &[KeywordHint { word: "and", detail: "the other end" }];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListKind {
    Segment,
    File,
    Query,
}

/// How a number worked out over rows begins.
pub(crate) const FUNCTION_HINTS: &[KeywordHint] = &[
    KeywordHint { word: "Sum of", detail: "over all rows" },
    KeywordHint { word: "Average", detail: "over all rows" },
    KeywordHint { word: "Least", detail: "over all rows" },
    KeywordHint { word: "Greatest", detail: "over all rows" },
    KeywordHint { word: "Number of", detail: "over all rows" },
    KeywordHint { word: "Number of different", detail: "over all rows" },
];
