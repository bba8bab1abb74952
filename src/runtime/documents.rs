//! What is read from and written to the workspace and the drafts.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::lock_wait::LockWait;
use super::other_drafts::OtherDrafts;
use super::state_file::{ActionUseFile, CardFile, ChosenThemeFile};
use crate::app::action_use::ActionUse;
use crate::app::effect::LoadReason;
use crate::app::event::{DraftPlace, Event, SaveFailure, Stored, UploadFailure};
use crate::app::layers::pages::cards::CardLayout;
use crate::diagnostic::Diagnostic;
use crate::segment::{Segment, Stamp};
use crate::workspace::{
    Clash, Draft, DraftStore, Drafts, Edits, Expected, MetricChange, Target, Version, Workspace,
    WorkspaceError,
};

/// The documents of one workspace.
pub struct Documents {
    pub(super) workspace: Workspace,
    drafts: Mutex<DraftStore>,
    pub(super) other_drafts: OtherDrafts,
    pub(super) lock_wait: Arc<LockWait>,
    pub(super) card_file: Option<CardFile>,
    /// The file that remembers the chosen theme.
    pub(super) theme_file: Option<ChosenThemeFile>,
    pub(super) action_use_file: Option<ActionUseFile>,
    /// Says when and who.
    stamp: Box<dyn Fn() -> Stamp + Send + Sync>,
}

impl Documents {
    /// Those of a workspace, and their drafts.
    pub fn new(
        workspace: Workspace,
        drafts: DraftStore,
        stamp: impl Fn() -> Stamp + Send + Sync + 'static,
    ) -> Self {
        let other_drafts = OtherDrafts::new(&drafts);
        let lock_wait = Arc::<LockWait>::default();
        let waits = Arc::clone(&lock_wait);
        // Whoever waits sees it, and decides.
        let workspace = workspace.with_patience(move |_| waits.goes_on());
        let drafts = Mutex::new(drafts);
        Self {
            workspace,
            drafts,
            other_drafts,
            lock_wait,
            card_file: None,
            theme_file: None,
            action_use_file: None,
            stamp: Box::new(stamp),
        }
    }

    pub fn list(&self) -> Event {
        Event::Listed(self.workspace.list().map(Arc::new).map_err(Diagnostic::from))
    }

    pub fn load(&self, id: String, path: &Path, reason: LoadReason) -> Event {
        let loaded = self.workspace.load_at(path, &id).map(|(segment, _)| Arc::new(segment));
        Event::Loaded { id, reason, result: loaded.map_err(Diagnostic::from) }
    }

    /// Every saved revision of a segment.
    pub(crate) fn list_history(&self, id: String) -> Event {
        let result = self.workspace.history(&id).map(Arc::new).map_err(Diagnostic::from);
        Event::HistoryListed { id, result }
    }

    /// Several segments at once.
    pub(crate) fn load_all(&self, segments: Vec<(String, PathBuf)>) -> Event {
        let load = |(id, path): (String, PathBuf)| {
            let loaded = self.workspace.load_at(&path, &id).map(|(segment, _)| Arc::new(segment));
            (id, loaded.map_err(Diagnostic::from))
        };
        Event::SegmentsLoaded(segments.into_iter().map(load).collect())
    }

    pub fn save(&self, segment: Arc<Segment>, target: &Target, expected: Expected) -> Event {
        let saved = self.workspace.save(&segment, target, expected, &(self.stamp)());
        let result = saved.map(|saved| Arc::new(saved.segment)).map_err(|error| match &error {
            WorkspaceError::Conflict { .. } => SaveFailure::Conflict(error.into()),
            WorkspaceError::Gone { .. } => SaveFailure::Deleted,
            WorkspaceError::NameTaken { .. } => SaveFailure::NameTaken(error.into()),
            WorkspaceError::Damaged(damaged) if !damaged.is_unread => SaveFailure::Damaged(damaged.clone()),
            _ => SaveFailure::Other(error.into()),
        });
        Event::Saved { sent: segment, result }
    }

    pub fn rename(&self, id: &str, name: &str, expected: Expected) -> Event {
        let renamed = self.workspace.rename_segment(id, name, expected, &(self.stamp)());
        let result = renamed.map(|saved| Arc::new(saved.segment)).map_err(|error| match &error {
            WorkspaceError::Conflict { .. } => {
                Diagnostic::from(error).with_help("save it, or open it again, then rename it")
            }
            _ => error.into(),
        });
        Event::Renamed { result }
    }

    /// Copies a file of ids into the workspace's lists.
    pub fn upload(&self, file: PathBuf, clash: Clash) -> Event {
        let uploaded = self.workspace.upload(&file, clash, &(self.stamp)());
        let result = uploaded.map_err(|error| match error {
            WorkspaceError::ListTaken { name, free } => UploadFailure::Taken { name, free },
            error => UploadFailure::Other(error.into()),
        });
        Event::ListUploaded { file, result }
    }

    pub fn change_metric(&self, change: &MetricChange) -> Event {
        Event::MetricChanged { result: self.workspace.change_metric(change).map_err(Diagnostic::from) }
    }

    /// Remembers which cards are shown; nothing is written in read-only mode, and that is no failure.
    pub(crate) fn keep_cards(&self, cards: &CardLayout) -> Option<Event> {
        let file = self.card_file.as_ref().filter(|_| !self.workspace.is_read_only())?;
        file.keep(cards).err().map(Event::Notice)
    }

    /// Remembers the theme that was chosen, if anything is written.
    pub(crate) fn keep_theme(&self, name: &str) -> Option<Event> {
        let file = self.theme_file.as_ref().filter(|_| !self.workspace.is_read_only())?;
        file.keep(&Some(name.to_owned())).err().map(Event::Notice)
    }

    /// Remembers which actions were found by name. It is only a convenience, so that nobody is told if it fails.
    pub(crate) fn keep_action_use(&self, used: &ActionUse) -> Option<Event> {
        let file = self.action_use_file.as_ref().filter(|_| !self.workspace.is_read_only())?;
        let _ = file.keep(used);
        None
    }

    /// What the file of a segment is, which was this before. Nothing is known where something else cannot be
    /// read in which it may be.
    pub(crate) fn compare(&self, id: String, path: &Path, base: Version) -> Option<Event> {
        let stored = match self.workspace.load_at(path, &id) {
            Ok((segment, _)) if base.is(&segment) => Stored::Same,
            Ok((segment, _)) => Stored::Changed(Arc::new(segment)),
            Err(WorkspaceError::Damaged(damaged))
                if !damaged.is_unread || path.starts_with(&damaged.path) =>
            {
                Stored::Damaged(damaged)
            }
            Err(WorkspaceError::NotFound { .. }) => Stored::Deleted,
            Err(_) => return None,
        };
        Some(Event::Compared { id, base, stored })
    }

    /// The drafts of this workspace.
    pub(crate) fn list_drafts(&self) -> Option<Event> {
        let root = self.workspace.root();
        let of_this = |drafts: Drafts| Drafts {
            drafts: drafts.drafts.into_iter().filter(|draft| draft.workspace == root).collect(),
            ..drafts
        };
        let others = self.other_drafts.list();
        let all = match self.drafts().list() {
            Err(error) if others.drafts.is_empty() => Err(error),
            // What other folders have is offered all the same; the next draft says what is wrong with this one.
            usual => {
                let mut all = usual.unwrap_or_default();
                all.drafts.extend(others.drafts);
                all.damaged.extend(others.damaged);
                all.drafts.sort_by(|a, b| b.stamp.at.cmp(&a.stamp.at));
                Ok(all)
            }
        };
        let listed = all.map(of_this).map(Arc::new);
        Some(Event::Drafts(listed.map_err(Diagnostic::from)))
    }

    /// Keeps unsaved edits; nothing is written in read-only mode, and that is no failure.
    pub(crate) fn keep_draft(&self, edits: Edits) -> Option<Event> {
        if self.workspace.is_read_only() {
            return None;
        }
        let result = self.put(&edits).map(|()| DraftPlace::Usual).map_err(Diagnostic::from);
        Some(Event::DraftKept { edits, result })
    }

    /// Keeps them in a folder that a person has chosen.
    pub(crate) fn keep_draft_in(&self, edits: Edits, folder: PathBuf) -> Option<Event> {
        if self.workspace.is_read_only() {
            return None;
        }
        let kept = self.other_drafts.keep(&folder, self.workspace.root(), &edits, &(self.stamp)());
        let place = |is_remembered| DraftPlace::Elsewhere { folder, is_remembered };
        Some(Event::DraftKept { edits, result: kept.map(place).map_err(Diagnostic::from) })
    }

    /// Keeps edits as this program's own, and only then throws away what was left behind.
    pub(crate) fn take_over_draft(&self, edits: Edits, draft: &Draft) -> Option<Event> {
        match self.keep_draft(edits)? {
            Event::DraftKept { result: Ok(_), edits } => {
                let kept = Event::DraftKept { edits, result: Ok(DraftPlace::Usual) };
                Some(self.remove_draft(draft).unwrap_or(kept))
            }
            failed => Some(failed),
        }
    }

    /// The edits of a segment are saved or thrown away.
    pub(crate) fn drop_draft(&self, id: &str) -> Option<Event> {
        self.write_draft(|drafts| {
            let removed = drafts.remove_draft(id);
            self.other_drafts.remove_draft(id).and(removed)
        })
    }

    /// Throws away a draft that was left behind.
    pub(crate) fn remove_draft(&self, draft: &Draft) -> Option<Event> {
        self.write_draft(|drafts| drafts.remove(draft))
    }

    fn put(&self, edits: &Edits) -> Result<(), WorkspaceError> {
        let root = self.workspace.root();
        self.drafts().save_draft(root, edits, &(self.stamp)()).map(drop)
    }

    fn write_draft(
        &self,
        write: impl FnOnce(&mut DraftStore) -> Result<(), WorkspaceError>,
    ) -> Option<Event> {
        if self.workspace.is_read_only() {
            return None;
        }
        write(&mut self.drafts()).err().map(|error| Event::Notice(error.into()))
    }

    /// Stays usable after a panic elsewhere: every change is whole.
    fn drafts(&self) -> MutexGuard<'_, DraftStore> {
        self.drafts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
