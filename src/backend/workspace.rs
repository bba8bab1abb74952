//! What a backend needs of the workspace.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::SystemTime;

use crate::diagnostic::Diagnostic;
use crate::segment::Segment;

/// An uploaded file as it is now.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ListFile {
    /// Where it is below the workspace's lists, steps with `/` between them.
    pub path: String,
    /// Where it is on this machine.
    pub file: PathBuf,
    /// Its size.
    pub bytes: u64,
    /// When it was written last.
    pub modified: Option<SystemTime>,
}

/// Where saved segments, uploaded files and saved queries are found. Each answer looks anew.
pub trait WorkspaceFiles: Send + Sync {
    /// The segment with this id, as it was saved.
    ///
    /// # Errors
    /// There is none, or it cannot be read.
    fn segment(&self, id: &str) -> Result<Arc<Segment>, Diagnostic>;

    /// All uploaded files.
    fn list_files(&self) -> Vec<ListFile>;

    /// The uploaded file that a condition names.
    ///
    /// # Errors
    /// There is none.
    fn list_file(&self, path: &str) -> Result<PathBuf, Diagnostic>;

    /// The saved queries, as conditions name them.
    fn queries(&self) -> Vec<String>;

    /// The text of a saved query.
    ///
    /// # Errors
    /// There is no such file, or it cannot be read.
    fn query(&self, path: &str) -> Result<String, Diagnostic>;
}
