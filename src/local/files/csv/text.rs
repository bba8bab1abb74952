//! Bytes of CSV files as text.

use super::error::{CsvError, CsvLine};
use crate::diagnostic::Diagnostic;

/// The byte order mark of UTF-8.
pub(crate) const BOM: &[u8] = b"\xEF\xBB\xBF";

/// The bytes of a whole file as text, without byte order mark.
pub fn text(bytes: &[u8]) -> Result<&str, CsvError> {
    utf8(bytes.strip_prefix(BOM).unwrap_or(bytes), 1)
}

/// Bytes as text. `line` is the number of their first line.
pub(crate) fn utf8(bytes: &[u8], line: u64) -> Result<&str, CsvError> {
    std::str::from_utf8(bytes).map_err(|error| {
        let valid = bytes.get(..error.valid_up_to()).unwrap_or_default();
        Diagnostic::new("a character is not UTF-8")
            .with_help("save the file as UTF-8")
            .at(CsvLine(line + count_lines(valid) as u64))
    })
}

/// The number of line breaks.
pub(crate) fn count_lines(bytes: &[u8]) -> usize {
    memchr::memchr_iter(b'\n', bytes).count()
}
