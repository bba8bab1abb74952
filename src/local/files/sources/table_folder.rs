//! A folder as a table: its parts, also in folders named KEY=VALUE, or why they are none.

use std::io;
use std::path::{Path, PathBuf};

use super::file_kind::FileKind;
use super::file_names::{file_name, is_document, is_other_data, stem_and_format, unnamed_stem};
use crate::database::TableError;
use crate::diagnostic::Diagnostic;

/// How deep folders named KEY=VALUE stand in one another.
const DEEPEST: usize = 32;

/// What a folder of a table holds.
#[derive(Debug, Default)]
pub(super) struct TableFolder {
    /// In order of their paths.
    pub parts: Vec<PathBuf>,
    /// Files and folders that look like data and are no parts.
    pub left_out: Vec<PathBuf>,
    /// Other files, of which nothing is known.
    pub others: Vec<PathBuf>,
}

impl TableFolder {
    /// Looks into a folder, and into those named KEY=VALUE in it.
    pub fn look(folder: &Path) -> io::Result<Self> {
        let mut found = Self::default();
        found.add(folder, 0)?;
        Ok(found)
    }

    /// What begins with `_` or `.` is somebody's bookkeeping. A part that is no file is an error of its table, which
    /// would else lack its rows.
    fn add(&mut self, folder: &Path, depth: usize) -> io::Result<()> {
        for path in entries(folder)? {
            let name = file_name(&path);
            if name.starts_with('_') {
                continue;
            }
            if path.is_dir() {
                match is_key_and_value(&name) && depth < DEEPEST {
                    true => self.add(&path, depth + 1)?,
                    false if holds_tables(&path) => self.left_out.push(path),
                    false => {}
                }
            } else if is_table(&path, &name) {
                self.parts.push(path);
            } else if is_other_data(&name) {
                self.left_out.push(path);
            } else if !is_document(&name) {
                self.others.push(path);
            }
        }
        Ok(())
    }
}

/// Whether a file is a table, or a part of one, by its name; where that says nothing, by its first bytes.
pub(super) fn is_table(path: &Path, name: &str) -> bool {
    stem_and_format(name).is_some()
        || (unnamed_stem(name).is_some()
            && matches!(FileKind::look(path), Ok(FileKind::Parquet | FileKind::Packed)))
}

/// Whether a folder is named as Hive, Spark and DuckDB name those of a column's values.
pub(super) fn is_key_and_value(name: &str) -> bool {
    name.split_once('=').is_some_and(|(key, _)| !key.is_empty())
}

/// Whether files named like tables stand in a folder. One that cannot be listed holds none.
pub(super) fn holds_tables(folder: &Path) -> bool {
    let entries = entries(folder).unwrap_or_default();
    entries.iter().any(|path| {
        let name = file_name(path);
        stem_and_format(&name).is_some() || (is_key_and_value(&name) && path.is_dir())
    })
}

/// What stands in a folder, hidden entries left out, in order of name.
pub(super) fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths = std::fs::read_dir(folder)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<io::Result<Vec<_>>>()?;
    paths.retain(|path| !file_name(path).starts_with('.'));
    paths.sort();
    Ok(paths)
}

/// A table whose log alone says which of its files count: with all of them deleted rows would come back.
pub(crate) fn refuse_log(folder: &Path) -> Result<(), TableError> {
    let Some(kind) = log_in(folder) else { return Ok(()) };
    Err(Diagnostic::new(format!(
        "is {kind}: which of its files count, and which rows are deleted, stands only in its log, which segtui does \
         not read"
    ))
    .with_help("export the table as plain Parquet, and put that in its place")
    .in_file(folder))
}

fn log_in(folder: &Path) -> Option<&'static str> {
    if folder.join("_delta_log").is_dir() {
        return Some("a Delta table");
    }
    if folder.join(".hoodie").is_dir() {
        return Some("a Hudi table");
    }
    let metadata = entries(&folder.join("metadata")).unwrap_or_default();
    metadata.iter().any(|path| file_name(path).ends_with(".metadata.json")).then_some("an Iceberg table")
}
