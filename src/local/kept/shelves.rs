//! What an engine keeps, and on what it depends.

use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::NaiveDate;

use super::Shelf;
use crate::local::EngineError;
use crate::local::cache::DatabaseCache;
use crate::local::columns::ChunkSize;
use crate::local::files::{Database, Origin, Table};

/// Another version keeps other bytes, and does not read these.
const VERSION: u32 = 3;
/// A table of less than such a part of a piece is read from its file as quickly.
const SHORT: u64 = 8;

/// The shelves of one database; none where there is no cache folder.
#[derive(Debug, Default)]
pub struct Shelves {
    cache: Option<DatabaseCache>,
    /// How often something was missing that an answer was in need of.
    losses: AtomicUsize,
}

impl Shelves {
    /// In the database's part of the cache folder.
    pub fn new(cache: DatabaseCache) -> Self {
        Self { cache: Some(cache), losses: AtomicUsize::default() }
    }

    /// A part of what should stand on a shelf is not there: somebody has removed or damaged it. From now on
    /// nothing is left to the folder alone.
    pub fn lose(&self, shelf: &Shelf) -> EngineError {
        self.losses.fetch_add(1, Ordering::Relaxed);
        shelf.forget();
        let message = "a part of it is gone from the cache folder; ask once more".to_owned();
        EngineError::Unreadable { table: shelf.kind.to_string(), message }
    }

    /// How often something was missing so far. Who got an error meanwhile may ask once more.
    pub fn losses(&self) -> usize {
        self.losses.load(Ordering::Relaxed)
    }

    /// How many customers there are by an activation ID, and in parts their ids.
    pub fn customers(&self, database: &Database, id: &str) -> Option<Shelf> {
        self.shelf(format!("customers by {id}"), database.fingerprint()?)
    }

    /// The customers of the rows of a table, in parts.
    pub fn index(&self, database: &Database, table: &Table, id: &str, size: ChunkSize) -> Option<Shelf> {
        // What the workspace has changes, and is small.
        let is_own = table.origin == Origin::Database && self.is_safe();
        let fingerprint = is_own.then(|| database.fingerprint())??;
        self.shelf(format!("index of {} by {id}", table.name), &in_pieces(size, fingerprint))
    }

    /// The orders of an activation ID, in parts.
    pub fn orders(&self, database: &Database, id: &str, size: ChunkSize) -> Option<Shelf> {
        let fingerprint = self.is_safe().then(|| database.fingerprint())??;
        self.shelf(format!("orders by {id}"), &in_pieces(size, fingerprint))
    }

    /// What each customer adds to the insights at the day of the data.
    pub fn insights(&self, database: &Database, id: &str, data_day: NaiveDate) -> Option<Shelf> {
        let fingerprint = format!("{data_day}\n{}", database.fingerprint()?);
        self.shelf(format!("insights by {id}"), &fingerprint)
    }

    /// A column of a table, in parts.
    pub fn column(&self, database: &Database, table: &Table, column: &str, size: ChunkSize) -> Option<Shelf> {
        let least = size.rows() as u64 / SHORT;
        let is_long = table.content.as_ref().is_ok_and(|content| content.rows >= Some(least));
        let is_own = table.origin == Origin::Database && is_long;
        let fingerprint = is_own.then(|| database.table_fingerprint(&table.name))??;
        self.shelf(format!("column {column} of {}", table.name), &in_pieces(size, fingerprint))
    }

    fn is_safe(&self) -> bool {
        self.losses() == 0
    }

    fn shelf(&self, kind: String, fingerprint: &str) -> Option<Shelf> {
        let fingerprint = format!("engine {VERSION}\n{fingerprint}");
        Some(Shelf { cache: self.cache.clone()?, kind: kind.into(), fingerprint: fingerprint.into() })
    }
}

/// A fingerprint of what is kept piece by piece.
fn in_pieces(size: ChunkSize, fingerprint: &str) -> String {
    format!("{} rows\n{fingerprint}", size.rows())
}
