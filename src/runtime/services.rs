//! Performs the app's effects, one at a time, and answers with events. The tests use the same code.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use super::folders::list_folder;
use super::list_preview::ListPreviewer;
use super::open::OpenBackend;
use super::sql_export::export_sql;
use crate::app::effect::Effect;
use crate::app::event::{Event, Failure, SaveFailure, SegmentFailure, UploadFailure};
use crate::backend::{Advise, Backend, BackendError, Cancel, CountValues, Evaluate, Task, WrongConditions};
use crate::database::DatabaseError;
use crate::segment::{Segment, Stamp};
use crate::settings::SettingsError;
use crate::workspace::{DraftStore, Drafts, Workspace, WorkspaceError};

/// What effects are performed with.
pub struct Services {
    pub(super) backends: Mutex<HashMap<PathBuf, Arc<dyn Backend>>>,
    pub(super) workspace: Workspace,
    drafts: Mutex<DraftStore>,
    pub(super) read_only: bool,
    pub(super) opener: Arc<dyn OpenBackend>,
    started: Instant,
    stamp: Box<dyn Fn() -> Stamp + Send + Sync>,
    pub(super) opened: Box<dyn Fn(&Path) + Send + Sync>,
}

impl Services {
    /// Services for one workspace and the databases that `opener` opens; `stamp` says when and who.
    #[must_use]
    pub fn new(
        workspace: Workspace,
        drafts: DraftStore,
        opener: Arc<dyn OpenBackend>,
        stamp: impl Fn() -> Stamp + Send + Sync + 'static,
    ) -> Self {
        Self {
            backends: Mutex::default(),
            read_only: workspace.is_read_only(),
            workspace,
            drafts: Mutex::new(drafts),
            opener,
            started: Instant::now(),
            stamp: Box::new(stamp),
            opened: Box::new(|_| {}),
        }
    }

    /// What went wrong with what is kept between runs, once, to be shown.
    pub fn take_cache_error(&self) -> Option<Failure> {
        let message = self.opener.take_cache_error()?;
        Some(Failure { message, help: String::new() })
    }

    /// Does this with the folder of every database that was opened.
    #[must_use]
    pub fn when_opened(self, opened: impl Fn(&Path) + Send + Sync + 'static) -> Self {
        Self { opened: Box::new(opened), ..self }
    }

    /// Performs an effect. `None`: there is nothing to answer, or the work was cancelled. What is to be told
    /// before the answer goes to `tell`.
    pub fn perform(&self, effect: Effect, cancel: &Cancel, tell: &(dyn Fn(Event) + Sync)) -> Option<Event> {
        let asked = effect.asks().and_then(|folder| Some((folder.to_owned(), self.backend(folder)?)));
        let event = self.answer(effect, cancel, tell);
        // What came of files that have changed is of no use, however it looks.
        let changed = asked.and_then(|(database, backend)| {
            let change = backend.change()?.clone();
            Some(Event::FileChanged { database, change, at: self.started.elapsed() })
        });
        changed.or(event)
    }

    fn answer(&self, effect: Effect, cancel: &Cancel, tell: &(dyn Fn(Event) + Sync)) -> Option<Event> {
        match effect {
            Effect::OpenDatabase(folder) => self.opened(folder, cancel, tell),
            Effect::ReopenDatabase { folder, wait } => self.reopen(folder, wait, cancel, tell),
            Effect::WarmUp { database, activation_id, as_of } => {
                self.warm_up(database, &activation_id, as_of, cancel, tell)
            }
            Effect::CheckFiles { database } => {
                // What has changed is told in place of any answer.
                let _ = self.backend(&database)?.check_unchanged();
                None
            }
            Effect::ListSegments => {
                Some(Event::Listed(self.workspace.list().map(Arc::new).map_err(Failure::from)))
            }
            Effect::ReadWorkspaceTables { database, as_of } => {
                let tables = Arc::new(self.backend(&database)?.workspace_tables(as_of));
                Some(Event::WorkspaceTablesRead { database, tables })
            }
            Effect::ListDrafts => self.list_drafts(),
            Effect::Load { id, path, reason } => {
                let loaded = self.workspace.load_at(&path, &id).map(|(segment, _)| Arc::new(segment));
                Some(Event::Loaded { id, reason, result: loaded.map_err(Failure::from) })
            }
            Effect::Evaluate { database, definition, segment, as_of } => {
                let Some(backend) = self.backend(&database) else {
                    let failure = SegmentFailure::Other(closed(&database));
                    return Some(Event::Evaluated { definition, result: Err(failure) });
                };
                let question = Evaluate { segment, as_of, wrong: WrongConditions::LeaveOut };
                match backend.evaluate(&question, Task::new(cancel)) {
                    Err(BackendError::Cancelled) => None,
                    result => {
                        let result = result.map(Arc::new).map_err(SegmentFailure::from);
                        Some(Event::Evaluated { definition, result })
                    }
                }
            }
            Effect::Advise { database, definition, segment, as_of } => {
                // Of a database that is closed nobody asks for advice any more.
                match self.backend(&database)?.advise(&Advise { segment, as_of }, Task::new(cancel)) {
                    Err(BackendError::Cancelled) => None,
                    result => {
                        let result = result.map(Arc::new).map_err(Failure::from);
                        Some(Event::Advised { definition, result })
                    }
                }
            }
            Effect::WriteSql { database, segment, as_of, wanted } => {
                let result = match self.backend(&database) {
                    Some(backend) => export_sql(&*backend, &segment, as_of, wanted, cancel),
                    None => Err(SegmentFailure::Other(closed(&database))),
                };
                // What nobody waits for any more is not worth an answer.
                let event = Event::SqlWritten { segment, wanted, result: result.map(Arc::new) };
                (!cancel.is_cancelled()).then_some(event)
            }
            Effect::CountValues { database, table, column, segment, without, as_of } => {
                let Some(backend) = self.backend(&database) else {
                    return Some(Event::Counted { table, column, result: Err(closed(&database)) });
                };
                let question = CountValues { table, column, segment, without, as_of };
                let result = backend.count_values(&question, Task::new(cancel));
                let CountValues { table, column, .. } = question;
                match result {
                    Err(BackendError::Cancelled) => None,
                    result => {
                        let result = result.map(Arc::new).map_err(Failure::from);
                        Some(Event::Counted { table, column, result })
                    }
                }
            }
            Effect::PreviewList { of, database, activation_id, as_of } => {
                let Some(backend) = self.backend(&database) else {
                    return Some(Event::ListPreviewed { of, result: Err(closed(&database)) });
                };
                let preview = ListPreviewer { workspace: &self.workspace, backend: &*backend, cancel };
                let result = preview.preview(&of, &activation_id, as_of).transpose()?;
                Some(Event::ListPreviewed { of, result: result.map(Arc::new) })
            }
            Effect::ListFolder(folder) => {
                let result = list_folder(&folder, cancel)?;
                Some(Event::FolderListed { folder, result: result.map(Arc::new) })
            }
            Effect::UploadList { file, clash } => {
                let uploaded = self.workspace.upload(&file, clash, &(self.stamp)());
                let result = uploaded.map_err(|error| match error {
                    WorkspaceError::ListTaken { name, free } => UploadFailure::Taken { name, free },
                    error => UploadFailure::Other(error.into()),
                });
                Some(Event::ListUploaded { file, result })
            }
            Effect::Save { segment, target, expected } => {
                let saved = self.workspace.save(&segment, &target, expected, &(self.stamp)());
                let result = saved.map(|saved| Arc::new(saved.segment)).map_err(|error| match &error {
                    WorkspaceError::Conflict { .. } | WorkspaceError::Gone { .. } => {
                        SaveFailure::Conflict(error.into())
                    }
                    _ => SaveFailure::Other(error.into()),
                });
                Some(Event::Saved { sent: segment, result })
            }
            Effect::Rename { id, name, expected } => {
                let renamed = self.workspace.rename_segment(&id, &name, expected, &(self.stamp)());
                let result = renamed.map(|saved| Arc::new(saved.segment)).map_err(Failure::from);
                Some(Event::Renamed { result })
            }
            // Nothing is written in read-only mode, and that is no failure.
            Effect::KeepDraft(_)
            | Effect::DropDraft { .. }
            | Effect::RemoveDraft(_)
            | Effect::TakeOverDraft { .. }
                if self.read_only =>
            {
                None
            }
            Effect::KeepDraft(segment) => self.keep(&segment).err().map(Event::Notice),
            Effect::TakeOverDraft { segment, draft } => {
                let kept = self.keep(&segment);
                let removed = kept.and_then(|()| self.drafts().remove(&draft).map_err(Failure::from));
                removed.err().map(Event::Notice)
            }
            Effect::KeepOnly(folders) => {
                drop(self.keep_only(&folders));
                None
            }
            Effect::DropDraft { id } => {
                self.drafts().remove_draft(&id).err().map(|error| Event::Notice(error.into()))
            }
            Effect::RemoveDraft(draft) => {
                self.drafts().remove(&draft).err().map(|error| Event::Notice(error.into()))
            }
            Effect::Copy(_) | Effect::Suspend | Effect::Quit => None,
        }
    }

    pub(super) fn backend(&self, folder: &Path) -> Option<Arc<dyn Backend>> {
        lock(&self.backends).get(folder).cloned()
    }

    /// Takes away what is known of all other databases. What is under way keeps its backend to its end.
    pub(super) fn keep_only(&self, folders: &[PathBuf]) -> Vec<Arc<dyn Backend>> {
        let mut backends = lock(&self.backends);
        backends.extract_if(|known, _| !folders.contains(known)).map(|(_, backend)| backend).collect()
    }

    fn keep(&self, segment: &Segment) -> Result<(), Failure> {
        let root = self.workspace.root();
        let kept = self.drafts().save_draft(root, segment, segment.revision, &(self.stamp)());
        kept.map(drop).map_err(Failure::from)
    }

    fn list_drafts(&self) -> Option<Event> {
        let root = std::path::absolute(self.workspace.root()).ok()?;
        let of_this = |drafts: Drafts| Drafts {
            drafts: drafts.drafts.into_iter().filter(|draft| draft.workspace == root).collect(),
            ..drafts
        };
        let listed = self.drafts().list().map(of_this).map(Arc::new);
        Some(Event::Drafts(listed.map_err(Failure::from)))
    }

    fn drafts(&self) -> MutexGuard<'_, DraftStore> {
        lock(&self.drafts)
    }
}

fn closed(folder: &Path) -> Failure {
    Failure {
        message: format!("the database {} is closed", folder.display()),
        help: "open it again (D)".to_owned(),
    }
}

/// What is behind the lock stays usable after a panic elsewhere: every change to it is whole.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl From<WorkspaceError> for Failure {
    fn from(error: WorkspaceError) -> Self {
        Self { message: error.to_string(), help: error.help() }
    }
}

impl From<DatabaseError> for Failure {
    fn from(error: DatabaseError) -> Self {
        Self { message: error.to_string(), help: error.help }
    }
}

impl From<SettingsError> for Failure {
    fn from(error: SettingsError) -> Self {
        Self { message: error.to_string(), help: error.help.unwrap_or_default() }
    }
}

impl From<BackendError> for SegmentFailure {
    fn from(error: BackendError) -> Self {
        match error {
            BackendError::Refused(problem) => Self::Refused(problem),
            error => Self::Other(error.into()),
        }
    }
}

impl From<BackendError> for Failure {
    fn from(error: BackendError) -> Self {
        let help = match &error {
            BackendError::Refused(problem) => problem.diagnostic.help.clone().unwrap_or_default(),
            BackendError::Missing { help, .. } | BackendError::Data { help, .. } => help.clone(),
            BackendError::Changed(_) | BackendError::Unreadable { .. } => {
                "open the database again (D); should that not help, check the file".to_owned()
            }
            BackendError::Cancelled => String::new(),
        };
        Self { message: error.to_string(), help }
    }
}
