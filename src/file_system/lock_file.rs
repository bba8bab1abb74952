//! Files that are there to be locked.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io;
use std::path::Path;

use super::faults::perform;
use super::read::{check_regular, without_waiting};

/// Whether an open file is the one at this path still: it can be deleted, and another be in its place.
pub(crate) fn is_at(file: &File, path: &Path) -> bool {
    let found = perform(|| fs::metadata(path));
    found.and_then(|found| Ok(is_same(&found, &file.metadata()?))).unwrap_or(false)
}

#[cfg(unix)]
fn is_same(a: &Metadata, b: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    (a.dev(), a.ino()) == (b.dev(), b.ino())
}

#[cfg(not(unix))]
fn is_same(_: &Metadata, _: &Metadata) -> bool {
    true
}

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
