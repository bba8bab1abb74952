//! The database seen through one activation ID: where the sets of conditions and lists come from.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use chrono::NaiveDate;

use super::advice::{Distinct, distinct};
use super::condition::{aggregate, attribute, purchase};
use super::evaluate::Engine;
use super::index::grouped::Grouped;
use super::index::orders::OrderIndex;
use super::index::read_orders::{Sequence, read_orders};
use super::index::row_index::RowIndex;
use super::index::universe::{CustomerIds, Universe};
use super::kept::Shelf;
use super::listed::Listed;
use super::memory::Key;
use super::pieces::{Pieces, table_and_id};
use super::query::{self, Stopped};
use super::sets::insights::{Prepared, Tables, prepare};
use super::sets::tree::{Sides, Truths};
use super::sets::truth::{Truth, everybody};
use super::{Cancel, EngineError, FileCounts};
use crate::local::files::{Database, Table};
use crate::segment::{
    CheckedDefinition, CheckedGroup, CheckedList, CheckedNode, CheckedSegment, ConditionPart, Criterion, Ids,
    ListMembers, NodePath, Place, Problem, Query, QueryError,
};

/// The database seen through one activation ID.
pub struct View<'a> {
    pub engine: &'a Engine,
    /// The database of this one answer: the engine's, and the workspace's.
    pub database: Arc<Database>,
    pub activation_id: &'a str,
    pub universe: Arc<Universe>,
    /// Once they were needed: where there is little room, nobody else may keep them.
    pub ids: OnceLock<Arc<CustomerIds>>,
    pub cancel: &'a Cancel,
    /// The members of the segments that lists refer to, by id, for this one answer.
    pub segments: Mutex<HashMap<String, Arc<Truth>>>,
}

impl View<'_> {
    /// The different values of a column, as they are stored.
    pub fn distinct(&self, key: &str, column: &str) -> Result<Arc<Distinct>, EngineError> {
        let (table, _) = self.table_and_index(key)?;
        let key = Key::Distinct { table: table.key().into_owned(), column: column.to_owned() };
        self.engine.memory.get_or_make(key, self.cancel, || distinct(table, column, self.pieces()))
    }

    /// How many customers there are.
    pub fn size(&self) -> usize {
        self.universe.size
    }

    /// The ids of all customers.
    pub fn ids(&self) -> Result<Arc<CustomerIds>, EngineError> {
        if let Some(known) = self.ids.get() {
            return Ok(Arc::clone(known));
        }
        let ids = self.engine.ids(self.activation_id, self.pieces())?;
        Ok(Arc::clone(self.ids.get_or_init(|| ids)))
    }

    /// What is looked at.
    pub fn database(&self) -> &Database {
        &self.database
    }

    pub fn table_and_index(&self, key: &str) -> Result<(&Table, Arc<RowIndex>), EngineError> {
        let (table, column) = table_and_id(&self.database, key, self.activation_id)?;
        let key = Key::Index { id: self.id(), table: key.to_owned() };
        let pieces = self.pieces();
        let index = self.engine.memory.get_or_make(key, self.cancel, || {
            let shelf = pieces.shelves.index(pieces.database, table, self.activation_id, pieces.size);
            match shelf.clone().and_then(RowIndex::shelved) {
                Some(index) => Ok(index),
                None => RowIndex::read(table, column, &*self.ids()?, shelf, pieces),
            }
        })?;
        Ok((table, index))
    }

    /// The rows of each customer in a table.
    pub fn grouped(&self, key: &str, index: &RowIndex) -> Result<Arc<Grouped>, EngineError> {
        let key = Key::Grouped { id: self.id(), table: key.to_owned() };
        let read = || Grouped::read(&index.customers, self.size(), self.pieces());
        self.engine.memory.get_or_make(key, self.cancel, read)
    }

    fn segments(&self) -> MutexGuard<'_, HashMap<String, Arc<Truth>>> {
        self.segments.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn id(&self) -> String {
        self.activation_id.to_owned()
    }

    /// Whether the insights of a day are at hand.
    pub fn has_prepared(&self, as_of: NaiveDate) -> bool {
        let key = Key::Prepared { id: self.id(), day: as_of };
        self.engine.memory.get::<Prepared>(&key).is_some()
    }

    pub fn prepared(&self, as_of: NaiveDate) -> Result<Arc<Prepared>, EngineError> {
        let (database, data_day) = (&self.engine.database, self.engine.data_day);
        let key = Key::Prepared { id: self.id(), day: as_of };
        self.engine.memory.get_or_make(key, self.cancel, || {
            // Days to come would fill the folder.
            let shelf = (as_of == data_day)
                .then(|| self.engine.shelves.insights(database, self.activation_id, data_day))
                .flatten();
            if let Some(known) = shelf.as_ref().and_then(Shelf::get) {
                return Ok(known);
            }
            let prepared = prepare(database, self, self.size(), as_of, data_day)?;
            shelf.iter().for_each(|shelf| shelf.put_now(&prepared));
            Ok(prepared)
        })
    }

    pub fn sides(&self, checked: &CheckedSegment) -> Result<Sides, EngineError> {
        match &checked.meaning {
            CheckedDefinition::Visual { include, exclude } => {
                Sides::build([include, exclude], self.size(), self)
            }
            CheckedDefinition::Query(query) => {
                let listed = self.queried(query, QueryError::in_segment)?;
                Ok(Sides::of(listed.members.clone()))
            }
            CheckedDefinition::Unknown => Err(EngineError::Missing {
                message: "it cannot be told whom this segment means".to_owned(),
                help: "check it".to_owned(),
            }),
        }
    }

    fn truth(&self, criterion: &Criterion) -> Result<Truth, EngineError> {
        let size = self.size();
        match criterion {
            Criterion::Attribute { table, test, rows, filters } => {
                let (table, index) = self.table_and_index(table)?;
                attribute::evaluate(table, (test, *rows, filters), &index, size, self.pieces())
            }
            Criterion::Purchase { table: key, test, when, filters } => {
                let (table, index) = self.table_and_index(key)?;
                let order_datetime = &self.engine.database.roles.items_columns.order_datetime;
                let asked = purchase::Asked { table, order_datetime, test, when: when.as_ref(), filters };
                let (orders, grouped) = (self.orders(table)?, || self.grouped(key, &index));
                let indexes = purchase::Indexes { rows: &index, orders: &orders, grouped: &grouped };
                purchase::evaluate(&asked, &indexes, size, self.pieces())
            }
            Criterion::Aggregate { table: key, aggregate, predicate, filters } => {
                let (table, index) = self.table_and_index(key)?;
                let grouped = || self.grouped(key, &index);
                let indexes = aggregate::Indexes { rows: &index, grouped: &grouped };
                aggregate::evaluate(table, (aggregate, predicate, filters), &indexes, size, self.pieces())
            }
        }
    }

    fn members(&self, id: &str, checked: &CheckedSegment) -> Result<Arc<Truth>, EngineError> {
        if let Some(known) = self.segments().get(id) {
            return Ok(Arc::clone(known));
        }
        let members = Arc::new(Truth::known(self.sides(checked)?.members(self.cancel)?));
        self.segments().insert(id.to_owned(), Arc::clone(&members));
        Ok(members)
    }

    fn listed(&self, ids: &Ids) -> Result<Arc<Listed>, EngineError> {
        let key = Key::Listed { id: self.id(), ids: ids.clone() };
        self.engine.memory.get_or_make(key, self.cancel, || Listed::find_all(ids, &*self.ids()?, self.cancel))
    }

    /// Whom a query returns; `place` makes a problem of the segment of what is wrong with it.
    pub fn queried(
        &self,
        query: &Arc<Query>,
        place: impl Fn(QueryError) -> Problem,
    ) -> Result<Arc<Listed>, EngineError> {
        self.cancel.check()?;
        let key = Key::Queried { id: self.id(), query: Arc::clone(query) };
        self.engine.memory.get_or_make(key, self.cancel, || {
            let ids = self.ids()?;
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
    ) -> Result<Arc<Listed>, EngineError> {
        let place = || Place::Node(path.clone(), ConditionPart::Whole);
        self.queried(query, |fault| fault.in_file(file, place()))
    }

    /// What the lines with files and queries came to.
    pub fn files(&self, checked: &CheckedSegment) -> Result<Vec<FileCounts>, EngineError> {
        let mut files = Vec::new();
        if let CheckedDefinition::Visual { include, exclude } = &checked.meaning {
            self.files_in(include, &mut files)?;
            self.files_in(exclude, &mut files)?;
        }
        Ok(files)
    }

    fn files_in(&self, group: &CheckedGroup, files: &mut Vec<FileCounts>) -> Result<(), EngineError> {
        for node in &group.nodes {
            match node {
                CheckedNode::Group(group) => self.files_in(group, files)?,
                CheckedNode::List(path, list) => {
                    let listed = match &list.members {
                        ListMembers::Ids(ids) => self.listed(ids)?,
                        ListMembers::Query(file, query) => self.queried_at(path, file, query)?,
                        ListMembers::Segment(..) => continue,
                    };
                    let (ids, unmatched) = (listed.ids, listed.unmatched);
                    files.push(FileCounts { path: path.clone(), ids, unmatched });
                }
                CheckedNode::Condition(..) => {}
            }
        }
        Ok(())
    }
}

impl Truths for View<'_> {
    fn criterion(&self, criterion: &Arc<Criterion>) -> Result<Arc<Truth>, EngineError> {
        self.cancel.check()?;
        let key = Key::Truth { id: self.id(), criterion: Arc::clone(criterion) };
        self.engine.memory.get_or_make(key, self.cancel, || self.truth(criterion))
    }

    fn list(&self, path: &NodePath, list: &CheckedList) -> Result<Arc<Truth>, EngineError> {
        self.cancel.check()?;
        let members = match &list.members {
            ListMembers::Segment(id, checked) => {
                self.members(id, checked).map_err(|error| behind(path, id, error))?
            }
            ListMembers::Ids(ids) => Arc::new(Truth::known(self.listed(ids)?.members.clone())),
            ListMembers::Query(file, query) => {
                Arc::new(Truth::known(self.queried_at(path, file, query)?.members.clone()))
            }
        };
        if !list.negated {
            return Ok(members);
        }
        let mut others = everybody(self.size());
        others.difference_with(&members.holds);
        Ok(Arc::new(Truth::known(others)))
    }
}

impl Tables for View<'_> {
    fn table(&self, name: &str) -> Option<Result<(&Table, Arc<RowIndex>), EngineError>> {
        let table = self.engine.database.table(name)?;
        table.id_column(self.activation_id).map(|_| self.table_and_index(name))
    }

    fn orders(&self, items: &Table) -> Result<Arc<OrderIndex>, EngineError> {
        let (key, pieces) = (Key::Orders { id: self.id() }, self.pieces());
        self.engine.memory.get_or_make(key, self.cancel, || {
            let shelf = pieces.shelves.orders(pieces.database, self.activation_id, pieces.size);
            if let Some(orders) = shelf.clone().and_then(OrderIndex::shelved) {
                return Ok(orders);
            }
            let (table, index) = self.table_and_index(&items.name)?;
            let sequence = match index.summary.ascends {
                true => Sequence::Ascending,
                false => self.grouped(&items.name, &index)?.sequence(),
            };
            let columns = &self.engine.database.roles.items_columns;
            read_orders(table, columns, (&index, sequence), self.size(), shelf, pieces)
        })
    }

    fn pieces(&self) -> Pieces<'_> {
        self.engine.pieces(self.cancel)
    }
}

/// What is wrong with a segment that the line at `path` refers to.
pub(super) fn behind(path: &NodePath, id: &str, error: EngineError) -> EngineError {
    match error {
        EngineError::Refused(problem) => {
            let message = format!(
                "in the segment {id:?} at {}: {}",
                problem.diagnostic.place, problem.diagnostic.message
            );
            let place = Place::Node(path.clone(), ConditionPart::Whole);
            EngineError::Refused(Box::new(problem.at(place).with_message(message)))
        }
        other => other,
    }
}
