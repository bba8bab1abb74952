//! What is in a cache folder.

use std::fs::{self, DirEntry};
use std::io;
use std::path::{Path, PathBuf};

use super::file_names::is_database_folder;

/// The folders of databases in a cache folder.
pub(crate) fn database_folders(cache: &Path) -> io::Result<Vec<PathBuf>> {
    let is_ours = |entry: &DirEntry| {
        // What a link leads to is not ours.
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        is_folder && is_database_folder(&entry.file_name().to_string_lossy())
    };
    let entries = list_folder(cache)?.into_iter();
    Ok(entries.filter(is_ours).map(|entry| entry.path()).collect())
}

/// What is in a folder; nothing in one that is not there.
pub(crate) fn list_folder(folder: &Path) -> io::Result<Vec<DirEntry>> {
    match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        entries => entries?.collect(),
    }
}
