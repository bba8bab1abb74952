//! The customers of the rows of a table, read chunk by chunk as they are needed.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use polars::prelude::StringChunked;

use super::row_map_chunk::{NO_ID, RowMapChunk};
use super::universe::CustomerIds;
use crate::backend::{BackendError, Cancel};
use crate::local::cache::CacheSlot;
use crate::local::cache_key::CacheKey;
use crate::local::chunk_reader::{ChunkReader, ReadableTable, table_and_id};
use crate::local::columns::Bitmap;
use crate::local::consistency::{checked_mut, inconsistent};
use crate::local::error::unreadable;
use crate::local::files::id_texts;
use crate::local::parallel::ROWS_BETWEEN_CHECKS;
use crate::local::values::is_blank;

/// Where the customers of the rows of a table are found. What was found before is in the cache folder, if there is one, so
/// that whoever was interrupted goes on where that was.
#[derive(Debug)]
pub(crate) struct CustomerChunks {
    activation_id: String,
    /// The key of the table.
    table: String,
    slot: Option<CacheSlot>,
    /// What its chunks are known by in memory.
    kind: Arc<str>,
    /// Those of an answer that is being worked out.
    ids: Mutex<Weak<CustomerIds>>,
    /// The chunks of which somebody has looked for some rows alone.
    read_alone: Mutex<HashSet<usize>>,
}

impl CustomerChunks {
    pub fn new(activation_id: &str, table: &str, slot: Option<CacheSlot>) -> Self {
        let kind = match &slot {
            Some(slot) => Arc::clone(slot.kind()),
            None => format!("customers of {table} by {activation_id}").into(),
        };
        let (activation_id, table) = (activation_id.to_owned(), table.to_owned());
        Self { activation_id, table, slot, kind, ids: Mutex::default(), read_alone: Mutex::default() }
    }

    /// Hands over the ids of all customers, which whoever needs chunks keeps meanwhile.
    pub fn lend(&self, ids: &Arc<CustomerIds>) {
        *self.ids.lock().unwrap_or_else(PoisonError::into_inner) = Arc::downgrade(ids);
    }

    /// Keeps a chunk that somebody else has read.
    pub fn put(&self, number: usize, chunk: RowMapChunk, reader: ChunkReader<'_>) {
        let key = CacheKey::RowMapChunk { slot: Arc::clone(&self.kind), number };
        let chunk = Arc::new(chunk);
        self.store(number, &chunk);
        reader.memory.put(key, chunk);
    }

    fn store(&self, number: usize, chunk: &Arc<RowMapChunk>) {
        if let Some(slot) = &self.slot {
            let chunk = Arc::clone(chunk);
            slot.store_part(number, move || chunk);
        }
    }

    /// The customers of the rows of a chunk, out of so many; at least those of the rows that are `wanted`.
    ///
    /// Of a database that is opened for the first time few rows are looked for alone, which is quicker for whoever waits.
    /// Who comes again finds all rows done, or does them.
    ///
    /// # Errors
    /// Cancelled; the table cannot be read; nobody keeps the ids of the customers.
    pub fn chunk(
        &self,
        number: usize,
        (universe_size, wanted): (usize, Option<&Bitmap>),
        reader: ChunkReader<'_>,
    ) -> Result<Arc<RowMapChunk>, BackendError> {
        let key = CacheKey::RowMapChunk { slot: Arc::clone(&self.kind), number };
        // Nobody waits for another here: a thread that does may be the one that the other waits for.
        if let Some(known) = reader.memory.get(&key) {
            return Ok(known);
        }
        let (table, column) = table_and_id(reader.tables, &self.table, &self.activation_id)?;
        let source = ReadableTable::new(table)?;
        let rows = reader.chunk_rows(source, number);
        let stored: Option<RowMapChunk> = self.slot.as_ref().and_then(|slot| slot.load_part(number));
        let chunk = match stored.filter(|chunk| chunk.rows() == rows && chunk.fits(universe_size)) {
            Some(stored) => Arc::new(stored),
            None => {
                let ids = self.ids(reader)?;
                let alone = wanted.filter(|wanted| is_few(wanted) && ids.are_new() && self.is_first(number));
                let read = Arc::new(read((source, column), number, (&ids, alone), reader)?);
                if alone.is_some() {
                    return Ok(read);
                }
                self.store(number, &read);
                read
            }
        };
        reader.memory.put(key, Arc::clone(&chunk));
        Ok(chunk)
    }

    fn ids(&self, reader: ChunkReader<'_>) -> Result<Arc<CustomerIds>, BackendError> {
        let ids = self.ids.lock().unwrap_or_else(PoisonError::into_inner).upgrade();
        ids.ok_or_else(|| match &self.slot {
            // All was there when the index was opened.
            Some(slot) => reader.disk_cache.report_miss(slot),
            None => inconsistent("the ids of the customers are gone"),
        })
    }

    /// Whether nobody has looked for some rows of the chunk alone before.
    fn is_first(&self, number: usize) -> bool {
        self.read_alone.lock().unwrap_or_else(PoisonError::into_inner).insert(number)
    }
}

/// Whether a part of the rows is so small that looking for it alone is quicker.
fn is_few(rows: &Bitmap) -> bool {
    rows.count_ones() <= rows.len() / 4
}

/// The customers of the rows of a chunk, or of some of them alone.
fn read(
    (source, column): (ReadableTable<'_>, &str),
    number: usize,
    (ids, alone): (&CustomerIds, Option<&Bitmap>),
    reader: ChunkReader<'_>,
) -> Result<RowMapChunk, BackendError> {
    let unreadable = unreadable(&source.table.name);
    let customers = Vec::with_capacity(reader.chunk_rows(source, number));
    let mut reading = Reading { ids, customers, unmatched: 0, cancel: reader.cancel };
    for frame in reader.frames(source, &[column], number) {
        let frame = frame?;
        let texts = id_texts(frame.column(column).map_err(&unreadable)?).map_err(&unreadable)?;
        match alone {
            Some(alone) => reading.add_some(&texts, alone)?,
            None => reading.add(&texts)?,
        }
    }
    Ok(RowMapChunk::from_ids(&reading.customers).with_unmatched(reading.unmatched))
}

/// The customers of the rows of a chunk so far.
struct Reading<'a> {
    ids: &'a CustomerIds,
    customers: Vec<u32>,
    /// How many rows have an id that is none of a customer's.
    unmatched: u32,
    cancel: &'a Cancel,
}

impl Reading<'_> {
    /// Adds the customers of the next rows by their ids.
    fn add(&mut self, texts: &StringChunked) -> Result<(), BackendError> {
        let (mut runs, mut numbers) = (Runs::default(), Vec::new());
        let has_nulls = texts.null_count() > 0;
        for array in texts.downcast_iter() {
            for first in (0..array.len()).step_by(ROWS_BETWEEN_CHECKS) {
                self.cancel.check()?;
                let range = first..array.len().min(first + ROWS_BETWEEN_CHECKS);
                let views = array.views().get(range.clone()).unwrap_or_default();
                // What stands in the place of a NULL, nobody knows.
                let is_null = |row: usize| has_nulls && array.get(row).is_none();
                let places = range.zip(views);
                let places = places.map(|(row, view)| (row, (!is_null(row)).then(|| view.as_u128())));
                runs.find(places, |row| array.get(row));
                numbers.clear();
                self.ids.find_all(&runs.ids, &mut numbers);
                for ((id, rows), customer) in runs.ids.iter().zip(&runs.rows).zip(&numbers) {
                    if customer.is_none() && !is_blank(id) {
                        self.unmatched += rows;
                    }
                    self.customers.extend(std::iter::repeat_n(customer.unwrap_or(NO_ID), *rows as usize));
                }
            }
        }
        Ok(())
    }

    /// Adds the customers of the next rows that are among some rows of the chunk.
    fn add_some(&mut self, texts: &StringChunked, some: &Bitmap) -> Result<(), BackendError> {
        let (mut rows, mut ids, mut numbers) = (Vec::new(), Vec::new(), Vec::new());
        for array in texts.downcast_iter() {
            self.cancel.check()?;
            let first = self.customers.len();
            self.customers.resize(first + array.len(), NO_ID);
            rows.clear();
            ids.clear();
            numbers.clear();
            for row in some.ones_within(first..first + array.len()) {
                if let Some(id) = array.get(row - first) {
                    rows.push(row);
                    ids.push(id);
                }
            }
            self.ids.find_all(&ids, &mut numbers);
            for (row, customer) in rows.iter().zip(&numbers) {
                let place = checked_mut(&mut self.customers, *row);
                place.into_iter().zip(*customer).for_each(|(place, customer)| *place = customer);
            }
        }
        Ok(())
    }
}

/// Ids, and how many rows after one another have each: rows of one customer often do, and are looked for once.
#[derive(Default)]
struct Runs<'a> {
    ids: Vec<&'a str>,
    rows: Vec<u32>,
}

impl<'a> Runs<'a> {
    /// `places` says of each row where its id is: one that is at another place, too, is looked for twice.
    fn find(
        &mut self,
        places: impl Iterator<Item = (usize, Option<u128>)>,
        id: impl Fn(usize) -> Option<&'a str>,
    ) {
        self.ids.clear();
        self.rows.clear();
        let mut before = None;
        for (row, place) in places {
            match self.rows.last_mut().filter(|_| before == Some(place)) {
                Some(rows) => *rows += 1,
                None => {
                    // As no id of a customer is blank, a row without one may have a blank one.
                    self.ids.push(id(row).unwrap_or_default());
                    self.rows.push(1);
                }
            }
            before = Some(place);
        }
    }
}
