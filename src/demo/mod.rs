//! The generator of demo databases: a retail customer-360 whose world hangs together.
//!
//! A customer is made from the seed and the position in the population alone, so the data does not
//! depend on who makes it when. A first pass ranks everybody, a second one makes them again and
//! writes them chunk by chunk: memory does not grow with the population.

mod activity;
mod calendar;
mod customer;
mod format;
mod names;
mod orders;
mod places;
mod prediction;
mod products;
mod profile;
mod random;
mod ranks;
mod segments;
mod tables;
#[cfg(test)]
mod tests;
mod write;

use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::{Context, Result, bail};
use rayon::prelude::*;

use customer::{Customer, mark_primary_buyers};
use products::Catalogue;
use ranks::{Rank, Standing};
use tables::{Chunk, TABLES};
use write::{Encoded, TableFile};

pub use format::Format;
pub use segments::write_workspace;

/// Customers of a demo database that is made on the spot.
const DEMO_CUSTOMERS: u32 = 20_000;

/// What to generate.
#[derive(Clone, Debug)]
pub struct Options {
    /// Folder of the new database; it must not exist, or be empty.
    pub out: PathBuf,
    /// Number of customers.
    pub customers: u32,
    /// Same seed, same data.
    pub seed: u64,
    /// File format of the tables.
    pub format: Format,
}

/// How far the generator is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Steps done.
    pub done: u64,
    /// Steps in all.
    pub total: u64,
}

/// Customers of a row group: a multiple of the household block.
const CHUNK: u32 = 1000 * profile::BLOCK;
/// Chunks in memory at the same time, at most.
const MOST_CHUNKS: usize = 4;
/// People who bought without being in any table of customers.
const ORPHANS: u32 = 6;

/// Writes a demo database. The folder appears under its name when it is complete.
///
/// `progress` is called from several threads.
pub fn generate(options: &Options, progress: &(dyn Fn(Progress) + Sync)) -> Result<()> {
    generate_in_chunks(options, CHUNK, progress)
}

fn generate_in_chunks(options: &Options, chunk: u32, progress: &(dyn Fn(Progress) + Sync)) -> Result<()> {
    let unfinished = unfinished_folder(&options.out)?;
    fs::create_dir_all(&unfinished).with_context(|| format!("cannot create {}", unfinished.display()))?;
    let catalogue = Catalogue::new();
    let population =
        Population { seed: options.seed, customers: options.customers, catalogue: &catalogue, chunk };
    let done = AtomicU64::new(0);
    let report = |customers: usize| {
        let more = customers as u64;
        let done = done.fetch_add(more, Ordering::Relaxed) + more;
        progress(Progress { done, total: u64::from(options.customers) * 2 });
    };
    let ranks = population.rank(&report);
    population.write(&unfinished, options.format, &ranks, &report)?;
    fs::write(unfinished.join("database.toml"), MANIFEST)?;
    fs::rename(&unfinished, &options.out)
        .with_context(|| format!("cannot rename {} to {}", unfinished.display(), options.out.display()))
}

/// Where the database grows until it is complete. What an interrupted run left there goes away.
fn unfinished_folder(out: &Path) -> Result<PathBuf> {
    let Some(name) = out.file_name() else { bail!("{} has no name: give the new folder one", out.display()) };
    if out.exists() {
        fs::remove_dir(out).with_context(|| {
            format!("{} exists and is not an empty folder: name a new one", out.display())
        })?;
    }
    let unfinished = out.with_file_name(format!("{}.unfinished", name.to_string_lossy()));
    if unfinished.exists() {
        fs::remove_dir_all(&unfinished).with_context(|| format!("cannot clear {}", unfinished.display()))?;
    }
    Ok(unfinished)
}

const MANIFEST: &str = r#"name     = "Customer_360"
as_of    = "2025-12-31"
currency = "USD"
id       = "amperity_id"

[ids.amperity_id]
singular = "customer"
plural   = "customers"

[ids.email]
singular = "email address"
plural   = "email addresses"

[ids.household_id]
singular = "household"
plural   = "households"

[tables.Customer_360]
types = { postal = "string" }

[tables.Merged_Customers]
types = { postal = "string", create_dt = "string", update_dt = "string" }
"#;

/// Everybody, to be made chunk by chunk.
struct Population<'w> {
    seed: u64,
    customers: u32,
    catalogue: &'w Catalogue,
    chunk: u32,
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

    fn rank(&self, report: &(dyn Fn(usize) + Sync)) -> Vec<Rank> {
        let standings = self.chunks().into_par_iter().flat_map_iter(|chunk| {
            report(chunk.len());
            chunk.map(|index| self.customer(index, Rank::default()).standing())
        });
        let standings: Vec<Option<Standing>> = standings.collect();
        ranks::rank(&standings)
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

    fn write(
        &self,
        folder: &Path,
        format: Format,
        ranks: &[Rank],
        report: &(dyn Fn(usize) + Sync),
    ) -> Result<()> {
        let nobody = self.make(0..0, ranks);
        let mut files = Vec::new();
        for (name, rows) in TABLES {
            files.push(TableFile::create(folder, name, format, rows(&nobody)?.schema())?);
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

/// Makes the demo database with its workspace, and reports per cents.
///
/// # Errors
/// The folder is not empty, or the file system refuses.
pub fn generate_bundled(folder: &Path, progress: &(dyn Fn(u64) + Sync)) -> Result<()> {
    let options =
        Options { out: folder.to_owned(), customers: DEMO_CUSTOMERS, seed: 1, format: Format::default() };
    generate(&options, &|done| progress(done.done * 100 / done.total.max(1)))?;
    write_workspace(&folder.join("workspace"))
}
