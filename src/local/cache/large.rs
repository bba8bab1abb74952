//! Files that are too large to be read as a whole: an entry vouches for each, by length and CRC-32.

use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crc32fast::Hasher;
use serde::{Deserialize, Serialize};

use super::DatabaseCache;
use super::database::{temporary, write_entry};
use super::names::{self, LARGE, Part, part};

/// How much is checked in one go.
const PIECE: usize = 1 << 20;
/// Nobody writes to a file that has not changed for so long.
const STALE: Duration = Duration::from_secs(24 * 60 * 60);

/// Why a file was not written.
#[derive(Debug, thiserror::Error)]
pub enum NotWritten {
    /// Nobody waits for it any more.
    #[error("stopped")]
    Stopped,
    /// The disk or the writer failed.
    #[error(transparent)]
    Failed(#[from] io::Error),
}

/// What an entry says of its file.
#[derive(Debug, Deserialize, PartialEq, Serialize)]
struct Voucher {
    file: String,
    bytes: u64,
    crc32: u32,
}

impl DatabaseCache {
    /// The file that was put under this kind, if it was made of exactly what `fingerprint` describes and is
    /// whole. It is read once from end to end to see that, as long as not `stop`. The file may be removed
    /// at any time, but what is in it never changes.
    #[must_use]
    pub fn large(&self, kind: &str, fingerprint: &str, stop: &dyn Fn() -> bool) -> Option<PathBuf> {
        let voucher = self.get(kind, fingerprint)?;
        let voucher = serde_json::from_slice::<Voucher>(&voucher).ok();
        let voucher = voucher.filter(|voucher| matches!(part(&voucher.file), Some(Part::Large(_))))?;
        let path = self.folder.join(&voucher.file);
        let checked = File::open(&path).map_err(NotWritten::from).and_then(|mut file| {
            // Before it is checked: from now on nobody removes it for want of room.
            self.cache.room.hold(&path, &file);
            let (bytes, crc32) = sum(&mut file, stop)?;
            self.touch(&file);
            Ok((bytes, crc32) == (voucher.bytes, voucher.crc32))
        });
        match checked {
            Ok(true) => Some(path),
            Err(NotWritten::Stopped) => None,
            Ok(false) | Err(NotWritten::Failed(_)) => {
                self.remove(&path);
                self.remove(&self.entry(kind));
                None
            }
        }
    }

    /// Has a file written and keeps it in place of that of this kind, if any; before it returns. `None`
    /// where that fails, which is no failure of the answer, and where nothing may be written.
    pub fn put_large(
        &self,
        kind: &str,
        fingerprint: &str,
        write: impl FnOnce(&mut (dyn Write + Send)) -> Result<(), NotWritten>,
    ) -> Option<PathBuf> {
        if self.cache.is_read_only() {
            return None;
        }
        match self.written(kind, fingerprint, write) {
            Ok(path) => Some(path),
            Err(NotWritten::Stopped) => None,
            Err(NotWritten::Failed(error)) => {
                self.cache.trouble.remember(&self.folder, &error);
                None
            }
        }
    }

    fn written(
        &self,
        kind: &str,
        fingerprint: &str,
        write: impl FnOnce(&mut (dyn Write + Send)) -> Result<(), NotWritten>,
    ) -> Result<PathBuf, NotWritten> {
        let _writing = self.cache.writing.read();
        let mut file = temporary(&self.folder)?;
        let (bytes, crc32) = {
            let mut to = Summing { to: BufWriter::new(file.as_file_mut()), bytes: 0, crc32: Hasher::new() };
            write(&mut to)?;
            to.flush()?;
            (to.bytes, to.crc32.clone().finalize())
        };
        // Of several programs that do the same the first counts, and the file that it may be reading stays.
        let _lock = self.lock();
        if let Some(path) = self.large(kind, fingerprint, &|| false) {
            return Ok(path);
        }
        let stem = names::stem(kind);
        let name = format!("{stem}.{}.{LARGE}", random_part(file.path()));
        let path = self.folder.join(&name);
        let file = file.persist_noclobber(&path).map_err(|error| error.error)?;
        self.cache.room.hold(&path, &file);
        let voucher = serde_json::to_vec(&Voucher { file: name.clone(), bytes, crc32 });
        let about = self.about(kind, fingerprint);
        let kept = voucher
            .map_err(io::Error::from)
            .and_then(|voucher| write_entry(&self.folder, &self.entry(kind), &about, &voucher));
        if let Err(error) = kept {
            self.remove(&path);
            return Err(error.into());
        }
        self.remove_others(&stem, &name);
        self.cache.room.take(&path);
        Ok(path)
    }

    /// Removes the files that no entry vouches for any more, and those that were never finished.
    fn remove_others(&self, stem: &str, kept: &str) {
        for entry in fs::read_dir(&self.folder).into_iter().flatten().flatten() {
            let name = entry.file_name();
            let is_over = match part(&name.to_string_lossy()) {
                Some(Part::Large(of)) => of == stem && name != kept,
                Some(Part::Temporary) => entry.metadata().is_ok_and(|file| is_stale(&file)),
                _ => false,
            };
            if is_over {
                self.remove(&entry.path());
            }
        }
    }

    /// Held for the moment in which a file gets its place. Where there are no locks, the last one wins.
    fn lock(&self) -> Option<File> {
        let path = self.folder.join(names::LOCK);
        let file = fs::OpenOptions::new().create(true).append(true).open(path).ok()?;
        file.lock().ok()?;
        Some(file)
    }
}

/// Whether nobody writes to a file any more.
pub(super) fn is_stale(file: &fs::Metadata) -> bool {
    file.modified().is_ok_and(|time| time.elapsed().is_ok_and(|age| age > STALE))
}

/// Length and CRC-32 of what is left of a file.
fn sum(file: &mut File, stop: &dyn Fn() -> bool) -> Result<(u64, u32), NotWritten> {
    let (mut bytes, mut crc32, mut piece) = (0_u64, Hasher::new(), vec![0; PIECE]);
    loop {
        if stop() {
            return Err(NotWritten::Stopped);
        }
        let read = match file.read(&mut piece) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            read => read?,
        };
        if read == 0 {
            return Ok((bytes, crc32.finalize()));
        }
        crc32.update(piece.get(..read).unwrap_or_default());
        bytes += read as u64;
    }
}

/// The part of a temporary file's name that no other has.
fn random_part(path: &Path) -> String {
    let (begin, end) = names::TEMPORARY;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.trim_start_matches(begin).trim_end_matches(end).to_owned()
}

/// Passes on what is written, and sums it up.
struct Summing<W> {
    to: W,
    bytes: u64,
    crc32: Hasher,
}

impl<W: Write> Write for Summing<W> {
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
