//! Files that are written beside the place that they are for.

use std::ffi::OsStr;
use std::fs::{File, Permissions};
use std::io::{self, Write};
use std::path::Path;

use tempfile::{NamedTempFile, TempDir};

use super::faults::perform;
use super::folders::parent;

/// Begins and ends the name of a temporary file: `.segtui-PROCESS-RANDOM.tmp`.
const NAME: (&str, &str) = (".segtui-", ".tmp");

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

    /// Where it is until then.
    pub(crate) fn path(&self) -> &Path {
        self.0.path()
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

/// A folder beside `path` that is removed, with all that is in it, when it is dropped.
pub(crate) fn temporary_folder(path: &Path) -> io::Result<TempDir> {
    let (begin, end) = NAME;
    let begin = format!("{begin}{}-", std::process::id());
    perform(|| tempfile::Builder::new().prefix(&begin).suffix(end).tempdir_in(parent(path)))
}

/// Whether a file is called as a temporary one.
pub(crate) fn is_temporary(name: &OsStr) -> bool {
    let name = name.to_string_lossy();
    name.starts_with(NAME.0) && name.ends_with(NAME.1)
}

/// The process that made a temporary file, as its name says. Earlier versions wrote none.
pub(super) fn process(name: &OsStr) -> Option<i32> {
    let name = name.to_string_lossy();
    let (process, _) = name.strip_prefix(NAME.0)?.split_once('-')?;
    process.parse().ok()
}
