//! The database seen through one activation ID: where the sets of conditions and lists come from.

use std::collections::HashMap;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use chrono::NaiveDate;

use super::advice::{DistinctValues, read_distinct_values};
use super::cache::CacheSlot;
use super::cache_key::CacheKey;
use super::chunk_reader::{ChunkReader, ReadableTable, table_and_id};
use super::condition::purchase_spec::{PurchaseIndexes, PurchaseSpec};
use super::condition::{aggregate, attribute, purchase};
use super::engine::Engine;
use super::index::customer_index::CustomerIndex;
use super::index::customers::customer_ids;
use super::index::orders::OrderIndex;
use super::index::read_orders::read_orders;
use super::index::rows_by_customer::RowsByCustomer;
use super::index::universe::{CustomerIds, Universe};
use super::matched_ids::MatchedIds;
use super::query::{self, Stopped};
use super::sets::customer_set::full_set;
use super::sets::insights::{InsightTables, PreparedInsights, prepare};
use super::sets::ternary_mask::TernaryMask;
use super::sets::tree::{MaskSource, Sides};
use crate::backend::{BackendError, Cancel, FileCounts};
use crate::database::Table;
use crate::diagnostic::Diagnostic;
use crate::local::files::LocalDatabase;
use crate::segment::{
    CheckedDefinition, CheckedList, CheckedNode, CheckedSegment, ConditionPart, Criterion, Ids, ListMembers,
    NodePath, Place, Problem, Query, QueryError,
};

/// The database seen through one activation ID.
pub(crate) struct View<'a> {
    pub engine: &'a Engine,
    /// The database of this one answer: the engine's, and the workspace's.
    pub database: Arc<LocalDatabase>,
    pub activation_id: &'a str,
    pub universe: Arc<Universe>,
    /// Once they were needed: where there is little room, nobody else may keep them.
    pub ids: OnceLock<Arc<CustomerIds>>,
    pub cancel: &'a Cancel,
    /// The members of the segments that lists refer to, by id, for this one answer.
    pub segments: Mutex<HashMap<String, Arc<TernaryMask>>>,
}

impl Engine {
    /// Whether it is at hand who the customers are.
    pub(super) fn knows_customers(&self, activation_id: &str) -> bool {
        let key = CacheKey::Universe { id: activation_id.to_owned() };
        self.memory.get::<Universe>(&key).is_some()
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
                    let read = customer_ids(activation_id, self.chunk_reader(cancel))?;
                    Ok(Universe { size: ids.get_or_init(|| read).len(), is_new: true })
                }
            }
        })?;
        let segments = Mutex::default();
        Ok(View { engine: self, database, activation_id, universe, ids, cancel, segments })
    }
}

impl View<'_> {
    /// The different values of a column, as they are stored.
    pub(crate) fn distinct_values(
        &self,
        key: &str,
        column: &str,
    ) -> Result<Arc<DistinctValues>, BackendError> {
        let (table, _) = self.table_and_index(key)?;
        let key = CacheKey::DistinctValues { table: table.key().into_owned(), column: column.to_owned() };
        self.engine
            .memory
            .get_or_make(key, self.cancel, || read_distinct_values(table, column, self.reader()))
    }

    /// How many customers there are.
    pub fn size(&self) -> usize {
        self.universe.size
    }

    pub fn ids(&self) -> Result<Arc<CustomerIds>, BackendError> {
        if let Some(known) = self.ids.get() {
            return Ok(Arc::clone(known));
        }
        let ids = customer_ids(self.activation_id, self.reader())?;
        Ok(Arc::clone(self.ids.get_or_init(|| ids)))
    }

    /// What is looked at.
    pub fn database(&self) -> &LocalDatabase {
        &self.database
    }

    pub(crate) fn table_and_index(
        &self,
        table_key: &str,
    ) -> Result<(&Table, Arc<CustomerIndex>), BackendError> {
        let (table, _) = table_and_id(&self.database, table_key, self.activation_id)?;
        let key = CacheKey::CustomerIndex { id: self.id(), table: table_key.to_owned() };
        let reader = self.reader();
        let index = self.engine.memory.get_or_make(key, self.cancel, || {
            let slot = reader.disk_cache.index(reader.database, table, self.activation_id, reader.chunk_size);
            let chunks = reader.chunk_count(ReadableTable::new(table)?);
            Ok(CustomerIndex::new((self.activation_id, table_key), (self.size(), chunks), slot))
        })?;
        if !index.is_whole() {
            index.lend(&self.ids()?);
        }
        Ok((table, index))
    }

    /// The rows of each customer in a table.
    pub(crate) fn rows_by_customer(
        &self,
        key: &str,
        index: &CustomerIndex,
    ) -> Result<Arc<RowsByCustomer>, BackendError> {
        let key = CacheKey::RowsByCustomer { id: self.id(), table: key.to_owned() };
        let read = || RowsByCustomer::read(&index.customers, self.size(), self.reader());
        self.engine.memory.get_or_make(key, self.cancel, read)
    }

    /// The same, if they are at hand.
    pub(crate) fn known_rows_by_customer(&self, key: &str) -> Option<Arc<RowsByCustomer>> {
        self.engine.memory.get(&CacheKey::RowsByCustomer { id: self.id(), table: key.to_owned() })
    }

    fn segments(&self) -> MutexGuard<'_, HashMap<String, Arc<TernaryMask>>> {
        self.segments.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn id(&self) -> String {
        self.activation_id.to_owned()
    }

    /// The insights of a day, if they are at hand.
    pub(crate) fn known_prepared(&self, as_of: NaiveDate) -> Option<Arc<PreparedInsights>> {
        let key = CacheKey::Prepared { id: self.id(), day: as_of };
        if let Some(known) = self.engine.memory.get(&key) {
            return Some(known);
        }
        let stored = Arc::new(self.stored_insights(as_of)?);
        self.engine.memory.put(key, Arc::clone(&stored));
        Some(stored)
    }

    fn insights_slot(&self, as_of: NaiveDate) -> Option<CacheSlot> {
        let (database, data_day) = (&self.engine.database, self.engine.data_day);
        // Days to come would fill the folder.
        (as_of == data_day)
            .then(|| self.engine.disk_cache.insights(database, self.activation_id, data_day))
            .flatten()
    }

    fn stored_insights(&self, as_of: NaiveDate) -> Option<PreparedInsights> {
        let stored: PreparedInsights = self.insights_slot(as_of)?.load()?;
        stored.check_size(self.size()).is_ok().then_some(stored)
    }

    /// Whether purchases are to be counted without the index of all orders: it is not there, and somebody else is making it,
    /// or this is one of the first answers and is quick: of a database that is opened for the first time, or of a small part
    /// of the table. Who asks more is better off with the index.
    fn is_without_orders(&self, spec: &PurchaseSpec<'_>) -> Result<bool, BackendError> {
        const FIRST: usize = 3;
        let (memory, key) = (&self.engine.memory, CacheKey::Orders { id: self.id() });
        if memory.get::<OrderIndex>(&key).is_some() {
            return Ok(false);
        }
        if memory.is_being_made(&key) {
            return Ok(true);
        }
        if let Some(stored) = self.stored_orders() {
            memory.put(key, Arc::new(stored));
            return Ok(false);
        }
        let is_quick = self.universe.is_new || spec.leaves_few_chunks(self.reader())?;
        Ok(is_quick && self.engine.without_orders.fetch_add(1, Ordering::Relaxed) < FIRST)
    }

    fn stored_orders(&self) -> Option<OrderIndex> {
        let reader = self.reader();
        let slot = reader.disk_cache.orders(reader.database, self.activation_id, reader.chunk_size)?;
        OrderIndex::load(slot, self.size())
    }

    pub(crate) fn prepared(&self, as_of: NaiveDate) -> Result<Arc<PreparedInsights>, BackendError> {
        let (database, data_day) = (&self.engine.database, self.engine.data_day);
        let key = CacheKey::Prepared { id: self.id(), day: as_of };
        self.engine.memory.get_or_make(key, self.cancel, || {
            if let Some(stored) = self.stored_insights(as_of) {
                return Ok(stored);
            }
            let prepared = prepare(database, self, self.size(), as_of, data_day)?;
            self.insights_slot(as_of).iter().for_each(|slot| slot.store_now(&prepared));
            Ok(prepared)
        })
    }

    pub fn sides(&self, checked: &CheckedSegment) -> Result<Sides, BackendError> {
        match &checked.meaning {
            CheckedDefinition::Visual { include, exclude } => {
                Sides::build([include, exclude], self.size(), self)
            }
            CheckedDefinition::Query(query) => {
                let listed = self.queried(query, QueryError::in_segment)?;
                Ok(Sides::from_members(listed.members.clone()))
            }
            CheckedDefinition::Unknown => Err(BackendError::Missing(
                Diagnostic::new("it cannot be told whom this segment means").with_help("check it"),
            )),
        }
    }

    fn mask(&self, criterion: &Criterion) -> Result<TernaryMask, BackendError> {
        let size = self.size();
        match criterion {
            Criterion::Attribute { table, test, rows, filters } => {
                let (table, index) = self.table_and_index(table)?;
                attribute::evaluate(table, (test, *rows, filters), &index, size, self.reader())
            }
            Criterion::Purchase { table: key, test, when, filters } => {
                let (table, index) = self.table_and_index(key)?;
                let columns = &self.engine.database.roles.items_columns;
                let order_datetime = &columns.order_datetime;
                let spec = PurchaseSpec { table, order_datetime, test, when: when.as_ref(), filters };
                if self.is_without_orders(&spec)?
                    && let Some(found) =
                        purchase::evaluate_without_orders(&spec, &index, columns, size, self.reader())?
                {
                    return Ok(found);
                }
                let (orders, rows) = (self.orders(table)?, || self.rows_by_customer(key, &index));
                let indexes = PurchaseIndexes { customers: &index, orders: &orders, rows: &rows };
                purchase::evaluate(&spec, &indexes, size, self.reader())
            }
            Criterion::Aggregate { table: key, aggregate, predicate, filters } => {
                let (table, index) = self.table_and_index(key)?;
                let rows = || self.rows_by_customer(key, &index);
                let indexes = aggregate::AggregateIndexes { customers: &index, rows: &rows };
                aggregate::evaluate(table, (aggregate, predicate, filters), &indexes, size, self.reader())
            }
        }
    }

    fn members(&self, id: &str, checked: &CheckedSegment) -> Result<Arc<TernaryMask>, BackendError> {
        if let Some(known) = self.segments().get(id) {
            return Ok(Arc::clone(known));
        }
        let members = Arc::new(TernaryMask::from_known(self.sides(checked)?.members(self.cancel)?));
        self.segments().insert(id.to_owned(), Arc::clone(&members));
        Ok(members)
    }

    fn listed(&self, ids: &Ids) -> Result<Arc<MatchedIds>, BackendError> {
        let key = CacheKey::MatchedIds { id: self.id(), ids: ids.clone() };
        self.engine
            .memory
            .get_or_make(key, self.cancel, || MatchedIds::find_all(ids, &*self.ids()?, self.cancel))
    }

    /// Whom a query returns; `place` makes a problem of the segment of what is wrong with it.
    pub(crate) fn queried(
        &self,
        query: &Arc<Query>,
        place: impl Fn(QueryError) -> Problem,
    ) -> Result<Arc<MatchedIds>, BackendError> {
        self.cancel.check()?;
        let key = CacheKey::QueryIds { id: self.id(), query: Arc::clone(query) };
        self.engine.memory.get_or_make(key, self.cancel, || {
            let ids = self.ids()?;
            if let Some(frozen) = &self.engine.frozen {
                let returned = frozen.ids(query).ok_or_else(query_of_another_day)?;
                return Ok(MatchedIds::find(returned.iter().map(String::as_str), &ids));
            }
            let listed = query::plan(&self.engine.database, query)
                .map_err(Stopped::Fault)
                .and_then(|plan| query::listed(&plan, self.activation_id, &ids, self.cancel));
            listed.map_err(|stopped| stopped.at(&place))
        })
    }

    /// Whom the query in a file returns, for the line at `path`.
    fn queried_at(
        &self,
        path: &NodePath,
        file: &str,
        query: &Arc<Query>,
    ) -> Result<Arc<MatchedIds>, BackendError> {
        let place = || Place::Node(path.clone(), ConditionPart::Whole);
        self.queried(query, |fault| fault.in_file(file, place()))
    }

    /// What the lines with files and queries came to.
    pub fn files(&self, checked: &CheckedSegment) -> Result<Vec<FileCounts>, BackendError> {
        let mut files = Vec::new();
        for leaf in checked.leaves() {
            let CheckedNode::List(path, list) = leaf else { continue };
            let listed = match &list.members {
                ListMembers::Ids(_, ids) => self.listed(ids)?,
                ListMembers::Query(file, query) => self.queried_at(path, file, query)?,
                ListMembers::Segment(..) => continue,
            };
            files.push(FileCounts { path: path.clone(), ids: listed.ids, unmatched: listed.unmatched });
        }
        Ok(files)
    }
}

impl MaskSource for View<'_> {
    fn criterion(&self, criterion: &Arc<Criterion>) -> Result<Arc<TernaryMask>, BackendError> {
        self.cancel.check()?;
        let key = CacheKey::Condition { id: self.id(), criterion: Arc::clone(criterion) };
        self.engine.memory.get_or_make(key, self.cancel, || self.mask(criterion))
    }

    fn list(&self, path: &NodePath, list: &CheckedList) -> Result<Arc<TernaryMask>, BackendError> {
        self.cancel.check()?;
        let members = match &list.members {
            ListMembers::Segment(id, checked) => {
                self.members(id, checked).map_err(|error| wrap_error(path, id, error))?
            }
            ListMembers::Ids(_, ids) => Arc::new(TernaryMask::from_known(self.listed(ids)?.members.clone())),
            ListMembers::Query(file, query) => {
                Arc::new(TernaryMask::from_known(self.queried_at(path, file, query)?.members.clone()))
            }
        };
        if !list.negated {
            return Ok(members);
        }
        let mut others = full_set(self.size());
        others.difference_with(&members.trues);
        Ok(Arc::new(TernaryMask::from_known(others)))
    }
}

impl InsightTables for View<'_> {
    fn table(&self, name: &str) -> Option<Result<(&Table, Arc<CustomerIndex>), BackendError>> {
        let table = self.engine.database.table(name)?;
        table.id_column(self.activation_id).map(|_| self.table_and_index(name))
    }

    fn orders(&self, items: &Table) -> Result<Arc<OrderIndex>, BackendError> {
        let (key, reader) = (CacheKey::Orders { id: self.id() }, self.reader());
        self.engine.memory.get_or_make(key, self.cancel, || {
            if let Some(orders) = self.stored_orders() {
                return Ok(orders);
            }
            let slot = reader.disk_cache.orders(reader.database, self.activation_id, reader.chunk_size);
            let (table, index) = self.table_and_index(&items.name)?;
            let columns = &self.engine.database.roles.items_columns;
            read_orders(table, columns, &index, self.size(), slot, reader)
        })
    }

    fn reader(&self) -> ChunkReader<'_> {
        ChunkReader { tables: &self.database, ..self.engine.chunk_reader(self.cancel) }
    }
}

/// Why a query has no answer on a database from which a few customers were cut.
fn query_of_another_day() -> BackendError {
    BackendError::Missing(
        Diagnostic::new("what the query returns is kept for one day, and this is another one")
            .with_help("ask for the day of the case"),
    )
}

/// What is wrong with a segment that the line at `path` refers to.
pub(super) fn wrap_error(path: &NodePath, id: &str, error: BackendError) -> BackendError {
    match error {
        BackendError::Refused(problem) => {
            let message = format!(
                "in the segment {id:?} at {}: {}",
                problem.diagnostic.place, problem.diagnostic.message
            );
            let place = Place::Node(path.clone(), ConditionPart::Whole);
            BackendError::Refused(Box::new(problem.at(place).with_message(message)))
        }
        other => other,
    }
}
