//! What a backend answers with.

use std::time::Duration;

use chrono::NaiveDate;

use crate::segment::{NodePath, Problem};

/// The four numbers of a set of customers (`docs/reference/insights.md`, Insights).
#[derive(Clone, Copy, Debug, Default, serde::Deserialize, PartialEq, Eq, serde::Serialize)]
pub struct Insights {
    /// Members.
    pub unique_customers: u64,
    /// Members with an order within the past year; `None` where the data cannot say.
    pub active_customers_1y: Option<u64>,
    /// Revenue of the members' orders within the past year.
    pub revenue_1y: Option<Money>,
    /// Members who can be reached by any means.
    pub reachable_customers: Option<u64>,
}

/// An amount of money in cents, exact.
#[derive(
    Clone, Copy, Debug, Default, serde::Deserialize, PartialEq, Eq, PartialOrd, Ord, serde::Serialize,
)]
pub struct Money(pub i64);

impl Money {
    /// In units of the currency.
    #[must_use]
    #[allow(clippy::cast_precision_loss)]
    pub fn as_f64(self) -> f64 {
        self.0 as f64 / 100.0
    }
}

/// The numbers of a segment at one day, all of the same definition.
#[derive(Clone, Debug, PartialEq)]
pub struct Evaluation {
    /// The day at which relative dates were resolved.
    pub as_of: NaiveDate,
    /// Whom the numbers count.
    pub activation_id: String,
    /// Of the members.
    pub insights: Insights,
    /// Of all customers.
    pub all: Insights,
    /// Whether all insights are there; else only how many customers there are is known, and the others were not waited
    /// for.
    pub has_all_insights: bool,
    /// A line for every condition and group that takes part, and for both sides, in document order; of a
    /// SQL segment, none.
    pub waterfall: Vec<WaterfallLine>,
    /// What the lines that name an uploaded file or a query came to, in document order.
    pub files: Vec<FileCounts>,
    /// What was left out because of an error, and advice.
    pub problems: Vec<Problem>,
    /// From having the definition to having the numbers.
    pub elapsed: Duration,
}

/// The numbers of one line of a segment (`docs/reference/insights.md`, Per condition).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaterfallLine {
    /// Which line.
    pub path: NodePath,
    /// Customers of the universe in its set.
    pub alone: u64,
    /// What has accumulated after it, top down; for a group the result of the group.
    pub here: u64,
    /// How many members there would be more without it.
    pub only: i64,
    /// Customers for whom it is unknown rather than true or false.
    pub null: u64,
}

/// What some segments share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overlap {
    /// Which segments, by their positions.
    pub of: Vec<usize>,
    /// The insights of the customers who are in all of them.
    pub insights: Insights,
}

/// What an uploaded list of ids, or a query, came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileCounts {
    /// The line that names the file.
    pub path: NodePath,
    /// Different ids in the file, or returned by the query in it.
    pub ids: u64,
    /// Those of them that are no customers.
    pub unmatched: u64,
}

/// What a list of ids comes to among the customers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct IdCounts {
    /// Different ids.
    pub ids: u64,
    /// Those of them that are no customers.
    pub unmatched: u64,
}

/// The values of a column, for pickers (`docs/reference/insights.md`, Value counts).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ValueCounts {
    /// The most frequent values by `all`, at most 100,000, ties by name.
    pub values: Vec<ValueCount>,
    /// How many more distinct values there are.
    pub left_out: u64,
    /// Customers with a NULL in the column.
    pub null: Count,
    /// Customers with a string in the column that is blank after trimming; those values are not in `values`.
    pub blank: Count,
    /// For numbers and dates, the least and the greatest value as text.
    pub range: Option<(String, String)>,
}

/// One value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueCount {
    /// As documents write it: text, number, or day.
    pub value: String,
    /// How many customers have it.
    pub count: Count,
}

/// Customers with something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// In the universe.
    pub all: u64,
    /// In the segment without the condition that is being edited.
    pub segment: u64,
}

impl std::ops::AddAssign for Count {
    fn add_assign(&mut self, other: Self) {
        self.all += other.all;
        self.segment += other.segment;
    }
}

/// What a table holds for one activation ID.
#[derive(Clone, Copy, Debug, Default, serde::Deserialize, PartialEq, Eq, serde::Serialize)]
pub struct TableCounts {
    /// Rows.
    pub rows: u64,
    /// Customers with a row.
    pub customers: u64,
    /// Rows whose id is no customer of the universe.
    pub orphan_rows: u64,
    /// Whether any customer has several rows.
    pub is_multi_row: bool,
}

/// A file of ids, looked at before it becomes a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdFile {
    /// The column of the ids; `None` for a text file, which has one id a line.
    pub column: Option<String>,
    /// Rows in all.
    pub rows: u64,
    /// Rows without an id.
    pub blank: u64,
    /// The first ids.
    pub examples: Vec<String>,
    /// What they come to.
    pub counts: IdCounts,
}

/// One row of a table, each value as the text that says it exactly: numbers in decimal notation, dates as
/// `YYYY-MM-DD`, times of the day behind them, in UTC; `None` is NULL.
pub type TextRow = Vec<Option<String>>;

/// Members of a segment, one a row.
#[derive(Clone, Debug, PartialEq)]
pub struct MemberTable {
    /// The ids first, under the name of the activation ID, then what was asked for.
    pub columns: Vec<ValueColumn>,
    /// How many members there are.
    pub rows: usize,
}

/// A column with its values, one a row.
#[derive(Clone, Debug, PartialEq)]
pub struct ValueColumn {
    /// Its title.
    pub name: String,
    /// Its values.
    pub values: ColumnValues,
}

/// Values of one type; `None` is NULL.
#[derive(Clone, Debug, PartialEq)]
pub enum ColumnValues {
    /// Texts.
    String(Vec<Option<String>>),
    /// Whole numbers.
    Integer(Vec<Option<i64>>),
    /// Numbers.
    Decimal(Vec<Option<f64>>),
    /// Decimals as they are written: parts of one, of which that has ten to the power of `decimals`.
    Exact {
        /// Of each value.
        parts: Vec<Option<i128>>,
        /// Of all of them.
        decimals: u32,
    },
    /// True or false.
    Boolean(Vec<Option<bool>>),
    /// Days since 1970-01-01.
    Date(Vec<Option<i32>>),
    /// Microseconds since 1970-01-01, UTC.
    Datetime(Vec<Option<i64>>),
}
