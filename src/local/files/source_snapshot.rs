//! What a database was opened on: its manifest, and which files are tables. Whether they still are costs a look at
//! each file and a listing of each folder, and reads nothing.

use std::path::{Path, PathBuf};

use super::file_states::FileStates;
use super::manifest::Manifest;
use super::sources::{TableSource, TableSources, discover};
use crate::database::TableError;
use crate::database::{Change, ChangeKind};

/// What a database was opened on, as it was before it was read.
#[derive(Debug)]
pub(crate) struct SourceSnapshot {
    /// What the manifest said.
    pub manifest: Manifest,
    /// Which files were which table, by their names.
    pub sources: TableSources,
    /// How they were.
    pub files: FileStates,
}

impl SourceSnapshot {
    /// The first file that is not what it was.
    pub fn changed(&self, folder: &Path) -> Option<Change> {
        self.manifest.changed().or_else(|| self.files.changed()).or_else(|| {
            match discover(folder, &self.manifest) {
                Ok(now) => difference(&self.sources, &now),
                // Opening it again says what is wrong.
                Err(_) => Some(Change { table: None, file: folder.to_owned(), kind: ChangeKind::Changed }),
            }
        })
    }
}

/// The first file that is of a table in only one of two listings.
fn difference(before: &TableSources, now: &TableSources) -> Option<Change> {
    if before == now {
        return None;
    }
    let table = now.keys().chain(before.keys()).find(|table| before.get(*table) != now.get(*table))?;
    let (was, is) = (before.get(table), now.get(table));
    let only_in =
        |some: &[PathBuf], others: &[PathBuf]| some.iter().find(|file| !others.contains(file)).cloned();
    let (file, kind) = if let Some(Err(error)) = is {
        (error.place.file.clone(), ChangeKind::Changed)
    } else if let Some(file) = only_in(files(is), files(was)) {
        (file, ChangeKind::New)
    } else {
        (only_in(files(was), files(is))?, ChangeKind::Gone)
    };
    Some(Change { table: Some(table.clone()), file, kind })
}

/// Of a table that makes no sense there are none.
fn files(source: Option<&Result<TableSource, TableError>>) -> &[PathBuf] {
    source.and_then(|source| source.as_ref().ok()).map_or(&[], |source| &source.files)
}
