//! Reads the ids of all customers.

use std::sync::mpsc::sync_channel;

use polars::prelude::{DataFrame, StringChunked};

use super::row_map_chunk::NO_ID;
use crate::backend::{BackendError, Cancel};
use crate::database::{Database, Origin, Table};
use crate::local::chunk_reader::{ChunkReader, ReadableTable};
use crate::local::columns::{StringArray, StringIndex};
use crate::local::consistency::inconsistent;
use crate::local::error::unreadable;
use crate::local::files::id_texts;
use crate::local::parallel::ROWS_BETWEEN_CHECKS;
use crate::local::values::is_blank;

/// What was read.
pub(super) struct ReadIds<'a> {
    /// No two are the same.
    pub ids: StringArray,
    /// What finds them.
    pub index: StringIndex,
    /// Where they are all in one table, that, and for each of its rows the number of the customer, [`NO_ID`] for none.
    pub rows: Option<(&'a Table, Vec<u32>)>,
}

/// The distinct ids of the customers table, where that has the activation ID; otherwise those of all tables that have
/// it.
pub(super) fn read_ids<'a>(
    activation_id: &str,
    reader: ChunkReader<'a>,
) -> Result<ReadIds<'a>, BackendError> {
    let mut tables = Vec::new();
    for table in tables_with_customers(reader.database, activation_id) {
        if let Some(column) = table.id_column(activation_id) {
            tables.push((ReadableTable::new(table)?, column));
        }
    }
    let mut found = ReadIds { ids: StringArray::default(), index: StringIndex::default(), rows: None };
    if let [(only, _)] = tables.as_slice() {
        // Most rows are of another customer each.
        found.index.reserve(only.rows());
        found.rows = Some((only.table, Vec::with_capacity(only.rows())));
    }
    std::thread::scope(|scope| {
        // Ids are read while those before are numbered.
        let (send, receive) = sync_channel(1);
        let tables = &tables;
        scope.spawn(move || {
            for (source, column) in tables {
                let columns = [*column];
                for frame in
                    (0..reader.chunk_count(*source)).flat_map(|at| reader.frames(*source, &columns, at))
                {
                    let is_last = frame.is_err();
                    if send.send((source.table, *column, frame)).is_err() || is_last {
                        return;
                    }
                }
            }
        });
        for (table, column, frame) in receive {
            let frame: DataFrame = frame?;
            if (NO_ID as usize).saturating_sub(found.ids.len()) < frame.height() {
                return Err(inconsistent(format!("more than {NO_ID} ids are not counted")));
            }
            let unreadable = unreadable(&table.name);
            let texts = id_texts(frame.column(column).map_err(&unreadable)?).map_err(&unreadable)?;
            found.add(&texts, reader.cancel)?;
        }
        Ok(())
    })?;
    found.ids.shrink_to_fit();
    Ok(found)
}

impl ReadIds<'_> {
    fn add(&mut self, texts: &StringChunked, cancel: &Cancel) -> Result<(), BackendError> {
        let (mut some, mut numbers) = (Vec::with_capacity(ROWS_BETWEEN_CHECKS), Vec::new());
        let mut texts = texts.iter().peekable();
        while texts.peek().is_some() {
            cancel.check()?;
            some.clear();
            some.extend(texts.by_ref().take(ROWS_BETWEEN_CHECKS).map(|id| id.filter(|id| !is_blank(id))));
            let filled: Vec<&str> = some.iter().flatten().copied().collect();
            numbers.clear();
            self.index.add_all(&mut self.ids, &filled, &mut numbers);
            if let Some((_, rows)) = &mut self.rows {
                self.ids.reserve(rows.capacity());
                let mut numbers = numbers.iter();
                let number = |id: &Option<&str>| id.and_then(|_| numbers.next().copied()).unwrap_or(NO_ID);
                rows.extend(some.iter().map(number));
            }
        }
        Ok(())
    }
}

/// The tables whose ids make up the universe.
fn tables_with_customers<'a>(database: &'a Database, activation_id: &str) -> Vec<&'a Table> {
    let customers = database.roles.customers.as_deref().and_then(|name| database.table(name));
    match customers.filter(|table| table.id_column(activation_id).is_some()) {
        Some(customers) => vec![customers],
        None => {
            let is_one =
                |table: &&Table| table.origin == Origin::Database && table.id_column(activation_id).is_some();
            database.tables.iter().filter(is_one).collect()
        }
    }
}
