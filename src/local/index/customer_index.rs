//! Whose row is it?

use super::row_map::{RowMap, RowMapWriter, WrittenChunk};
use super::row_map_chunk::{FirstAndLast, NO_ID, RowMapChunk};
use super::universe::{CHECKED, CustomerIds};
use crate::backend::{BackendError, TableCounts};
use crate::database::Table;
use crate::local::cache::CacheSlot;
use crate::local::chunk_reader::{ChunkReader, content};
use crate::local::columns::all;
use crate::local::error::unreadable;
use crate::local::files::id_texts;
use crate::local::memory::MemorySize;
use crate::local::parallel::parallel_fold;
use crate::local::sets::customer_set::{CustomerSet, count, union};
use crate::local::values::is_blank;

/// The customer of each row of a table.
#[derive(Debug)]
pub struct CustomerIndex {
    pub customers: RowMap,
    pub summary: IndexSummary,
}

/// What is known of all rows of a table.
#[derive(Clone, Copy, Debug, serde::Deserialize, PartialEq, serde::Serialize)]
pub struct IndexSummary {
    pub counts: TableCounts,
    /// Whether no row is of a customer with a greater number than that of a later row.
    pub ascends: bool,
}

impl CustomerIndex {
    /// What was stored of it before.
    pub fn load(slot: CacheSlot) -> Option<Self> {
        let (rows, summary) = slot.load()?;
        Some(Self { customers: RowMap::OnDisk(slot, rows), summary })
    }

    /// Reads the ids of a table and finds them among those of all customers; stores it where it can.
    pub fn read(
        table: &Table,
        id_column: &str,
        ids: &CustomerIds,
        slot: Option<CacheSlot>,
        pieces: ChunkReader<'_>,
    ) -> Result<Self, BackendError> {
        let content = content(table)?;
        let writer = RowMapWriter { slot, pieces };
        let none =
            || PartialIndex { seen: CustomerSet::with_capacity(ids.len()), orphans: 0, made: Vec::new() };
        let found = parallel_fold(pieces.of(content), pieces.cancel, none, |part, number| {
            let (mut numbers, mut before) = (Vec::new(), None);
            for frame in pieces.frames(table, content, &[id_column], number) {
                let (frame, unreadable) = (frame?, unreadable(&table.name));
                let texts = id_texts(frame.column(id_column).map_err(&unreadable)?).map_err(&unreadable)?;
                for (row, id) in texts.iter().enumerate() {
                    if row % CHECKED == 0 {
                        pieces.cancel.check()?;
                    }
                    let id = id.filter(|id| !is_blank(id));
                    let customer = id.and_then(|id| ids.number_after(before, id));
                    part.orphans += u64::from(id.is_some() && customer.is_none());
                    before = customer.or(before);
                    numbers.push(customer.unwrap_or(NO_ID));
                }
            }
            part.add(number, RowMapChunk::of(&numbers), &writer);
            Ok(())
        })?;
        let index = PartialIndex::together(found, writer)?;
        if let RowMap::OnDisk(slot, rows) = &index.customers {
            slot.store((rows.clone(), index.summary));
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
    made: Vec<(usize, ChunkSummary)>,
}

/// What is known of a piece.
struct ChunkSummary {
    made: WrittenChunk,
    rows: u64,
    matched: u64,
    ascends: Option<FirstAndLast>,
}

impl PartialIndex {
    fn add(&mut self, number: usize, piece: RowMapChunk, writer: &RowMapWriter<'_>) {
        piece.mark(&all(piece.rows()), &mut self.seen);
        let (rows, matched) = (piece.rows() as u64, piece.numbered_rows() as u64);
        let ascends = piece.ascends();
        self.made.push((number, ChunkSummary { made: writer.put(number, piece), rows, matched, ascends }));
    }

    fn together(parts: Vec<Self>, writer: RowMapWriter<'_>) -> Result<CustomerIndex, BackendError> {
        let both = |one: Self, other: Self| Self {
            seen: union(one.seen, &other.seen),
            orphans: one.orphans + other.orphans,
            made: one.made.into_iter().chain(other.made).collect(),
        };
        let none = || Self { seen: CustomerSet::new(), orphans: 0, made: Vec::new() };
        let Self { seen, orphans, mut made } = parts.into_iter().reduce(both).unwrap_or_else(none);
        made.sort_unstable_by_key(|(number, _)| *number);
        let (mut rows, mut matched, mut ascends, mut last) = (0, 0, true, 0);
        for (_, piece) in &made {
            rows += piece.rows;
            matched += piece.matched;
            match piece.ascends {
                Some(Some((first, end))) => (ascends, last) = (ascends && last <= first, end),
                Some(None) => {}
                None => ascends = false,
            }
        }
        let customers = count(&seen);
        let counts = TableCounts { rows, customers, orphan_rows: orphans, is_multi_row: matched > customers };
        let customers = writer.finish(made.into_iter().map(|(_, piece)| piece.made).collect())?;
        Ok(CustomerIndex { customers, summary: IndexSummary { counts, ascends } })
    }
}

impl MemorySize for CustomerIndex {
    fn memory_size(&self) -> usize {
        self.customers.memory_size()
    }
}
