//! A file that appears when it is complete.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::backend::Cancel;
use crate::file_system::{TemporaryFile, flush_folder, parent, regular_metadata};

/// A file in the making, until it is cancelled. Dropping it before [`ExportFile::finish`] leaves no file, and what was
/// there as it was.
pub(crate) struct ExportFile {
    temporary: TemporaryFile,
    path: PathBuf,
    overwrite: bool,
    cancel: Cancel,
}

impl ExportFile {
    /// In the place of what is at `path`, if `overwrite`. The path is no link.
    ///
    /// # Errors
    /// Something is there that is not to be overwritten (`AlreadyExists`) or is no file; the system refuses.
    pub(crate) fn create(path: &Path, overwrite: bool, cancel: &Cancel) -> io::Result<Self> {
        match regular_metadata(path) {
            Ok(_) if !overwrite => return Err(exists()),
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let temporary = TemporaryFile::private(path)?;
        Ok(Self { temporary, path: path.to_owned(), overwrite, cancel: cancel.clone() })
    }

    /// Where it is until it is complete.
    pub(crate) fn temporary_path(&self) -> &Path {
        self.temporary.path()
    }

    /// Puts it in its place, with the rights of what is there.
    ///
    /// # Errors
    /// Cancelled; something has appeared there that is not to be overwritten (`AlreadyExists`); the system refuses.
    pub(crate) fn finish(mut self) -> io::Result<()> {
        self.flush()?;
        if let Ok(metadata) = fs::metadata(&self.path) {
            self.temporary.set_permissions(metadata.permissions())?;
        }
        self.temporary.flush_to_disk()?;
        self.check()?;
        match self.overwrite {
            true => self.temporary.replace(&self.path)?,
            false => self.temporary.create(&self.path)?,
        };
        flush_folder(&parent(&self.path))
    }

    fn check(&self) -> io::Result<()> {
        self.cancel.check().map_err(io::Error::other)
    }
}

impl Write for ExportFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.check()?;
        self.temporary.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.temporary.flush()
    }
}

fn exists() -> io::Error {
    io::Error::new(io::ErrorKind::AlreadyExists, "it is there already")
}
