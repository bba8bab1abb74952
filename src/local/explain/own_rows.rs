//! The rows of one customer in a table, as chunks of their own, which the same code tests as those of all customers.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::backend::BackendError;
use crate::database::Table;
use crate::local::cache_key::CacheKey;
use crate::local::chunk_reader::{ChunkReader, ReadableTable};
use crate::local::columns::{Chunk, encode};
use crate::local::consistency::{checked, inconsistent};
use crate::local::cut::rows::read;
use crate::local::error::unreadable;
use crate::local::index::customer_index::CustomerIndex;
use crate::local::members::text::exact_text;
use crate::local::memory::MemorySize;
use crate::local::parallel::parallel_map;
use crate::local::sets::insights::InsightTables as _;
use crate::local::view::View;

/// What is only shown of a few of more rows is not read of all.
const FEW: usize = 200;

/// Which rows of a table are of a customer, in order.
struct RowNumbers(Vec<u32>);

impl MemorySize for RowNumbers {
    fn memory_size(&self) -> usize {
        size_of_val(self.0.as_slice())
    }
}

/// The rows of one customer in a table.
pub(super) struct OwnRows<'a> {
    pub table: &'a Table,
    pub customer: u32,
    source: ReadableTable<'a>,
    reader: ChunkReader<'a>,
    id: &'a str,
    rows: Arc<RowNumbers>,
}

impl View<'_> {
    /// Those of a customer. They are looked for together with those of `all` customers that are asked about.
    pub(super) fn own_rows(
        &self,
        key: &str,
        customer: u32,
        all: &[u32],
    ) -> Result<OwnRows<'_>, BackendError> {
        let (table, index) = self.table_and_index(key)?;
        let (source, reader) = (ReadableTable::new(table)?, self.reader());
        let key = |customer| CacheKey::OwnRows {
            id: self.activation_id.to_owned(),
            table: key.to_owned(),
            customer,
        };
        let memory = &self.engine.memory;
        let rows = match memory.get::<RowNumbers>(&key(customer)) {
            Some(known) => known,
            None => {
                let is_wanted =
                    |other: &&u32| **other == customer || memory.get::<RowNumbers>(&key(**other)).is_none();
                let wanted: Vec<u32> = all.iter().filter(is_wanted).copied().collect();
                let mut own = None;
                for (found, rows) in wanted.iter().zip(self.find_rows(table, &index, &wanted)?) {
                    let rows = Arc::new(RowNumbers(rows));
                    own = if *found == customer { Some(Arc::clone(&rows)) } else { own };
                    memory.put(key(*found), rows);
                }
                own.ok_or_else(|| inconsistent("a customer was not looked for"))?
            }
        };
        Ok(OwnRows { table, customer, source, reader, id: self.activation_id, rows })
    }

    /// Goes through the index, unless the rows of all customers are known.
    fn find_rows(
        &self,
        table: &Table,
        index: &CustomerIndex,
        customers: &[u32],
    ) -> Result<Vec<Vec<u32>>, BackendError> {
        if let Some(known) = self.known_rows_by_customer(&table.key()) {
            return Ok(customers.iter().map(|of| known.rows(*of as usize).map(to_u32).collect()).collect());
        }
        let reader = self.reader();
        let found = parallel_map(index.customers.chunks(), self.cancel, |number| {
            let chunk = index.customers.chunk(number, reader)?;
            let first = reader.chunk_size.first_row(number);
            let rows = |customer: &u32| {
                let rows = chunk.rows_of(*customer as usize)?;
                Ok(rows.iter().flat_map(|rows| rows.iter_ones()).map(|row| to_u32(first + row)).collect())
            };
            customers.iter().map(rows).collect::<Result<Vec<Vec<u32>>, BackendError>>()
        })?;
        let mut all = vec![Vec::new(); customers.len()];
        for of_chunk in found {
            all.iter_mut().zip(of_chunk).for_each(|(all, rows)| all.extend(rows));
        }
        Ok(all)
    }
}

impl OwnRows<'_> {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.rows.0.len()
    }

    /// The number of one of them in the table.
    pub fn row(&self, at: usize) -> usize {
        checked(&self.rows.0, at) as usize
    }

    /// All of them: the chunk of the table and the row of that.
    pub fn places(&self) -> impl Iterator<Item = (usize, usize)> {
        self.rows.0.iter().map(|row| self.reader.chunk_size.split(*row as usize))
    }

    /// The values of some columns on all of them; kept from one answer to the next.
    pub fn columns(&self, names: &[&str]) -> Result<Vec<Arc<Chunk>>, BackendError> {
        let key = |name: &str| CacheKey::OwnColumn {
            id: self.id.to_owned(),
            table: self.table.key().into_owned(),
            column: name.to_owned(),
            customer: self.customer,
        };
        let memory = self.reader.memory;
        let mut known: BTreeMap<&str, Arc<Chunk>> = BTreeMap::new();
        let mut missing = Vec::new();
        for name in names {
            match memory.get(&key(name)) {
                Some(chunk) => drop(known.insert(name, chunk)),
                None if missing.contains(name) => {}
                None => missing.push(*name),
            }
        }
        let all: Vec<usize> = (0..self.len()).collect();
        for (name, chunk) in missing.iter().zip(self.read(&missing, &all)?) {
            let chunk = Arc::new(chunk);
            memory.put(key(name), Arc::clone(&chunk));
            known.insert(name, chunk);
        }
        let chunk = |name: &&str| known.get(name).cloned().ok_or_else(|| inconsistent("a column is missing"));
        names.iter().map(chunk).collect()
    }

    /// The values of a column on some of them, as texts.
    pub fn texts(&self, names: &[&str], at: &[usize]) -> Result<Vec<Vec<Option<String>>>, BackendError> {
        let text = |chunk: &Chunk, row: usize| (!chunk.is_null(row)).then(|| exact_text(chunk.value(row)));
        if self.len() <= FEW {
            let chunks = self.columns(names)?;
            return Ok(chunks.iter().map(|chunk| at.iter().map(|at| text(chunk, *at)).collect()).collect());
        }
        let chunks = self.read(names, at)?;
        Ok(chunks.iter().map(|chunk| (0..at.len()).map(|row| text(chunk, row)).collect()).collect())
    }

    /// Some of them, in ascending order.
    fn read(&self, names: &[&str], at: &[usize]) -> Result<Vec<Chunk>, BackendError> {
        if names.is_empty() {
            return Ok(Vec::new());
        }
        let rows: Vec<usize> = at.iter().map(|at| self.row(*at)).collect();
        let frame = read(self.source, names, &rows, self.reader)?;
        let chunk = |name: &&str| frame.column(name).and_then(encode).map_err(unreadable(&self.table.name));
        names.iter().map(chunk).collect()
    }
}

#[allow(clippy::cast_possible_truncation)] // no table has more rows than a u32 counts, which is checked
fn to_u32(row: usize) -> u32 {
    row as u32
}
