//! Removing what programs left that were ended while they wrote.

use std::path::PathBuf;
use std::time::SystemTime;

use super::open::SharedCache;
use crate::file_system::remove_abandoned;
use crate::workspace::{DraftStore, Workspace};

/// Where something may have been left.
pub(super) struct CleanUp {
    /// The stores are of this program's session, so that its own drafts stay.
    pub drafts: Vec<DraftStore>,
    pub workspace: Workspace,
    pub cache: SharedCache,
    /// The folder of the databases used last.
    pub state: PathBuf,
}

impl CleanUp {
    /// Begins it in a thread of its own, for which nobody waits: a disk may hang.
    pub(super) fn start(self, now: SystemTime) {
        // Where there can be no thread, it is left to the next start.
        let _ = std::thread::Builder::new().name("clean up".to_owned()).spawn(move || self.run(now));
    }

    fn run(&self, now: SystemTime) {
        if self.workspace.is_read_only() {
            return;
        }
        self.drafts.iter().for_each(DraftStore::remove_abandoned);
        remove_abandoned(&self.state, 0, now);
        self.workspace.remove_abandoned(now);
        self.cache.remove_abandoned(now);
    }
}
