//! The engine: what it keeps from one answer to the next.

use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, OnceLock};
use std::time::SystemTime;

use chrono::NaiveDate;

use super::cache::{DatabaseCache, DiskCache};
use super::cache_key::CacheKey;
use super::chunk_reader::ChunkReader;
use super::columns::ChunkSize;
use super::files::{ListTables, LocalDatabase};
use super::frozen_queries::FrozenQueries;
use super::memory::MemoryCache;
use super::query::SavedQueries;
use super::workspace_lists::WorkspaceLists;
use crate::backend::{Cancel, WorkspaceFiles};
use crate::database::Change;
use crate::segment::{Lists, NoLists};

/// The memory that an engine keeps if nobody says how much, in bytes.
const BUDGET: usize = 512 << 20;

/// Answers questions about one open database. Share it between threads in an `Arc`; it keeps what it
/// reads, so that the second question of a kind is quick.
pub struct Engine {
    pub(super) database: Arc<LocalDatabase>,
    pub(super) data_day: NaiveDate,
    pub(super) lists: Arc<dyn Lists>,
    pub(super) list_tables: Option<ListTables>,
    pub(super) queries: SavedQueries,
    pub(super) memory: MemoryCache,
    pub(super) disk_cache: DiskCache,
    pub(super) chunk_size: ChunkSize,
    pub(super) changed: OnceLock<Change>,
    /// How many answers somebody waits for just now.
    pub(super) answers_in_progress: AtomicUsize,
    /// How many conditions were answered without an index of the orders.
    pub(super) without_orders: AtomicUsize,
    /// Of a database from which some customers were cut: queries do not run.
    pub(super) frozen: Option<Arc<FrozenQueries>>,
}

impl Engine {
    /// An engine for a database. Reads nothing yet.
    #[must_use]
    pub fn new(database: Arc<LocalDatabase>) -> Self {
        // Unlike `Utc::now` this takes a clock that stands before 1970.
        let today = || chrono::DateTime::<chrono::Utc>::from(SystemTime::now()).date_naive();
        Self {
            data_day: database.as_of.unwrap_or_else(today),
            database,
            memory: MemoryCache::new(BUDGET),
            disk_cache: DiskCache::default(),
            chunk_size: ChunkSize::default(),
            lists: Arc::new(NoLists),
            list_tables: None,
            queries: SavedQueries::default(),
            changed: OnceLock::new(),
            answers_in_progress: AtomicUsize::default(),
            without_orders: AtomicUsize::default(),
            frozen: None,
        }
    }

    /// The same, finding the lists that segments refer to here. Each answer looks them up anew.
    #[must_use]
    pub fn with_lists(self, lists: Arc<dyn Lists>) -> Self {
        Self { lists, ..self }
    }

    /// The same, finding segments, uploaded files and saved queries in a workspace.
    #[must_use]
    pub fn with_workspace_files(self, files: Arc<dyn WorkspaceFiles>) -> Self {
        self.with_lists(Arc::new(WorkspaceLists::new(Arc::clone(&files)))).with_list_tables(files)
    }

    /// The same, keeping at most so many bytes from one answer to the next. With fewer it is slower, never
    /// wrong.
    #[must_use]
    pub fn with_budget(self, bytes: usize) -> Self {
        Self { memory: MemoryCache::new(bytes), ..self }
    }

    /// The same, keeping what takes long to make here from one run to the next.
    #[must_use]
    pub fn with_cache(self, cache: DatabaseCache) -> Self {
        Self { disk_cache: DiskCache::new(cache), ..self }
    }

    /// The same, reading tables in chunks of so many rows, or of the next power of two. Answers are the same;
    /// shorter chunks take less memory and more time.
    #[must_use]
    pub fn with_chunk_rows(self, rows: usize) -> Self {
        Self { chunk_size: ChunkSize::from_rows(rows), ..self }
    }

    /// The database.
    #[must_use]
    pub fn database(&self) -> &LocalDatabase {
        &self.database
    }

    /// The day the data stands at: the manifest's, else the day (UTC) on which this engine was made.
    /// Only on that day are insights taken from the attributes table.
    #[must_use]
    pub fn data_day(&self) -> NaiveDate {
        self.data_day
    }

    /// The same, with the uploaded files found here as tables of their own. Each answer looks at them anew.
    #[must_use]
    pub(crate) fn with_list_tables(mut self, files: Arc<dyn WorkspaceFiles>) -> Self {
        self.list_tables = Some(ListTables::new(files));
        self
    }

    /// Forgets what was worked out for one question: the sets of all conditions and which rows pass their tests, orders of
    /// customers by a column, and who was found. Columns and indexes stay, so that what is asked next takes as long as
    /// something new on columns in use.
    pub fn forget_answers(&self) {
        self.memory.forget(|key| {
            matches!(
                key,
                CacheKey::Condition { .. }
                    | CacheKey::Rows { .. }
                    | CacheKey::ColumnOrder { .. }
                    | CacheKey::Found { .. }
            )
        });
    }

    pub(super) fn chunk_reader<'a>(&'a self, cancel: &'a Cancel) -> ChunkReader<'a> {
        ChunkReader {
            memory: &self.memory,
            disk_cache: &self.disk_cache,
            database: &self.database,
            tables: &self.database,
            chunk_size: self.chunk_size,
            cancel,
        }
    }
}
