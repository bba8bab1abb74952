//! A database that is open on this machine: what it is, and the rows of its tables.

use std::collections::{BTreeMap, HashMap};
use std::ops::Deref;
use std::sync::Arc;

use polars::prelude::{DataFrame, LazyFrame, PolarsResult, polars_bail};

use super::fingerprint::Fingerprints;
use super::local_table::{LocalContent, LocalTable};
use super::table_frame::TableFrame;
use crate::database::{Change, Database, Table};

/// A database together with the rows of its readable tables, still to be read.
#[derive(Clone)]
pub struct LocalDatabase {
    database: Arc<Database>,
    /// By the key of the table. A saved query that has not run has none.
    frames: BTreeMap<String, TableFrame>,
    fingerprints: Fingerprints,
}

impl LocalDatabase {
    /// A database of these tables, in place of those that it names. There is nothing to tell changes by.
    #[must_use]
    pub fn new(database: Database, tables: Vec<LocalTable>) -> Self {
        let mut frames = BTreeMap::new();
        let mut plain = Vec::with_capacity(tables.len());
        for LocalTable { table, frame } in tables {
            frames.extend(frame.map(|frame| (table.key().into_owned(), frame)));
            plain.push(table);
        }
        let database = Arc::new(Database { tables: plain, ..database });
        Self { database, frames, fingerprints: Fingerprints::default() }
    }

    /// The same, with what it was read from.
    #[must_use]
    pub(super) fn with_fingerprints(self, fingerprints: Fingerprints) -> Self {
        Self { fingerprints, ..self }
    }

    /// What it is, without rows.
    #[must_use]
    pub fn plain(&self) -> &Arc<Database> {
        &self.database
    }

    /// The same with these tables of the workspace in place of those that it has now.
    #[must_use]
    pub fn with_workspace_tables(&self, tables: &[LocalTable]) -> Self {
        let plain: Vec<Table> = tables.iter().map(|local| local.table.clone()).collect();
        let database = Arc::new(self.database.with_workspace(&plain));
        let mut frames = BTreeMap::new();
        for table in &database.tables {
            let key = table.key();
            let of_workspace = || tables.iter().find(|local| local.table.key() == key)?.frame.as_ref();
            let frame = self.frames.get(&*key).or_else(of_workspace).cloned();
            frames.extend(frame.map(|frame| (key.into_owned(), frame)));
        }
        Self { database, frames, fingerprints: self.fingerprints.clone() }
    }

    /// The same with other content of some tables, by name.
    #[must_use]
    pub fn with_contents(&self, mut contents: HashMap<String, LocalContent>) -> Self {
        let mut database = (*self.database).clone();
        let mut frames = self.frames.clone();
        for table in &mut database.tables {
            if let Some(LocalContent { content, frame, .. }) = contents.remove(&table.name) {
                frames.insert(table.key().into_owned(), frame);
                table.content = Ok(content);
            }
        }
        Self { database: Arc::new(database), frames, fingerprints: self.fingerprints.clone() }
    }

    /// The same with some tables, by name, as another database has them, or has not. There is nothing to tell changes by.
    #[must_use]
    pub(crate) fn with_tables_of(&self, other: &Self, names: &[&str]) -> Self {
        let is_exchanged = |table: &&Table| names.contains(&table.name.as_str());
        let kept =
            self.database.tables.iter().filter(|table| !is_exchanged(table)).map(|table| (self, table));
        let taken = other.database.tables.iter().filter(is_exchanged).map(|table| (other, table));
        let (mut tables, mut frames) = (Vec::new(), BTreeMap::new());
        for (of, table) in kept.chain(taken) {
            let key = table.key();
            frames.extend(of.frames.get(&*key).map(|frame| (key.into_owned(), frame.clone())));
            tables.push(table.clone());
        }
        tables.sort_by(|one, other| one.name.cmp(&other.name));
        let database = Arc::new(Database { tables, ..Database::clone(&other.database) });
        Self { database, frames, fingerprints: Fingerprints::default() }
    }

    /// The rows of a table with the types of its columns: strings as `String`, integers as `Int64`, decimals as
    /// `Float64` with NaN as NULL or, as Parquet has them, as `Decimal`, `Boolean`, `Date`, and `Datetime` in microseconds, UTC, without a zone.
    /// Collecting it, or any selection of its columns, always gives the rows in the same order.
    ///
    /// # Errors
    /// The table cannot be read, or is a query that has not run.
    pub fn frame(&self, table: &Table) -> PolarsResult<&LazyFrame> {
        self.rows(table).map(TableFrame::lazy)
    }

    fn rows(&self, table: &Table) -> PolarsResult<&TableFrame> {
        let rows = table.content.as_ref().ok().and_then(|content| content.rows);
        match (self.frames.get(&*table.key()), rows) {
            (Some(frame), Some(_)) => Ok(frame),
            _ => polars_bail!(ComputeError: "its query has not run"),
        }
    }

    /// The rows of some columns, in the table's order.
    ///
    /// # Errors
    /// As [`Self::frame`]; a file cannot be read any more.
    pub fn read(&self, table: &Table, columns: &[&str]) -> PolarsResult<DataFrame> {
        self.rows(table)?.read(columns)
    }

    /// The same for so many rows from one on, or as many as there are.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub(crate) fn read_rows(
        &self,
        table: &Table,
        columns: &[&str],
        first: usize,
        count: usize,
    ) -> PolarsResult<DataFrame> {
        self.rows(table)?.read_rows(columns, first, count)
    }

    /// All that the content of the database depends on: files with their sizes and times, the manifest, the
    /// tables with their columns and types, the roles. It was taken before anything was read. `None` if it
    /// cannot be told. The workspace's lists are no part of it.
    #[must_use]
    pub fn fingerprint(&self) -> Option<&str> {
        self.fingerprints.database()
    }

    /// All that the rows of one of the database's own tables depend on, which is less: its files, those of
    /// tables in which it looks up, its columns, their types, and which of them are ids. `None` if it cannot
    /// be told, and for a table that cannot be read.
    #[must_use]
    pub fn table_fingerprint(&self, name: &str) -> Option<&str> {
        self.fingerprints.table(name)
    }

    /// The first of the database's own files that is not what it was when the database was opened: the
    /// manifest, a file of a table, one that would be of a table now.
    #[must_use]
    pub fn changed(&self) -> Option<Change> {
        self.fingerprints.snapshot.as_ref()?.changed(&self.folder)
    }
}

impl Deref for LocalDatabase {
    type Target = Database;

    fn deref(&self) -> &Database {
        &self.database
    }
}

impl std::fmt::Debug for LocalDatabase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.database.fmt(f)
    }
}
