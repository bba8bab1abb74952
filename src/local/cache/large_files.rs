//! Files that are too large to be read as a whole: each has an entry with its length and CRC-32.

use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::path::PathBuf;
use std::time::SystemTime;

use crc32fast::Hasher;
use serde::{Deserialize, Serialize};

use super::database::{DatabaseCache, temporary, write_entry};
use super::file_names::{self, FileKind, LARGE, file_kind};
use crate::file_system::{entries, is_abandoned, open_lock, open_regular};

/// How much is checked in one go.
const BLOCK: usize = 1 << 20;

/// Why a file was not written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum WriteError {
    /// Nobody waits for it any more.
    #[error("cancelled")]
    Cancelled,
    /// The disk or the writer failed.
    #[error(transparent)]
    Failed(#[from] io::Error),
}

#[derive(Debug, Deserialize, PartialEq, Serialize)]
struct LargeFileEntry {
    file: String,
    bytes: u64,
    crc32: u32,
}

impl DatabaseCache {
    /// The file that was put under this kind, if it was made of exactly what `fingerprint` describes and is
    /// whole. It is read once from end to end to see that, unless it `is_cancelled`. The file may be removed
    /// at any time, but what is in it never changes.
    #[must_use]
    pub(crate) fn large_file(
        &self,
        kind: &str,
        fingerprint: &str,
        is_cancelled: &dyn Fn() -> bool,
    ) -> Option<PathBuf> {
        let entry = postcard::from_bytes::<LargeFileEntry>(&self.get(kind, fingerprint)?).ok();
        let entry = entry.filter(|entry| matches!(file_kind(&entry.file), Some(FileKind::Large(_))))?;
        let path = self.folder.join(&entry.file);
        let checked = open_regular(&path).map_err(WriteError::from).and_then(|mut file| {
            // Before it is checked: from now on nobody evicts it.
            self.cache.quota.pin(&path, &file);
            let (bytes, crc32) = checksum(&mut file, is_cancelled)?;
            self.touch(&file);
            Ok((bytes, crc32) == (entry.bytes, entry.crc32))
        });
        match checked {
            Ok(true) => Some(path),
            Err(WriteError::Cancelled) => None,
            Ok(false) | Err(WriteError::Failed(_)) => {
                self.remove(&path);
                self.remove(&self.entry(kind));
                None
            }
        }
    }

    /// Has a file written and stores it in place of that of this kind, if any; before it returns. `None`
    /// where that fails, which is no failure of the answer, and where nothing may be written.
    pub(crate) fn put_large_file(
        &self,
        kind: &str,
        fingerprint: &str,
        write: impl FnOnce(&mut (dyn Write + Send)) -> Result<(), WriteError>,
    ) -> Option<PathBuf> {
        if self.cache.is_read_only() {
            return None;
        }
        match self.write_large_file(kind, fingerprint, write) {
            Ok(path) => Some(path),
            Err(WriteError::Cancelled) => None,
            Err(WriteError::Failed(error)) => {
                self.cache.last_error.record(&self.folder, &error);
                None
            }
        }
    }

    fn write_large_file(
        &self,
        kind: &str,
        fingerprint: &str,
        write: impl FnOnce(&mut (dyn Write + Send)) -> Result<(), WriteError>,
    ) -> Result<PathBuf, WriteError> {
        let _writing = self.cache.writing.read();
        let mut file = temporary(&self.folder)?;
        let (bytes, crc32) = {
            let mut to = ChecksumWriter { to: BufWriter::new(&mut file), bytes: 0, crc32: Hasher::new() };
            write(&mut to)?;
            to.flush()?;
            (to.bytes, to.crc32.clone().finalize())
        };
        // Of several programs that do the same the first counts, and the file that it may be reading stays.
        let _lock = self.lock();
        if let Some(path) = self.large_file(kind, fingerprint, &|| false) {
            return Ok(path);
        }
        let stem = file_names::stem(kind);
        let name = format!("{stem}.{}.{LARGE}", file.unique_name());
        let path = self.folder.join(&name);
        let file = file.create(&path)?;
        self.cache.quota.pin(&path, &file);
        let entry = postcard::to_stdvec(&LargeFileEntry { file: name.clone(), bytes, crc32 });
        let metadata = self.metadata(kind, fingerprint);
        let stored = entry
            .map_err(io::Error::other)
            .and_then(|entry| write_entry(&self.folder, &self.entry(kind), &metadata, &entry));
        if let Err(error) = stored {
            self.remove(&path);
            return Err(error.into());
        }
        self.remove_others(&stem, &name);
        self.cache.quota.account_for(&path);
        Ok(path)
    }

    /// Removes the files that have no entry any more, and those that were never finished.
    fn remove_others(&self, stem: &str, current: &str) {
        for entry in entries(&self.folder).into_iter().flatten() {
            let name = entry.file_name();
            let is_obsolete = match file_kind(&name.to_string_lossy()) {
                Some(FileKind::Large(of)) => of == stem && name != current,
                Some(FileKind::Temporary) => {
                    entry.metadata().is_ok_and(|file| is_abandoned(&name, &file, SystemTime::now()))
                }
                _ => false,
            };
            if is_obsolete {
                self.remove(&entry.path());
            }
        }
    }

    /// Held for the moment in which a file gets its place. Where there are no locks, the last one wins.
    fn lock(&self) -> Option<File> {
        let path = self.folder.join(file_names::LOCK);
        let file = open_lock(&path).ok()?;
        file.lock().ok()?;
        Some(file)
    }
}

/// Length and CRC-32 of what is left of a file.
fn checksum(file: &mut File, is_cancelled: &dyn Fn() -> bool) -> Result<(u64, u32), WriteError> {
    let (mut bytes, mut crc32, mut block) = (0_u64, Hasher::new(), vec![0; BLOCK]);
    loop {
        if is_cancelled() {
            return Err(WriteError::Cancelled);
        }
        let read = match file.read(&mut block) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            read => read?,
        };
        if read == 0 {
            return Ok((bytes, crc32.finalize()));
        }
        crc32.update(block.get(..read).unwrap_or_default());
        bytes += read as u64;
    }
}

/// Passes on what is written, with its length and CRC-32.
struct ChecksumWriter<W> {
    to: W,
    bytes: u64,
    crc32: Hasher,
}

impl<W: Write> Write for ChecksumWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.to.write(bytes)?;
        self.crc32.update(bytes.get(..written).unwrap_or_default());
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}
