//! What the engine keeps on disk, and on what it depends.

use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::NaiveDate;

use super::CacheSlot;
use crate::backend::BackendError;
use crate::database::{Origin, Table};
use crate::local::cache::DatabaseCache;
use crate::local::columns::ChunkSize;
use crate::local::files::LocalDatabase;

/// Another version writes other bytes, and does not read these.
const VERSION: u32 = 8;
/// A table of less than such a part of a chunk is read from its file as quickly.
const SHORT: u64 = 8;

/// The slots of one database; none where there is no cache folder.
#[derive(Debug, Default)]
pub(crate) struct DiskCache {
    cache: Option<DatabaseCache>,
    misses: AtomicUsize,
}

impl DiskCache {
    /// In the database's part of the cache folder.
    pub fn new(cache: DatabaseCache) -> Self {
        Self { cache: Some(cache), misses: AtomicUsize::default() }
    }

    /// A part of what should be in a slot is not there: somebody has removed or damaged it. From now on
    /// nothing is left to the folder alone.
    pub(crate) fn report_miss(&self, slot: &CacheSlot) -> BackendError {
        self.misses.fetch_add(1, Ordering::Relaxed);
        slot.remove();
        let message = "a part of it is gone from the cache folder; ask once more".to_owned();
        BackendError::Unreadable { table: slot.kind().to_string(), message, help: None }
    }

    /// How often something was missing that an answer was in need of. Who got an error meanwhile may ask once
    /// more.
    pub(crate) fn misses(&self) -> usize {
        self.misses.load(Ordering::Relaxed)
    }

    /// How many customers there are by an activation ID, and in parts their ids.
    pub fn customers(&self, database: &LocalDatabase, id: &str) -> Option<CacheSlot> {
        self.slot(format!("customers by {id}"), database.fingerprint()?)
    }

    /// All customers by id.
    pub(crate) fn id_order(&self, database: &LocalDatabase, id: &str) -> Option<CacheSlot> {
        self.slot(format!("customers by {id}, sorted"), database.fingerprint()?)
    }

    /// The customers of the rows of a table, in parts.
    pub fn index(
        &self,
        database: &LocalDatabase,
        table: &Table,
        id: &str,
        size: ChunkSize,
    ) -> Option<CacheSlot> {
        // What the workspace has changes, and is small.
        let is_own = table.origin == Origin::Database && self.is_safe();
        let fingerprint = is_own.then(|| database.fingerprint())??;
        self.slot(format!("index of {} by {id}", table.name), &in_chunks(size, fingerprint))
    }

    /// The orders of an activation ID, in parts.
    pub fn orders(&self, database: &LocalDatabase, id: &str, size: ChunkSize) -> Option<CacheSlot> {
        let fingerprint = self.is_safe().then(|| database.fingerprint())??;
        self.slot(format!("orders by {id}"), &in_chunks(size, fingerprint))
    }

    /// The rows of the orders table that repeat an order.
    pub fn repeated_orders(&self, database: &LocalDatabase, id: &str) -> Option<CacheSlot> {
        self.slot(format!("repeated orders by {id}"), database.fingerprint()?)
    }

    /// What each customer adds to the insights at the day of the data.
    pub fn insights(&self, database: &LocalDatabase, id: &str, data_day: NaiveDate) -> Option<CacheSlot> {
        let fingerprint = format!("{data_day}\n{}", database.fingerprint()?);
        self.slot(format!("insights by {id}"), &fingerprint)
    }

    /// A column of a table, in parts.
    pub fn column(
        &self,
        database: &LocalDatabase,
        table: &Table,
        column: &str,
        size: ChunkSize,
    ) -> Option<CacheSlot> {
        let least = size.rows() as u64 / SHORT;
        let is_long = table.content.as_ref().is_ok_and(|content| content.rows >= Some(least));
        let is_own = table.origin == Origin::Database && is_long;
        let fingerprint = is_own.then(|| database.table_fingerprint(&table.name))??;
        self.slot(format!("column {column} of {}", table.name), &in_chunks(size, fingerprint))
    }

    /// What a table, or a column of it, holds.
    pub(crate) fn profile(
        &self,
        database: &LocalDatabase,
        table: &Table,
        column: Option<&str>,
        id: &str,
    ) -> Option<CacheSlot> {
        let fingerprint = (table.origin == Origin::Database).then(|| database.fingerprint())??;
        let of = column.map(|column| format!("column {column} of ")).unwrap_or_default();
        self.slot(format!("profile of {of}{} by {id}", table.name), fingerprint)
    }

    fn is_safe(&self) -> bool {
        self.misses() == 0
    }

    fn slot(&self, kind: String, fingerprint: &str) -> Option<CacheSlot> {
        Some(CacheSlot::new(self.cache.clone()?, kind, format!("engine {VERSION}\n{fingerprint}")))
    }
}

/// A fingerprint of what is stored chunk by chunk.
fn in_chunks(size: ChunkSize, fingerprint: &str) -> String {
    format!("{} rows\n{fingerprint}", size.rows())
}
