//! The cache folder as a whole.

use std::path::{Path, PathBuf};
use std::sync::{Arc, RwLock};

use super::names;
use super::room::{LIMIT, Room};
use super::trouble::Trouble;
use super::{DatabaseCache, writer::Writer};

/// The folder of what is kept between runs. Dropping it waits until everything is written.
#[derive(Debug)]
pub struct CacheFolder {
    path: PathBuf,
    read_only: bool,
    pub(super) writer: Writer,
    pub(super) trouble: Arc<Trouble>,
    pub(super) room: Arc<Room>,
    /// Read-locked by whoever writes while others wait for it.
    pub(super) writing: RwLock<()>,
}

impl CacheFolder {
    /// The cache in this folder, which is made when something is written first. Where it is `read_only`,
    /// what is there is used, and nothing is written or removed.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>, read_only: bool) -> Self {
        let path = path.into();
        let (writer, trouble, writing) = (Writer::default(), Arc::default(), RwLock::default());
        let room = Arc::new(Room::new(&path, LIMIT));
        Self { path, read_only, writer, trouble, room, writing }
    }

    /// Keeps at most so many bytes, [`LIMIT`] by default: beyond that what was used least recently goes.
    #[must_use]
    pub fn with_limit(mut self, bytes: u64) -> Self {
        self.room = Arc::new(Room::new(&self.path, bytes));
        self
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether it is left as it is.
    #[must_use]
    pub fn is_read_only(&self) -> bool {
        self.read_only
    }

    /// The part that belongs to the database in a folder.
    #[must_use]
    pub fn of(self: &Arc<Self>, database: &Path) -> DatabaseCache {
        DatabaseCache::new(Arc::clone(self), &identity(database))
    }

    /// What went wrong in writing, in words for people; to whoever asks first, and only once.
    #[must_use]
    pub fn trouble(&self) -> Option<String> {
        self.trouble.tell()
    }

    /// Waits until everything is written that was put so far, or has been given up.
    pub fn finish(&self) {
        self.writer.finish();
        drop(self.writing.write());
    }

    /// Where files of a database are.
    pub(super) fn folder_of(&self, database: &Path) -> PathBuf {
        self.path.join(names::of_database(database))
    }
}

/// One path for a folder, however it is named; that of a folder that is gone is made absolute only.
pub(super) fn identity(database: &Path) -> PathBuf {
    let whole = database.canonicalize().or_else(|_| std::path::absolute(database));
    whole.unwrap_or_else(|_| database.to_owned())
}
