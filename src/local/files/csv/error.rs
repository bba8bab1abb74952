//! What is wrong in the text of a CSV file.

use std::path::Path;

use crate::database::TableError;
use crate::diagnostic::{Diagnostic, FileLine};

/// Something wrong on a line of a file that whoever reads it knows.
pub(crate) type CsvError = Diagnostic<CsvLine>;

/// A line, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CsvLine(pub u64);

impl CsvError {
    /// The error as the reason why a table cannot be used.
    pub(crate) fn in_file(self, file: &Path) -> TableError {
        self.map_place(|CsvLine(line)| FileLine { file: file.to_owned(), line: Some(line) })
    }
}
