//! Reads the columns of tables chunk by chunk: from memory, from the cache folder, or else from their files.

use std::sync::Arc;

use polars::prelude::{DataFrame, IdxSize};

use super::cache::DiskCache;
use super::cache_key::CacheKey;
use super::columns::{Chunk, ChunkSize, encode};
use super::consistency::{check_length, inconsistent};
use super::memory::{MemoryCache, MemorySize};
use super::parallel::{parallel_fold, parallel_map};
use crate::backend::{BackendError, Cancel};
use crate::database::{Database, Table};
use crate::diagnostic::Diagnostic;
use crate::local::error::unreadable;
use crate::local::files::LocalDatabase;

impl MemorySize for Chunk {
    fn memory_size(&self) -> usize {
        Chunk::memory_size(self)
    }
}

/// What reading takes: where chunks are kept, how long they are, and until when they are wanted.
#[derive(Clone, Copy)]
pub(crate) struct ChunkReader<'a> {
    pub memory: &'a MemoryCache,
    pub disk_cache: &'a DiskCache,
    /// The engine's own, on which depends what is stored.
    pub database: &'a LocalDatabase,
    /// The database of this one answer: the engine's own, and the workspace's tables.
    pub tables: &'a LocalDatabase,
    pub chunk_size: ChunkSize,
    pub cancel: &'a Cancel,
}

/// A table whose rows can be read.
#[derive(Clone, Copy)]
pub(crate) struct ReadableTable<'a> {
    pub table: &'a Table,
    rows: u64,
}

impl<'a> ReadableTable<'a> {
    /// # Errors
    /// Its file cannot be read; it is a query that has not run; it has more rows than are counted.
    pub fn new(table: &'a Table) -> Result<Self, BackendError> {
        let failed = |error: &dyn ToString| BackendError::Unreadable {
            table: table.name.clone(),
            message: error.to_string(),
            help: None,
        };
        let content = table.content.as_ref().map_err(|error| failed(error))?;
        match content.rows {
            // Rows, and what is numbered by rows, are counted in 32 bits everywhere.
            Some(rows) if rows < u64::from(IdxSize::MAX) => Ok(Self { table, rows }),
            Some(rows) => Err(failed(&format!("{rows} rows are more than can be read"))),
            None => Err(failed(&"its query has not run")),
        }
    }

    /// How many rows it has.
    #[allow(clippy::cast_possible_truncation)] // fewer than a u32 counts
    pub fn rows(&self) -> usize {
        self.rows as usize
    }
}

impl ChunkReader<'_> {
    /// Goes through some columns of a table with all cores: each takes the next chunk and adds it to a
    /// result of its own, made by `new`. Returns all the results; which chunks went into which is left to
    /// chance. `add` is handed the number of a chunk, and of each column that chunk.
    pub fn fold<A: Send, const N: usize>(
        &self,
        table: ReadableTable<'_>,
        columns: [&str; N],
        new: impl Fn() -> A + Sync,
        add: impl Fn(&mut A, usize, [Arc<Chunk>; N]) -> Result<(), BackendError> + Sync,
    ) -> Result<Vec<A>, BackendError> {
        parallel_fold(self.chunk_count(table), self.cancel, new, |result, number| {
            let chunks = self.columns(table, &columns, number)?.try_into();
            add(result, number, chunks.map_err(|_| inconsistent("a column has no chunk"))?)
        })
    }

    /// The same for any number of columns.
    pub(crate) fn fold_columns<A: Send>(
        &self,
        table: ReadableTable<'_>,
        columns: &[&str],
        new: impl Fn() -> A + Sync,
        add: impl Fn(&mut A, usize, &[Arc<Chunk>]) -> Result<(), BackendError> + Sync,
    ) -> Result<Vec<A>, BackendError> {
        parallel_fold(self.chunk_count(table), self.cancel, new, |result, number| {
            add(result, number, &self.columns(table, columns, number)?)
        })
    }

    pub fn column(&self, table: ReadableTable<'_>, column: &str) -> Result<Vec<Arc<Chunk>>, BackendError> {
        parallel_map(self.chunk_count(table), self.cancel, |number| self.chunk(table, column, number))
    }

    /// One after the other, so that the work can stop between them, and each only once.
    fn columns(
        &self,
        table: ReadableTable<'_>,
        columns: &[&str],
        number: usize,
    ) -> Result<Vec<Arc<Chunk>>, BackendError> {
        let mut chunks: Vec<Arc<Chunk>> = Vec::with_capacity(columns.len());
        for column in columns {
            let known = columns.iter().position(|known| known == column).and_then(|at| chunks.get(at));
            let chunk = known.cloned();
            chunks.push(match chunk {
                Some(chunk) => chunk,
                None => self.chunk(table, column, number)?,
            });
        }
        Ok(chunks)
    }

    /// A chunk of a column: from memory, from the cache folder, or else from its file.
    pub fn chunk(
        &self,
        table: ReadableTable<'_>,
        column: &str,
        number: usize,
    ) -> Result<Arc<Chunk>, BackendError> {
        self.find_chunk(table, column, number, true)
    }

    /// The same for whoever goes through a whole table once: what is not at hand is not kept, so that nothing has
    /// to make room for it.
    pub(crate) fn passing_chunk(
        &self,
        table: ReadableTable<'_>,
        column: &str,
        number: usize,
    ) -> Result<Arc<Chunk>, BackendError> {
        self.find_chunk(table, column, number, false)
    }

    /// A chunk of a column, if it is in memory.
    pub(crate) fn known_chunk(
        &self,
        table: ReadableTable<'_>,
        column: &str,
        number: usize,
    ) -> Option<Arc<Chunk>> {
        self.memory.get(&chunk_key(table, column, number))
    }

    fn find_chunk(
        &self,
        table: ReadableTable<'_>,
        column: &str,
        number: usize,
        is_kept: bool,
    ) -> Result<Arc<Chunk>, BackendError> {
        let key = chunk_key(table, column, number);
        if let Some(known) = self.memory.get(&key) {
            return Ok(known);
        }
        self.cancel.check()?;
        let slot = self.disk_cache.column(self.database, table.table, column, self.chunk_size);
        let wanted = self.chunk_rows(table, number);
        let on_disk = slot.as_ref().and_then(|slot| slot.load_part(number));
        let chunk = match on_disk.filter(|chunk: &Chunk| chunk.rows() == wanted) {
            Some(chunk) => Arc::new(chunk),
            None => {
                let first = self.chunk_size.first_row(number);
                let frame = frame(self.tables, table, &[column], first, wanted)?;
                let encoded = frame.column(column).and_then(encode);
                let chunk = Arc::new(encoded.map_err(unreadable(&table.table.name))?);
                check_length("rows of a column", chunk.rows(), wanted)?;
                if let Some(slot) = slot.filter(|_| is_kept) {
                    let chunk = Arc::clone(&chunk);
                    slot.store_part(number, move || chunk);
                }
                chunk
            }
        };
        if is_kept {
            self.memory.put(key, Arc::clone(&chunk));
        }
        Ok(chunk)
    }

    /// So many rows from a row on, as they stand in the file.
    pub(crate) fn rows(
        &self,
        table: ReadableTable<'_>,
        columns: &[&str],
        first: usize,
        count: usize,
    ) -> Result<DataFrame, BackendError> {
        frame(self.tables, table, columns, first, count)
    }

    /// Of how many chunks a table consists.
    pub(crate) fn chunk_count(&self, table: ReadableTable<'_>) -> usize {
        self.chunk_size.chunks(table.rows)
    }

    /// How many rows a chunk has.
    #[allow(clippy::cast_possible_truncation)] // no more than a chunk has
    pub(crate) fn chunk_rows(&self, table: ReadableTable<'_>, number: usize) -> usize {
        let first = self.chunk_size.first_row(number) as u64;
        // After the last row there is no chunk.
        (self.chunk_size.rows() as u64).min(table.rows.saturating_sub(first)) as usize
    }

    /// Some columns of a chunk as they stand in the file. Texts take much memory before they are keys or
    /// numbers: where there is little, a part of the rows after the other, which takes longer.
    pub(crate) fn frames(
        &self,
        table: ReadableTable<'_>,
        columns: &[&str],
        number: usize,
    ) -> impl Iterator<Item = Result<DataFrame, BackendError>> {
        const LITTLE: usize = 3 << 30;
        let at_a_time = if self.memory.budget() < LITTLE { 1 << 17 } else { usize::MAX };
        let (first, wanted) = (self.chunk_size.first_row(number), self.chunk_rows(table, number));
        (0..wanted.div_ceil(at_a_time)).map(move |at| {
            self.cancel.check()?;
            let start = at * at_a_time;
            frame(self.tables, table, columns, first + start, (wanted - start).min(at_a_time))
        })
    }
}

fn chunk_key(table: ReadableTable<'_>, column: &str, number: usize) -> CacheKey {
    CacheKey::Chunk { table: table.table.key().into_owned(), column: column.to_owned(), number }
}

/// So many rows from a row on.
fn frame(
    database: &LocalDatabase,
    table: ReadableTable<'_>,
    columns: &[&str],
    first: usize,
    wanted: usize,
) -> Result<DataFrame, BackendError> {
    let name = &table.table.name;
    let failed = |message: &str| BackendError::Unreadable {
        table: name.clone(),
        message: message.to_owned(),
        help: None,
    };
    let frame = database.read_rows(table.table, columns, first, wanted).map_err(unreadable(name))?;
    if frame.height() == wanted {
        return Ok(frame);
    }
    Err(failed("it has changed since it was opened; open the database again"))
}

/// A readable table of a database and its column that holds the activation ID.
pub(crate) fn table_and_id<'a>(
    database: &'a Database,
    key: &str,
    activation_id: &str,
) -> Result<(&'a Table, &'a str), BackendError> {
    let missing =
        |message: String, help: &str| BackendError::Missing(Diagnostic::new(message).with_help(help));
    let table = database
        .table_by_key(key)
        .ok_or_else(|| missing(format!("there is no table {key:?}"), "choose another table"))?;
    let name = &table.name;
    if let Err(error) = &table.content {
        return Err(missing(format!("table {name:?} cannot be used: {error}"), error.help_text()));
    }
    let id = table.id_column(activation_id).ok_or_else(|| {
        missing(format!("table {name:?} has no column {activation_id:?}"), "choose another activation ID")
    })?;
    Ok((table, id))
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use crate::database::Roles;

    /// Reads in chunks of so many rows, from no database.
    pub fn with_chunk_rows<T>(rows: usize, read: impl FnOnce(ChunkReader<'_>) -> T) -> T {
        let database = Database {
            folder: "none".into(),
            name: "none".to_owned(),
            as_of: None,
            currency: "USD".to_owned(),
            default_id: "id".to_owned(),
            ids: Vec::new(),
            tables: Vec::new(),
            roles: Roles::default(),
            notes: Vec::new(),
        };
        let database = LocalDatabase::new(database, Vec::new());
        read(ChunkReader {
            memory: &MemoryCache::new(1 << 20),
            disk_cache: &DiskCache::default(),
            database: &database,
            tables: &database,
            chunk_size: ChunkSize::from_rows(rows),
            cancel: &Cancel::default(),
        })
    }
}
