//! What is kept of profiles, in memory and in the cache folder.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::backend::{ColumnProfile, HistogramBin, TopValue};
use crate::database::Column;
use crate::local::memory::MemorySize;
use crate::local::sets::sum::Sum;

/// What was found in a column.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
pub(super) struct StoredColumn {
    pub non_null: u64,
    pub blank: u64,
    pub distinct: u64,
    /// The least and the greatest value.
    pub range: Option<(String, String)>,
    /// Of all numbers, in its parts.
    pub sum: Option<(i128, f64)>,
    /// The most frequent values, with their rows and customers.
    pub top: Vec<(String, u64, Option<u64>)>,
    /// Where steps begin and end, and their rows.
    pub histogram: Vec<(String, String, u64)>,
    pub examples: Vec<String>,
}

impl StoredColumn {
    /// As an answer, with so many of the most frequent values.
    pub fn profile(&self, column: &Column, rows: u64, top: usize) -> ColumnProfile {
        let mean = |(billionths, beyond)| Sum::new(billionths, beyond).average(self.non_null, 6);
        let (least, greatest) = self.range.clone().unzip();
        let value = |(value, rows, customers): &(String, u64, Option<u64>)| TopValue {
            value: value.clone(),
            rows: *rows,
            customers: *customers,
        };
        let bin = |(from, to, rows): &(String, String, u64)| HistogramBin {
            from: from.clone(),
            to: to.clone(),
            rows: *rows,
        };
        ColumnProfile {
            name: column.name.clone(),
            data_type: column.data_type,
            rows,
            non_null: self.non_null,
            blank: self.blank,
            distinct: self.distinct,
            min: least,
            max: greatest,
            mean: self.sum.filter(|_| self.non_null > 0).and_then(mean),
            top: self.top.iter().take(top).map(value).collect(),
            histogram: self.histogram.iter().map(bin).collect(),
            examples: self.examples.clone(),
        }
    }
}

impl MemorySize for StoredColumn {
    fn memory_size(&self) -> usize {
        let top = self.top.iter().map(|(value, ..)| value.len() + 64);
        let bins = self.histogram.iter().map(|(from, to, _)| from.len() + to.len() + 64);
        let examples = self.examples.iter().map(|example| example.len() + 32);
        size_of::<Self>() + top.chain(bins).chain(examples).sum::<usize>()
    }
}

/// What was found in a table as a whole.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub(super) struct StoredTable {
    /// What depends on the activation ID.
    pub ids: Option<StoredIds>,
    pub newest_day: Option<NaiveDate>,
    /// What would match: what is said, what to do.
    pub would_match: Option<(String, Option<String>)>,
}

/// What was found of the ids of a table.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub(super) struct StoredIds {
    pub customers: u64,
    pub rows_without_id: u64,
    pub orphan_rows: u64,
    pub most_rows: u64,
}

impl MemorySize for StoredTable {
    fn memory_size(&self) -> usize {
        let said =
            |(message, help): &(String, Option<String>)| message.len() + help.as_ref().map_or(0, String::len);
        size_of::<Self>() + self.would_match.as_ref().map_or(0, said)
    }
}
