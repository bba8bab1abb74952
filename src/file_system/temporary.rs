//! Files that are written beside the place that they are for.

use std::ffi::OsStr;
use std::fs::{File, Metadata, Permissions};
use std::io::{self, Write};
use std::path::Path;
use std::time::{Duration, SystemTime};

use tempfile::NamedTempFile;

use super::atomic::parent;
use super::faults::perform;

/// Begins and ends the name of a temporary file: `.segtui-PROCESS-RANDOM.tmp`.
const NAME: (&str, &str) = (".segtui-", ".tmp");
/// A temporary file is in use for minutes at most.
const IN_USE: Duration = Duration::from_secs(24 * 60 * 60);

/// A file that is removed when it is dropped, unless it is put in its place before.
#[derive(Debug)]
pub(crate) struct TemporaryFile(NamedTempFile);

impl TemporaryFile {
    /// In the folder of `path`, readable as far as the umask allows.
    pub(crate) fn shared(path: &Path) -> io::Result<Self> {
        Self::new(path, 0o666)
    }

    /// In the folder of `path`, readable by its owner alone.
    pub(crate) fn private(path: &Path) -> io::Result<Self> {
        Self::new(path, 0o600)
    }

    fn new(path: &Path, mode: u32) -> io::Result<Self> {
        let (begin, end) = NAME;
        let begin = format!("{begin}{}-", std::process::id());
        let mut builder = tempfile::Builder::new();
        builder.prefix(&begin).suffix(end);
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(mode));
        #[cfg(not(unix))]
        let _ = mode;
        perform(|| builder.tempfile_in(parent(path)).map(Self))
    }

    /// The part of its name that no other has at that time.
    pub(crate) fn unique_name(&self) -> String {
        let name = self.0.path().file_name().unwrap_or_default().to_string_lossy();
        name.trim_start_matches(NAME.0).trim_end_matches(NAME.1).to_owned()
    }

    /// Who may read and write it.
    pub(crate) fn set_permissions(&self, permissions: Permissions) -> io::Result<()> {
        perform(|| self.0.as_file().set_permissions(permissions))
    }

    /// Waits until all of it is on the disk.
    pub(crate) fn flush_to_disk(&self) -> io::Result<()> {
        perform(|| self.0.as_file().sync_all())
    }

    /// Puts it in the place of whatever is at `path`.
    pub(crate) fn replace(self, path: &Path) -> io::Result<File> {
        perform(|| self.0.persist(path).map_err(|error| error.error))
    }

    /// Puts it where nothing is; else `AlreadyExists`, and nothing has changed.
    pub(crate) fn create(self, path: &Path) -> io::Result<File> {
        perform(|| self.0.persist_noclobber(path).map_err(|error| error.error))
    }
}

impl Write for TemporaryFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        perform(|| self.0.as_file_mut().write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.as_file_mut().flush()
    }
}

/// Whether a file is a temporary one that nobody writes to any more: its process is gone, and at `now` it is older
/// than a day. The process alone does not tell, as it may run on another machine that shares the folder.
pub(crate) fn is_abandoned(name: &OsStr, metadata: &Metadata, now: SystemTime) -> bool {
    let is_old = || {
        let age = metadata.modified().ok().and_then(|time| now.duration_since(time).ok());
        age.is_some_and(|age| age > IN_USE)
    };
    is_temporary(name) && metadata.is_file() && is_old() && !is_running(name)
}

/// Whether a file is called as a temporary one.
pub(crate) fn is_temporary(name: &OsStr) -> bool {
    let name = name.to_string_lossy();
    name.starts_with(NAME.0) && name.ends_with(NAME.1)
}

/// Whether the process that a name says runs on this machine. Earlier versions said none.
fn is_running(name: &OsStr) -> bool {
    let name = name.to_string_lossy();
    let process = name.strip_prefix(NAME.0).and_then(|rest| rest.split_once('-'));
    process.and_then(|(process, _)| process.parse::<i32>().ok()).is_some_and(process_is_running)
}

#[cfg(unix)]
fn process_is_running(process: i32) -> bool {
    use nix::errno::Errno;
    use nix::sys::signal::kill;
    use nix::unistd::Pid;
    // Signal 0 is none: it only asks whether the process is there.
    !matches!(kill(Pid::from_raw(process), None), Err(Errno::ESRCH))
}

#[cfg(not(unix))]
fn process_is_running(_: i32) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_program_left_is_known_by_its_age_and_its_process() {
        let folder = tempfile::tempdir().unwrap();
        let now = SystemTime::now();
        let later = now + IN_USE + Duration::from_secs(1);
        let own = TemporaryFile::shared(&folder.path().join("a")).unwrap();
        let own = own.0.path().file_name().unwrap().to_owned();
        // No system has a process of this number.
        let gone = format!(".segtui-{}-aB3dE6.tmp", i32::MAX);
        for (name, is) in [
            (own.as_os_str(), false),
            (OsStr::new(&gone), true),
            (OsStr::new(".segtui-aB3dE6.tmp"), true),
            (OsStr::new("notes.tmp"), false),
            (OsStr::new(".segtui-notes"), false),
        ] {
            let path = folder.path().join(name);
            File::options().create(true).append(true).open(&path).unwrap();
            let metadata = path.metadata().unwrap();
            assert_eq!(is_abandoned(name, &metadata, later), is, "{name:?}");
            assert!(!is_abandoned(name, &metadata, now), "{name:?}");
        }
    }
}
