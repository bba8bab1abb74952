//! Saved queries as tables of their own: those that return more columns than the id. They are looked at
//! anew for every answer, planned when their text or day is another one, and run when rows are wanted.

use std::collections::HashMap;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use chrono::NaiveDate;
use polars::prelude::LazyFrame;

use super::isolated_run::run_isolated;
use super::message::failed;
use super::{Stopped, plan};
use crate::backend::Cancel;
use crate::database::{Content, Origin, Table, TableError};
use crate::diagnostic::{Diagnostic, FileLine};
use crate::local::files::query_table;
use crate::local::files::{LocalContent, LocalDatabase};
use crate::segment::{Lists, QUERY_EXTENSION, Query, QueryError, TextPosition};

/// How the name of a table begins that is a saved query.
const QUERIES: &str = "queries/";

/// A saved query on a day.
pub(crate) struct SavedQuery {
    /// Where it is below the workspace's queries.
    path: String,
    table: Table,
    /// How its rows come about; `None` if it is no table.
    rows: Option<Rows>,
}

struct Rows {
    query: Query,
    /// What the query returns, in the types of tables.
    frame: LazyFrame,
    /// What its only run came to. Every answer has the same rows, also where the query leaves open which they
    /// are, or in what order; and one that is asked for while it runs waits for it.
    read: Arc<OnceLock<Result<LocalContent, QueryError>>>,
}

impl SavedQuery {
    fn new((path, text, as_of): &State, version: u64, database: &LocalDatabase) -> Self {
        let planned = planned(path, text, *as_of, database);
        let (rows, content) = match planned {
            Ok((rows, content)) => (Some(rows), Ok(content)),
            Err(error) => (None, Err(error)),
        };
        let name = format!("{QUERIES}{}", path.strip_suffix(QUERY_EXTENSION).unwrap_or(path));
        let table = Table {
            label: name.clone(),
            name,
            // It is no table; but who names it is told why.
            hidden: content.is_err(),
            id_columns: Vec::new(),
            origin: Origin::Query(version),
            notes: Vec::new(),
            content,
        };
        Self { path: path.clone(), table, rows }
    }

    /// Its file below the workspace's queries.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What it returns, without rows, or why it is no table.
    pub fn table(&self) -> &Table {
        &self.table
    }

    /// What it returns, with its rows; `None` if it is no table.
    ///
    /// # Errors
    /// Cancelled; it fails when it runs.
    pub(crate) fn with_rows(&self, cancel: &Cancel) -> Result<Option<LocalContent>, Stopped> {
        let (Some(rows), Ok(content)) = (&self.rows, &self.table.content) else { return Ok(None) };
        let read = match rows.read.get() {
            Some(read) => read.clone(),
            None => {
                let (read, query) = (Arc::clone(&rows.read), rows.query.clone());
                let (frame, unread) = (rows.frame.clone(), content.clone());
                let run = move || match frame.collect() {
                    Ok(rows) => Ok(LocalContent::of_query(&unread, rows)),
                    Err(error) => Err(failed(&query, &error, &[])),
                };
                run_isolated(cancel, move || read.get_or_init(run).clone())?
            }
        };
        read.map(Some).map_err(Stopped::Fault)
    }
}

/// A query that can run and returns what conditions can ask of, and the content of its table until it does.
fn planned(
    path: &str,
    text: &Result<String, Diagnostic>,
    as_of: NaiveDate,
    database: &LocalDatabase,
) -> Result<(Rows, Content), TableError> {
    let file = Path::new(QUERIES).join(path);
    let text = text.as_ref().map_err(|missing| missing.clone().in_file(&file))?;
    let plan = Query::parse(text, as_of).and_then(|query| plan(database, &query));
    let plan = plan.map_err(|fault| refused(&file, fault))?;
    let (frame, content) = query_table(plan.frame().clone(), plan.schema(), file.clone());
    if content.columns.len() < 2 {
        let names: Vec<&str> = content.columns.iter().map(|column| column.name.as_str()).collect();
        let only = match names.as_slice() {
            [] => "nothing".to_owned(),
            names => format!("only {:?}", names.concat()),
        };
        let of_all = if plan.schema().len() < 2 { "" } else { " of what conditions can ask of" };
        let message = format!("it returns {only}{of_all}");
        let help = "add columns to what it selects, or ask who is on it, as on any customer list".to_owned();
        return Err(Diagnostic::new(message).with_help(help).in_file(file));
    }
    Ok((Rows { query: plan.query().clone(), frame, read: Arc::default() }, content))
}

fn refused(file: &Path, fault: QueryError) -> TableError {
    let line = |at: TextPosition| u64::try_from(at.line).ok();
    fault.diagnostic.map_place(|at| FileLine { file: file.to_owned(), line: at.and_then(line) })
}

/// All that a saved query depends on beside the database: its file, the text or why there is none, the day.
type State = (String, Result<String, Diagnostic>, NaiveDate);

/// The saved queries, each kept for as long as its file stays as it is.
#[derive(Default)]
pub(crate) struct SavedQueries {
    known: Mutex<HashMap<State, Arc<SavedQuery>>>,
    /// No two queries have the same, wherever they are kept.
    versions: Arc<AtomicU64>,
}

impl SavedQueries {
    /// For other days, without forgetting those of the day that is asked of here.
    pub(crate) fn apart(&self) -> Self {
        Self { known: Mutex::default(), versions: Arc::clone(&self.versions) }
    }

    /// The queries as they are now, over the tables that a database has of its own.
    pub fn look(
        &self,
        lists: &dyn Lists,
        as_of: NaiveDate,
        database: &LocalDatabase,
    ) -> Vec<Arc<SavedQuery>> {
        // No lock is held while files are read and queries planned.
        let before = self.known().clone();
        let mut now = Vec::new();
        for path in lists.queries() {
            let text = lists.query(&path);
            let state = (path, text, as_of);
            let saved = before.get(&state).cloned().unwrap_or_else(|| {
                let version = self.versions.fetch_add(1, Ordering::Relaxed);
                Arc::new(SavedQuery::new(&state, version, database))
            });
            now.push((state, saved));
        }
        let mut known = self.known();
        for (state, saved) in &mut now {
            // Somebody else may have been faster; what is kept of a query is kept of one.
            if let Some(other) = known.get(state) {
                *saved = Arc::clone(other);
            }
        }
        *known = now.iter().cloned().collect();
        now.into_iter().map(|(_, saved)| saved).collect()
    }

    fn known(&self) -> MutexGuard<'_, HashMap<State, Arc<SavedQuery>>> {
        // Entries are whole or not there, whatever a panicking thread was about.
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
