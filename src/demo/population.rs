//! All customers, made and written chunk by chunk.

use std::ops::Range;
use std::path::Path;

use anyhow::Result;
use rayon::prelude::*;

use super::customer::{Customer, mark_primary_buyers};
use super::options::TableFormat;
use super::products::Catalogue;
use super::ranks::{Rank, Standing, rank};
use super::tables::{Chunk, TABLES};
use super::write::{Encoded, TableFile};

/// Chunks in memory at the same time, at most.
const MOST_CHUNKS: usize = 4;
/// People who bought without being in any table of customers.
const ORPHANS: u32 = 6;

/// All customers, to be made chunk by chunk.
pub struct Population<'w> {
    pub seed: u64,
    pub customers: u32,
    pub catalogue: &'w Catalogue,
    /// Customers that are made at a time.
    pub chunk: u32,
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
        let mut files = Vec::new();
        for (name, rows) in TABLES {
            files.push(TableFile::create(folder, name, format, rows(&empty)?.schema())?);
        }
        let encode = |files: &[TableFile], positions: Range<u32>| -> Result<Vec<Encoded>> {
            let chunk = self.make(positions, ranks);
            let encoded =
                TABLES.iter().zip(files).map(|((_, rows), file)| file.encode(rows(&chunk)?)).collect();
            report(chunk.customers.len());
            encoded
        };
        // A few chunks at once bound the memory, however many threads there are.
        for batch in self.chunks().chunks(rayon::current_num_threads().min(MOST_CHUNKS)) {
            let encoded = batch.par_iter().map(|positions| encode(&files, positions.clone()));
            let encoded: Vec<Vec<Encoded>> = encoded.collect::<Result<_>>()?;
            let mut by_table: Vec<Vec<Encoded>> = files.iter().map(|_| Vec::new()).collect();
            for tables in encoded {
                by_table.iter_mut().zip(tables).for_each(|(groups, rows)| groups.push(rows));
            }
            files
                .par_iter_mut()
                .zip(by_table)
                .try_for_each(|(file, groups)| groups.into_iter().try_for_each(|rows| file.append(rows)))?;
        }
        files.into_iter().try_for_each(TableFile::finish)
    }
}
