//! Files of tables: how they were when the database was opened, and whether they still are.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use super::file_state::FileState;
use super::sources::{TableSource, TableSources};
use crate::database::{Change, TableError};

/// The files of each table as they were before they were read; `None` where the system does not say. Of a
/// table whose files make no sense there are none.
#[derive(Debug, Default)]
pub(crate) struct FileStates(BTreeMap<String, Option<TableFiles>>);

#[derive(Debug)]
struct TableFiles {
    files: Vec<(PathBuf, FileState)>,
    text: String,
}

impl FileStates {
    /// Looks at the files of all tables.
    pub fn look(sources: &TableSources) -> Self {
        let look = |source: &Result<TableSource, TableError>| match source {
            Ok(source) => TableFiles::look(&source.files),
            Err(_) => TableFiles::look(&[]),
        };
        Self(sources.iter().map(|(name, source)| (name.clone(), look(source))).collect())
    }

    /// Those of one table, in order.
    pub fn of(&self, table: &str) -> Option<&str> {
        self.0.get(table)?.as_ref().map(|seen| seen.text.as_str())
    }

    /// The first file that is not what it was.
    pub fn changed(&self) -> Option<Change> {
        self.0.iter().find_map(|(table, seen)| {
            let mut files = seen.iter().flat_map(|seen| &seen.files);
            files.find_map(|(file, state)| {
                let kind = FileState::kind(Some(*state), file)?;
                Some(Change { table: Some(table.clone()), file: file.clone(), kind })
            })
        })
    }
}

/// Files as they are now, in order, each [settled](FileState::settled). `None` where the system does not say.
pub(crate) fn describe_files(files: &[PathBuf]) -> Option<String> {
    TableFiles::look(files).map(|seen| seen.text)
}

/// One file as it is now, likewise.
pub(crate) fn file_state(file: &Path) -> Option<String> {
    describe_files(&[file.to_owned()])
}

impl TableFiles {
    fn look(files: &[PathBuf]) -> Option<Self> {
        let mut seen = Self { files: Vec::new(), text: String::new() };
        for path in files {
            let state = FileState::settled(path).ok()?;
            let path = std::path::absolute(path).ok()?;
            // A String takes whatever is written to it.
            let _ = writeln!(seen.text, "file {path:?} {state}");
            seen.files.push((path, state));
        }
        Some(seen)
    }
}
