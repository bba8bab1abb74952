//! Drafts in folders that a person has chosen because those of all drafts could not be written.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use crate::segment::Stamp;
use crate::workspace::{Damaged, DraftStore, Drafts, Edits, WorkspaceError};

/// Where in such a folder drafts are.
const NAME: &str = "segtui-drafts";

/// The drafts in such a folder, in a store like another.
pub(super) fn store_in(folder: &Path, model: &DraftStore) -> DraftStore {
    model.in_folder(folder.join(NAME))
}

/// The drafts in other folders.
pub(super) struct OtherDrafts {
    /// In no folder of its own; those of folders are made like it.
    model: DraftStore,
    /// Folders chosen earlier, in which drafts may still be.
    known: Vec<PathBuf>,
    remember: Box<dyn Fn(&Path) -> bool + Send + Sync>,
    /// Those in which this program keeps drafts. One that is being written is not among them.
    open: Mutex<Vec<(PathBuf, DraftStore)>>,
}

impl OtherDrafts {
    /// None yet, and none is remembered.
    pub(super) fn new(drafts: &DraftStore) -> Self {
        let model = drafts.in_folder(PathBuf::new());
        Self { model, known: Vec::new(), remember: Box::new(|_| false), open: Mutex::default() }
    }

    pub(super) fn with_folders(
        self,
        known: Vec<PathBuf>,
        remember: impl Fn(&Path) -> bool + Send + Sync + 'static,
    ) -> Self {
        Self { known, remember: Box::new(remember), ..self }
    }

    /// Keeps edits in a folder; whether the next start finds them by itself.
    pub(super) fn keep(
        &self,
        folder: &Path,
        workspace: &Path,
        edits: &Edits,
        stamp: &Stamp,
    ) -> Result<bool, WorkspaceError> {
        let taken = self.take(folder);
        let mut store = taken.unwrap_or_else(|| store_in(folder, &self.model));
        let kept = store.save_draft(workspace, edits, stamp);
        self.put(folder, store);
        kept.map(|_| self.known.iter().any(|known| known == folder) || (self.remember)(folder))
    }

    /// Removes this program's drafts of a segment.
    pub(super) fn remove_draft(&self, id: &str) -> Result<(), WorkspaceError> {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.iter().try_for_each(|(_, store)| store.remove_draft(id))
    }

    /// What programs have left in the folders that are known.
    pub(super) fn list(&self) -> Drafts {
        let mut all = Drafts::default();
        for folder in &self.known {
            match store_in(folder, &self.model).list() {
                Ok(drafts) => {
                    all.drafts.extend(drafts.drafts);
                    all.damaged.extend(drafts.damaged);
                }
                Err(error) => all.damaged.push(Damaged::unreadable(folder, error)),
            }
        }
        all
    }

    fn take(&self, folder: &Path) -> Option<DraftStore> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let at = open.iter().position(|(of, _)| of == folder)?;
        Some(open.swap_remove(at).1)
    }

    fn put(&self, folder: &Path, store: DraftStore) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.push((folder.to_owned(), store));
    }
}
