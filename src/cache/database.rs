//! What is kept for one database.

use std::fs::{self, DirBuilder, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use tempfile::NamedTempFile;

use super::entry::{self, About};
use super::{CacheFolder, names};

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

    /// What was put under this kind, if it was made of exactly what `fingerprint` describes. Anything else
    /// that is there is removed.
    #[must_use]
    pub fn get(&self, kind: &str, fingerprint: &str) -> Option<Vec<u8>> {
        let path = self.entry(kind);
        let mut file = File::open(&path).ok()?;
        let content = entry::read(&mut file, &self.about(kind, fingerprint));
        if content.is_some() {
            self.touch(&file);
        } else {
            drop(file);
            self.remove(&path);
        }
        content
    }

    /// Keeps bytes in place of those of this kind, if any, and returns at once: until they are written,
    /// [`Self::get`] finds what was there before. `fingerprint` describes all that they depend on.
    pub fn put(&self, kind: &str, fingerprint: &str, bytes: Vec<u8>) {
        if self.is_read_only() {
            return;
        }
        let (folder, path, about) = (self.folder.clone(), self.entry(kind), self.about(kind, fingerprint));
        let trouble = Arc::clone(&self.cache.trouble);
        self.cache.writer.do_soon(move || {
            if let Err(error) = write_entry(&folder, &path, &about, &bytes) {
                trouble.remember(&folder, &error);
            }
        });
    }

    /// Whether nothing can be put.
    #[must_use]
    pub fn is_read_only(&self) -> bool {
        self.cache.is_read_only()
    }

    /// Where the entry of a kind is.
    pub(super) fn entry(&self, kind: &str) -> PathBuf {
        self.folder.join(format!("{}.{}", names::stem(kind), names::ENTRY))
    }

    pub(super) fn about(&self, kind: &str, fingerprint: &str) -> About {
        About { database: self.database.clone(), kind: kind.to_owned(), fingerprint: fingerprint.to_owned() }
    }

    pub(super) fn remove(&self, path: &Path) {
        if !self.cache.is_read_only() {
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
