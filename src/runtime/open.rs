//! The one place where a database becomes a backend, for the program and for the commands.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::backend::ReadTask;
use crate::backend::{Backend, DataSteps, WorkspaceFiles};
use crate::budget::Budget;
use crate::database::DatabaseError;
use crate::demo;
use crate::diagnostic::Diagnostic;
use crate::local::cache::CacheFolder;
use crate::local::files::{self, LocalDatabase, ManifestDraft, OpenFilesError};
use crate::local::{Engine, LocalDataSteps};
use crate::workspace::Workspace;

/// Opens databases.
pub trait OpenBackend: Send + Sync {
    /// Opens the database in a folder.
    ///
    /// # Errors
    /// The work was stopped; there is no database that can be opened.
    fn open(&self, folder: &Path, task: ReadTask<'_>) -> Result<Arc<dyn Backend>, OpenError>;

    /// What went wrong with what is kept between runs, told once.
    fn take_cache_error(&self) -> Option<String> {
        None
    }
}

/// Why a database is not open.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Nobody waits for it any more.
    #[error("the opening was stopped")]
    Stopped,
    /// There is no database yet, and the demo cannot be made.
    #[error("{0:#}")]
    Demo(anyhow::Error),
    /// It cannot be opened.
    #[error(transparent)]
    Failed(#[from] DatabaseError),
}

/// Where what takes long is kept between runs, shared by all who write there.
pub(crate) type SharedCache = Arc<CacheFolder>;

/// The cache in a folder, of which `limit` bytes are kept, or as much as is usual.
#[must_use]
pub(crate) fn open_cache(folder: &Path, read_only: bool, limit: u64) -> SharedCache {
    Arc::new(CacheFolder::new(folder, read_only).with_limit(limit))
}

/// Opens databases on this machine with the embedded engine.
#[derive(Clone, Debug)]
pub struct LocalOpener {
    /// Where lists and saved queries are found.
    pub workspace: Workspace,
    /// Where what takes long is kept between runs.
    pub cache: Option<SharedCache>,
    /// How much of a database is kept in memory.
    pub budget: Budget,
    /// The demo database, which is made when it is opened and not there yet.
    pub demo: Option<PathBuf>,
}

impl LocalOpener {
    /// Keeps nothing between runs, and makes no demo.
    #[must_use]
    pub fn new(workspace: Workspace) -> Self {
        Self { workspace, cache: None, budget: Budget::default(), demo: None }
    }

    /// Opens two folders as two states of a database.
    ///
    /// # Errors
    /// As [`OpenBackend::open`].
    pub(crate) fn open_steps(
        &self,
        [before, after]: [&Path; 2],
        task: ReadTask<'_>,
    ) -> Result<Arc<dyn DataSteps>, OpenError> {
        let before = self.engine(before, task)?;
        let after = self.engine(after, task)?;
        let opener = self.clone();
        let between = move |database| opener.engine_of(database);
        Ok(Arc::new(LocalDataSteps::new(before, after, between)))
    }

    fn engine(&self, folder: &Path, task: ReadTask<'_>) -> Result<Engine, OpenError> {
        let database = files::open_with(folder, self.cache.as_ref(), task)?;
        let engine = Engine::of_folder(database, folder).map_err(|error| {
            let help = "make the case again".to_owned();
            OpenError::Failed(Diagnostic::new(error.to_string()).with_help(help).in_file(folder))
        })?;
        let engine = self.set_up(engine);
        Ok(match &self.cache {
            Some(cache) => engine.with_cache(cache.of(folder)),
            None => engine,
        })
    }

    fn engine_of(&self, database: Arc<LocalDatabase>) -> Engine {
        self.set_up(Engine::new(database))
    }

    fn set_up(&self, engine: Engine) -> Engine {
        let workspace: Arc<dyn WorkspaceFiles> = Arc::new(self.workspace.clone());
        engine.with_workspace_files(workspace).with_budget(self.budget.bytes())
    }
}

/// Makes the demo database in a folder that is not there yet; `say` is told how far it is.
///
/// # Errors
/// It cannot be written.
pub(crate) fn make_demo(folder: &Path, say: &(dyn Fn(&str) + Sync)) -> Result<(), OpenError> {
    let say = |percent: u64| say(&format!("making the demo database, {percent}%"));
    demo::generate_bundled(folder, &say).map(drop).map_err(OpenError::Demo)
}

/// What may be written as the manifest of a folder, which may lack an activation ID.
///
/// # Errors
/// As [`OpenBackend::open`], but for a doubt about the activation ID.
pub(crate) fn draft_manifest(
    folder: &Path,
    cache: &SharedCache,
    task: ReadTask<'_>,
) -> Result<ManifestDraft, OpenError> {
    files::draft_manifest(folder, Some(cache), task).map_err(OpenError::from)
}

impl From<OpenFilesError> for OpenError {
    fn from(error: OpenFilesError) -> Self {
        match error {
            OpenFilesError::Cancelled => Self::Stopped,
            OpenFilesError::Failed(error) => Self::Failed(error),
        }
    }
}

impl OpenBackend for LocalOpener {
    fn open(&self, folder: &Path, task: ReadTask<'_>) -> Result<Arc<dyn Backend>, OpenError> {
        if self.demo.as_deref() == Some(folder) && !folder.exists() && !self.workspace.is_read_only() {
            make_demo(folder, task.report)?;
        }
        Ok(Arc::new(self.engine(folder, task)?))
    }

    fn take_cache_error(&self) -> Option<String> {
        self.cache.as_ref()?.take_error()
    }
}
