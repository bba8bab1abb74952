//! One path for a folder, however it is named.

use std::fs;
use std::path::{Component, Path, PathBuf};

/// The path of a folder without links and `..`. Of a folder that is not there yet, the nearest folder around it
/// decides.
pub(crate) fn canonical(folder: &Path) -> PathBuf {
    // It fails only where the current folder is gone.
    let folder = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    let found = folder.ancestors().find_map(|ancestor| Some((ancestor, fs::canonicalize(ancestor).ok()?)));
    let Some((ancestor, mut path)) = found else { return folder };
    for step in folder.strip_prefix(ancestor).unwrap_or(&folder).components() {
        match step {
            // What is not there has no links to follow.
            Component::ParentDir => drop(path.pop()),
            Component::Normal(name) => path.push(name),
            Component::CurDir | Component::RootDir | Component::Prefix(_) => {}
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_folder_has_one_path() {
        let root = tempfile::tempdir().unwrap();
        let root = fs::canonicalize(root.path()).unwrap();
        fs::create_dir_all(root.join("real/inner")).unwrap();
        std::os::unix::fs::symlink(root.join("real"), root.join("link")).unwrap();
        for (named, is) in [
            ("link", "real"),
            ("link/./inner/", "real/inner"),
            ("link/inner/../inner", "real/inner"),
            ("link/new/er", "real/new/er"),
            ("new/../link/ws", "link/ws"),
            ("real/new/../ws", "real/ws"),
        ] {
            assert_eq!(canonical(&root.join(named)), root.join(is), "{named}");
        }
        let here = fs::canonicalize(".").unwrap();
        assert_eq!(canonical(Path::new("no-such/ws")), here.join("no-such/ws"));
    }
}
