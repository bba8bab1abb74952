//! Columns of a table piece by piece, read and encoded unless they are still kept.

use std::sync::Arc;

use polars::prelude::{DataFrame, col};

use super::cache::DiskCache;
use super::columns::{Chunk, ChunkSize, encode};
use super::condition::value_ids::ValueIds;
use super::memory::{CacheKey, MemoryCache, MemorySize};
use super::parallel::{parallel_fold, parallel_map};
use crate::backend::{BackendError, Cancel};
use crate::database::{Content, Database, Table};
use crate::local::error::unreadable;
use crate::local::files::LocalDatabase;

impl MemorySize for Chunk {
    fn memory_size(&self) -> usize {
        Chunk::memory_size(self)
    }
}

/// What reading takes: where pieces are kept, how long they are, and until when they are wanted.
#[derive(Clone, Copy)]
pub struct ChunkReader<'a> {
    pub memory: &'a MemoryCache,
    pub disk_cache: &'a DiskCache,
    /// The engine's own, on which depends what is stored.
    pub database: &'a LocalDatabase,
    /// The database of this one answer: the engine's own, and the workspace's tables.
    pub tables: &'a LocalDatabase,
    pub size: ChunkSize,
    pub cancel: &'a Cancel,
}

impl ChunkReader<'_> {
    /// Goes through some columns of a table with all cores: each takes the next piece and adds it to a
    /// result of its own, made by `new`. Returns all the results; which pieces went into which is left to
    /// chance.
    pub fn fold<A: Send>(
        &self,
        table: &Table,
        columns: &[&str],
        new: impl Fn() -> A + Sync,
        add: impl Fn(&mut A, usize, &[Arc<Chunk>]) -> Result<(), BackendError> + Sync,
    ) -> Result<Vec<A>, BackendError> {
        let content = content(table)?;
        let names = ColumnSelection::of(columns);
        parallel_fold(self.of(content), self.cancel, new, |result, number| {
            add(result, number, &names.asked(&self.read(table, content, &names, number)?))
        })
    }

    /// What is made of each piece of some columns, in the order of the pieces.
    pub fn map<T: Send>(
        &self,
        table: &Table,
        columns: &[&str],
        make: impl Fn(usize, &[Arc<Chunk>]) -> Result<T, BackendError> + Sync,
    ) -> Result<Vec<T>, BackendError> {
        let content = content(table)?;
        let names = ColumnSelection::of(columns);
        parallel_map(self.of(content), self.cancel, |number| {
            make(number, &names.asked(&self.read(table, content, &names, number)?))
        })
    }

    /// All pieces of a column.
    pub fn all(&self, table: &Table, column: &str) -> Result<Vec<Arc<Chunk>>, BackendError> {
        let pieces = self.map(table, &[column], |_, pieces| Ok(pieces.first().cloned()))?;
        Ok(pieces.into_iter().flatten().collect())
    }

    /// The values of a column numbered without gaps.
    pub fn dense(&self, table: &Table, column: &str) -> Result<Arc<ValueIds>, BackendError> {
        let key = CacheKey::ValueIds { table: table.key().into_owned(), column: column.to_owned() };
        self.memory
            .get_or_make(key, self.cancel, || ValueIds::of(&self.all(table, column)?, self.size, self.cancel))
    }

    fn read(
        &self,
        table: &Table,
        content: &Content,
        names: &ColumnSelection<'_>,
        number: usize,
    ) -> Result<Vec<Arc<Chunk>>, BackendError> {
        // One after the other, so that the work can stop between them.
        names.different.iter().map(|column| self.piece(table, content, column, number)).collect()
    }

    /// A piece of a column: from memory, from the cache folder, or else from its file.
    pub fn piece(
        &self,
        table: &Table,
        content: &Content,
        column: &str,
        number: usize,
    ) -> Result<Arc<Chunk>, BackendError> {
        let key = CacheKey::Chunk { table: table.key().into_owned(), column: column.to_owned(), number };
        if let Some(known) = self.memory.get(&key) {
            return Ok(known);
        }
        self.cancel.check()?;
        let slot = self.disk_cache.column(self.database, table, column, self.size);
        let wanted = self.rows_of(content, number);
        let stored = slot.as_ref().and_then(|slot| slot.load_part(number));
        let piece = match stored.filter(|piece: &Chunk| piece.rows() as u64 == wanted) {
            Some(piece) => Arc::new(piece),
            None => {
                let frame = self.frame(table, content, &[column], number)?;
                let encoded = frame.column(column).and_then(encode);
                let piece = Arc::new(encoded.map_err(unreadable(&table.name))?);
                if let Some(slot) = slot {
                    let piece = Arc::clone(&piece);
                    slot.store_part(number, move || piece);
                }
                piece
            }
        };
        self.memory.put(key, Arc::clone(&piece));
        Ok(piece)
    }

    /// Of how many pieces a table consists.
    pub fn of(&self, content: &Content) -> usize {
        self.size.pieces(content.rows.unwrap_or(0))
    }

    /// How many rows a piece has.
    pub fn rows_of(&self, content: &Content, number: usize) -> u64 {
        let first = self.size.first(number) as u64;
        (self.size.rows() as u64).min(content.rows.unwrap_or(0).saturating_sub(first))
    }

    /// Some columns of a piece as they stand in the file. StringArray take much memory before they are codes or
    /// numbers: where there is little, a part of the rows after the other, which takes longer.
    pub fn frames(
        &self,
        table: &Table,
        content: &Content,
        columns: &[&str],
        number: usize,
    ) -> impl Iterator<Item = Result<DataFrame, BackendError>> {
        const LITTLE: usize = 1 << 30;
        let at_a_time = if self.memory.budget() < LITTLE { 1 << 17 } else { u64::MAX };
        let (first, wanted) = (self.size.first(number) as u64, self.rows_of(content, number));
        (0..wanted.div_ceil(at_a_time)).map(move |at| {
            self.cancel.check()?;
            let start = at * at_a_time;
            frame(self.tables, table, columns, (first + start, (wanted - start).min(at_a_time)))
        })
    }

    /// Some columns of a piece as they stand in the file.
    fn frame(
        &self,
        table: &Table,
        content: &Content,
        columns: &[&str],
        number: usize,
    ) -> Result<DataFrame, BackendError> {
        frame(self.tables, table, columns, (self.size.first(number) as u64, self.rows_of(content, number)))
    }
}

/// So many rows from a row on.
fn frame(
    database: &LocalDatabase,
    table: &Table,
    columns: &[&str],
    (first, wanted): (u64, u64),
) -> Result<DataFrame, BackendError> {
    let selected: Vec<_> = columns.iter().map(|column| col(*column)).collect();
    let whole = database.frame(table).map_err(unreadable(&table.name))?;
    let slice = whole.clone().select(selected).slice(
        i64::try_from(first).unwrap_or(i64::MAX),
        polars::prelude::IdxSize::try_from(wanted).unwrap_or(polars::prelude::IdxSize::MAX),
    );
    let frame = slice.collect().map_err(unreadable(&table.name))?;
    if frame.height() as u64 == wanted {
        return Ok(frame);
    }
    Err(BackendError::Unreadable {
        table: table.name.clone(),
        message: "it has changed since it was opened; open the database again".to_owned(),
    })
}

/// Columns that are asked for, some of them perhaps twice.
struct ColumnSelection<'a> {
    different: Vec<&'a str>,
    /// For each that is asked for, where it stands in `different`.
    asked: Vec<usize>,
}

impl<'a> ColumnSelection<'a> {
    fn of(columns: &[&'a str]) -> Self {
        let mut different = columns.to_vec();
        different.sort_unstable();
        different.dedup();
        let asked = columns.iter().filter_map(|column| different.binary_search(column).ok()).collect();
        Self { different, asked }
    }

    /// One piece for each column that is asked for.
    fn asked(&self, different: &[Arc<Chunk>]) -> Vec<Arc<Chunk>> {
        self.asked.iter().filter_map(|at| different.get(*at).cloned()).collect()
    }
}

/// The content of a table that can be read; of a query, once it has run.
pub fn content(table: &Table) -> Result<&Content, BackendError> {
    let unreadable = |error: &dyn ToString| BackendError::Unreadable {
        table: table.name.clone(),
        message: error.to_string(),
    };
    let content = table.content.as_ref().map_err(|error| unreadable(error))?;
    match content.rows {
        Some(_) => Ok(content),
        None => Err(unreadable(&"its query has not run")),
    }
}

/// A readable table of a database and its column that holds the activation ID.
pub fn table_and_id<'a>(
    database: &'a Database,
    key: &str,
    activation_id: &str,
) -> Result<(&'a Table, &'a str), BackendError> {
    let missing = |message: String, help: &str| BackendError::Missing { message, help: help.to_owned() };
    let table = database
        .table_by_key(key)
        .ok_or_else(|| missing(format!("there is no table {key:?}"), "choose another table"))?;
    let name = &table.name;
    if let Err(error) = &table.content {
        return Err(missing(format!("table {name:?} cannot be used: {error}"), &error.help));
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

    /// Reads in pieces of so many rows, from no database.
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
        };
        let database = LocalDatabase::new(database, Vec::new());
        read(ChunkReader {
            memory: &MemoryCache::new(1 << 20),
            disk_cache: &DiskCache::default(),
            database: &database,
            tables: &database,
            size: ChunkSize::of(rows),
            cancel: &Cancel::default(),
        })
    }
}
