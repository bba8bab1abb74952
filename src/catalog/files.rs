//! Files of tables: how they were when the database was opened, and whether they still are.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::discover::{Source, Sources};
use super::{Database, TableError};

/// Two changes within so short a time may be given the same time by the system.
const TICK: Duration = Duration::from_millis(20);

/// A file of a table that is not what it was when the database was opened, or is gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The table.
    pub table: String,
    /// The file.
    pub file: PathBuf,
}

impl Database {
    /// The first file of the database's own tables that is not what it was when the database was opened. A
    /// look at each file, nothing is read.
    #[must_use]
    pub fn changed(&self) -> Option<Change> {
        self.fingerprints.files.changed()
    }
}

/// The files of each table as they were before they were read; `None` where the system does not say. Of a
/// table whose files make no sense there are none.
#[derive(Debug, Default)]
pub struct Files(BTreeMap<String, Option<Seen>>);

#[derive(Debug)]
struct Seen {
    files: Vec<(PathBuf, State)>,
    text: String,
}

/// What the system says of a file without reading it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct State {
    bytes: u64,
    written: SystemTime,
    changed: SystemTime,
}

impl Files {
    /// Looks at the files of all tables.
    pub fn look(sources: &Sources) -> Self {
        let look = |source: &Result<Source, TableError>| match source {
            Ok(source) => Seen::look(&source.files),
            Err(_) => Seen::look(&[]),
        };
        Self(sources.iter().map(|(name, source)| (name.clone(), look(source))).collect())
    }

    /// Those of one table, in order.
    pub fn of(&self, table: &str) -> Option<&str> {
        self.0.get(table)?.as_ref().map(|seen| seen.text.as_str())
    }

    fn changed(&self) -> Option<Change> {
        self.0.iter().find_map(|(table, seen)| {
            let mut files = seen.iter().flat_map(|seen| &seen.files);
            let (file, _) = files.find(|(file, state)| State::of(file).ok() != Some(*state))?;
            Some(Change { table: table.clone(), file: file.clone() })
        })
    }
}

/// Files as they are now, in order. `None` where the system does not say. A change that comes after this
/// returns always makes them other ones: where a file changed just now, it waits for a moment.
pub fn files(files: &[PathBuf]) -> Option<String> {
    Seen::look(files).map(|seen| seen.text)
}

/// One file as it is now, likewise.
pub fn file_state(file: &Path) -> Option<String> {
    files(&[file.to_owned()])
}

impl Seen {
    fn look(files: &[PathBuf]) -> Option<Self> {
        let mut seen = Self { files: Vec::new(), text: String::new() };
        for path in files {
            let state = State::of(path).ok()?;
            if let Ok(age) = SystemTime::now().duration_since(state.changed)
                && let Some(left) = TICK.checked_sub(age)
            {
                std::thread::sleep(left);
            }
            let path = std::path::absolute(path).ok()?;
            let (written, changed) = (nanoseconds(state.written), nanoseconds(state.changed));
            // A String takes whatever is written to it.
            let _ = writeln!(seen.text, "file {path:?} {} bytes {written} {changed}", state.bytes);
            seen.files.push((path, state));
        }
        Some(seen)
    }
}

impl State {
    fn of(file: &Path) -> io::Result<Self> {
        let metadata = fs::metadata(file)?;
        let written = metadata.modified()?;
        let changed = changed(&metadata).unwrap_or(written);
        Ok(Self { bytes: metadata.len(), written, changed })
    }
}

/// Since 1970.
fn nanoseconds(time: SystemTime) -> i128 {
    let signed = |nanoseconds: u128| i128::try_from(nanoseconds).unwrap_or(i128::MAX);
    match time.duration_since(UNIX_EPOCH) {
        Ok(since) => signed(since.as_nanos()),
        Err(before) => -signed(before.duration().as_nanos()),
    }
}

/// When content or anything about the file changed: programs that copy files set the time of writing as they
/// like, but not this one.
#[cfg(unix)]
fn changed(metadata: &Metadata) -> Option<SystemTime> {
    use std::os::unix::fs::MetadataExt;
    let seconds = Duration::from_secs(u64::try_from(metadata.ctime()).ok()?);
    let rest = Duration::from_nanos(u64::try_from(metadata.ctime_nsec()).ok()?);
    UNIX_EPOCH.checked_add(seconds + rest)
}

#[cfg(not(unix))]
fn changed(_: &Metadata) -> Option<SystemTime> {
    None
}
