//! What can be wrong with a database or a table. Every error says what happened, where, what to do.

use std::collections::BTreeSet;
use std::path::Path;

use crate::diagnostic::{Diagnostic, FileLine, shortened};

/// Why a table cannot be used. The file is the one at fault; the line is known for CSV and the manifest.
pub type TableError = Diagnostic<FileLine>;

/// Why a database cannot be opened. The file may be a folder; the line is known for the manifest.
pub type DatabaseError = Diagnostic<FileLine>;

impl TableError {
    /// The file cannot be read, or not to its end.
    pub(crate) fn unreadable(file: &Path, error: &impl std::fmt::Display) -> Self {
        Diagnostic::new(format!("{error}: the file cannot be read"))
            .with_help(
                "see that the file may be read and is whole; if it is damaged or cut short, export it again",
            )
            .in_file(file)
    }

    /// Parts of one table must have the same columns, in whatever order.
    pub(crate) fn check_same_columns(
        first: &Path,
        names: &[String],
        other: &Path,
        others: &[String],
    ) -> Result<(), Self> {
        let (ours, theirs): (BTreeSet<_>, BTreeSet<_>) = (names.iter().collect(), others.iter().collect());
        let mut differences = Vec::new();
        for (what, mut names) in [("lacks", ours.difference(&theirs)), ("adds", theirs.difference(&ours))] {
            if let Some(name) = names.next() {
                differences.push(format!("{what} {name:?}"));
            }
        }
        if differences.is_empty() {
            return Ok(());
        }
        let first = first.file_name().unwrap_or_default().to_string_lossy();
        Err(Diagnostic::new(format!("has other columns than {first}: it {}", differences.join(" and ")))
            .with_help("parts of one table must have the same columns; move the part that does not belong")
            .in_file(other))
    }
}

/// Advice for a misspelled name, where a candidate is near.
pub(crate) fn did_you_mean<'a>(text: &str, candidates: impl Iterator<Item = &'a str>) -> Option<String> {
    crate::segment::nearest(text, candidates).map(|near| format!("did you mean {near:?}?"))
}

/// Names in quotes with commas, of long ones the start; from ten on, how many more there are.
pub(crate) fn quoted_list<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let names: Vec<_> = names.into_iter().map(|name| format!("{:?}", shortened(name))).collect();
    let more = names.len().saturating_sub(10);
    let mut text = names.iter().take(10).cloned().collect::<Vec<_>>().join(", ");
    if more > 0 {
        text.push_str(&format!(" and {more} more"));
    }
    text
}
