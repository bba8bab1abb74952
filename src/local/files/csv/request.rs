//! What is to be read of CSV files.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use super::settings::CsvSettings;
use crate::local::files::key_columns::KeyColumns;
use crate::local::files::manifest::Parts;
use crate::segment::DataType;

/// What is to be read.
#[derive(Clone, Copy)]
pub(crate) struct CsvRequest<'a> {
    /// The name that the manifest has for the table; `None` for files that no manifest is about.
    pub table: Option<&'a str>,
    /// The parts of the table, in the order of its rows.
    pub files: &'a [PathBuf],
    /// The columns whose type is stated; all others have the type that their values look like.
    pub types: &'a BTreeMap<String, DataType>,
    /// The columns that are activation IDs, if the table has them.
    pub ids: &'a BTreeSet<&'a str>,
    /// How the files are written, as far as that is stated.
    pub settings: &'a CsvSettings,
    /// What comes of parts with other columns.
    pub parts: Option<Parts>,
    /// The columns that stand in the names of folders, if any do.
    pub keys: Option<&'a KeyColumns>,
}
