//! Writes that happen as a whole or not at all: a temporary file in the same folder, flushed, renamed, the folder
//! flushed.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::TempPath;

use super::faults::perform;
use super::folders::{flush_folder, parent};
use super::read::open_regular;
use super::temporary::TemporaryFile;

/// Writes a file, in place of the one that is there, which keeps its permissions.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let (file, path) = in_place_of(path)?;
    written(file, bytes)?.replace(&path)?;
    flush_folder(&parent(&path))
}

/// Writes a file that only its owner can read, in place of the one that is there.
pub(crate) fn replace_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    written(TemporaryFile::private(path)?, bytes)?.replace(path)?;
    flush_folder(&parent(path))
}

/// Writes a file that must not be there yet; otherwise `AlreadyExists`, and nothing has changed.
pub(crate) fn create(path: &Path, bytes: &[u8]) -> io::Result<()> {
    written(TemporaryFile::shared(path)?, bytes)?.create(path)?;
    flush_folder(&parent(path))
}

/// Copies a file to where nothing is yet; otherwise `AlreadyExists`, and nothing has changed.
pub(crate) fn copy(from: &Path, to: &Path) -> io::Result<()> {
    copied(&open_regular(from)?, TemporaryFile::shared(to)?)?.create(to)?;
    flush_folder(&parent(to))
}

/// The same with the permissions of the original.
pub(crate) fn copy_with_permissions(from: &Path, to: &Path) -> io::Result<()> {
    let from = open_regular(from)?;
    let file = TemporaryFile::private(to)?;
    file.set_permissions(from.metadata()?.permissions())?;
    copied(&from, file)?.create(to)?;
    flush_folder(&parent(to))
}

/// Copies a file, in place of the one that is there, which keeps its permissions.
pub(crate) fn copy_over(from: &Path, to: &Path) -> io::Result<()> {
    let from = open_regular(from)?;
    let (file, to) = in_place_of(to)?;
    copied(&from, file)?.replace(&to)?;
    flush_folder(&parent(&to))
}

/// Moves a file or a folder to where nothing is yet; otherwise an error, and nothing has changed.
pub(crate) fn relocate(from: &Path, to: &Path) -> io::Result<()> {
    if from.is_dir() {
        // A rename replaces at most an empty folder.
        perform(|| fs::rename(from, to))?;
    } else {
        let mut path = TempPath::try_from_path(from)?;
        // It is no temporary file: whatever happens, it must not be removed.
        path.disable_cleanup(true);
        perform(|| path.persist_noclobber(to).map_err(|error| error.error))?;
    }
    flush_folder(&parent(to))?;
    flush_folder(&parent(from))
}

/// A file to take the place of another, with its permissions, and that place: through a symbolic link, so that
/// the link stays one.
fn in_place_of(path: &Path) -> io::Result<(TemporaryFile, PathBuf)> {
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let file = TemporaryFile::shared(&path)?;
    if let Ok(metadata) = fs::metadata(&path) {
        file.set_permissions(metadata.permissions())?;
    }
    Ok((file, path))
}

fn written(mut file: TemporaryFile, bytes: &[u8]) -> io::Result<TemporaryFile> {
    file.write_all(bytes)?;
    file.flush_to_disk()?;
    Ok(file)
}

fn copied(mut from: &File, mut to: TemporaryFile) -> io::Result<TemporaryFile> {
    io::copy(&mut from, &mut to)?;
    to.flush_to_disk()?;
    Ok(to)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn create_does_not_write_over_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        create(&path, b"first").unwrap();
        assert_eq!(create(&path, b"second").unwrap_err().kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read(&path).unwrap(), b"first");
        replace(&path, b"third").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"third");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "no temporary file stays");
    }

    #[test]
    fn relocate_keeps_both_files_when_the_place_is_taken() {
        let folder = tempfile::tempdir().unwrap();
        let [a, b] = ["a", "b"].map(|name| folder.path().join(name));
        fs::write(&a, "a").unwrap();
        fs::write(&b, "b").unwrap();
        assert!(relocate(&a, &b).is_err());
        assert_eq!(
            (fs::read_to_string(&a).unwrap(), fs::read_to_string(&b).unwrap()),
            ("a".into(), "b".into())
        );
        fs::remove_file(&b).unwrap();
        relocate(&a, &b).unwrap();
        assert!(!a.exists() && b.exists());
    }

    #[cfg(unix)]
    #[test]
    fn others_can_read_what_is_written() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        create(&path, b"").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        replace(&path, b"new").unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_a_link() {
        let folder = tempfile::tempdir().unwrap();
        let [real, link] = ["real", "link"].map(|name| folder.path().join(name));
        fs::write(&real, "old").unwrap();
        std::os::unix::fs::symlink(&real, &link).unwrap();
        replace(&link, b"new").unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read(&real).unwrap(), b"new");
    }
}
