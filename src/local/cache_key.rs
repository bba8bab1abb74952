//! What values that are kept depend on.

use std::sync::Arc;

use chrono::NaiveDate;

use crate::backend::{DayRange, RowPick};
use crate::segment::{Criterion, Ids, Predicate, Query};

/// What a kept value depends on, apart from the database. `id` is an activation ID, `table` the key of a
/// table.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum CacheKey {
    Universe {
        id: String,
    },
    Ids {
        id: String,
    },
    CustomerIndex {
        id: String,
        table: String,
    },
    Orders {
        id: String,
    },
    Prepared {
        id: String,
        day: NaiveDate,
    },
    /// The days of the orders that purchases make up.
    OrderDays {
        id: String,
    },
    RepeatedOrders {
        id: String,
    },
    OrderTotals {
        id: String,
        range: DayRange,
    },
    Reachable {
        id: String,
    },
    /// The days of first orders.
    FirstDays {
        id: String,
    },
    /// Bands of customers by what they have spent up to a day.
    SpendBands {
        id: String,
        day: NaiveDate,
    },
    /// Rows or values for each customer.
    ColumnSums {
        id: String,
        table: String,
        column: Option<String>,
    },
    /// The values that each customer has, on all rows or on those of orders within a range.
    ValuesByCustomer {
        id: String,
        table: String,
        column: String,
        range: Option<DayRange>,
    },
    RowsByCustomer {
        id: String,
        table: String,
    },
    /// Which rows are of one customer.
    OwnRows {
        id: String,
        table: String,
        customer: u32,
    },
    /// The order of each of these in the items table.
    OwnOrders {
        id: String,
        customer: u32,
    },
    /// The ids in a table that are of no customer.
    Orphans {
        id: String,
        table: String,
    },
    /// The values of a column on these.
    OwnColumn {
        id: String,
        table: String,
        column: String,
        customer: u32,
    },
    Condition {
        id: String,
        criterion: Arc<Criterion>,
    },
    MatchedIds {
        id: String,
        ids: Ids,
    },
    QueryIds {
        id: String,
        query: Arc<Query>,
    },
    DistinctValues {
        table: String,
        column: String,
    },
    ValueIds {
        table: String,
        column: String,
    },
    /// What a table holds as a whole.
    TableProfile {
        id: String,
        table: String,
    },
    /// What a column holds, with so many of its most frequent values.
    ColumnProfile {
        id: String,
        table: String,
        column: String,
        top: usize,
    },
    /// The rows on which a test holds.
    Rows {
        table: String,
        column: String,
        predicate: Predicate,
    },
    Chunk {
        table: String,
        column: String,
        number: usize,
    },
    /// Which row of a table, or how many, each customer has.
    PickedRows {
        id: String,
        table: String,
        pick: RowPick,
    },
    /// All customers by id.
    IdOrder {
        id: String,
    },
    /// All customers by the values of a column.
    ColumnOrder {
        id: String,
        column: ColumnKey,
        is_descending: bool,
    },
    /// The customers with a text in their id, or in a column.
    Found {
        id: String,
        text: String,
        column: Option<ColumnKey>,
    },
    /// `slot` is the kind of what stands on it.
    RowMapChunk {
        slot: Arc<str>,
        number: usize,
    },
}

/// A column with one value for each customer; `table` is the key of a table.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct ColumnKey {
    pub table: String,
    /// Empty where rows are counted.
    pub column: String,
    pub pick: RowPick,
}

impl CacheKey {
    /// Whether it may leave its chunks to the cache folder.
    pub(crate) fn is_stored_on_disk(&self) -> bool {
        matches!(self, Self::CustomerIndex { .. } | Self::Orders { .. } | Self::RowMapChunk { .. })
    }
}
