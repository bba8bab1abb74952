//! What is wrong in the text of a CSV file.

use std::path::Path;

use crate::database::TableError;

/// Something wrong on a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CsvError {
    /// Counted from 1.
    pub line: u64,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
}

impl CsvError {
    /// The error as the reason why a table cannot be used.
    pub(crate) fn in_file(self, file: &Path) -> TableError {
        TableError { file: file.to_owned(), line: Some(self.line), message: self.message, help: self.help }
    }
}
