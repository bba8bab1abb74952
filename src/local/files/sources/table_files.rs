//! The files of tables, as names and first bytes say.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::file_kind::FileKind;
use super::file_names::{FileFormat, file_name, format_of};
use super::partition_keys::PartitionKeys;
use super::table_folder::{is_key_and_value, refuse_log};
use crate::database::{Note, TableError};
use crate::diagnostic::Diagnostic;

/// The files of one table, all of one format, in the order of its rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TableSource {
    /// At least one.
    pub files: Vec<PathBuf>,
    /// By the name of the first, until their first bytes are looked at.
    pub format: FileFormat,
    /// The columns that stand in the names of folders.
    pub keys: PartitionKeys,
    /// What was left out.
    pub notes: Vec<Note>,
}

/// Every table that a folder and its manifest name, by name.
pub(crate) type TableSources = BTreeMap<String, Result<TableSource, TableError>>;

impl TableSource {
    /// These files of a database's folder.
    ///
    /// # Errors
    /// Their folders contradict one another, or only a log says which of them count.
    pub fn new(folder: &Path, files: Vec<PathBuf>, notes: Vec<Note>) -> Result<Self, TableError> {
        let parents = files.iter().filter_map(|file| file.parent());
        let above = parents.flat_map(|parent| {
            parent.ancestors().take_while(|above| above.starts_with(folder) && *above != folder)
        });
        // A log stands above the folders of keys, of which there may be thousands.
        let above: BTreeSet<&Path> = above.filter(|above| !is_key_and_value(&file_name(above))).collect();
        above.into_iter().try_for_each(refuse_log)?;
        let keys = PartitionKeys::of(folder, &files)?;
        // What the manifest names may be called as it likes.
        let format = files.first().and_then(|file| format_of(file)).unwrap_or(FileFormat::Csv);
        Ok(Self { files, format, keys, notes })
    }

    /// A single file, by its name and its first bytes.
    pub fn of_file(file: &Path, format: FileFormat) -> Result<Self, TableError> {
        let format = Self::format_by_content(file)?.unwrap_or(format);
        Ok(Self { files: vec![file.to_owned()], format, keys: PartitionKeys::default(), notes: Vec::new() })
    }

    /// The same with the format that the first bytes of its files say.
    fn settled(mut self, table: &str) -> Result<Self, TableError> {
        let mut settled: Option<FileFormat> = None;
        for file in &self.files {
            let format = Self::format_by_content(file)?.or(format_of(file)).unwrap_or(FileFormat::Csv);
            if settled.is_some_and(|settled| settled != format) {
                return Err(Diagnostic::new(format!("table {table:?} has Parquet and CSV files"))
                    .with_help("keep the files of one format")
                    .in_file(file));
            }
            settled = Some(format);
        }
        self.format = settled.unwrap_or(self.format);
        Ok(self)
    }

    /// `None` where only the name can say. What cannot be read says so when it is.
    fn format_by_content(file: &Path) -> Result<Option<FileFormat>, TableError> {
        match FileKind::look(file) {
            Ok(FileKind::Parquet) => Ok(Some(FileFormat::Parquet)),
            Ok(FileKind::Packed) => Ok(Some(FileFormat::Csv)),
            Ok(FileKind::Unknown) | Err(_) => Ok(None),
            Ok(FileKind::Other { what, help }) => {
                Err(Diagnostic::new(format!("is {what}, not CSV or Parquet")).with_help(help).in_file(file))
            }
        }
    }
}

/// The same sources, each with the format that its files are of, or what they are instead.
pub(crate) fn settle(sources: &TableSources) -> TableSources {
    let settled = sources.iter().map(|(name, source)| {
        let source = source.clone().and_then(|source| source.settled(name));
        (name.clone(), source)
    });
    settled.collect()
}
