//! Folders: making, listing, removing, and having changes in them last.

use std::fs::{self, DirBuilder, DirEntry, File};
use std::io;
use std::path::{Path, PathBuf};

use super::faults::perform;

/// The folder of a file; the current one for a bare name.
pub(crate) fn parent(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    }
}

/// What is in a folder, by name; nothing in one that is not there.
pub(crate) fn entries(folder: &Path) -> io::Result<Vec<DirEntry>> {
    let entries = perform(|| fs::read_dir(folder)?.collect::<io::Result<Vec<DirEntry>>>());
    match entries {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        entries => {
            let mut entries = entries?;
            entries.sort_by_key(DirEntry::file_name);
            Ok(entries)
        }
    }
}

/// Makes a folder that must not be there yet.
pub(crate) fn create_folder(folder: &Path) -> io::Result<()> {
    perform(|| fs::create_dir(folder))
}

/// Makes a folder and those around it, as far as they are not there.
pub(crate) fn create_folders(folder: &Path) -> io::Result<()> {
    perform(|| fs::create_dir_all(folder).map_err(|error| obstacle(folder).unwrap_or(error)))
}

/// The same for a folder that is nobody else's to read. One that is there becomes so.
pub(crate) fn create_private_folders(folder: &Path) -> io::Result<()> {
    perform(|| {
        let mut builder = DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(folder).map_err(|error| obstacle(folder).unwrap_or(error))?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let permissions = fs::metadata(folder)?.permissions();
            if permissions.mode() & 0o077 != 0 {
                // Only the owner can; for anybody else it is more important that something is kept.
                let _ = fs::set_permissions(folder, fs::Permissions::from_mode(permissions.mode() & 0o700));
            }
        }
        Ok(())
    })
}

/// What stands where a folder is to be made, or one around it.
fn obstacle(folder: &Path) -> Option<io::Error> {
    let there = folder.ancestors().find_map(|path| Some((path, fs::metadata(path).ok()?)));
    let (path, _) = there.filter(|(_, metadata)| !metadata.is_dir())?;
    let message = format!("{} is a file, not a folder", path.display());
    Some(io::Error::new(io::ErrorKind::NotADirectory, message))
}

/// Removes a file; one that is gone is no error.
pub(crate) fn remove_file(path: &Path) -> io::Result<()> {
    gone(perform(|| fs::remove_file(path)))
}

/// Removes a folder that has nothing in it; one that is gone is no error.
pub(crate) fn remove_empty_folder(folder: &Path) -> io::Result<()> {
    gone(perform(|| fs::remove_dir(folder)))
}

fn gone(removed: io::Result<()>) -> io::Result<()> {
    match removed {
        // Nothing is below what is no folder.
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            Ok(())
        }
        removed => removed,
    }
}

/// Makes renames in a folder last.
pub(crate) fn flush_folder(folder: &Path) -> io::Result<()> {
    // Elsewhere folders cannot be opened, and renames are flushed by the system.
    if cfg!(unix) { perform(|| File::open(folder)?.sync_all()) } else { Ok(()) }
}
