//! Performs the app's effects, one at a time, and answers with events. The tests use the same code.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use super::case::CaseFile;
use super::documents::Documents;
use super::export::Export;
use super::folders::list_folder;
use super::lock_wait::LockWait;
use super::open::OpenBackend;
use super::open_backends::{EventSink, OpenBackends};
use super::questions::Asked;
use super::state_file::{ActionUseFile, CardFile, ChosenThemeFile};
use crate::app::effect::Effect;
use crate::app::event::Event;
use crate::backend::{Backend, Cancel, CountValues};
use crate::diagnostic::Diagnostic;
use crate::segment::Stamp;
use crate::workspace::{DraftStore, Workspace};

/// What effects are performed with.
pub struct Services {
    pub(super) backends: OpenBackends,
    documents: Documents,
    started: Instant,
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
            backends: OpenBackends::new(opener),
            documents: Documents::new(workspace, drafts, stamp),
            started: Instant::now(),
        }
    }

    /// Where the workspace is, or will be.
    pub(super) fn workspace_root(&self) -> &Path {
        self.documents.workspace.root()
    }

    /// What went wrong with what is kept between runs, once, to be shown.
    pub(crate) fn take_cache_error(&self) -> Option<Diagnostic> {
        let message = self.backends.take_cache_error()?;
        Some(Diagnostic::new(message))
    }

    /// Drafts are also in these folders; `remember` is called for each that is chosen later, and answers whether
    /// the next start looks there.
    #[must_use]
    pub fn with_draft_folders(
        mut self,
        folders: Vec<PathBuf>,
        remember: impl Fn(&Path) -> bool + Send + Sync + 'static,
    ) -> Self {
        let other = self.documents.other_drafts;
        self.documents.other_drafts = other.with_folders(folders, remember);
        self
    }

    /// With the file that remembers which theme was chosen.
    #[must_use]
    pub(crate) fn with_theme_file(mut self, file: ChosenThemeFile) -> Self {
        self.documents.theme_file = Some(file);
        self
    }

    /// With the file that remembers cards.
    #[must_use]
    pub fn with_card_file(mut self, file: CardFile) -> Self {
        self.documents.card_file = Some(file);
        self
    }

    /// Which actions were found by name is remembered in this file.
    #[must_use]
    pub fn with_action_use_file(mut self, file: ActionUseFile) -> Self {
        self.documents.action_use_file = Some(file);
        self
    }

    /// Does this with the folder of every database that was opened.
    #[must_use]
    pub(crate) fn when_opened(mut self, opened: impl Fn(&Path) + Send + Sync + 'static) -> Self {
        self.backends.when_opened = Box::new(opened);
        self
    }

    /// Performs an effect. `None`: there is nothing to answer, or the work was cancelled. What is to be told
    /// before the answer goes to `sink`.
    pub fn perform(&self, effect: Effect, cancel: &Cancel, sink: EventSink<'_>) -> Option<Event> {
        let asked = effect.asks().and_then(|folder| Some((folder.to_owned(), self.backends.get(folder)?)));
        let event = self.answer(effect, cancel, sink);
        // What came of files that have changed is of no use, however it looks.
        let changed = asked.and_then(|(database, backend)| {
            let change = backend.change()?.clone();
            Some(Event::FileChanged { database, change, at: self.started.elapsed() })
        });
        changed.or(event)
    }

    /// How a write waits for another writer of the workspace.
    pub(super) fn lock_wait(&self) -> &Arc<LockWait> {
        &self.documents.lock_wait
    }

    /// Takes away what is known of all other databases, to be freed by the caller.
    pub(super) fn keep_only(&self, folders: &[PathBuf]) -> Vec<Arc<dyn Backend>> {
        self.backends.keep_only(folders)
    }

    fn answer(&self, effect: Effect, cancel: &Cancel, sink: EventSink<'_>) -> Option<Event> {
        let (backends, documents) = (&self.backends, &self.documents);
        let ask = |folder: PathBuf| Asked { backend: backends.get(&folder), folder, cancel };
        match effect {
            Effect::OpenDatabase(folder) => backends.open(folder, cancel, sink),
            Effect::ReopenDatabase { folder, wait } => backends.reopen(folder, wait, cancel, sink),
            Effect::ReadAhead { database, activation_id, as_of } => {
                backends.read_ahead(database, &activation_id, as_of, cancel, sink)
            }
            Effect::CheckFiles { database } => {
                // What has changed is told in place of any answer.
                let _ = backends.get(&database)?.check_unchanged();
                None
            }
            Effect::KeepOnly(folders) => {
                drop(backends.keep_only(&folders));
                None
            }
            Effect::ReadWorkspaceTables { database, as_of } => {
                let tables = Arc::new(backends.get(&database)?.workspace_tables(as_of));
                Some(Event::WorkspaceTablesRead { database, tables })
            }
            Effect::Evaluate { database, definition, segment, as_of } => {
                ask(database).evaluate(definition, segment, as_of, sink)
            }
            Effect::Advise { database, definition, segment, as_of } => {
                ask(database).advise(definition, segment, as_of)
            }
            Effect::WriteSql { database, segment, as_of, wanted, card } => {
                ask(database).write_sql(segment, as_of, wanted, card)
            }
            Effect::CountValues { database, table, column, segment, without, as_of } => {
                ask(database).count_values(CountValues { table, column, segment, without, as_of })
            }
            Effect::CountVariants { database, request, variants, as_of } => {
                ask(database).count_variants(request, variants, as_of, sink)
            }
            Effect::AskPage { database, request, question } => ask(database).page(request, &question, sink),
            Effect::Export { database, question, file, overwrite } => {
                let export = Export { workspace: &documents.workspace, question: &question, file, overwrite };
                Some(export.perform(ask(database), self.started, sink))
            }
            Effect::WriteCase { database, question, file, folder, overwrite } => {
                let (workspace, question) = (&documents.workspace, *question);
                let case = CaseFile { workspace, question, file, folder, overwrite };
                Some(case.perform(ask(database)))
            }
            Effect::TestSegments { database, segments, as_of } => {
                ask(database).test_segments(segments, as_of, &documents.workspace, sink)
            }
            Effect::PreviewList { of, database, activation_id, as_of } => {
                ask(database).preview_list(of, &activation_id, as_of, &documents.workspace)
            }
            Effect::ListFolder(folder) => {
                let result = list_folder(&folder, cancel)?;
                Some(Event::FolderListed { folder, result: result.map(Arc::new) })
            }
            other => self.answer_of_documents(other),
        }
    }

    /// What is about the workspace and the drafts.
    fn answer_of_documents(&self, effect: Effect) -> Option<Event> {
        let documents = &self.documents;
        match effect {
            Effect::ListSegments => Some(documents.list()),
            Effect::Load { id, path, reason } => Some(documents.load(id, &path, reason)),
            Effect::ListHistory { id } => Some(documents.list_history(id)),
            Effect::LoadSegments { segments } => Some(documents.load_all(segments)),
            Effect::Save { segment, target, expected } => Some(documents.save(segment, &target, expected)),
            Effect::Rename { id, name, expected } => Some(documents.rename(&id, &name, expected)),
            Effect::UploadList { file, clash } => Some(documents.upload(file, clash)),
            Effect::ChangeMetric(change) => Some(documents.change_metric(&change)),
            Effect::KeepTheme(name) => documents.keep_theme(&name),
            Effect::KeepCards(cards) => documents.keep_cards(&cards),
            Effect::KeepActionUse(used) => documents.keep_action_use(&used),
            Effect::ListDrafts => documents.list_drafts(),
            Effect::KeepDraft(edits) => documents.keep_draft(edits),
            Effect::TakeOverDraft { edits, draft } => documents.take_over_draft(edits, &draft),
            Effect::KeepDraftIn { edits, folder } => documents.keep_draft_in(edits, folder),
            Effect::CompareSegment { id, path, base } => documents.compare(id, &path, base),
            Effect::DropDraft { id } => documents.drop_draft(&id),
            Effect::RemoveDraft(draft) => documents.remove_draft(&draft),
            Effect::GiveUpWaiting => {
                documents.lock_wait.give_up();
                None
            }
            // The others are performed above, or are the terminal's.
            _ => None,
        }
    }
}
