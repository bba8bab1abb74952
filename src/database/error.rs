//! What can be wrong with a database or a table. Every error says what happened, where, what to do.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Why a table cannot be used, with file, line where there is one, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}{}: {message}", file.display(), line.map(|line| format!(", line {line}")).unwrap_or_default())]
pub struct TableError {
    /// The file at fault.
    pub file: PathBuf,
    /// Counted from 1, for CSV and the manifest.
    pub line: Option<u64>,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
}

/// Why a database cannot be opened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}{}: {message}", path.display(), line.map(|line| format!(", line {line}")).unwrap_or_default())]
pub struct DatabaseError {
    /// The folder or file at fault.
    pub path: PathBuf,
    /// Counted from 1, for the manifest.
    pub line: Option<u64>,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
}

impl TableError {
    /// The file cannot be read, or not to its end.
    pub(crate) fn unreadable(file: &Path, error: &impl std::fmt::Display) -> Self {
        Self {
            file: file.to_owned(),
            line: None,
            message: format!("cannot be read: {error}"),
            help:
                "see that the file may be read and is whole; if it is damaged or cut short, export it again"
                    .to_owned(),
        }
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
        Err(Self {
            file: other.to_owned(),
            line: None,
            message: format!("has other columns than {first}: it {}", differences.join(" and ")),
            help: "parts of one table must have the same columns; move the part that does not belong"
                .to_owned(),
        })
    }
}

/// Advice for a misspelled name, where a candidate is near.
pub(crate) fn did_you_mean<'a>(text: &str, candidates: impl Iterator<Item = &'a str>) -> Option<String> {
    crate::segment::nearest(text, candidates).map(|near| format!("did you mean {near:?}?"))
}

/// Names in quotes with commas; from ten on, how many more there are.
pub(crate) fn quoted_list<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let names: Vec<_> = names.into_iter().map(|name| format!("{name:?}")).collect();
    let more = names.len().saturating_sub(10);
    let mut text = names.iter().take(10).cloned().collect::<Vec<_>>().join(", ");
    if more > 0 {
        text.push_str(&format!(" and {more} more"));
    }
    text
}
