//! The customer of each row of a table.

use serde::{Deserialize, Serialize};

use super::row_map::{RowMap, RowMapWriter, WrittenChunk};
use super::row_map_chunk::{FirstAndLast, NO_ID, RowMapChunk};
use super::universe::{CustomerIds, ROWS_BETWEEN_CHECKS};
use crate::backend::{BackendError, TableCounts};
use crate::database::Table;
use crate::local::cache::CacheSlot;
use crate::local::chunk_reader::{ChunkReader, ReadableTable};
use crate::local::columns::Bitmap;
use crate::local::error::unreadable;
use crate::local::files::id_texts;
use crate::local::memory::MemorySize;
use crate::local::parallel::parallel_fold;
use crate::local::sets::customer_set::{CustomerSet, count, union};
use crate::local::values::is_blank;

/// The customer of each row of a table.
#[derive(Debug)]
pub(crate) struct CustomerIndex {
    pub customers: RowMap,
    pub summary: IndexSummary,
}

/// What is known of all rows of a table.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Serialize)]
pub(crate) struct IndexSummary {
    pub counts: TableCounts,
    /// Whether no row is of a customer with a greater number than that of a later row.
    pub is_sorted: bool,
}

impl CustomerIndex {
    /// What was stored of it before, for so many customers; `None` if it is not there.
    pub fn load(slot: CacheSlot, universe_size: usize) -> Option<Self> {
        let (rows, summary) = slot.load()?;
        Some(Self { customers: RowMap::from_slot(slot, rows, universe_size), summary })
    }

    /// Reads the ids of a table and finds them among those of all customers. It is stored in the
    /// cache folder where there is one.
    pub fn read(
        table: &Table,
        id_column: &str,
        ids: &CustomerIds,
        slot: Option<CacheSlot>,
        reader: ChunkReader<'_>,
    ) -> Result<Self, BackendError> {
        let source = ReadableTable::new(table)?;
        let writer = RowMapWriter { slot, reader };
        let new = || PartialIndex::new(ids.len());
        let found = parallel_fold(reader.chunk_count(source), reader.cancel, new, |part, number| {
            let (mut customers, mut before) = (Vec::new(), None);
            for frame in reader.frames(source, &[id_column], number) {
                let (frame, unreadable) = (frame?, unreadable(&table.name));
                let texts = id_texts(frame.column(id_column).map_err(&unreadable)?).map_err(&unreadable)?;
                for (row, id) in texts.iter().enumerate() {
                    if row % ROWS_BETWEEN_CHECKS == 0 {
                        reader.cancel.check()?;
                    }
                    let id = id.filter(|id| !is_blank(id));
                    let customer = id.and_then(|id| ids.number_after(before, id));
                    part.orphans += u64::from(id.is_some() && customer.is_none());
                    before = customer.or(before);
                    customers.push(customer.unwrap_or(NO_ID));
                }
            }
            part.add(number, RowMapChunk::from_ids(&customers), &writer)
        })?;
        let whole = found.into_iter().reduce(PartialIndex::merge).unwrap_or_else(new);
        let index = whole.finish(writer, ids.len())?;
        if let Some((slot, rows)) = index.customers.on_disk() {
            slot.store((rows.to_vec(), index.summary));
        }
        Ok(index)
    }

    /// What the table holds.
    pub fn counts(&self) -> TableCounts {
        self.summary.counts
    }
}

/// What one core has found.
struct PartialIndex {
    seen: CustomerSet,
    orphans: u64,
    chunks: Vec<(usize, ChunkSummary)>,
}

/// What is known of a chunk.
struct ChunkSummary {
    written: WrittenChunk,
    rows: u64,
    matched: u64,
    /// `None` if it is not sorted.
    ends: Option<FirstAndLast>,
}

impl PartialIndex {
    fn new(universe_size: usize) -> Self {
        Self { seen: CustomerSet::with_capacity(universe_size), orphans: 0, chunks: Vec::new() }
    }

    fn add(
        &mut self,
        number: usize,
        chunk: RowMapChunk,
        writer: &RowMapWriter<'_>,
    ) -> Result<(), BackendError> {
        chunk.add_to(&Bitmap::ones(chunk.rows()), &mut self.seen)?;
        let (rows, matched) = (chunk.rows() as u64, chunk.rows_with_id() as u64);
        let ends = chunk.sorted_ends();
        self.chunks.push((number, ChunkSummary { written: writer.put(number, chunk), rows, matched, ends }));
        Ok(())
    }

    fn merge(mut self, other: Self) -> Self {
        self.chunks.extend(other.chunks);
        Self {
            seen: union(self.seen, &other.seen),
            orphans: self.orphans + other.orphans,
            chunks: self.chunks,
        }
    }

    fn finish(self, writer: RowMapWriter<'_>, universe_size: usize) -> Result<CustomerIndex, BackendError> {
        let Self { seen, orphans, mut chunks } = self;
        chunks.sort_unstable_by_key(|(number, _)| *number);
        let (mut rows, mut matched, mut is_sorted, mut last) = (0, 0, true, 0);
        for (_, chunk) in &chunks {
            rows += chunk.rows;
            matched += chunk.matched;
            match chunk.ends {
                Some(Some((first, end))) => (is_sorted, last) = (is_sorted && last <= first, end),
                Some(None) => {}
                None => is_sorted = false,
            }
        }
        let customers = count(&seen);
        let counts = TableCounts { rows, customers, orphan_rows: orphans, is_multi_row: matched > customers };
        let written = chunks.into_iter().map(|(_, chunk)| chunk.written).collect();
        let customers = writer.finish(written, universe_size)?;
        Ok(CustomerIndex { customers, summary: IndexSummary { counts, is_sorted } })
    }
}

impl MemorySize for CustomerIndex {
    fn memory_size(&self) -> usize {
        self.customers.memory_size()
    }
}
