//! CSV kept as Parquet: a table is read from its files once, and afterwards from a copy in the cache.
//!
//! A copy is made of files as they were, with the types that were stated. It has the same rows in the same
//! order with the same types; where there is none, or none can be made, the rows are held in memory.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::PathBuf;

use polars::polars_utils::compression::ZstdLevel;
use polars::prelude::{DataFrame, IntoLazy, ParquetCompression, ParquetWriter, PolarsResult};

use super::csv::{self, Wanted};
use super::files;
use super::parquet::{self, Scan};
use super::work::{Halt, Meter, Work};
use crate::cache::{DatabaseCache, NotWritten};
use crate::segment::DataType;

/// Changes when the same files would be read otherwise, or are kept otherwise.
const VERSION: u32 = 1;
/// How many rows are compressed together: as many are read at least.
const ROW_GROUP: usize = 1 << 19;
/// Stages of reading and of writing.
const STAGES: (u64, u64) = (csv::STAGES, 1);

/// Where the copy of a table is kept.
pub struct Kept<'a> {
    /// The cache of the table's database.
    pub cache: &'a DatabaseCache,
    /// The table.
    pub table: &'a str,
    /// Its files as they were when the database was opened.
    pub files: &'a str,
}

/// The rows of CSV files: from their copy, if there is one or one can be kept.
pub fn read(wanted: &Wanted<'_>, kept: Option<&Kept<'_>>, work: Work<'_>) -> Result<Scan, Halt> {
    if let Some(scan) = kept.and_then(|kept| kept.find(wanted.types, work)) {
        return Ok(scan);
    }
    let is_kept = kept.is_some_and(|kept| !kept.cache.is_read_only());
    let name = wanted.files.first().and_then(|file| file.file_name()).unwrap_or_default().to_string_lossy();
    let (doing, stages) = if is_kept { ("converting", STAGES.0 + STAGES.1) } else { ("reading", STAGES.0) };
    let mut meter = Meter::new(work, format!("{doing} {name}"), stages);
    let (mut frame, columns) = csv::read(wanted, &mut meter)?;
    let rows = frame.height() as u64;
    if let Some(kept) = kept.filter(|_| is_kept)
        && let Some(scan) = kept.keep(&frame, wanted, &mut meter)
        && (scan.rows, &scan.columns) == (rows, &columns)
    {
        return Ok(scan);
    }
    meter.check()?;
    frame.rechunk_mut_par();
    Ok(Scan { frame: frame.lazy(), columns, rows })
}

impl Kept<'_> {
    fn find(&self, types: &BTreeMap<String, DataType>, work: Work<'_>) -> Option<Scan> {
        scan(self.cache.large(&self.kind(), &self.fingerprint(types), &work.stop)?)
    }

    fn keep(&self, frame: &DataFrame, wanted: &Wanted<'_>, meter: &mut Meter<'_>) -> Option<Scan> {
        // Rows of a file that changed while it was read are nobody's.
        files::files(wanted.files).filter(|now| *now == self.files)?;
        meter.begin(frame.height() as u64);
        let write = |to: &mut dyn Write| {
            let written = write(frame, Stoppable { to, meter });
            match meter.check() {
                Ok(()) => written.map_err(|error| NotWritten::Failed(io::Error::other(error))),
                Err(_) => Err(NotWritten::Stopped),
            }
        };
        scan(self.cache.put_large(&self.kind(), &self.fingerprint(wanted.types), write)?)
    }

    fn kind(&self) -> String {
        format!("copy of {}", self.table)
    }

    fn fingerprint(&self, types: &BTreeMap<String, DataType>) -> String {
        format!("copy {VERSION}\n{}types {types:?}\n", self.files)
    }
}

/// A copy as rows; `None` for a file that is none, or gone by now.
fn scan(copy: PathBuf) -> Option<Scan> {
    parquet::scan_as_held(&copy).ok()
}

fn write(frame: &DataFrame, to: Stoppable<'_, '_>) -> PolarsResult<()> {
    let meter = to.meter;
    let compression = ParquetCompression::Zstd(Some(ZstdLevel::try_new(1)?));
    let mut writer = ParquetWriter::new(to).with_compression(compression).batched(frame.schema())?;
    for start in (0..frame.height()).step_by(ROW_GROUP) {
        let offset = i64::try_from(start).unwrap_or(i64::MAX);
        let mut rows = frame.slice(offset, ROW_GROUP);
        // Each piece of memory would become a row group.
        rows.rechunk_mut_par();
        writer.write_batch(&rows)?;
        // Whoever stops it is heard by the sink.
        let _ = meter.advance(rows.height() as u64);
    }
    writer.finish()?;
    Ok(())
}

/// Takes what is written until nobody waits for it any more.
struct Stoppable<'a, 'b> {
    to: &'a mut dyn Write,
    meter: &'a Meter<'b>,
}

impl Write for Stoppable<'_, '_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.meter.check().map_err(|_| io::Error::other("stopped"))?;
        self.to.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}
