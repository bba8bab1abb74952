//! A file as the system describes it, and what became of it since.

use std::fmt;
use std::fs::{self, Metadata};
use std::io;
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::database::ChangeKind;

/// Two changes within so short a time may be given the same time by the system.
const TICK: Duration = Duration::from_millis(20);

/// What the system says of a file without reading it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FileState {
    bytes: u64,
    written: SystemTime,
    changed: SystemTime,
}

impl FileState {
    /// That of a file now. A change that comes after this returns always makes it another one: where the file
    /// changed just now, it waits for a moment.
    pub(crate) fn settled(file: &Path) -> io::Result<Self> {
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

/// As it stands in a fingerprint.
impl fmt::Display for FileState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (written, changed) = (nanoseconds(self.written), nanoseconds(self.changed));
        write!(f, "{} bytes {written} {changed}", self.bytes)
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
