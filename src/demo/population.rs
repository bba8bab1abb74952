//! All customers, made and written chunk by chunk.

use std::ops::Range;
use std::path::Path;

use anyhow::Result;
use rayon::prelude::*;

use super::customer::{Customer, mark_primary_buyers};
use super::options::{RowOrder, TableFormat};
use super::products::Catalogue;
use super::ranks::{Rank, Standing, rank};
use super::reorder::Reordered;
use super::table_in_order::{TableChunk, TableInOrder};
use super::tables::{Chunk, TABLES};
use super::write::TableFile;

/// Chunks in memory at the same time, at most.
const MOST_CHUNKS: usize = 4;
/// Chunks of customers for each slice of a table in another order: of the items some 1,500,000 rows on average.
const SLICE_CHUNKS: u32 = 12;
/// People who bought without being in any table of customers.
const ORPHANS: u32 = 6;

/// All customers, to be made chunk by chunk.
pub struct Population<'w> {
    pub seed: u64,
    pub customers: u32,
    pub catalogue: &'w Catalogue,
    /// Customers that are made at a time.
    pub chunk: u32,
    /// Order of the rows.
    pub order: RowOrder,
}

impl<'w> Population<'w> {
    /// Positions of each chunk.
    fn chunks(&self) -> Vec<Range<u32>> {
        let starts = (0..self.customers).step_by(self.chunk.max(1) as usize);
        starts.map(|start| start..start.saturating_add(self.chunk).min(self.customers)).collect()
    }

    fn customer(&self, index: u32, rank: Rank) -> Customer<'w> {
        Customer::new(self.catalogue, self.seed, index, rank)
    }

    pub(crate) fn rank(&self, report: &(dyn Fn(usize) + Sync)) -> Vec<Rank> {
        let standings = self.chunks().into_par_iter().flat_map_iter(|chunk| {
            report(chunk.len());
            chunk.map(|index| self.customer(index, Rank::default()).standing())
        });
        let standings: Vec<Option<Standing>> = standings.collect();
        rank(&standings)
    }

    fn make(&self, positions: Range<u32>, ranks: &[Rank]) -> Chunk<'w> {
        let rank = |index: u32| ranks.get(index as usize).copied().unwrap_or_default();
        let end = positions.end;
        let mut customers: Vec<_> = positions.map(|index| self.customer(index, rank(index))).collect();
        mark_primary_buyers(&mut customers);
        let orphans = if end == self.customers { end..end.saturating_add(ORPHANS) } else { 0..0 };
        let orphans = orphans.map(|index| self.customer(index, Rank::default())).collect();
        Chunk { seed: self.seed, customers, orphans }
    }

    /// Writes the tables.
    pub fn write(
        &self,
        folder: &Path,
        format: TableFormat,
        ranks: &[Rank],
        report: &(dyn Fn(usize) + Sync),
    ) -> Result<()> {
        let empty = self.make(0..0, ranks);
        let slices = self.customers.div_ceil(self.chunk.saturating_mul(SLICE_CHUNKS).max(1));
        let temporary = tempfile::tempdir_in(folder)?;
        let mut tables = Vec::new();
        for (name, rows) in TABLES {
            let rows = rows(&empty)?;
            let order =
                |schema| Reordered::new(temporary.path(), (name, schema), (self.order, self.seed), slices);
            tables.push(TableInOrder {
                file: TableFile::create(folder, name, format, rows.schema())?,
                reordered: order(rows.schema())?,
            });
        }
        let make = |tables: &[TableInOrder], positions: Range<u32>| -> Result<Vec<TableChunk>> {
            let chunk = self.make(positions, ranks);
            let made =
                TABLES.iter().zip(tables).map(|((_, rows), table)| table.prepare(rows(&chunk)?)).collect();
            report(chunk.customers.len());
            made
        };
        // A few chunks at once bound the memory, however many threads there are.
        for batch in self.chunks().chunks(rayon::current_num_threads().min(MOST_CHUNKS)) {
            let made = batch.par_iter().map(|positions| make(&tables, positions.clone()));
            let made: Vec<Vec<TableChunk>> = made.collect::<Result<_>>()?;
            let mut by_table: Vec<Vec<TableChunk>> = tables.iter().map(|_| Vec::new()).collect();
            for chunks in made {
                by_table.iter_mut().zip(chunks).for_each(|(table, chunk)| table.push(chunk));
            }
            tables.par_iter_mut().zip(by_table).try_for_each(|(table, chunks)| {
                chunks.into_iter().try_for_each(|chunk| table.append(chunk))
            })?;
        }
        tables.into_iter().try_for_each(TableInOrder::finish)
    }
}
