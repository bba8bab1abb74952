//! What programs left that were ended while they wrote.

use std::ffi::OsStr;
use std::fs::{self, DirEntry, Metadata};
use std::path::Path;
use std::time::{Duration, SystemTime};

use super::faults::perform;
use super::folders::{entries, remove_file};
use super::temporary::{is_temporary, process};

/// A temporary file is in use for minutes at most.
const IN_USE: Duration = Duration::from_secs(24 * 60 * 60);

/// Removes temporary files and folders that nobody writes to any more, in a folder and so many levels below it.
pub(crate) fn remove_abandoned(folder: &Path, levels: usize, now: SystemTime) {
    for entry in entries(folder).unwrap_or_default() {
        let Ok(metadata) = entry.metadata() else { continue };
        if is_abandoned(&entry.file_name(), &metadata, now) {
            // What stays does no harm, and is found again at the next start.
            let _ = remove(&entry, &metadata);
        } else if metadata.is_dir() && levels > 0 {
            remove_abandoned(&entry.path(), levels - 1, now);
        }
    }
}

fn remove(entry: &DirEntry, metadata: &Metadata) -> std::io::Result<()> {
    if metadata.is_dir() { perform(|| fs::remove_dir_all(entry.path())) } else { remove_file(&entry.path()) }
}

/// Whether a file or folder is a temporary one that nobody writes to any more: at `now` it is older than a day, and
/// its process is gone. The process alone does not tell, as it may run on another machine that shares the folder.
pub(crate) fn is_abandoned(name: &OsStr, metadata: &Metadata, now: SystemTime) -> bool {
    let is_old = || {
        let age = metadata.modified().ok().and_then(|time| now.duration_since(time).ok());
        age.is_some_and(|age| age > IN_USE)
    };
    is_temporary(name) && is_old() && !process(name).is_some_and(is_running)
}

#[cfg(unix)]
fn is_running(process: i32) -> bool {
    use nix::errno::Errno;
    use nix::sys::signal::kill;
    use nix::unistd::Pid;
    // No signal is sent: it only asks whether the process is there.
    !matches!(kill(Pid::from_raw(process), None), Err(Errno::ESRCH))
}

#[cfg(not(unix))]
fn is_running(_: i32) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::file_system::temporary_folder;

    #[test]
    fn what_a_program_left_is_known_by_its_age_and_its_process() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("one/two");
        fs::create_dir_all(&inner).unwrap();
        // No system has a process of this number.
        let gone = format!(".segtui-{}-aB3dE6.tmp", i32::MAX);
        let own = temporary_folder(&inner.join("a")).unwrap();
        for name in [gone.as_str(), ".segtui-aB3dE6.tmp", "notes.tmp", ".segtui-notes"] {
            fs::write(inner.join(name), "").unwrap();
        }
        let seed = inner.join(format!(".segtui-{}-aB3dE7.tmp", i32::MAX));
        fs::create_dir_all(seed.join("workspace")).unwrap();
        let left = || entries(&inner).unwrap().len();
        let now = SystemTime::now();
        remove_abandoned(folder.path(), 2, now);
        assert_eq!(left(), 6, "nothing is a day old");
        let later = now + IN_USE + Duration::from_secs(1);
        remove_abandoned(folder.path(), 1, later);
        assert_eq!(left(), 6, "they are deeper");
        remove_abandoned(folder.path(), 2, later);
        assert_eq!(left(), 3);
        assert!(own.path().exists(), "this program runs");
    }
}
