//! Bytes of CSV files as text.

use super::error::{CsvError, CsvLine};
use super::line_ends::count_lines;
use crate::diagnostic::Diagnostic;
use crate::local::files::manifest::setting;

/// The byte order mark of UTF-8.
const BOM: &[u8] = b"\xEF\xBB\xBF";

/// The bytes of a whole file as text, without byte order mark.
pub fn text(bytes: &[u8]) -> Result<&str, CsvError> {
    utf8(bytes.strip_prefix(BOM).unwrap_or(bytes), 1, None)
}

/// Bytes as text. `line` is the number of their first line, `table` the name of the table they are of.
pub(crate) fn utf8<'a>(bytes: &'a [u8], line: u64, table: Option<&str>) -> Result<&'a str, CsvError> {
    std::str::from_utf8(bytes).map_err(|error| {
        let valid = bytes.get(..error.valid_up_to()).unwrap_or_default();
        let help = settings(table, &["{ encoding = \"windows-1252\" }"], "save the file as UTF-8");
        Diagnostic::new("a character is not UTF-8")
            .with_help(help)
            .at(CsvLine(line + count_lines(valid) as u64))
    })
}

/// What to write into the manifest for a table, one of several; `other` is what to do where no manifest is about it.
pub(crate) fn settings(table: Option<&str>, csv: &[impl AsRef<str>], other: &str) -> String {
    match table {
        Some(table) => {
            let settings: Vec<_> = csv.iter().map(|keys| setting(table, "csv", keys.as_ref())).collect();
            settings.join("\nor\n")
        }
        None => other.to_owned(),
    }
}
