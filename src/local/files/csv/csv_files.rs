//! The files of a table as one sequence of blocks.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::blocks::{BlockReader, RecordBlock};
use super::header;
use crate::database::TableError;
use crate::local::files::read_task::{ReadError, ReadProgress};

/// One file of a table.
#[derive(Debug)]
pub(crate) struct CsvFile<'a> {
    pub file: &'a Path,
    /// For each column of the table, where it stands in this file.
    pub column_order: Vec<usize>,
}

/// What is left of the files, in the order of the rows.
pub(crate) struct CsvFiles<'a> {
    files: std::slice::Iter<'a, PathBuf>,
    first: &'a Path,
    names: Vec<String>,
    current: Option<(Arc<CsvFile<'a>>, BlockReader<'a>)>,
    mismatch: Option<TableError>,
}

impl<'a> CsvFiles<'a> {
    /// Opens the first file, which says what the columns are called.
    pub fn open(files: &'a [PathBuf], progress: &ReadProgress<'_>) -> Result<Self, ReadError> {
        let first = files.first().map_or(Path::new(""), PathBuf::as_path);
        let mut this = Self { files: files.iter(), first, names: Vec::new(), current: None, mismatch: None };
        this.open_next(progress)?;
        Ok(this)
    }

    /// The names of the columns.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// What is wrong with a file as a part of this table; the rows are those of no table then.
    pub(crate) fn mismatch(&self) -> Option<&TableError> {
        self.mismatch.as_ref()
    }

    /// The next block, of so many bytes if the file has as many, and the file that it is of.
    pub fn next(
        &mut self,
        least: usize,
        progress: &ReadProgress<'_>,
    ) -> Result<Option<(Arc<CsvFile<'a>>, RecordBlock)>, ReadError> {
        loop {
            let Some((file, blocks)) = &mut self.current else {
                return Ok(None);
            };
            if let Some(block) = blocks.next(least, progress)? {
                return Ok(Some((Arc::clone(file), block)));
            }
            self.open_next(progress)?;
        }
    }

    fn open_next(&mut self, progress: &ReadProgress<'_>) -> Result<(), ReadError> {
        self.current = None;
        let Some(file) = self.files.next() else {
            return Ok(());
        };
        let mut blocks = BlockReader::open(file)?;
        let first = blocks.first(progress)?;
        progress.advance(first.as_ref().map_or(0, |first| first.compressed))?;
        let names = match header::names(first.as_ref()) {
            Ok(names) => names,
            Err(error) => {
                // Of a file that cannot be read to its end nobody knows what it says.
                while blocks.next(1, progress)?.is_some() {}
                return Err(error.in_file(file).into());
            }
        };
        if self.names.is_empty() {
            self.names.clone_from(&names);
        }
        let same = TableError::check_same_columns(self.first, &self.names, file, &names);
        self.mismatch = self.mismatch.take().or(same.err());
        let place = |name: &String| names.iter().position(|own| own == name);
        let column_order = self.names.iter().filter_map(place).collect();
        self.current = Some((Arc::new(CsvFile { file, column_order }), blocks));
        Ok(())
    }
}
