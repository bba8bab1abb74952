//! CSV kept as Parquet: a table is read from its files once, and afterwards from a copy in the cache.
//!
//! A copy is made of files as they were, with the types that were stated. It has the same rows in the same
//! order with the same types; where there is none, or none can be made, the rows are held in memory.

use std::io::{self, Write};
use std::path::PathBuf;

use polars::polars_utils::compression::ZstdLevel;
use polars::prelude::{DataFrame, IntoLazy, ParquetCompression, ParquetWriter, PolarsError, PolarsResult};

use super::csv::{self, CsvRequest, TypedCsv};
use super::parquet::{self, Scan};
use super::read_task::{ReadError, ReadProgress};
use crate::backend::ReadTask;
use crate::database::Note;
use crate::diagnostic::Diagnostic;
use crate::local::cache::{DatabaseCache, WriteError};

/// Changes when the same files would be read otherwise, or are kept otherwise.
const VERSION: u32 = 2;

/// Where the copy of a table is kept.
pub(crate) struct CopyLocation<'a> {
    /// The cache of the table's database.
    pub cache: &'a DatabaseCache,
    pub table: &'a str,
    /// Its files as they were when the database was opened.
    pub files: &'a str,
}

/// The rows of CSV files: from their copy, if there is one or one can be kept.
pub fn read(
    wanted: &CsvRequest<'_>,
    location: Option<&CopyLocation<'_>>,
    task: ReadTask<'_>,
) -> Result<Scan, ReadError> {
    if let Some(scan) = location.and_then(|location| location.find(wanted, task)) {
        return Ok(scan);
    }
    let location = location.filter(|location| !location.cache.is_read_only());
    let name = wanted.files.first().and_then(|file| file.file_name()).unwrap_or_default().to_string_lossy();
    let doing = if location.is_some() { "converting" } else { "reading" };
    let mut progress = ReadProgress::new(task, format!("{doing} {name}"), csv::STAGES);
    let table = TypedCsv::new(wanted, &mut progress)?;
    if let Some(location) = location
        && let Some(scan) = location.keep(&table, wanted, &mut progress)?
    {
        return Ok(scan);
    }
    let frame = table.frame(&mut progress)?;
    Ok(Scan {
        rows: frame.height() as u64,
        frame: frame.lazy().into(),
        columns: table.columns,
        notes: table.notes,
        left_out: Vec::new(),
    })
}

impl CopyLocation<'_> {
    fn find(&self, wanted: &CsvRequest<'_>, task: ReadTask<'_>) -> Option<Scan> {
        let fingerprint = self.fingerprint(wanted);
        let notes = self.cache.get(&*self.kind_of_notes(), &fingerprint)?;
        let scan = scan(self.cache.large_file(&self.kind(), &fingerprint, &task.is_cancelled)?)?;
        Some(Scan { notes: notes_of(&notes)?, ..scan })
    }

    /// Writes the copy; there is none where nothing can be written.
    fn keep(
        &self,
        table: &TypedCsv<'_>,
        wanted: &CsvRequest<'_>,
        progress: &mut ReadProgress<'_>,
    ) -> Result<Option<Scan>, ReadError> {
        if table.state.as_deref() != Some(self.files) {
            return Ok(None);
        }
        let mut written = Ok(0);
        let write = |to: &mut (dyn Write + Send)| match write(table, to, progress) {
            Ok(rows) => {
                written = Ok(rows);
                Ok(())
            }
            Err(CopyError::Failed(error)) => Err(WriteError::Failed(io::Error::other(error))),
            Err(CopyError::Interrupted(error)) => {
                written = Err(error);
                Err(WriteError::Cancelled)
            }
        };
        let fingerprint = self.fingerprint(wanted);
        let copy = self.cache.put_large_file(&self.kind(), &fingerprint, write);
        let rows = written?;
        let is_it = |scan: &Scan| (scan.rows, &scan.columns) == (rows, &table.columns);
        let Some(scan) = copy.and_then(scan).filter(is_it) else {
            return Ok(None);
        };
        // A copy without its notes is none: the files are read again.
        let _ = self.cache.put_now(&*self.kind_of_notes(), &fingerprint, || kept(&table.notes));
        Ok(Some(Scan { notes: table.notes.clone(), ..scan }))
    }

    fn kind_of_notes(&self) -> String {
        format!("notes on {}", self.table)
    }

    fn kind(&self) -> String {
        format!("copy of {}", self.table)
    }

    fn fingerprint(&self, wanted: &CsvRequest<'_>) -> String {
        let CsvRequest { types, ids, settings, parts, .. } = wanted;
        let stated = format!("types {types:?}\nids {ids:?}\nsettings {settings:?}\nparts {parts:?}\n");
        format!("copy {VERSION}\n{}{stated}", self.files)
    }
}

/// A copy as rows; `None` for a file that is none, or gone by now.
fn scan(copy: PathBuf) -> Option<Scan> {
    parquet::scan_as_written(&copy).ok()
}

/// What is kept of a note: column, message, help.
type KeptNote = (Option<String>, String, Option<String>);

/// Notes as bytes.
fn kept(notes: &[Note]) -> io::Result<Vec<u8>> {
    let notes: Vec<_> = notes.iter().map(|note| (&note.place, &note.message, &note.help)).collect();
    postcard::to_stdvec(&notes).map_err(io::Error::other)
}

fn notes_of(kept: &[u8]) -> Option<Vec<Note>> {
    let notes: Vec<KeptNote> = postcard::from_bytes(kept).ok()?;
    let note = |(place, message, help): KeptNote| {
        Diagnostic::new(message).with_help(help.unwrap_or_default()).at(place)
    };
    Some(notes.into_iter().map(note).collect())
}

/// Why there is no copy.
enum CopyError {
    /// No rows can be had.
    Interrupted(ReadError),
    /// They cannot be written.
    Failed(PolarsError),
}

impl From<ReadError> for CopyError {
    fn from(error: ReadError) -> Self {
        Self::Interrupted(error)
    }
}

impl From<PolarsError> for CopyError {
    fn from(error: PolarsError) -> Self {
        Self::Failed(error)
    }
}

/// Writes all rows, each group of them as a row group, and says how many there are.
fn write(
    table: &TypedCsv<'_>,
    to: &mut (dyn Write + Send),
    progress: &mut ReadProgress<'_>,
) -> Result<u64, CopyError> {
    let compression = ParquetCompression::Zstd(Some(ZstdLevel::try_new(1)?));
    let writer = ParquetWriter::new(to).with_compression(compression).batched(&table.schema())?;
    let mut rows = 0;
    let encode = |group: DataFrame| {
        let encoded: PolarsResult<Vec<_>> = writer.encode_and_compress(&group).collect();
        (group.height() as u64, encoded)
    };
    table.rows(progress, encode, |(height, encoded)| {
        rows += height;
        Ok::<_, CopyError>(writer.write_row_groups(encoded?)?)
    })?;
    writer.finish()?;
    Ok(rows)
}
