//! What is stored for one database.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use super::entry::{self, Metadata};
use super::file_names::{self, EntryKey};
use super::folder::CacheFolder;
use crate::file_system::{self, TemporaryFile, canonical, open_regular};

/// The part of a [`CacheFolder`] that belongs to one database. Cheap to clone.
#[derive(Clone, Debug)]
pub struct DatabaseCache {
    pub(super) cache: Arc<CacheFolder>,
    /// The database's folder, for people and to tell it from others.
    database: String,
    /// Where the files are.
    pub(super) folder: PathBuf,
}

impl CacheFolder {
    /// The part that belongs to the database in a folder.
    #[must_use]
    pub fn of(self: &Arc<Self>, database: &Path) -> DatabaseCache {
        let database = canonical(database);
        let folder = self.folder_of(&database);
        DatabaseCache { cache: Arc::clone(self), database: database.display().to_string(), folder }
    }
}

impl DatabaseCache {
    /// What was put under this key, if it was made of exactly what `fingerprint` describes. Anything else
    /// that is there is removed.
    #[must_use]
    pub fn get<'a>(&self, key: impl Into<EntryKey<'a>>, fingerprint: &str) -> Option<Vec<u8>> {
        let key = key.into();
        let path = self.entry(key);
        let mut file = open_regular(&path).ok()?;
        let content = entry::read(&mut file, &self.metadata(key, fingerprint));
        if content.is_some() {
            self.touch(&file);
        } else {
            drop(file);
            self.remove(&path);
        }
        content
    }

    /// Stores bytes in place of those of this key, if any, and returns at once: they are made and written
    /// in the background, and until then [`Self::get`] finds what was there before. `fingerprint` describes all that
    /// they depend on.
    pub fn put<'a>(
        &self,
        key: impl Into<EntryKey<'a>>,
        fingerprint: &str,
        bytes: impl FnOnce() -> io::Result<Vec<u8>> + Send + 'static,
    ) {
        if self.is_read_only() {
            return;
        }
        let key = key.into();
        let (folder, path, metadata) =
            (self.folder.clone(), self.entry(key), self.metadata(key, fingerprint));
        let (last_error, quota) = (Arc::clone(&self.cache.last_error), Arc::clone(&self.cache.quota));
        self.cache.writer.enqueue(move || {
            match bytes().and_then(|bytes| write_entry(&folder, &path, &metadata, &bytes)) {
                Ok(()) => quota.account_for(&path),
                Err(error) => last_error.record(&folder, &error),
            }
        });
    }

    /// The same before it returns. `false` if they are not stored, which is no failure of the answer.
    #[must_use]
    pub(crate) fn put_now<'a>(
        &self,
        key: impl Into<EntryKey<'a>>,
        fingerprint: &str,
        bytes: impl FnOnce() -> io::Result<Vec<u8>>,
    ) -> bool {
        if self.is_read_only() {
            return false;
        }
        let key = key.into();
        let _writing = self.cache.writing.read();
        let (path, metadata) = (self.entry(key), self.metadata(key, fingerprint));
        let written = bytes().and_then(|bytes| write_entry(&self.folder, &path, &metadata, &bytes));
        match &written {
            Ok(()) => self.cache.quota.account_for(&path),
            Err(error) => self.cache.last_error.record(&self.folder, error),
        }
        written.is_ok()
    }

    /// Whether there is a file under this key, whatever is in it.
    #[must_use]
    pub(crate) fn has<'a>(&self, key: impl Into<EntryKey<'a>>) -> bool {
        open_regular(&self.entry(key)).is_ok()
    }

    /// Removes what was put under this key.
    pub(crate) fn remove_entry<'a>(&self, key: impl Into<EntryKey<'a>>) {
        self.remove(&self.entry(key));
    }

    /// Whether nothing can be put.
    #[must_use]
    pub(crate) fn is_read_only(&self) -> bool {
        self.cache.is_read_only()
    }

    pub(super) fn entry<'a>(&self, key: impl Into<EntryKey<'a>>) -> PathBuf {
        self.folder.join(file_names::entry_file(key.into()))
    }

    pub(super) fn metadata<'a>(&self, key: impl Into<EntryKey<'a>>, fingerprint: &str) -> Metadata {
        let EntryKey { kind, part } = key.into();
        let (kind, fingerprint) = (kind.to_owned(), fingerprint.to_owned());
        Metadata { database: self.database.clone(), kind, part, fingerprint }
    }

    pub(super) fn remove(&self, path: &Path) {
        if !self.cache.is_read_only() {
            self.cache.quota.unpin(path);
            // What cannot be removed is found damaged again.
            let _ = file_system::remove_file(path);
        }
    }

    /// Notes that a file was of use: its time says what was used last.
    pub(super) fn touch(&self, file: &File) {
        if !self.cache.is_read_only() {
            let _ = file.set_modified(SystemTime::now());
        }
    }
}

/// Writes an entry as a whole or not at all.
pub(super) fn write_entry(folder: &Path, path: &Path, metadata: &Metadata, content: &[u8]) -> io::Result<()> {
    let mut file = temporary(folder)?;
    let mut to = BufWriter::new(&mut file);
    entry::write(&mut to, metadata, content)?;
    to.flush()?;
    drop(to);
    file.replace(path)?;
    Ok(())
}

/// A new file in a folder, which is made should it not be there. Both are for nobody else to read: what is
/// in a database may be private.
pub(super) fn temporary(folder: &Path) -> io::Result<TemporaryFile> {
    file_system::create_private_folders(folder)?;
    TemporaryFile::private(&folder.join("new"))
}
