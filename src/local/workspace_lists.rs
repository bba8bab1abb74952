//! The lists of a workspace, with the ids that are in its files.

use std::sync::Arc;

use super::files::read_ids;
use super::known_lists::KnownLists;
use crate::backend::WorkspaceFiles;
use crate::diagnostic::Diagnostic;
use crate::segment::{Ids, Lists, Segment};

/// What segments refer to, as it is in a workspace now.
pub struct WorkspaceLists {
    files: Arc<dyn WorkspaceFiles>,
    known: KnownLists,
}

impl WorkspaceLists {
    /// Of this workspace. Reads nothing yet.
    #[must_use]
    pub fn new(files: Arc<dyn WorkspaceFiles>) -> Self {
        Self { files, known: KnownLists::default() }
    }
}

impl Lists for WorkspaceLists {
    fn segment(&self, id: &str) -> Result<Arc<Segment>, Diagnostic> {
        self.files.segment(id)
    }

    fn file(&self, path: &str, activation_id: &str) -> Result<Ids, Diagnostic> {
        let file = self.files.list_file(path)?;
        let read = || read_ids(&file, activation_id).map(Ids::from);
        let ids = self.known.ids(&file, activation_id, read);
        ids.map_err(Diagnostic::from)
    }

    fn queries(&self) -> Vec<String> {
        self.files.queries()
    }

    fn query(&self, path: &str) -> Result<String, Diagnostic> {
        self.files.query(path)
    }
}
