//! CSV kept as Parquet: a table is read from its files once, and afterwards from a copy in the cache.
//!
//! A copy is made of files as they were, with the types that were stated. It has the same rows in the same
//! order with the same types; where there is none, or none can be made, the rows are held in memory.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::PathBuf;

use polars::polars_utils::compression::ZstdLevel;
use polars::prelude::{DataFrame, IntoLazy, ParquetCompression, ParquetWriter, PolarsError, PolarsResult};

use super::csv::{self, Settled, Wanted};
use super::parquet::{self, Scan};
use super::work::{Halt, Meter, Work};
use crate::local::cache::{DatabaseCache, WriteError};
use crate::segment::DataType;

/// Changes when the same files would be read otherwise, or are kept otherwise.
const VERSION: u32 = 1;

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
    let kept = kept.filter(|kept| !kept.cache.is_read_only());
    let name = wanted.files.first().and_then(|file| file.file_name()).unwrap_or_default().to_string_lossy();
    let doing = if kept.is_some() { "converting" } else { "reading" };
    let mut meter = Meter::new(work, format!("{doing} {name}"), csv::STAGES);
    let table = Settled::new(wanted, &mut meter)?;
    if let Some(kept) = kept
        && let Some(scan) = kept.keep(&table, wanted.types, &mut meter)?
    {
        return Ok(scan);
    }
    let frame = table.frame(&mut meter)?;
    Ok(Scan { rows: frame.height() as u64, frame: frame.lazy(), columns: table.columns })
}

impl Kept<'_> {
    fn find(&self, types: &BTreeMap<String, DataType>, work: Work<'_>) -> Option<Scan> {
        scan(self.cache.large_file(&self.kind(), &self.fingerprint(types), &work.stop)?)
    }

    /// Writes the copy; there is none where nothing can be written.
    fn keep(
        &self,
        table: &Settled<'_>,
        types: &BTreeMap<String, DataType>,
        meter: &mut Meter<'_>,
    ) -> Result<Option<Scan>, Halt> {
        if table.state.as_deref() != Some(self.files) {
            return Ok(None);
        }
        let mut written = Ok(0);
        let write = |to: &mut (dyn Write + Send)| match write(table, to, meter) {
            Ok(rows) => {
                written = Ok(rows);
                Ok(())
            }
            Err(NoCopy::Failed(error)) => Err(WriteError::Failed(io::Error::other(error))),
            Err(NoCopy::Halted(halt)) => {
                written = Err(halt);
                Err(WriteError::Cancelled)
            }
        };
        let copy = self.cache.put_large_file(&self.kind(), &self.fingerprint(types), write);
        let rows = written?;
        let is_it = |scan: &Scan| (scan.rows, &scan.columns) == (rows, &table.columns);
        Ok(copy.and_then(scan).filter(is_it))
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

/// Why there is no copy.
enum NoCopy {
    /// No rows can be had.
    Halted(Halt),
    /// They cannot be written.
    Failed(PolarsError),
}

impl From<Halt> for NoCopy {
    fn from(halt: Halt) -> Self {
        Self::Halted(halt)
    }
}

impl From<PolarsError> for NoCopy {
    fn from(error: PolarsError) -> Self {
        Self::Failed(error)
    }
}

/// Writes all rows, each group of them as a row group, and says how many there are.
fn write(table: &Settled<'_>, to: &mut (dyn Write + Send), meter: &mut Meter<'_>) -> Result<u64, NoCopy> {
    let compression = ParquetCompression::Zstd(Some(ZstdLevel::try_new(1)?));
    let writer = ParquetWriter::new(to).with_compression(compression).batched(&table.schema())?;
    let mut rows = 0;
    let encode = |group: DataFrame| {
        let encoded: PolarsResult<Vec<_>> = writer.encode_and_compress(&group).collect();
        (group.height() as u64, encoded)
    };
    table.rows(meter, encode, |(height, encoded)| {
        rows += height;
        Ok::<_, NoCopy>(writer.write_row_groups(encoded?)?)
    })?;
    writer.finish()?;
    Ok(rows)
}
