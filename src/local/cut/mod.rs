//! A database of a few customers alone, on which the same engine answers the same questions.
//!
//! It is in memory, so that many days can be asked of it, and it is what a case consists of. Its tables are those of the
//! whole database with the rows of these customers only, in their order; what queries return was worked out on the whole
//! database, and is frozen.

mod lists;
mod queries;
pub(crate) mod rows;
mod tables;
mod wanted;

use std::sync::Arc;

use chrono::NaiveDate;

use self::lists::CutLists;
use self::rows::find_rows;
use self::wanted::Wanted;
use super::chunk_reader::ReadableTable;
use super::engine::Engine;
use super::files::{LocalDatabase, LocalTable};
use super::refuse::refuse_what_is_no_tree;
use super::sets::insights::InsightTables as _;
use super::view::View;
use crate::backend::{BackendError, Cancel};
use crate::database::{Content, Database, Origin, Table};
use crate::local::frozen_queries::FrozenQueries;
use crate::segment::{CheckedSegment, Lists, QUERY_EXTENSION, Query, Segment};

pub use tables::CutColumns;
pub(crate) use tables::{UsedColumns, used_columns};

/// For how much an engine on a cut has room, in bytes.
const BUDGET: usize = 32 << 20;

/// A database of a few customers alone.
pub struct Cut {
    /// Answers as the engine of the whole database does, for these customers, about this segment.
    pub engine: Engine,
    /// Whether the segment asks of queries that have the day of evaluation in them: their rows are those of one day,
    /// and on another one the engine answers nothing.
    pub depends_on_day: bool,
}

impl Engine {
    /// A database of these customers alone for a segment on a day. Ids that are no customers keep the rows that tables
    /// have of them.
    ///
    /// # Errors
    /// As of [`Engine::evaluate`].
    pub fn cut(
        &self,
        (segment, as_of): (&Segment, NaiveDate),
        ids: &[String],
        columns: CutColumns,
        cancel: &Cancel,
    ) -> Result<Cut, BackendError> {
        self.answer(|| {
            let refuse = |problems: &[_]| refuse_what_is_no_tree(segment, problems);
            let (checked, view) = self.prepare(segment, as_of, refuse, cancel)?;
            view.cut((&checked, as_of), ids, columns)
        })
    }
}

impl Engine {
    /// An engine on a database of a few customers of this one's.
    fn of_customers(
        &self,
        database: Arc<LocalDatabase>,
        lists: Arc<dyn Lists>,
        frozen: Arc<FrozenQueries>,
    ) -> Self {
        let engine = Self::new(database).with_budget(BUDGET).with_lists(lists);
        Self { data_day: self.data_day, frozen: Some(frozen), ..engine }
    }

    /// The same on another database with the same customers.
    pub(crate) fn on_other(&self, database: Arc<LocalDatabase>) -> Self {
        let frozen = self.frozen.clone().unwrap_or_default();
        self.of_customers(database, Arc::clone(&self.lists), frozen)
    }
}

impl View<'_> {
    /// A database of these customers alone, for a segment on a day.
    pub(crate) fn cut(
        &self,
        (checked, as_of): (&CheckedSegment, NaiveDate),
        ids: &[String],
        columns: CutColumns,
    ) -> Result<Cut, BackendError> {
        let wanted = Wanted::new(self, ids)?;
        let used = used_columns(self, checked, columns, !wanted.others.is_empty());
        let frozen = queries::freeze(self, checked, &wanted.ids)?;
        let depends_on_day =
            frozen.iter().any(|(query, _)| query.has_day()) || self.has_table_of_day(&used, as_of);
        let tables = self.database.tables.iter().map(|table| self.cut_table(table, &used, &wanted));
        let tables = tables.collect::<Result<Vec<_>, _>>()?;
        let plain: &Database = &self.database;
        let database = Arc::new(LocalDatabase::new(plain.clone(), tables));
        let lists = CutLists::new(Arc::clone(&self.engine.lists), wanted.ids);
        let engine = self.engine.of_customers(database, Arc::new(lists), Arc::new(frozen));
        Ok(Cut { engine, depends_on_day })
    }

    /// A table with the rows of these customers. One that is not looked at has none, and asking of it is an error.
    fn cut_table(
        &self,
        table: &Table,
        used: &UsedColumns,
        wanted: &Wanted,
    ) -> Result<LocalTable, BackendError> {
        let unread = |content: &Content| Content { rows: None, ..content.clone() };
        let (Ok(content), Some(columns)) = (&table.content, used.get(&*table.key())) else {
            let content = table.content.as_ref().map(unread).map_err(Clone::clone);
            return Ok(LocalTable { table: Table { content, ..table.clone() }, frame: None });
        };
        let rows = find_rows(self, table, wanted)?;
        let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
        let frame = rows::read(ReadableTable::new(table)?, &columns, &rows, self.reader())?;
        let content = Ok(Content { rows: Some(rows.len() as u64), ..content.clone() });
        let frame = polars::prelude::IntoLazy::lazy(frame);
        Ok(LocalTable { table: Table { content, ..table.clone() }, frame: Some(frame.into()) })
    }

    /// Whether a saved query that is asked of as a table has the day in it.
    fn has_table_of_day(&self, used: &UsedColumns, as_of: NaiveDate) -> bool {
        let queries = self.database.tables.iter().filter(|table| matches!(table.origin, Origin::Query(_)));
        let mut asked = queries.filter(|table| used.contains_key(&*table.key()));
        asked.any(|table| {
            let path = table.name.split_once('/').map_or(table.name.as_str(), |(_, path)| path);
            let text = self.engine.lists.query(&format!("{path}{QUERY_EXTENSION}"));
            let query = text.ok().and_then(|text| Query::parse(&text, as_of).ok());
            query.is_none_or(|query| query.has_day())
        })
    }
}
