//! The limit of the cache folder, beyond which what was used least recently is evicted.

use std::collections::{BTreeMap, HashMap};
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use super::file_names::{FileKind, file_kind};
use super::listing::database_folders;
use crate::file_system::{self, open_regular};

/// The limit where nobody says otherwise, in bytes.
pub(super) const DEFAULT_LIMIT: u64 = 10_000_000_000;
/// Eviction frees one part in so many: not every write has to look at the whole folder, and others write too.
const SPARE: u64 = 16;
/// Each file that is pinned is an open one, of which a program may have only so many.
const MAX_PINNED: usize = 256;

/// How much may be in the cache folder, and which of its files must stay.
#[derive(Debug)]
pub(crate) struct Quota {
    folder: PathBuf,
    limit: u64,
    /// How much can be written before the folder is looked at.
    left: Mutex<u64>,
    /// Large files that are in use, locked for as long as this program runs.
    pinned: Mutex<HashMap<PathBuf, File>>,
}

/// Files that are of use together only, and so are evicted together.
#[derive(Debug, Default)]
struct Unit {
    files: Vec<PathBuf>,
    bytes: u64,
    last_used: Option<SystemTime>,
}

impl Quota {
    /// At most so many bytes in a folder.
    pub fn new(folder: &Path, limit: u64) -> Self {
        Self { folder: folder.to_owned(), limit, left: Mutex::default(), pinned: Mutex::default() }
    }

    /// Counts a file that was just written, and evicts others if there is too much.
    pub(crate) fn account_for(&self, written: &Path) {
        let bytes = fs::metadata(written).map_or(0, |file| file.len());
        let mut left = lock(&self.left);
        *left = left.checked_sub(bytes).unwrap_or_else(|| self.evict(written));
    }

    /// Has a file stay for as long as this program runs, whoever writes. What cannot be pinned may be evicted, and
    /// then the database has to be opened again.
    pub(crate) fn pin(&self, path: &Path, file: &File) {
        let mut pinned = lock(&self.pinned);
        if pinned.len() < MAX_PINNED
            && let Ok(file) = file.try_clone()
            && file.try_lock_shared().is_ok()
        {
            pinned.insert(path.to_owned(), file);
        }
    }

    /// A file is of no use any more.
    pub(crate) fn unpin(&self, path: &Path) {
        lock(&self.pinned).remove(path);
    }

    /// Removes what was used least recently, but for `written`, if there is too much; how much can be written then.
    fn evict(&self, written: &Path) -> u64 {
        let mut units = self.units();
        let mut total: u64 = units.iter().map(|unit| unit.bytes).sum();
        let spare = self.limit / SPARE;
        if total > self.limit {
            units.sort_by_key(|unit| unit.last_used);
            for unit in units.iter().filter(|unit| !unit.files.iter().any(|file| file == written)) {
                if total <= self.limit - spare {
                    break;
                }
                if unit.remove() {
                    total -= unit.bytes;
                }
            }
        }
        self.limit.saturating_sub(total).min(spare)
    }

    /// What cannot be listed is not there.
    fn units(&self) -> Vec<Unit> {
        let folders = database_folders(&self.folder).unwrap_or_default();
        folders.iter().flat_map(|folder| units(folder)).collect()
    }
}

/// The files of one database: a large file and its entry together, all others one by one.
fn units(folder: &Path) -> Vec<Unit> {
    let mut units = BTreeMap::<String, Unit>::new();
    let files = file_system::entries(folder).unwrap_or_default();
    let names: Vec<String> =
        files.iter().map(|file| file.file_name().to_string_lossy().into_owned()).collect();
    let of_large = names.iter().filter_map(|name| match file_kind(name) {
        Some(FileKind::Large(stem)) => Some(stem),
        _ => None,
    });
    let of_large: Vec<&str> = of_large.collect();
    for (file, name) in files.iter().zip(&names) {
        let (Some(FileKind::Entry(stem) | FileKind::Large(stem)), Ok(metadata)) =
            (file_kind(name), file.metadata())
        else {
            continue;
        };
        let together = if of_large.contains(&stem) { stem } else { name };
        let unit = units.entry(together.to_owned()).or_default();
        unit.files.push(file.path());
        unit.bytes += metadata.len();
        unit.last_used = unit.last_used.max(metadata.modified().ok());
    }
    units.into_values().collect()
}

impl Unit {
    /// Removes it, unless a program has pinned any of it.
    fn remove(&self) -> bool {
        let files: Vec<File> = self.files.iter().filter_map(|path| open_regular(path).ok()).collect();
        if files.iter().any(|file| matches!(file.try_lock(), Err(TryLockError::WouldBlock))) {
            return false;
        }
        self.files.iter().for_each(|path| drop(file_system::remove_file(path)));
        true
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
