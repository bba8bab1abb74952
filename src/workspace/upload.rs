//! Copies files of ids into the workspace's lists.

use std::fs;
use std::io::{self, Read};
use std::path::Path;

use super::Workspace;
use super::error::WorkspaceError;
use super::save::free_path;
use crate::file_system::{self, atomic, open_regular};
use crate::segment::Stamp;

/// What happens where another file of that name is in the lists already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clash {
    /// Nothing is written.
    Refuse,
    /// The new one takes its place; the old one goes to the trash.
    Replace,
    /// The new one gets a number.
    KeepBoth,
}

/// A file that is in the lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Uploaded {
    /// Where it is below `lists/`, as conditions name it.
    pub path: String,
    /// Whether it was copied just now, rather than being there already with the same content.
    pub is_copied: bool,
}

/// Endings that belong to what a file is, rather than to its name.
const ENDINGS: [&str; 3] = [".csv.gz", ".csv.zst", ".tar.gz"];

impl Workspace {
    /// Copies a file into `lists/`, whole or not at all. A file that is there already, or has the same
    /// content as the one of that name there, is used as it is.
    ///
    /// # Errors
    /// Another file of that name is there and is not to be replaced
    /// ([`WorkspaceError::ListTaken`]); nothing is written in this mode; the file system refuses.
    pub fn upload(&self, file: &Path, clash: Clash, stamp: &Stamp) -> Result<Uploaded, WorkspaceError> {
        if let Some(path) = self.stored_path(file) {
            return Ok(Uploaded { path, is_copied: false });
        }
        let lock = self.begin_write()?;
        let lists = self.root().join("lists");
        file_system::create_folders(&lists).map_err(WorkspaceError::io("write", &lists))?;
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        // A hidden file would not be seen there.
        let name = name.trim_start_matches('.');
        let name = if name.is_empty() { "list" } else { name };
        let mut target = lists.join(name);
        if target.exists() {
            if same_content(file, &target).map_err(WorkspaceError::io("read", file))? {
                return Ok(Uploaded { path: name.to_owned(), is_copied: false });
            }
            let (stem, ending) = stem_and_ending(name);
            let free = free_path(&lists, stem, ending, None)?;
            match clash {
                Clash::Refuse => {
                    let free = free.file_name().unwrap_or_default().to_string_lossy().into_owned();
                    return Err(WorkspaceError::ListTaken { name: name.to_owned(), free });
                }
                Clash::Replace => self.keep_in_trash(&lock, &target, name, stamp)?,
                Clash::KeepBoth => target = free,
            }
        }
        let copied = match clash {
            Clash::Replace => atomic::copy_over(file, &target),
            Clash::Refuse | Clash::KeepBoth => atomic::copy(file, &target),
        };
        copied.map_err(WorkspaceError::io("copy", file))?;
        let path = target.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Ok(Uploaded { path, is_copied: true })
    }

    /// Where a file is below `lists/`, if it is there.
    fn stored_path(&self, file: &Path) -> Option<String> {
        let lists = fs::canonicalize(self.source().join("lists")).ok()?;
        let file = fs::canonicalize(file).ok()?;
        let steps = file.strip_prefix(&lists).ok()?.components();
        let steps: Vec<String> = steps.map(|step| step.as_os_str().to_string_lossy().into_owned()).collect();
        (!steps.is_empty()).then(|| steps.join("/"))
    }
}

pub(super) fn stem_and_ending(name: &str) -> (&str, &str) {
    let known = ENDINGS.iter().find(|ending| name.to_lowercase().ends_with(**ending));
    let at = match known {
        Some(ending) => name.len().checked_sub(ending.len()),
        None => name.rfind('.').filter(|at| *at > 0),
    };
    at.and_then(|at| name.split_at_checked(at)).unwrap_or((name, ""))
}

fn same_content(one: &Path, other: &Path) -> io::Result<bool> {
    let (mut one, mut other) = (open_regular(one)?, open_regular(other)?);
    if one.metadata()?.len() != other.metadata()?.len() {
        return Ok(false);
    }
    let (mut left, mut right) = (Vec::new(), Vec::new());
    loop {
        left.clear();
        right.clear();
        one.by_ref().take(1 << 16).read_to_end(&mut left)?;
        other.by_ref().take(1 << 16).read_to_end(&mut right)?;
        if left != right || left.is_empty() {
            return Ok(left == right);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::segment::Extra;
    use std::path::PathBuf;

    fn stamp() -> Stamp {
        Stamp { at: "2026-01-02T03:04:05Z".to_owned(), by: "ana".to_owned(), extra: Extra::new() }
    }

    struct Setting {
        folder: tempfile::TempDir,
        workspace: Workspace,
    }

    impl Setting {
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let workspace = Workspace::new(folder.path().join("workspace"), false);
            Self { folder, workspace }
        }

        fn file(&self, name: &str, content: &str) -> PathBuf {
            let path = self.folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, content).unwrap();
            path
        }

        fn upload(&self, file: &Path, clash: Clash) -> Result<(String, bool), String> {
            let uploaded = self.workspace.upload(file, clash, &stamp());
            uploaded.map(|uploaded| (uploaded.path, uploaded.is_copied)).map_err(|error| error.to_string())
        }

        fn lists(&self) -> Vec<(String, String)> {
            let lists = self.folder.path().join("workspace/lists");
            let listed = self.workspace.list().unwrap().lists;
            // Nothing else is left beside them, such as temporary files.
            assert_eq!(fs::read_dir(&lists).unwrap().count(), listed.len());
            listed
                .into_iter()
                .map(|stored| (stored.path.clone(), fs::read_to_string(lists.join(&stored.path)).unwrap()))
                .collect()
        }
    }

    fn pairs(of: &[(&str, &str)]) -> Vec<(String, String)> {
        of.iter().map(|(name, content)| ((*name).to_owned(), (*content).to_owned())).collect()
    }

    #[test]
    fn a_file_is_copied_and_stays_where_it_was() {
        let setting = Setting::new();
        let file = setting.file("away/vip.csv", "id\n1\n");
        assert_eq!(setting.upload(&file, Clash::Refuse), Ok(("vip.csv".to_owned(), true)));
        assert_eq!(setting.lists(), pairs(&[("vip.csv", "id\n1\n")]));
        assert_eq!(fs::read_to_string(&file).unwrap(), "id\n1\n");
        // The same again is the same.
        assert_eq!(setting.upload(&file, Clash::Refuse), Ok(("vip.csv".to_owned(), false)));
        let stored = setting.folder.path().join("workspace/lists/vip.csv");
        assert_eq!(setting.upload(&stored, Clash::Refuse), Ok(("vip.csv".to_owned(), false)));
        let inner = setting.file("workspace/lists/sub/b.txt", "1\n");
        assert_eq!(setting.upload(&inner, Clash::Refuse), Ok(("sub/b.txt".to_owned(), false)));
    }

    #[test]
    fn another_file_of_that_name_is_never_written_over() {
        let setting = Setting::new();
        let [first, second] = ["a", "b"].map(|at| setting.file(&format!("{at}/vip.csv.gz"), at));
        setting.upload(&first, Clash::Refuse).unwrap();
        let error = setting.workspace.upload(&second, Clash::Refuse, &stamp()).unwrap_err();
        let WorkspaceError::ListTaken { name, free } = &error else { panic!("{error}") };
        assert_eq!((name.as_str(), free.as_str()), ("vip.csv.gz", "vip-2.csv.gz"));
        assert_eq!(setting.lists(), pairs(&[("vip.csv.gz", "a")]));
        assert_eq!(setting.upload(&second, Clash::KeepBoth), Ok(("vip-2.csv.gz".to_owned(), true)));
        assert_eq!(setting.lists(), pairs(&[("vip-2.csv.gz", "b"), ("vip.csv.gz", "a")]));
    }

    #[test]
    fn what_is_replaced_goes_to_the_trash_and_can_be_restored() {
        let setting = Setting::new();
        let [first, second] = ["a", "b"].map(|at| setting.file(&format!("{at}/vip.csv"), at));
        setting.upload(&first, Clash::Refuse).unwrap();
        assert_eq!(setting.upload(&second, Clash::Replace), Ok(("vip.csv".to_owned(), true)));
        assert_eq!(setting.lists(), pairs(&[("vip.csv", "b")]));
        let trash = setting.workspace.trash().unwrap();
        assert_eq!(trash.len(), 1);
        assert_eq!(fs::read_to_string(&trash[0].path).unwrap(), "a");
        setting.workspace.restore(&trash[0].key).unwrap();
        assert_eq!(setting.lists(), pairs(&[("vip-2.csv", "a"), ("vip.csv", "b")]));
    }

    #[test]
    fn nothing_is_left_of_a_copy_that_fails() {
        let setting = Setting::new();
        let folder = setting.file("away/folder.csv/x", "").parent().unwrap().to_owned();
        assert!(setting.upload(&folder, Clash::Refuse).is_err());
        assert!(setting.upload(&setting.folder.path().join("gone.csv"), Clash::Refuse).is_err());
        assert_eq!(setting.lists(), []);
        let read_only = Workspace::new(setting.folder.path().join("other"), true);
        let file = setting.file("vip.csv", "id\n1\n");
        let error = read_only.upload(&file, Clash::Refuse, &stamp()).unwrap_err();
        assert!(matches!(error, WorkspaceError::ReadOnly), "{error}");
        assert!(!setting.folder.path().join("other").exists());
    }

    #[test]
    fn endings_stay_behind_the_number() {
        let parts = ["a.csv", "a.b.parquet", "a.CSV.GZ", "a", ".a"].map(stem_and_ending);
        assert_eq!(parts, [("a", ".csv"), ("a.b", ".parquet"), ("a", ".CSV.GZ"), ("a", ""), (".a", "")]);
    }
}
