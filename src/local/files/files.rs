//! Files of tables: how they were when the database was opened, and whether they still are.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::discover::{Source, Sources};
use crate::database::TableError;
use crate::database::{Change, ChangeKind};

/// Two changes within so short a time may be given the same time by the system.
const TICK: Duration = Duration::from_millis(20);

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
pub struct State {
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

    /// The first file that is not what it was.
    pub fn changed(&self) -> Option<Change> {
        self.0.iter().find_map(|(table, seen)| {
            let mut files = seen.iter().flat_map(|seen| &seen.files);
            files.find_map(|(file, state)| {
                let kind = State::kind(Some(*state), file)?;
                Some(Change { table: Some(table.clone()), file: file.clone(), kind })
            })
        })
    }
}

/// Files as they are now, in order, each [settled](State::settled). `None` where the system does not say.
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
            let state = State::settled(path).ok()?;
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
    /// That of a file now. A change that comes after this returns always makes it another one: where the file
    /// changed just now, it waits for a moment.
    pub fn settled(file: &Path) -> io::Result<Self> {
        let state = Self::of(file)?;
        if let Ok(age) = SystemTime::now().duration_since(state.changed)
            && let Some(left) = TICK.checked_sub(age)
        {
            std::thread::sleep(left);
        }
        Ok(state)
    }

    /// What became of a file that was so, or not there.
    pub fn kind(before: Option<Self>, file: &Path) -> Option<ChangeKind> {
        match (before, Self::of(file).ok()) {
            (before, now) if before == now => None,
            (None, _) => Some(ChangeKind::New),
            (Some(_), None) => Some(ChangeKind::Gone),
            (Some(_), Some(_)) => Some(ChangeKind::Changed),
        }
    }

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
