//! What a table and its columns hold.

mod column;
mod customers;
mod frequent;
mod histogram;
mod key_counts;
mod plain;
mod sample;
mod stored;
mod table;
mod tally;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rayon::{ThreadPool, ThreadPoolBuilder};

use column::ColumnSource;
use stored::{StoredColumn, StoredTable};
use table::TableFiles;

use super::super::query_scope::key;
use crate::backend::{
    BackendError, ColumnProfile, ProfileTable, Progress, SampleRows, SampledRows, TableProfile, Task,
};
use crate::database::{Column, Table, did_you_mean};
use crate::diagnostic::Diagnostic;
use crate::local::cache::CacheSlot;
use crate::local::cache_key::CacheKey;
use crate::local::chunk_reader::{ChunkReader, ReadableTable};
use crate::local::engine::Engine;
use crate::local::files::LocalDatabase;
use crate::local::index::customer_index::CustomerIndex;
use crate::local::parallel::parallel_map;
use crate::local::view::View;

/// More columns are not looked into at the same time: each takes memory.
const MOST_AT_ONCE: usize = 4;

impl Engine {
    /// What a table and some of its columns hold. It has few threads of its own, so that answers that are wanted
    /// meanwhile get theirs, and keeps no rows in memory that nobody has asked for.
    ///
    /// # Errors
    /// As of every question; there is no such table or column.
    pub(crate) fn profile_table(
        &self,
        question: &ProfileTable,
        task: Task<'_>,
    ) -> Result<TableProfile, BackendError> {
        let threads = threads();
        let profile = || self.answer(|| self.profile(question, task));
        match threads {
            Some(threads) => threads.install(profile),
            // The system has none left; then it takes part in those of all.
            None => profile(),
        }
    }

    /// Some rows of a table.
    ///
    /// # Errors
    /// As of every question; there is no such table.
    pub(crate) fn sample_rows(
        &self,
        question: &SampleRows,
        task: Task<'_>,
    ) -> Result<SampledRows, BackendError> {
        let threads = threads();
        let sample = || {
            self.answer(|| {
                let name = &question.table;
                let scope = self.tables_with(name, question.as_of);
                find(&scope.database, name)?;
                let database = scope.reading(task.cancel).table(name)?.database();
                let reader = ChunkReader { tables: &database, ..self.chunk_reader(task.cancel) };
                sample::sample(find(&database, name)?, question, reader)
            })
        };
        match threads {
            Some(threads) => threads.install(sample),
            None => sample(),
        }
    }

    fn profile(&self, question: &ProfileTable, task: Task<'_>) -> Result<TableProfile, BackendError> {
        let name = &question.table;
        let scope = self.tables_with(name, question.as_of);
        find(&scope.database, name)?;
        let database = scope.reading(task.cancel).table(name)?.database();
        let table = find(&database, name)?;
        let columns = wanted_columns(table, question.columns.as_deref())?;
        let view = table
            .id_column(&question.activation_id)
            .map(|_| self.view(Arc::clone(&database), &question.activation_id, task.cancel));
        let view = view.transpose()?;
        let index =
            view.as_ref().map(|view| Ok::<_, BackendError>(view.table_and_index(&key(&database, name))?.1));
        let index = index.transpose()?;
        let profiler = Profiler {
            engine: self,
            database: &database,
            table,
            question,
            view: view.as_ref().zip(index.as_deref()),
            task,
        };
        let found = profiler.table()?;
        let profile = profiler.columns(&columns)?;
        let content = table.content.as_ref().ok();
        let files = content.map(|content| content.files.as_slice()).unwrap_or_default();
        let files = TableFiles::look(files, &database.folder, task.cancel)?;
        let ids = found.ids;
        Ok(TableProfile {
            name: table.name.clone(),
            rows: profiler.rows(),
            columns: table.columns().count(),
            customers: ids.map(|ids| ids.customers),
            rows_without_id: ids.map(|ids| ids.rows_without_id),
            orphan_rows: ids.map(|ids| ids.orphan_rows),
            most_rows: ids.map(|ids| ids.most_rows),
            files: files.names,
            bytes: files.bytes,
            modified: files.modified,
            newest_day: found.newest_day,
            would_match: found.would_match.clone().map(|(message, help)| Diagnostic {
                message,
                help,
                place: None,
            }),
            profile,
        })
    }
}

/// Threads of its own: a core is left to whoever asks for numbers meanwhile.
fn threads() -> Option<ThreadPool> {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let threads = cores.saturating_sub(1).clamp(1, MOST_AT_ONCE);
    ThreadPoolBuilder::new().num_threads(threads).build().ok()
}

/// A table of a database.
fn find<'a>(database: &'a LocalDatabase, name: &str) -> Result<&'a Table, BackendError> {
    database.table(name).ok_or_else(|| {
        let near = did_you_mean(name, database.tables.iter().map(|table| table.name.as_str()));
        missing(format!("there is no table {name:?}"), near, "choose another table")
    })
}

/// The columns that are wanted, in the order of the table.
fn wanted_columns<'a>(table: &'a Table, names: Option<&[String]>) -> Result<Vec<&'a Column>, BackendError> {
    let Some(names) = names else { return Ok(table.columns().collect()) };
    if let Some(name) = names.iter().find(|name| table.column(name).is_none())
        && table.content.is_ok()
    {
        let near = did_you_mean(name, table.columns().map(|column| column.name.as_str()));
        let message = format!("table {:?} has no column {name:?}", table.name);
        return Err(missing(message, near, "choose another column"));
    }
    Ok(table.columns().filter(|column| names.contains(&column.name)).collect())
}

fn missing(message: String, near: Option<String>, otherwise: &str) -> BackendError {
    let help = near.unwrap_or_else(|| otherwise.to_owned());
    BackendError::Missing(Diagnostic::new(message).with_help(help))
}

/// Looks into one table.
struct Profiler<'a> {
    engine: &'a Engine,
    database: &'a LocalDatabase,
    table: &'a Table,
    question: &'a ProfileTable,
    /// Where the table has the activation ID.
    view: Option<(&'a View<'a>, &'a CustomerIndex)>,
    task: Task<'a>,
}

impl Profiler<'_> {
    fn reader(&self) -> ChunkReader<'_> {
        ChunkReader { tables: self.database, ..self.engine.chunk_reader(self.task.cancel) }
    }

    fn rows(&self) -> u64 {
        self.table.content.as_ref().ok().and_then(|content| content.rows).unwrap_or(0)
    }

    fn table(&self) -> Result<Arc<StoredTable>, BackendError> {
        let ProfileTable { activation_id, .. } = self.question;
        let key = CacheKey::TableProfile { id: activation_id.clone(), table: self.table.key().into_owned() };
        self.engine.memory.get_or_make(key, self.task.cancel, || {
            let slot = self.slot(None);
            if let Some(known) = slot.as_ref().and_then(CacheSlot::load) {
                return Ok(known);
            }
            let found = table::look_into(self.table, self.view, self.reader())?;
            slot.iter().for_each(|slot| slot.store(found.clone()));
            Ok(found)
        })
    }

    /// Where the profile of the table, or of a column, is kept from run to run.
    fn slot(&self, column: Option<&str>) -> Option<CacheSlot> {
        let engine = self.engine;
        engine.disk_cache.profile(&engine.database, self.table, column, &self.question.activation_id)
    }

    fn columns(&self, columns: &[&Column]) -> Result<Vec<ColumnProfile>, BackendError> {
        let (read, told) = (AtomicU64::new(0), AtomicU64::new(0));
        let total = self.rows().saturating_mul(columns.len() as u64);
        let tell = |rows: u64| {
            let done = read.fetch_add(rows, Ordering::Relaxed) + rows;
            let progress = Progress { table: &self.table.name, done, total };
            // Nobody wants to hear the same twice.
            if told.fetch_max(progress.percent(), Ordering::Relaxed) < progress.percent() {
                (self.task.progress)(progress);
            }
        };
        let at_once = rayon::current_num_threads().min(columns.len()).max(1);
        parallel_map(columns.len(), self.task.cancel, |number| {
            let column = *columns.get(number).ok_or(BackendError::Cancelled)?;
            let (known, is_new) = self.column(column, at_once, &tell)?;
            if !is_new {
                tell(self.rows());
            }
            Ok(known.profile(column, self.rows(), self.question.top))
        })
    }

    /// What a column holds, and whether that had to be worked out.
    fn column(
        &self,
        column: &Column,
        at_once: usize,
        tell: &dyn Fn(u64),
    ) -> Result<(Arc<StoredColumn>, bool), BackendError> {
        let ProfileTable { activation_id, top, .. } = self.question;
        let key = CacheKey::ColumnProfile {
            id: activation_id.clone(),
            table: self.table.key().into_owned(),
            column: column.name.clone(),
            top: *top,
        };
        let mut is_new = false;
        let found = self.engine.memory.get_or_make(key, self.task.cancel, || {
            let slot = self.slot(Some(&column.name));
            let known: Option<(usize, StoredColumn)> = slot.as_ref().and_then(CacheSlot::load);
            if let Some((_, known)) = known.filter(|(of, known)| of >= top || known.top.len() < *of) {
                return Ok(known);
            }
            is_new = true;
            let source = ColumnSource {
                table: ReadableTable::new(self.table)?,
                column: &column.name,
                customers: self.view.map(|(view, index)| (index, view.size())),
                reader: self.reader(),
                at_once,
            };
            let found = column::look_into(&source, *top, tell)?;
            slot.iter().for_each(|slot| slot.store((*top, found.clone())));
            Ok(found)
        })?;
        Ok((found, is_new))
    }
}
