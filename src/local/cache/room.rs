//! Room in the cache folder: there is a limit, beyond which what was used least recently goes.

use std::collections::{BTreeMap, HashMap};
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use super::names::{Part, part};
use super::usage::{folders, listed};

/// How much is kept where nobody says otherwise.
pub const LIMIT: u64 = 10_000_000_000;
/// Of so many parts one is left free: not every write has to look at the whole folder, and others write too.
const PARTS: u64 = 16;
/// Each file that is held is an open one, of which a program may have only so many.
const MOST_HELD: usize = 256;

/// How much is kept, and of which files none may go.
#[derive(Debug)]
pub struct Room {
    folder: PathBuf,
    limit: u64,
    /// How much can be written before the folder is looked at.
    left: Mutex<u64>,
    /// Large files that are in use, locked for as long as this program runs.
    used: Mutex<HashMap<PathBuf, File>>,
}

/// Files that are of use together only.
#[derive(Debug, Default)]
struct Unit {
    files: Vec<PathBuf>,
    bytes: u64,
    used: Option<SystemTime>,
}

impl Room {
    /// Room for so many bytes in a folder.
    pub fn new(folder: &Path, limit: u64) -> Self {
        Self { folder: folder.to_owned(), limit, left: Mutex::default(), used: Mutex::default() }
    }

    /// Makes room for a file that was just written, which itself stays.
    pub fn take(&self, written: &Path) {
        let bytes = fs::metadata(written).map_or(0, |file| file.len());
        let mut left = lock(&self.left);
        *left = left.checked_sub(bytes).unwrap_or_else(|| self.make(written));
    }

    /// Has a file stay for as long as this program runs, whoever wants for room. What cannot be held may go, and
    /// then the database has to be opened again.
    pub fn hold(&self, path: &Path, file: &File) {
        let mut used = lock(&self.used);
        if used.len() < MOST_HELD
            && let Ok(file) = file.try_clone()
            && file.try_lock_shared().is_ok()
        {
            used.insert(path.to_owned(), file);
        }
    }

    /// A file is of no use any more.
    pub fn release(&self, path: &Path) {
        lock(&self.used).remove(path);
    }

    /// Removes what was used least recently, if there is too much; how much can be written then.
    fn make(&self, written: &Path) -> u64 {
        let mut units = self.units();
        let mut total: u64 = units.iter().map(|unit| unit.bytes).sum();
        let spare = self.limit / PARTS;
        if total > self.limit {
            units.sort_by_key(|unit| unit.used);
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
        let folders = folders(&self.folder).unwrap_or_default();
        folders.iter().flat_map(|folder| units(folder)).collect()
    }
}

/// The files of one database: a large file and what vouches for it go together, all others one by one.
fn units(folder: &Path) -> Vec<Unit> {
    let mut units = BTreeMap::<String, Unit>::new();
    let files = listed(folder).unwrap_or_default();
    let names: Vec<String> =
        files.iter().map(|file| file.file_name().to_string_lossy().into_owned()).collect();
    let of_large = names.iter().filter_map(|name| match part(name) {
        Some(Part::Large(stem)) => Some(stem),
        _ => None,
    });
    let of_large: Vec<&str> = of_large.collect();
    for (file, name) in files.iter().zip(&names) {
        let (Some(Part::Entry(stem) | Part::Large(stem)), Ok(metadata)) = (part(name), file.metadata())
        else {
            continue;
        };
        let together = if of_large.contains(&stem) { stem } else { name };
        let unit = units.entry(together.to_owned()).or_default();
        unit.files.push(file.path());
        unit.bytes += metadata.len();
        unit.used = unit.used.max(metadata.modified().ok());
    }
    units.into_values().collect()
}

impl Unit {
    /// Removes it, if no program holds any of it.
    fn remove(&self) -> bool {
        let files: Vec<File> = self.files.iter().filter_map(|path| File::open(path).ok()).collect();
        if files.iter().any(|file| matches!(file.try_lock(), Err(TryLockError::WouldBlock))) {
            return false;
        }
        self.files.iter().for_each(|path| drop(fs::remove_file(path)));
        true
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
