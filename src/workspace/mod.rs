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
mod listing;
mod lists;
mod lock;
mod names;
mod record;
mod root;
mod save;
mod segments;
mod text;
mod trash;
mod upload;
mod version;
mod watch;

use std::path::{Path, PathBuf};

pub use drafts::{Draft, DraftStore, Drafts, Edits};
pub use error::{Damaged, WorkspaceError};
pub use history::Revision;
pub use listing::Entry;
pub(crate) use listing::{Folder, Listing, Stored};
pub use names::advice;
pub(crate) use names::{validate_labels, validate_name};
pub use save::{Expected, Saved, Target};
pub(crate) use upload::Clash;
pub use upload::Uploaded;
pub use version::Version;

/// How many levels of folders there can be: a top folder and three below it.
pub(crate) const DEEPEST_FOLDER: usize = 4;

/// A folder of segments. Making one does no I/O.
#[derive(Clone, Debug)]
pub struct Workspace {
    root: PathBuf,
    seed: Option<PathBuf>,
    read_only: bool,
}

impl Workspace {
    /// The workspace in `root`. One that does not exist reads as empty and is made on the first write.
    pub fn new(root: impl Into<PathBuf>, read_only: bool) -> Self {
        Self { root: root.into(), seed: None, read_only }
    }

    /// The same, reading as `seed` for as long as `root` does not exist; the first write copies it.
    #[must_use]
    pub fn with_seed(self, seed: Option<PathBuf>) -> Self {
        Self { seed, ..self }
    }

    /// Where it is, or will be on the first write.
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
