//! The first line of a CSV file.

use std::path::Path;

use super::file::BOM;
use super::records::{Fault, Records};
use super::runs::{Run, Runs};
use crate::local::files::TableError;
use crate::local::files::work::Meter;

/// The names of a file's columns, read without the rest of the file.
pub fn header(path: &Path) -> Result<Vec<String>, TableError> {
    let first = Runs::open(path)?.first(&Meter::silent())?;
    names(first.as_ref()).map_err(|fault| fault.at(path))
}

/// The names that the first record of a file gives its columns.
pub fn names(first: Option<&Run>) -> Result<Vec<String>, Fault> {
    let Some(first) = first else {
        return Err(Fault {
            line: 1,
            message: "the file is empty".to_owned(),
            help: "write the names of the columns into the first line".to_owned(),
        });
    };
    let (mut records, mut fields) = (Records::new(first.text()?, first.line), Vec::new());
    records.next(&mut fields)?;
    first.check_end()?;
    let named = fields.iter().enumerate().map(|(position, field)| match field.value() {
        Some(name) if !name.is_empty() => name.into_owned(),
        // As exports of row numbers like to have it.
        _ => format!("column_{}", position + 1),
    });
    let names: Vec<String> = named.collect();
    let mut seen = std::collections::HashSet::new();
    if let Some(twice) = names.iter().find(|name| !seen.insert(name.as_str())) {
        return Err(Fault {
            line: 1,
            message: format!("two columns are named {twice:?}"),
            help: "give every column a name of its own".to_owned(),
        });
    }
    Ok(names)
}

/// The bytes of a whole file as text, without byte order mark.
pub fn text(bytes: &[u8]) -> Result<&str, Fault> {
    utf8(bytes.strip_prefix(BOM).unwrap_or(bytes), 1)
}

/// Bytes as text. `line` is the number of their first line.
pub fn utf8(bytes: &[u8], line: u64) -> Result<&str, Fault> {
    std::str::from_utf8(bytes).map_err(|error| {
        let valid = bytes.get(..error.valid_up_to()).unwrap_or_default();
        Fault {
            line: line + lines(valid) as u64,
            message: "a character is not UTF-8".to_owned(),
            help: "save the file as UTF-8".to_owned(),
        }
    })
}

/// The number of line breaks.
pub fn lines(bytes: &[u8]) -> usize {
    memchr::memchr_iter(b'\n', bytes).count()
}

impl Fault {
    /// The fault as the reason why a table cannot be used.
    pub fn at(self, file: &Path) -> TableError {
        TableError { file: file.to_owned(), line: Some(self.line), message: self.message, help: self.help }
    }
}
