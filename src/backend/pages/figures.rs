//! What the answers of several pages are made of.

use crate::diagnostic::Diagnostic;

/// A part of a page, or which table or column the data lacks for it and what would switch it on.
pub type Available<T> = Result<T, Diagnostic>;

/// A figure of the segment, and the same of all customers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SegmentAndAll<T> {
    /// Of the members.
    pub segment: T,
    /// Of all customers.
    pub all: T,
}

impl<T> SegmentAndAll<T> {
    /// The same made of each.
    pub(crate) fn map<U>(self, make: impl Fn(T) -> U) -> SegmentAndAll<U> {
        SegmentAndAll { segment: make(self.segment), all: make(self.all) }
    }
}

/// A value of a column as pages list it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ListedValue {
    /// As documents write it: text, number, or day.
    Value(String),
    /// All texts that are blank after trimming.
    Blank,
    /// NULL.
    Null,
}

/// The values of a column: by the segment's number, then that of all, most first, then by value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListedValues<T> {
    /// At most 100,000.
    pub values: Vec<(ListedValue, SegmentAndAll<T>)>,
    /// How many more there are.
    pub left_out: u64,
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Deserialize, serde::Serialize)]
pub struct ColumnName {
    /// The name of the table.
    pub table: String,
    /// The name of the column.
    pub column: String,
}
