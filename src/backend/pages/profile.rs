//! What a table and its columns hold, for the data explorer.

use std::time::SystemTime;

use chrono::NaiveDate;

use crate::backend::answer::TextRow;
use crate::database::Note;
use crate::segment::{DataType, Number};

/// What a table and some of its columns hold. The task is told of each column that is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProfileTable {
    /// The name of the table, which may be hidden.
    pub table: String,
    /// Which columns are looked into; `None`: all of them.
    pub columns: Option<Vec<String>>,
    /// Whom its rows are about.
    pub activation_id: String,
    /// The day on which saved queries run.
    pub as_of: NaiveDate,
    /// How many of the most frequent values of each column are wanted.
    pub top: usize,
}

/// What a table holds. What depends on the activation ID is `None` where the table does not have it.
#[derive(Clone, Debug, PartialEq)]
pub struct TableProfile {
    /// The name of the table.
    pub name: String,
    /// Rows.
    pub rows: u64,
    /// How many columns it has.
    pub columns: usize,
    /// Customers with a row.
    pub customers: Option<u64>,
    /// Rows whose id is NULL or blank.
    pub rows_without_id: Option<u64>,
    /// Rows whose id is no customer of the universe.
    pub orphan_rows: Option<u64>,
    /// The most rows of one customer.
    pub most_rows: Option<u64>,
    /// Its files, relative to the database's folder.
    pub files: Vec<String>,
    /// Their size together.
    pub bytes: u64,
    /// When one of them was written last.
    pub modified: Option<SystemTime>,
    /// The newest day in any column of dates.
    pub newest_day: Option<NaiveDate>,
    /// What would match, of a table whose ids are mostly orphans.
    pub would_match: Option<Note>,
    /// The columns that were looked into, in the order of the table.
    pub profile: Vec<ColumnProfile>,
}

/// What a column holds.
#[derive(Clone, Debug, PartialEq)]
pub struct ColumnProfile {
    /// Its name.
    pub name: String,
    /// Its type.
    pub data_type: DataType,
    /// Rows of the table.
    pub rows: u64,
    /// Rows with a value; divided by the rows it is the completion.
    pub non_null: u64,
    /// Rows whose text is blank after trimming.
    pub blank: u64,
    /// Distinct values but NULL: the cardinality; divided by the rows it is the uniqueness.
    pub distinct: u64,
    /// The least value: of numbers, dates, and texts by code point.
    pub min: Option<String>,
    /// The greatest value.
    pub max: Option<String>,
    /// Of numbers, rounded to six decimals, half away from zero.
    pub mean: Option<Number>,
    /// The most frequent values by rows, ties by value.
    pub top: Vec<TopValue>,
    /// Of numbers and dates: equal steps from the least to the greatest value.
    pub histogram: Vec<HistogramBin>,
    /// A few different values, in the order of the rows.
    pub examples: Vec<String>,
}

/// A frequent value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopValue {
    /// As documents write it.
    pub value: String,
    /// Rows with it.
    pub rows: u64,
    /// Customers with it.
    pub customers: Option<u64>,
}

/// A step of a histogram.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistogramBin {
    /// Where it begins; the least value of the column for the first.
    pub from: String,
    /// Where the next one begins; the greatest value of the column, which is taken in, for the last.
    pub to: String,
    /// Rows with a value in it.
    pub rows: u64,
}

/// Some rows of a table, chosen at random: the same for the same seed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SampleRows {
    /// The name of the table.
    pub table: String,
    /// How many rows are wanted.
    pub rows: usize,
    /// What chooses them.
    pub seed: u64,
    /// The day on which saved queries run.
    pub as_of: NaiveDate,
}

/// Rows of a table, in its order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SampledRows {
    /// The name of the table.
    pub table: String,
    /// The names of the columns.
    pub columns: Vec<String>,
    /// The number of each row in the table, from 0 on, and its values.
    pub rows: Vec<(u64, TextRow)>,
}
