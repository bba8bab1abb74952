//! Writes a demo database.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::{Context, Result, bail};

use super::options::{DemoOptions, DemoProgress, RowOrder, TableFormat};
use super::population::Population;
use super::products::Catalogue;
use super::profile::BLOCK;
use super::segments::write_workspace;

/// Customers of a demo database that is made on the spot.
const DEMO_CUSTOMERS: u32 = 20_000;
/// Customers of a row group: a multiple of the household block.
const CHUNK: u32 = 1000 * BLOCK;

/// Writes a demo database. The folder appears under its name when it is complete.
///
/// `progress` is called from several threads.
pub(crate) fn generate(options: &DemoOptions, progress: &(dyn Fn(DemoProgress) + Sync)) -> Result<()> {
    generate_in_chunks(options, CHUNK, progress)
}

pub(crate) fn generate_in_chunks(
    options: &DemoOptions,
    chunk: u32,
    progress: &(dyn Fn(DemoProgress) + Sync),
) -> Result<()> {
    let unfinished = unfinished_folder(&options.out)?;
    let written = write(options, chunk, &unfinished, progress);
    if written.is_err() {
        // The reason why it could not be written is the one to tell.
        let _ = fs::remove_dir_all(&unfinished);
    }
    written
}

/// Writes the database into `unfinished`, and renames that.
fn write(
    options: &DemoOptions,
    chunk: u32,
    unfinished: &Path,
    progress: &(dyn Fn(DemoProgress) + Sync),
) -> Result<()> {
    fs::create_dir_all(unfinished).with_context(|| format!("cannot create {}", unfinished.display()))?;
    let catalogue = Catalogue::new();
    let DemoOptions { seed, customers, order, .. } = *options;
    let population = Population { seed, customers, catalogue: &catalogue, chunk, order };
    let done = AtomicU64::new(0);
    let report = |customers: usize| {
        let more = customers as u64;
        let done = done.fetch_add(more, Ordering::Relaxed) + more;
        progress(DemoProgress { done, total: u64::from(options.customers) * 2 });
    };
    let ranks = population.rank(&report);
    population.write(unfinished, options.format, &ranks, &report)?;
    fs::write(unfinished.join("database.toml"), MANIFEST)
        .with_context(|| format!("cannot write into {}", unfinished.display()))?;
    fs::rename(unfinished, &options.out)
        .with_context(|| format!("cannot rename {} to {}", unfinished.display(), options.out.display()))
}

/// Where the database grows until it is complete. What an interrupted run left there goes away.
fn unfinished_folder(out: &Path) -> Result<PathBuf> {
    let Some(name) = out.file_name() else { bail!("{} has no name: give the new folder one", out.display()) };
    // A link is there even where what it leads to is not.
    if let Ok(metadata) = fs::symlink_metadata(out) {
        if !metadata.is_dir() {
            bail!("it is no folder: {} exists; name a new one", out.display());
        }
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

/// Makes the demo database with its workspace, and reports per cents.
///
/// # Errors
/// The folder is not empty, or the file system refuses.
pub(crate) fn generate_bundled(folder: &Path, progress: &(dyn Fn(u64) + Sync)) -> Result<()> {
    let options = DemoOptions {
        out: folder.to_owned(),
        customers: DEMO_CUSTOMERS,
        seed: 1,
        format: TableFormat::default(),
        order: RowOrder::default(),
    };
    generate(&options, &|done| progress(done.done * 100 / done.total.max(1)))?;
    write_workspace(&folder.join("workspace"))
}
