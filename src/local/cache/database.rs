//! What is kept for one database.

use std::fs::{self, DirBuilder, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use tempfile::NamedTempFile;

use super::CacheFolder;
use super::entry::{self, About};
use super::names::{self, Name};

/// The part of a [`CacheFolder`] that belongs to one database. Cheap to clone.
#[derive(Clone, Debug)]
pub struct DatabaseCache {
    pub(super) cache: Arc<CacheFolder>,
    /// The database's folder, for people and to tell it from others.
    database: String,
    /// Where the files are.
    pub(super) folder: PathBuf,
}

impl DatabaseCache {
    pub(super) fn new(cache: Arc<CacheFolder>, database: &Path) -> Self {
        let folder = cache.folder_of(database);
        Self { cache, database: database.display().to_string(), folder }
    }

    /// What was put under this name, if it was made of exactly what `fingerprint` describes. Anything else
    /// that is there is removed.
    #[must_use]
    pub fn get<'a>(&self, name: impl Into<Name<'a>>, fingerprint: &str) -> Option<Vec<u8>> {
        let name = name.into();
        let path = self.entry(name);
        let mut file = File::open(&path).ok()?;
        let content = entry::read(&mut file, &self.about(name, fingerprint));
        if content.is_some() {
            self.touch(&file);
        } else {
            drop(file);
            self.remove(&path);
        }
        content
    }

    /// Keeps bytes in place of those of this name, if any, and returns at once: they are made and written
    /// later, and until then [`Self::get`] finds what was there before. `fingerprint` describes all that
    /// they depend on.
    pub fn put<'a>(
        &self,
        name: impl Into<Name<'a>>,
        fingerprint: &str,
        bytes: impl FnOnce() -> Vec<u8> + Send + 'static,
    ) {
        if self.is_read_only() {
            return;
        }
        let name = name.into();
        let (folder, path, about) = (self.folder.clone(), self.entry(name), self.about(name, fingerprint));
        let (trouble, room) = (Arc::clone(&self.cache.trouble), Arc::clone(&self.cache.room));
        self.cache.writer.do_soon(move || match write_entry(&folder, &path, &about, &bytes()) {
            Ok(()) => room.take(&path),
            Err(error) => trouble.remember(&folder, &error),
        });
    }

    /// The same before it returns. `false` if they are not kept, which is no failure of the answer.
    #[must_use]
    pub fn put_now<'a>(&self, name: impl Into<Name<'a>>, fingerprint: &str, bytes: &[u8]) -> bool {
        if self.is_read_only() {
            return false;
        }
        let name = name.into();
        let _writing = self.cache.writing.read();
        let path = self.entry(name);
        let written = write_entry(&self.folder, &path, &self.about(name, fingerprint), bytes);
        match &written {
            Ok(()) => self.cache.room.take(&path),
            Err(error) => self.cache.trouble.remember(&self.folder, error),
        }
        written.is_ok()
    }

    /// Removes what was put under this name.
    pub fn forget<'a>(&self, name: impl Into<Name<'a>>) {
        self.remove(&self.entry(name));
    }

    /// Whether nothing can be put.
    #[must_use]
    pub fn is_read_only(&self) -> bool {
        self.cache.is_read_only()
    }

    /// Where the entry of a name is.
    pub(super) fn entry<'a>(&self, name: impl Into<Name<'a>>) -> PathBuf {
        self.folder.join(names::entry(name.into()))
    }

    pub(super) fn about<'a>(&self, name: impl Into<Name<'a>>, fingerprint: &str) -> About {
        let Name { kind, part } = name.into();
        let (kind, fingerprint) = (kind.to_owned(), fingerprint.to_owned());
        About { database: self.database.clone(), kind, part, fingerprint }
    }

    pub(super) fn remove(&self, path: &Path) {
        if !self.cache.is_read_only() {
            self.cache.room.release(path);
            // What cannot be removed is found damaged again.
            let _ = fs::remove_file(path);
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
pub(super) fn write_entry(folder: &Path, path: &Path, about: &About, content: &[u8]) -> io::Result<()> {
    let mut file = temporary(folder)?;
    let mut to = BufWriter::new(file.as_file_mut());
    entry::write(&mut to, about, content)?;
    to.flush()?;
    drop(to);
    file.persist(path)?;
    Ok(())
}

/// A new file in a folder, which is made should it not be there. Both are for nobody else to read: what is
/// in a database may be private.
pub(super) fn temporary(folder: &Path) -> io::Result<NamedTempFile> {
    let mut maker = DirBuilder::new();
    maker.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut maker, 0o700);
    maker.create(folder)?;
    let (begin, end) = names::TEMPORARY;
    tempfile::Builder::new().prefix(begin).suffix(end).tempfile_in(folder)
}
