//! The first line of a CSV file.

use std::io::Read;
use std::path::Path;

use super::file;
use super::records::{Fault, Records};
use crate::catalog::TableError;

/// The names of a file's columns, read without the rest of the file.
pub fn header(path: &Path) -> Result<Vec<String>, TableError> {
    let broken = |error: &std::io::Error| TableError::unreadable(path, error);
    let mut stream = file::open(path).map_err(|error| broken(&error))?;
    let mut bytes = Vec::new();
    let mut size = 1 << 16;
    loop {
        let read = stream.by_ref().take(size).read_to_end(&mut bytes).map_err(|error| broken(&error))?;
        let is_all = u64::try_from(read).is_ok_and(|read| read < size);
        let text = bytes.strip_prefix(file::BOM).unwrap_or(&bytes);
        match parse(text) {
            // A record that runs up to the end may go on in what is not read yet.
            Ok((names, end)) if is_all || end < text.len() => return Ok(names),
            Err(fault) if is_all => return Err(fault.at(path)),
            _ => size *= 2,
        }
    }
}

/// The names of the columns, and where the first record after them begins.
pub fn parse(bytes: &[u8]) -> Result<(Vec<String>, usize), Fault> {
    let text = utf8(bytes, 1).or_else(|fault| {
        // Whatever follows the header is looked at later.
        let valid = bytes.utf8_chunks().next().map(|chunk| chunk.valid()).unwrap_or_default();
        if valid.contains('\n') { Ok(valid) } else { Err(fault) }
    })?;
    let (mut records, mut fields) = (Records::new(text, 1), Vec::new());
    if records.next(&mut fields)?.is_none() || text.trim().is_empty() {
        return Err(Fault {
            line: 1,
            message: "the file is empty".to_owned(),
            help: "write the names of the columns into the first line".to_owned(),
        });
    }
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
    Ok((names, records.position().min(text.len())))
}

/// The bytes of a whole file as text, without byte order mark.
pub fn text(bytes: &[u8]) -> Result<&str, Fault> {
    utf8(bytes.strip_prefix(file::BOM).unwrap_or(bytes), 1)
}

/// Bytes as text. `line` is the number of their first line.
pub fn utf8(bytes: &[u8], line: u64) -> Result<&str, Fault> {
    std::str::from_utf8(bytes).map_err(|error| {
        let valid = bytes.get(..error.valid_up_to()).unwrap_or_default();
        Fault {
            line: line + lines(valid),
            message: "a character is not UTF-8".to_owned(),
            help: "save the file as UTF-8".to_owned(),
        }
    })
}

/// The number of line breaks.
pub fn lines(bytes: &[u8]) -> u64 {
    bytes.iter().map(|byte| u64::from(*byte == b'\n')).sum()
}

impl Fault {
    /// The fault as the reason why a table cannot be used.
    pub fn at(self, file: &Path) -> TableError {
        TableError { file: file.to_owned(), line: Some(self.line), message: self.message, help: self.help }
    }
}
