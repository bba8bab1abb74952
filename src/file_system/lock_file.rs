//! Files that are there to be locked.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::Path;

use super::faults::perform;
use super::read::{check_regular, without_waiting};

/// Opens a file to lock it, and makes it should it not be there.
///
/// # Errors
/// Something else than a file is there, which the error says; the system refuses.
pub(crate) fn open_lock(path: &Path) -> io::Result<File> {
    perform(|| {
        if let Ok(metadata) = fs::metadata(path) {
            check_regular(&metadata)?;
        }
        let mut options = OpenOptions::new();
        let file = without_waiting(options.create(true).append(true)).open(path)?;
        check_regular(&file.metadata()?)?;
        Ok(file)
    })
}
