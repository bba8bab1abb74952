//! The customer of each row of a table.

use std::sync::{Arc, OnceLock};

use super::customer_chunks::CustomerChunks;
use super::row_map::RowMap;
use super::universe::CustomerIds;
use crate::backend::{BackendError, TableCounts};
use crate::local::cache::CacheSlot;
use crate::local::chunk_reader::ChunkReader;
use crate::local::columns::Bitmap;
use crate::local::memory::MemorySize;
use crate::local::parallel::parallel_fold;
use crate::local::sets::customer_set::{CustomerSet, count, union};

/// The customer of each row of a table. The rows of a chunk are read once somebody needs them.
#[derive(Debug)]
pub(crate) struct CustomerIndex {
    pub customers: RowMap,
    slot: Option<CacheSlot>,
    /// Whether all of it was in the cache folder at first.
    is_whole: bool,
    counts: OnceLock<TableCounts>,
}

impl CustomerIndex {
    /// That of a table by its key, for so many customers in so many chunks.
    pub fn new(
        (activation_id, table): (&str, &str),
        (universe_size, chunks): (usize, usize),
        slot: Option<CacheSlot>,
    ) -> Self {
        let counts: Option<TableCounts> = slot.as_ref().and_then(CacheSlot::load);
        let counts = counts.map(OnceLock::from).unwrap_or_default();
        let is_whole = slot.as_ref().is_some_and(|slot| (0..chunks).all(|number| slot.has_part(number)));
        let source = CustomerChunks::new(activation_id, table, slot.clone());
        Self { customers: RowMap::read_as_needed(source, chunks, universe_size), slot, is_whole, counts }
    }

    /// Whether nobody needs ids to find customers: all of them are in the cache folder. What is damaged there is missed
    /// by who needs it, and then it is not.
    pub fn is_whole(&self) -> bool {
        self.is_whole
    }

    /// Hands over the ids of all customers, which whoever asks of the customers of rows keeps meanwhile.
    pub fn lend(&self, ids: &Arc<CustomerIds>) {
        if let Some(source) = self.customers.source() {
            source.lend(ids);
        }
    }

    /// What the table holds, for which all of it is read.
    ///
    /// # Errors
    /// Cancelled; the table cannot be read.
    pub fn counts(&self, reader: ChunkReader<'_>) -> Result<TableCounts, BackendError> {
        if let Some(known) = self.counts.get() {
            return Ok(*known);
        }
        let none =
            || Counted { seen: CustomerSet::with_capacity(self.customers.ids()), ..Counted::default() };
        let found = parallel_fold(self.customers.chunks(), reader.cancel, none, |counted, number| {
            let chunk = self.customers.chunk(number, reader)?;
            chunk.add_to(&Bitmap::ones(chunk.rows()), &mut counted.seen)?;
            counted.rows += chunk.rows() as u64;
            counted.matched += chunk.rows_with_id() as u64;
            counted.orphan_rows += u64::from(chunk.unmatched());
            Ok(())
        })?;
        let Counted { seen, rows, matched, orphan_rows } =
            found.into_iter().reduce(Counted::merge).unwrap_or_else(none);
        let customers = count(&seen);
        let counts = TableCounts { rows, customers, orphan_rows, is_multi_row: matched > customers };
        if let Some(slot) = &self.slot {
            slot.store(counts);
        }
        // Somebody else may have been quicker with the same.
        Ok(*self.counts.get_or_init(|| counts))
    }
}

/// What one core has counted.
#[derive(Default)]
struct Counted {
    seen: CustomerSet,
    rows: u64,
    matched: u64,
    orphan_rows: u64,
}

impl Counted {
    fn merge(self, other: Self) -> Self {
        Self {
            seen: union(self.seen, &other.seen),
            rows: self.rows + other.rows,
            matched: self.matched + other.matched,
            orphan_rows: self.orphan_rows + other.orphan_rows,
        }
    }
}

impl MemorySize for CustomerIndex {
    fn memory_size(&self) -> usize {
        self.customers.memory_size() + size_of::<Self>()
    }
}
