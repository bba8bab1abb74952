//! Folders, segments, revisions, trash and drafts: files, a lock, and writes that happen whole
//! (`docs/reference/workspace-and-cli.md`). Nothing that was saved is ever lost.
//!
//! Time, people and new ids come in as data. A workspace is read from the disk whenever it is asked
//! for, as people and version control change it beside this program.

mod drafts;
mod error;
mod find;
mod folders;
mod history;
mod limits;
mod listing;
mod lists;
mod lock;
mod metrics;
mod names;
mod record;
mod root;
mod save;
mod segments;
mod text;
mod trash;
mod upload;
mod version;

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::file_system::canonical;

pub use drafts::{Draft, DraftStore, Drafts, Edits};
pub use error::{Damaged, WorkspaceError};
pub use history::{History, Revision};
use lock::Patience;

pub use listing::{Entry, ListedTests};
pub(crate) use listing::{Folder, Listing, Stored};
pub use metrics::MetricChange;
pub use names::advice;
pub(crate) use names::{missing_prefix, same_name, validate_labels, validate_name};
pub use save::{Expected, Saved, Target};
pub(crate) use upload::Clash;
pub use upload::Uploaded;
pub use version::Version;

/// How many levels of folders there can be: a top folder and three below it.
pub(crate) const DEEPEST_FOLDER: usize = 4;

/// A folder of segments.
#[derive(Clone, Debug)]
pub struct Workspace {
    root: PathBuf,
    seed: Option<PathBuf>,
    read_only: bool,
    /// With other writers.
    patience: Patience,
}

impl Workspace {
    /// The workspace in `root`, however it is named. One that does not exist reads as empty and is made on the
    /// first write.
    pub fn new(root: impl AsRef<Path>, read_only: bool) -> Self {
        Self { root: canonical(root.as_ref()), seed: None, read_only, patience: Patience::default() }
    }

    /// The same, reading as `seed` for as long as `root` does not exist; the first write copies it.
    #[must_use]
    pub fn with_seed(self, seed: Option<PathBuf>) -> Self {
        Self { seed, ..self }
    }

    /// The same, where `goes_on` says, of a write that has waited so long for another writer, whether it goes on
    /// waiting. It is asked a hundred times a second; where nobody says, a write waits for 5 s.
    #[must_use]
    pub fn with_patience(self, goes_on: impl Fn(Duration) -> bool + Send + Sync + 'static) -> Self {
        Self { patience: Patience::new(goes_on), ..self }
    }

    /// Where it is, or will be on the first write: the one path by which drafts know it.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Whether nothing is written.
    #[must_use]
    pub(crate) fn is_read_only(&self) -> bool {
        self.read_only
    }
}

#[cfg(test)]
mod tests;
