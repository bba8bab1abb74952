//! The cache folder as a whole.

use std::path::{Path, PathBuf};
use std::sync::{Arc, RwLock};
use std::time::SystemTime;

use super::background_writer::BackgroundWriter;
use super::file_names;
use super::last_error::LastError;
use super::quota::{DEFAULT_LIMIT, Quota};
use crate::file_system::remove_abandoned;

/// The folder of what is stored between runs. Dropping it waits until everything is written.
#[derive(Debug)]
pub struct CacheFolder {
    path: PathBuf,
    read_only: bool,
    pub(super) writer: BackgroundWriter,
    pub(super) last_error: Arc<LastError>,
    pub(super) quota: Arc<Quota>,
    /// Read-locked by whoever writes while others wait for it.
    pub(super) writing: RwLock<()>,
}

impl CacheFolder {
    /// The cache in this folder, which is made when something is written first. Where it is `read_only`,
    /// what is there is used, and nothing is written or removed.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>, read_only: bool) -> Self {
        let path = path.into();
        let (writer, last_error, writing) = (BackgroundWriter::default(), Arc::default(), RwLock::default());
        let quota = Arc::new(Quota::new(&path, DEFAULT_LIMIT));
        Self { path, read_only, writer, last_error, quota, writing }
    }

    /// Holds at most so many bytes, [`DEFAULT_LIMIT`] by default: beyond that what was used least recently is
    /// evicted.
    #[must_use]
    pub(crate) fn with_limit(mut self, bytes: u64) -> Self {
        self.quota = Arc::new(Quota::new(&self.path, bytes));
        self
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether it is left as it is.
    #[must_use]
    pub(crate) fn is_read_only(&self) -> bool {
        self.read_only
    }

    /// What went wrong in writing, in words for people; to whoever asks first, and only once.
    #[must_use]
    pub fn take_error(&self) -> Option<String> {
        self.last_error.take()
    }

    /// Removes what programs left here that were ended while they wrote.
    pub(crate) fn remove_abandoned(&self, now: SystemTime) {
        if !self.read_only {
            remove_abandoned(&self.path, 1, now);
        }
    }

    /// Waits until everything is written that was put so far, or has been given up.
    pub fn finish(&self) {
        self.writer.finish();
        drop(self.writing.write());
    }

    /// Where the files of a database are, by its canonical path.
    pub(super) fn folder_of(&self, database: &Path) -> PathBuf {
        self.path.join(file_names::database_folder(database))
    }
}
