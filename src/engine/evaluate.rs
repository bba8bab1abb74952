//! The engine: what is asked of it, and what it keeps from one answer to the next.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Instant;

use chrono::NaiveDate;

use super::advice::{Distinct, distinct};
use super::beside::key;
use super::cache::Cache;
use super::index::RowIndex;
use super::insights::{Prepared, Tables, prepare};
use super::listed::Listed;
use super::orders::OrderIndex;
use super::scan::table_and_id;
use super::tree::{Sides, Truths};
use super::truth::{Truth, everybody};
use super::universe::Universe;
use super::value_counts::value_counts;
use super::waterfall::waterfall;
use super::{
    Cancel, EngineError, Evaluation, FileCounts, IdCounts, TableCounts, ValueCounts, aggregate, attribute,
    purchase,
};
use crate::catalog::{Database, DatabaseView, ListTables, Table};
use crate::segment::{
    Checked, CheckedGroup, CheckedList, CheckedNode, Criterion, Definition, ListMembers, Lists, Meaning,
    NoLists, NodePath, Problem, Schema, Segment, Severity, check,
};

/// How many sets of conditions are kept: a set of a million customers takes 250 KB.
const SETS: usize = 256;
/// How many activation IDs and days are kept at a time.
const VIEWS: usize = 4;
/// How many uploaded lists are kept.
const LISTS: usize = 8;
/// How many columns are kept with their different values.
const COLUMNS: usize = 16;
/// How many indexes of rows are kept: about as many as a database has tables.
const INDEXES: usize = 64;

/// Answers questions about one open database. Share it between threads in an `Arc`; it keeps what it
/// reads, so that the second question of a kind is quick.
pub struct Engine {
    pub(super) database: Arc<Database>,
    data_day: NaiveDate,
    lists: Arc<dyn Lists>,
    pub(super) list_tables: Option<ListTables>,
    universes: Cache<String, Arc<Universe>>,
    indexes: Cache<(String, String), Arc<RowIndex>>,
    orders: Cache<String, Arc<OrderIndex>>,
    prepared: Cache<(String, NaiveDate), Arc<Prepared>>,
    truths: Cache<(String, Arc<Criterion>), Arc<Truth>>,
    listed: Cache<(String, Arc<Vec<String>>), Arc<Listed>>,
    distinct: Cache<(String, String), Arc<Distinct>>,
}

impl Engine {
    /// An engine for a database. Reads nothing yet.
    #[must_use]
    pub fn new(database: Arc<Database>) -> Self {
        let today = || chrono::Utc::now().date_naive();
        Self {
            data_day: database.as_of.unwrap_or_else(today),
            database,
            universes: Cache::new(VIEWS),
            indexes: Cache::new(INDEXES),
            orders: Cache::new(VIEWS),
            prepared: Cache::new(VIEWS),
            truths: Cache::new(SETS),
            listed: Cache::new(LISTS),
            distinct: Cache::new(COLUMNS),
            lists: Arc::new(NoLists),
            list_tables: None,
        }
    }

    /// The same, finding the lists that segments refer to here. Each answer looks them up anew.
    #[must_use]
    pub fn with_lists(self, lists: Arc<dyn Lists>) -> Self {
        Self { lists, ..self }
    }

    /// The database.
    #[must_use]
    pub fn database(&self) -> &Database {
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
    /// [`EngineError::Refused`] if not even a part of the segment can be evaluated: a query, sides that
    /// cannot be read, an activation ID that no table has. Cancelled; a table cannot be read.
    pub fn evaluate(
        &self,
        segment: &Segment,
        as_of: NaiveDate,
        cancel: &Cancel,
    ) -> Result<Evaluation, EngineError> {
        let start = Instant::now();
        let database = self.database_of(segment);
        let checked = self.check_on(&database, segment, as_of);
        refuse_what_is_no_tree(segment, &checked.problems)?;
        self.numbers(database, checked, segment, as_of, start, cancel)
    }

    /// The numbers of a segment of which every part counts.
    ///
    /// # Errors
    /// [`EngineError::Refused`] with the first error in the segment. Cancelled; a table cannot be read.
    pub fn evaluate_strictly(
        &self,
        segment: &Segment,
        as_of: NaiveDate,
        cancel: &Cancel,
    ) -> Result<Evaluation, EngineError> {
        let start = Instant::now();
        let database = self.database_of(segment);
        let checked = self.check_on(&database, segment, as_of);
        refuse_errors(&checked.problems)?;
        self.numbers(database, checked, segment, as_of, start, cancel)
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
    ) -> Result<Vec<String>, EngineError> {
        let database = self.database_of(segment);
        let checked = self.check_on(&database, segment, as_of);
        refuse_errors(&checked.problems)?;
        let view = self.view(database, self.database.activation_id(segment), cancel)?;
        Ok(view.universe.ids(&view.sides(&checked)?.members()))
    }

    /// How many customers have each value of a column, in the universe and in the segment as it stands
    /// without the condition at `without`. Conditions with a problem are left out.
    ///
    /// # Errors
    /// [`EngineError::Missing`] if there is no such column. Otherwise as [`Engine::evaluate`].
    pub fn value_counts(
        &self,
        table: &str,
        column: &str,
        segment: &Segment,
        without: Option<&NodePath>,
        as_of: NaiveDate,
        cancel: &Cancel,
    ) -> Result<ValueCounts, EngineError> {
        let database = match self.database.table(table) {
            Some(_) => self.database_of(segment),
            None => self.database_with_lists(),
        };
        let checked = self.check_on(&database, segment, as_of);
        refuse_what_is_no_tree(segment, &checked.problems)?;
        let key = key(&database, table);
        let view = self.view(database, self.database.activation_id(segment), cancel)?;
        let (table, index) = view.table_and_index(&key)?;
        if table.column(column).is_none() {
            return Err(EngineError::Missing {
                message: format!("table {:?} has no column {column:?}", table.name),
                help: "choose another column".to_owned(),
            });
        }
        let sides = view.sides(&checked)?;
        let members = without.map_or_else(|| sides.members(), |path| sides.members_without(path));
        value_counts(table, column, &index, &members, cancel)
    }

    /// How many different ids there are in a list, and how many of them are no customers.
    ///
    /// # Errors
    /// Cancelled; a table cannot be read.
    pub fn count_ids(
        &self,
        ids: &[String],
        activation_id: &str,
        cancel: &Cancel,
    ) -> Result<IdCounts, EngineError> {
        let view = self.view(Arc::clone(&self.database), activation_id, cancel)?;
        cancel.check()?;
        let listed = Listed::find(ids, &view.universe);
        Ok(IdCounts { ids: listed.ids, unmatched: listed.unmatched })
    }

    /// What a table holds for an activation ID. Rows without an id are neither of a customer nor orphans.
    ///
    /// # Errors
    /// [`EngineError::Missing`] if there is no such table with this activation ID. Cancelled; a table
    /// cannot be read.
    pub fn table_counts(
        &self,
        table: &str,
        activation_id: &str,
        cancel: &Cancel,
    ) -> Result<TableCounts, EngineError> {
        let database = self.database_with(table);
        let key = key(&database, table);
        Ok(self.view(database, activation_id, cancel)?.table_and_index(&key)?.1.counts())
    }

    /// Reads what every first answer needs: the universe, the index of each table, the insights, the
    /// orders.
    ///
    /// # Errors
    /// Cancelled; a table cannot be read.
    pub fn warm_up(&self, activation_id: &str, as_of: NaiveDate, cancel: &Cancel) -> Result<(), EngineError> {
        let view = self.view(Arc::clone(&self.database), activation_id, cancel)?;
        view.prepared(as_of)?;
        let mut tables = self.database.tables.iter().filter(|table| table.id_column(activation_id).is_some());
        tables.try_for_each(|table| view.table_and_index(&table.name).map(drop))?;
        let schema = DatabaseView { database: &self.database, activation_id };
        let items = schema.items_table().ok().and_then(|name| self.database.table(&name));
        match items.map(|items| view.orders(items)) {
            // Another error is told when somebody asks for purchases.
            Some(Err(EngineError::Cancelled)) => Err(EngineError::Cancelled),
            _ => Ok(()),
        }
    }

    /// What a segment means on this database, with every problem.
    #[must_use]
    pub fn check(&self, segment: &Segment, as_of: NaiveDate) -> Checked {
        self.check_on(&self.database_of(segment), segment, as_of)
    }

    pub(super) fn check_on(&self, database: &Database, segment: &Segment, as_of: NaiveDate) -> Checked {
        let view = DatabaseView { database, activation_id: database.activation_id(segment) };
        check(segment, &view, &*self.lists, as_of)
    }

    /// `database` is the engine's own, with or without the uploaded files.
    pub(super) fn view<'a>(
        &'a self,
        database: Arc<Database>,
        activation_id: &'a str,
        cancel: &'a Cancel,
    ) -> Result<View<'a>, EngineError> {
        let universe = self.universes.get_or_make(activation_id.to_owned(), || {
            Universe::read(&self.database, activation_id, cancel).map(Arc::new)
        })?;
        Ok(View { engine: self, database, activation_id, universe, cancel, segments: RefCell::default() })
    }

    fn numbers(
        &self,
        database: Arc<Database>,
        checked: Checked,
        segment: &Segment,
        as_of: NaiveDate,
        start: Instant,
        cancel: &Cancel,
    ) -> Result<Evaluation, EngineError> {
        let view = self.view(database, self.database.activation_id(segment), cancel)?;
        let sides = view.sides(&checked)?;
        let prepared = view.prepared(as_of)?;
        Ok(Evaluation {
            as_of,
            activation_id: self.database.activation_id(segment).to_owned(),
            insights: prepared.of(&sides.members()),
            all: prepared.of(&view.universe.everybody()),
            waterfall: waterfall(&sides, cancel)?,
            files: view.files(&checked)?,
            problems: checked.problems,
            elapsed: start.elapsed(),
        })
    }
}

/// The database seen through one activation ID.
pub(super) struct View<'a> {
    engine: &'a Engine,
    /// The database of this one answer: the engine's, and the uploaded files that are tables.
    database: Arc<Database>,
    activation_id: &'a str,
    universe: Arc<Universe>,
    cancel: &'a Cancel,
    /// The members of the segments that lists refer to, by id, for this one answer.
    segments: RefCell<HashMap<String, Arc<Truth>>>,
}

impl View<'_> {
    /// The different values of a column, as they are stored.
    pub(super) fn distinct(&self, key: &str, column: &str) -> Result<Arc<Distinct>, EngineError> {
        let (table, _) = self.table_and_index(key)?;
        self.engine.distinct.get_or_make((table.key().into_owned(), column.to_owned()), || {
            distinct(table, column, self.cancel).map(Arc::new)
        })
    }

    /// How many customers there are.
    pub(super) fn size(&self) -> usize {
        self.universe.size()
    }

    /// What is looked at.
    pub(super) fn database(&self) -> &Database {
        &self.database
    }

    pub(super) fn table_and_index(&self, key: &str) -> Result<(&Table, Arc<RowIndex>), EngineError> {
        let (table, id) = table_and_id(&self.database, key, self.activation_id)?;
        let key = (self.activation_id.to_owned(), key.to_owned());
        let read = || RowIndex::read(table, id, &self.universe, self.cancel).map(Arc::new);
        Ok((table, self.engine.indexes.get_or_make(key, read)?))
    }

    fn prepared(&self, as_of: NaiveDate) -> Result<Arc<Prepared>, EngineError> {
        self.engine.prepared.get_or_make((self.activation_id.to_owned(), as_of), || {
            let (database, data_day) = (&self.engine.database, self.engine.data_day);
            prepare(database, self, self.universe.size(), as_of, data_day, self.cancel).map(Arc::new)
        })
    }

    fn sides(&self, checked: &Checked) -> Result<Sides, EngineError> {
        match &checked.meaning {
            Meaning::Visual { include, exclude } => {
                Sides::build([include, exclude], self.universe.size(), self)
            }
            Meaning::Query(_) | Meaning::Unknown => Err(not_evaluated()),
        }
    }

    fn truth(&self, criterion: &Criterion) -> Result<Truth, EngineError> {
        let size = self.universe.size();
        match criterion {
            Criterion::Attribute { table, test, rows, filters } => {
                let (table, index) = self.table_and_index(table)?;
                attribute::evaluate(table, (test, *rows, filters), &index, size, self.cancel)
            }
            Criterion::Purchase { table, test, when, filters } => {
                let (table, _) = self.table_and_index(table)?;
                let order_datetime = &self.engine.database.roles.items_columns.order_datetime;
                let when = when.as_ref();
                let asked = purchase::Asked { table, order_datetime, test, when, filters };
                purchase::evaluate(&asked, &*self.orders(table)?, size, self.cancel)
            }
            Criterion::Aggregate { table, aggregate, predicate, filters } => {
                let (table, index) = self.table_and_index(table)?;
                aggregate::evaluate(table, (aggregate, predicate, filters), &index, size, self.cancel)
            }
        }
    }

    fn members(&self, id: &str, checked: &Checked) -> Result<Arc<Truth>, EngineError> {
        if let Some(known) = self.segments.borrow().get(id) {
            return Ok(Arc::clone(known));
        }
        let members = Arc::new(Truth::known(self.sides(checked)?.members()));
        self.segments.borrow_mut().insert(id.to_owned(), Arc::clone(&members));
        Ok(members)
    }

    fn listed(&self, ids: &Arc<Vec<String>>) -> Result<Arc<Listed>, EngineError> {
        let key = (self.activation_id.to_owned(), Arc::clone(ids));
        self.engine.listed.get_or_make(key, || {
            self.cancel.check()?;
            Ok(Arc::new(Listed::find(ids, &self.universe)))
        })
    }

    /// What the lines with files came to.
    fn files(&self, checked: &Checked) -> Result<Vec<FileCounts>, EngineError> {
        let mut files = Vec::new();
        if let Meaning::Visual { include, exclude } = &checked.meaning {
            self.files_in(include, &mut files)?;
            self.files_in(exclude, &mut files)?;
        }
        Ok(files)
    }

    fn files_in(&self, group: &CheckedGroup, files: &mut Vec<FileCounts>) -> Result<(), EngineError> {
        for node in &group.nodes {
            match node {
                CheckedNode::Group(group) => self.files_in(group, files)?,
                CheckedNode::List(path, CheckedList { members: ListMembers::Ids(ids), .. }) => {
                    let listed = self.listed(ids)?;
                    let (ids, unmatched) = (listed.ids, listed.unmatched);
                    files.push(FileCounts { path: path.clone(), ids, unmatched });
                }
                CheckedNode::List(..) | CheckedNode::Condition(..) => {}
            }
        }
        Ok(())
    }
}

impl Truths for View<'_> {
    fn criterion(&self, criterion: &Arc<Criterion>) -> Result<Arc<Truth>, EngineError> {
        self.cancel.check()?;
        let key = (self.activation_id.to_owned(), Arc::clone(criterion));
        self.engine.truths.get_or_make(key, || self.truth(criterion).map(Arc::new))
    }

    fn list(&self, list: &CheckedList) -> Result<Arc<Truth>, EngineError> {
        self.cancel.check()?;
        let members = match &list.members {
            ListMembers::Segment(id, checked) => self.members(id, checked)?,
            ListMembers::Ids(ids) => Arc::new(Truth::known(self.listed(ids)?.members.clone())),
            ListMembers::Query(_) => return Err(not_evaluated()),
        };
        if !list.negated {
            return Ok(members);
        }
        let mut others = everybody(self.universe.size());
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
        self.engine.orders.get_or_make(self.activation_id.to_owned(), || {
            let (table, index) = self.table_and_index(&items.name)?;
            let columns = &self.engine.database.roles.items_columns;
            OrderIndex::read(table, columns, &index, self.universe.size(), self.cancel).map(Arc::new)
        })
    }
}

fn not_evaluated() -> EngineError {
    EngineError::Missing {
        message: "this version does not evaluate SQL yet".to_owned(),
        help: "build it from conditions instead".to_owned(),
    }
}

fn refuse_errors(problems: &[Problem]) -> Result<(), EngineError> {
    match problems.iter().find(|problem| problem.severity == Severity::Error) {
        Some(problem) => Err(EngineError::Refused(Box::new(problem.clone()))),
        None => Ok(()),
    }
}

/// Leaving a condition out leaves the rest; leaving the whole out would leave everybody.
pub(super) fn refuse_what_is_no_tree(segment: &Segment, problems: &[Problem]) -> Result<(), EngineError> {
    match &segment.definition {
        Definition::Visual { .. } => {
            let of_the_whole: Vec<Problem> =
                problems.iter().filter(|problem| problem.place.node().is_none()).cloned().collect();
            refuse_errors(&of_the_whole)
        }
        Definition::Sql(_) | Definition::Unreadable { .. } => refuse_errors(problems),
    }
}
