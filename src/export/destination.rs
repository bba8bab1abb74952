//! Where a path leads, and where nothing is exported to.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::database::Database;
use crate::file_system::{canonical, parent};
use crate::workspace::Workspace;

/// The most symbolic links that lead from one to the next, as on Linux.
const MOST_LINKS: usize = 40;

/// Where symbolic links lead, even where there is no file yet.
///
/// # Errors
/// They lead around in a circle.
pub(crate) fn follow(path: &Path) -> io::Result<PathBuf> {
    let mut path = path.to_owned();
    for _ in 0..MOST_LINKS {
        match fs::read_link(&path) {
            Ok(target) => path = parent(&path).join(target),
            // It is no link.
            Err(_) => return Ok(path),
        }
    }
    Err(io::Error::other("too many symbolic links"))
}

/// Whose the folder of a file is, if nothing is exported into it: nothing ever writes into a database folder, and only
/// the workspace into its own.
pub(crate) fn owner_of_folder(
    file: &Path,
    database: &Database,
    workspace: &Workspace,
) -> Option<&'static str> {
    let folder = canonical(&parent(file));
    if folder.starts_with(canonical(&database.folder)) {
        Some("the database's folder, where nothing is written")
    } else if workspace.has_as_its_own(&folder) {
        Some("a folder of the workspace, which only segtui's own files are in")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    #[cfg(unix)]
    #[test]
    fn links_are_followed_to_files_that_are_not_there_yet() {
        use std::os::unix::fs::symlink;

        use super::*;
        let folder = tempfile::tempdir().unwrap();
        let [one, two, to, round] =
            ["one", "two", "sub/to.csv", "round"].map(|name| folder.path().join(name));
        symlink("two", &one).unwrap();
        symlink("sub/to.csv", &two).unwrap();
        symlink("round", &round).unwrap();
        assert_eq!(follow(&one).unwrap(), to);
        assert!(follow(&round).is_err());
        assert_eq!(follow(folder.path()).unwrap(), folder.path());
    }
}
