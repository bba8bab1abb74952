//! The files of a table as one sequence of runs.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::header;
use super::runs::{Run, Runs};
use crate::local::files::TableError;
use crate::local::files::work::{Halt, Meter};

/// One file of a table.
#[derive(Debug)]
pub struct Part<'a> {
    /// The file.
    pub file: &'a Path,
    /// For each column of the table, where it stands in this file.
    pub order: Vec<usize>,
}

/// What is left of the files, in the order of the rows.
pub struct Parts<'a> {
    files: std::slice::Iter<'a, PathBuf>,
    first: &'a Path,
    names: Vec<String>,
    now: Option<(Arc<Part<'a>>, Runs<'a>)>,
    misfit: Option<TableError>,
}

impl<'a> Parts<'a> {
    /// Opens the first file, which says what the columns are called.
    pub fn open(files: &'a [PathBuf], meter: &Meter<'_>) -> Result<Self, Halt> {
        let first = files.first().map_or(Path::new(""), PathBuf::as_path);
        let mut parts = Self { files: files.iter(), first, names: Vec::new(), now: None, misfit: None };
        parts.open_next(meter)?;
        Ok(parts)
    }

    /// The names of the columns.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// What is wrong with a file as a part of this table; the rows are those of no table then.
    pub fn misfit(&self) -> Option<&TableError> {
        self.misfit.as_ref()
    }

    /// The next run, of so many bytes if the file has as many, and the file that it is of.
    pub fn next(&mut self, least: usize, meter: &Meter<'_>) -> Result<Option<(Arc<Part<'a>>, Run)>, Halt> {
        loop {
            let Some((part, runs)) = &mut self.now else {
                return Ok(None);
            };
            if let Some(run) = runs.next(least, meter)? {
                return Ok(Some((Arc::clone(part), run)));
            }
            self.open_next(meter)?;
        }
    }

    fn open_next(&mut self, meter: &Meter<'_>) -> Result<(), Halt> {
        self.now = None;
        let Some(file) = self.files.next() else {
            return Ok(());
        };
        let mut runs = Runs::open(file)?;
        let first = runs.first(meter)?;
        meter.advance(first.as_ref().map_or(0, |first| first.packed))?;
        let names = match header::names(first.as_ref()) {
            Ok(names) => names,
            Err(fault) => {
                // Of a file that cannot be read to its end nobody knows what it says.
                while runs.next(1, meter)?.is_some() {}
                return Err(fault.at(file).into());
            }
        };
        if self.names.is_empty() {
            self.names.clone_from(&names);
        }
        let same = TableError::check_same_columns(self.first, &self.names, file, &names);
        self.misfit = self.misfit.take().or(same.err());
        let place = |name: &String| names.iter().position(|own| own == name);
        let order = self.names.iter().filter_map(place).collect();
        self.now = Some((Arc::new(Part { file, order }), runs));
        Ok(())
    }
}
