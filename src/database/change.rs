//! What of a database is not what it was when it was opened, in words.

use std::fmt;
use std::path::PathBuf;

/// A file of a database that is not what it was when the database was opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The table; the manifest is of none.
    pub table: Option<String>,
    /// The file.
    pub file: PathBuf,
    /// What became of it.
    pub kind: ChangeKind,
}

/// What became of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeKind {
    /// It is there, and another one.
    Changed,
    /// It was not there.
    New,
    /// It is there no more.
    Gone,
}

impl Change {
    /// `t.csv changed`, for whoever knows the folder.
    #[must_use]
    pub fn words(&self) -> String {
        let name = self.file.file_name().unwrap_or(self.file.as_os_str());
        format!("{} {}", name.to_string_lossy(), self.kind)
    }
}

impl fmt::Display for ChangeKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Changed => "changed",
            Self::New => "was added",
            Self::Gone => "was removed",
        })
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(table) = &self.table {
            write!(f, "table {table:?}: ")?;
        }
        write!(f, "{} {} since the database was opened", self.file.display(), self.kind)
    }
}
