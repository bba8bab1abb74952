//! What is in a cache folder.

use std::fs::DirEntry;
use std::io;
use std::path::{Path, PathBuf};

use super::file_names::is_database_folder;
use crate::file_system::entries;

/// The folders of databases in a cache folder.
pub(crate) fn database_folders(cache: &Path) -> io::Result<Vec<PathBuf>> {
    let is_ours = |entry: &DirEntry| {
        // What a link leads to is not ours.
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        is_folder && is_database_folder(&entry.file_name().to_string_lossy())
    };
    let entries = entries(cache)?.into_iter();
    Ok(entries.filter(is_ours).map(|entry| entry.path()).collect())
}
