//! The engine: what is asked of it, and what it keeps from one answer to the next.

use std::sync::{Arc, Mutex, OnceLock};
use std::time::Instant;

use chrono::NaiveDate;

use super::cache::DiskCache;
use super::chunk_reader::{ChunkReader, ReadableTable};
use super::columns::ChunkSize;
use super::condition::value_ids::ValueIds;
use super::index::universe::{CustomerIds, Universe};
use super::matched_ids::MatchedIds;
use super::memory::{CacheKey, MemoryCache};
use super::query::{self, Plan, SavedQueries, WithQueries};
use super::query_scope::key;
use super::refuse::{refuse_errors, refuse_what_is_no_tree};
use super::sets::insights::{InsightTables as _, PreparedInsights};
use super::sets::tree::Sides;
use super::sets::waterfall::insights_and_waterfall;
use super::value_counts::value_counts;
use super::view::View;
use super::workspace_lists::WorkspaceLists;
use crate::backend::WorkspaceFiles;
use crate::backend::{BackendError, Cancel, Evaluation, IdCounts, TableCounts, ValueCounts};
use crate::database::{Change, Database, DatabaseView};
use crate::diagnostic::Diagnostic;
use crate::local::cache::DatabaseCache;
use crate::local::files::ListTables;
use crate::local::files::LocalDatabase;
use crate::segment::{
    CheckedDefinition, CheckedSegment, Lists, NoLists, NodePath, Problem, Query, QueryError, Segment, check,
};

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
}

impl Engine {
    /// An engine for a database. Reads nothing yet.
    #[must_use]
    pub fn new(database: Arc<LocalDatabase>) -> Self {
        let today = || chrono::Utc::now().date_naive();
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

    /// The numbers of a segment that may still be in the making: conditions with a problem are left out
    /// and named in the result.
    ///
    /// # Errors
    /// [`BackendError::Refused`] if not even a part of the segment can be evaluated: a query that is wrong,
    /// sides that cannot be read, an activation ID that no table has. Cancelled; a table cannot be read, or has changed.
    pub fn evaluate(
        &self,
        segment: &Segment,
        as_of: NaiveDate,
        cancel: &Cancel,
    ) -> Result<Evaluation, BackendError> {
        let refuse = |problems: &[Problem]| refuse_what_is_no_tree(segment, problems);
        self.numbers(segment, as_of, refuse, cancel)
    }

    /// The numbers of a segment of which every part counts.
    ///
    /// # Errors
    /// [`BackendError::Refused`] with the first error in the segment. Cancelled; a table cannot be read, or has changed.
    pub fn evaluate_strictly(
        &self,
        segment: &Segment,
        as_of: NaiveDate,
        cancel: &Cancel,
    ) -> Result<Evaluation, BackendError> {
        self.numbers(segment, as_of, refuse_errors, cancel)
    }

    /// The ids of the members, sorted by code point.
    ///
    /// # Errors
    /// As [`Engine::evaluate_strictly`].
    pub fn members(
        &self,
        segment: &Segment,
        as_of: NaiveDate,
        cancel: &Cancel,
    ) -> Result<Vec<String>, BackendError> {
        self.answer(|| {
            let (checked, view) = self.prepare(segment, as_of, refuse_errors, cancel)?;
            view.ids()?.sorted(&view.sides(&checked)?.members(cancel)?)
        })
    }

    /// How many customers have each value of a column, in the universe and in the segment as it stands
    /// without the condition at `without`. Conditions with a problem are left out.
    ///
    /// # Errors
    /// [`BackendError::Missing`] if there is no such column. Otherwise as [`Engine::evaluate`].
    pub fn value_counts(
        &self,
        table: &str,
        column: &str,
        segment: &Segment,
        without: Option<&NodePath>,
        as_of: NaiveDate,
        cancel: &Cancel,
    ) -> Result<ValueCounts, BackendError> {
        self.answer(|| {
            let scope = match self.database.table(table) {
                Some(_) => self.tables_of(segment, as_of),
                None => self.with_workspace(as_of),
            };
            let checked = self.check_on(&scope.database, segment, as_of);
            refuse_what_is_no_tree(segment, &checked.problems)?;
            let database = scope.reading(cancel).table(table)?.segment(&checked)?.database();
            let key = key(&database, table);
            let view = self.view(database, self.database.activation_id(segment), cancel)?;
            let (table, index) = view.table_and_index(&key)?;
            if table.column(column).is_none() {
                return Err(BackendError::Missing(
                    Diagnostic::new(format!("table {:?} has no column {column:?}", table.name))
                        .with_help("choose another column"),
                ));
            }
            let sides = view.sides(&checked)?;
            let members = match without {
                Some(path) => sides.members_without(path, cancel)?,
                None => sides.members(cancel)?,
            };
            let rows = view.rows_by_customer(&key, &index)?;
            let reader = view.reader();
            let chunks = reader.column(ReadableTable::new(table)?, column)?;
            let ids = ValueIds::of_column(table, column, reader)?;
            value_counts((&chunks, &ids), &rows, &members, cancel)
        })
    }

    /// How many different ids there are in a list, and how many of them are no customers.
    ///
    /// # Errors
    /// Cancelled; a table cannot be read, or has changed.
    pub fn count_ids(
        &self,
        ids: &[String],
        activation_id: &str,
        cancel: &Cancel,
    ) -> Result<IdCounts, BackendError> {
        self.answer(|| {
            let view = self.view(Arc::clone(&self.database), activation_id, cancel)?;
            cancel.check()?;
            let listed = MatchedIds::find_all(ids, &*view.ids()?, cancel)?;
            Ok(IdCounts { ids: listed.ids, unmatched: listed.unmatched })
        })
    }

    /// The customers that a query returns: their ids, sorted by code point.
    ///
    /// # Errors
    /// [`BackendError::Refused`] if it cannot run, or fails. Cancelled; a table cannot be read, or has changed.
    pub fn customers_of(
        &self,
        query: &Query,
        activation_id: &str,
        cancel: &Cancel,
    ) -> Result<Vec<String>, BackendError> {
        self.answer(|| {
            let view = self.view(Arc::clone(&self.database), activation_id, cancel)?;
            let listed = view.queried(&Arc::new(query.clone()), QueryError::in_segment)?;
            view.ids()?.sorted(&listed.members)
        })
    }

    /// How a query runs over the database: the columns that it returns, and its rows once they are wanted.
    ///
    /// # Errors
    /// A table that it names is missing or cannot be used; polars cannot do what it says.
    pub fn plan(&self, query: &Query) -> Result<Plan, QueryError> {
        query::plan(&self.database, query)
    }

    /// What a table holds for an activation ID. Rows without an id are neither of a customer nor orphans.
    ///
    /// # Errors
    /// [`BackendError::Missing`] if there is no such table with this activation ID. Cancelled; a table
    /// cannot be read.
    pub fn table_counts(
        &self,
        table: &str,
        activation_id: &str,
        as_of: NaiveDate,
        cancel: &Cancel,
    ) -> Result<TableCounts, BackendError> {
        self.answer(|| {
            let database = self.tables_with(table, as_of).reading(cancel).table(table)?.database();
            let key = key(&database, table);
            Ok(self.view(database, activation_id, cancel)?.table_and_index(&key)?.1.counts())
        })
    }

    /// Forgets the sets of all conditions, and which rows pass their tests. Columns and indexes stay, so that what is asked next takes as long
    /// as a new condition on columns in use.
    pub fn forget_answers(&self) {
        self.memory.forget(|key| matches!(key, CacheKey::Condition { .. } | CacheKey::Rows { .. }));
    }

    /// What a segment means on this database, with every problem.
    #[must_use]
    pub fn check(&self, segment: &Segment, as_of: NaiveDate) -> CheckedSegment {
        self.check_on(&self.database_of(segment, as_of), segment, as_of)
    }

    pub(super) fn check_on(
        &self,
        database: &Database,
        segment: &Segment,
        as_of: NaiveDate,
    ) -> CheckedSegment {
        let view = DatabaseView { database, activation_id: database.activation_id(segment) };
        check(segment, &WithQueries { view, own: &self.database }, &*self.lists, as_of)
    }

    /// `database` is the engine's own, with or without the workspace's tables.
    pub(super) fn view<'a>(
        &'a self,
        database: Arc<LocalDatabase>,
        activation_id: &'a str,
        cancel: &'a Cancel,
    ) -> Result<View<'a>, BackendError> {
        let key = CacheKey::Universe { id: activation_id.to_owned() };
        let ids = OnceLock::new();
        let universe = self.memory.get_or_make(key, cancel, || {
            let slot = self.disk_cache.customers(&self.database, activation_id);
            match slot.and_then(|slot| slot.load()) {
                Some(universe) => Ok(universe),
                None => {
                    let read = self.ids(activation_id, self.chunk_reader(cancel))?;
                    Ok(Universe { size: ids.get_or_init(|| read).len() })
                }
            }
        })?;
        let segments = Mutex::default();
        Ok(View { engine: self, database, activation_id, universe, ids, cancel, segments })
    }

    /// The ids of all customers.
    pub(super) fn ids(
        &self,
        activation_id: &str,
        reader: ChunkReader<'_>,
    ) -> Result<Arc<CustomerIds>, BackendError> {
        let key = CacheKey::Ids { id: activation_id.to_owned() };
        self.memory.get_or_make(key, reader.cancel, || {
            let slot = self.disk_cache.customers(&self.database, activation_id);
            let universe = slot.as_ref().and_then(|slot| slot.load().map(|universe| (slot, universe)));
            if let Some(ids) = universe.and_then(|(slot, universe)| CustomerIds::load(slot, &universe)) {
                return Ok(ids);
            }
            let ids = CustomerIds::read(activation_id, reader)?;
            slot.iter().for_each(|slot| ids.store(slot));
            Ok(ids)
        })
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

    /// What every answer about a segment begins with: the segment is checked on the tables that it may name and
    /// refused if it has to be, the saved queries that it asks of have run, and the database is seen through its
    /// activation ID.
    pub(super) fn prepare<'a>(
        &'a self,
        segment: &'a Segment,
        as_of: NaiveDate,
        refuse: impl Fn(&[Problem]) -> Result<(), BackendError>,
        cancel: &'a Cancel,
    ) -> Result<(CheckedSegment, View<'a>), BackendError> {
        let scope = self.tables_of(segment, as_of);
        let checked = self.check_on(&scope.database, segment, as_of);
        refuse(&checked.problems)?;
        let database = scope.reading(cancel).segment(&checked)?.database();
        let view = self.view(database, self.database.activation_id(segment), cancel)?;
        Ok((checked, view))
    }

    fn numbers(
        &self,
        segment: &Segment,
        as_of: NaiveDate,
        refuse: impl Fn(&[Problem]) -> Result<(), BackendError>,
        cancel: &Cancel,
    ) -> Result<Evaluation, BackendError> {
        let start = Instant::now();
        self.answer(|| {
            let (checked, view) = self.prepare(segment, as_of, &refuse, cancel)?;
            let activation_id = view.activation_id;
            let (sides, prepared) = sides_and_insights(&view, &checked, as_of)?;
            let (insights, waterfall) = insights_and_waterfall(&sides, &prepared, cancel)?;
            Ok(Evaluation {
                as_of,
                activation_id: activation_id.to_owned(),
                insights,
                all: prepared.all,
                waterfall: match &checked.meaning {
                    CheckedDefinition::Visual { .. } => waterfall,
                    CheckedDefinition::Query(_) | CheckedDefinition::Unknown => Vec::new(),
                },
                files: view.files(&checked)?,
                problems: checked.problems,
                elapsed: start.elapsed(),
            })
        })
    }
}

/// Both at once where the insights are still to be prepared: they read other tables.
fn sides_and_insights(
    view: &View,
    checked: &CheckedSegment,
    as_of: NaiveDate,
) -> Result<(Sides, Arc<PreparedInsights>), BackendError> {
    if view.has_prepared(as_of) {
        return Ok((view.sides(checked)?, view.prepared(as_of)?));
    }
    std::thread::scope(|scope| {
        let preparing = scope.spawn(|| view.prepared(as_of));
        let sides = view.sides(checked);
        let prepared = preparing.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        Ok((sides?, prepared?))
    })
}
