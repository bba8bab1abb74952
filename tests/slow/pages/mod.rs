//! The pages, worked out by plain loops over rows from `docs/reference/insights.md` alone, and the engine held against
//! them. Slow, and nothing of it is the engine's.

mod breakdown;
mod compare;
mod customers;
mod databases;
mod exactly;
mod insights;
mod on_databases;
mod on_tables;
mod orders;
mod profile;
mod summary;
mod trend;

use std::collections::{BTreeMap, BTreeSet};

use segtui::backend::{ListedValue, ListedValues, SegmentAndAll};
use segtui::local::files::LocalDatabase;

use super::{Cell, Rows, Slow};

/// What the pages are worked out from.
pub struct Pages<'a> {
    pub slow: &'a Slow,
    pub database: &'a LocalDatabase,
    /// Everybody.
    pub all: BTreeSet<String>,
}

/// How many of the segment, and how many of all.
type Ids<'a> = BTreeMap<ListedValue, BTreeSet<&'a String>>;

impl<'a> Pages<'a> {
    pub fn new(slow: &'a Slow, database: &'a LocalDatabase) -> Self {
        Self { slow, database, all: slow.universe.iter().cloned().collect() }
    }

    /// The table of a role, if it has the activation ID.
    fn role(&self, name: &Option<String>) -> Option<&'a Rows> {
        self.slow.tables.get(name.as_ref()?)
    }

    /// The customer whose row it is, if it is one.
    fn customer(&self, rows: &'a Rows, row: usize) -> Option<&'a String> {
        rows.ids[row].as_ref().filter(|id| self.all.contains(*id))
    }
}

/// A value as pages list it.
fn listed(cell: &Cell) -> ListedValue {
    match cell {
        Cell::Time(time) => ListedValue::Value(time.date().to_string()),
        other => match other.text() {
            None => ListedValue::Null,
            Some(text) if text.trim().is_empty() => ListedValue::Blank,
            Some(text) => ListedValue::Value(text),
        },
    }
}

/// Counts those who have each value; most of the segment first, then most of all, then by value.
fn counted(ids: &Ids<'_>, members: &BTreeSet<String>) -> ListedValues<u64> {
    let line = |(value, ids): (&ListedValue, &BTreeSet<&String>)| {
        let segment = ids.iter().filter(|id| members.contains(**id)).count() as u64;
        (value.clone(), SegmentAndAll { segment, all: ids.len() as u64 })
    };
    let mut values: Vec<_> = ids.iter().map(line).collect();
    values.sort_by(|(a, x), (b, y)| (y.segment, y.all).cmp(&(x.segment, x.all)).then(a.cmp(b)));
    ListedValues { values, left_out: 0 }
}
