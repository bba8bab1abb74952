//! Where things are on this machine. What the environment says is read in one place and passed on as
//! data; nothing here writes but `Paths::add_recent_database`.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use directories::ProjectDirs;
use serde::{Deserialize, Serialize};

use crate::file_system::{atomic, create_folders, parent, read_limited};
use crate::workspace::Workspace;

/// The most bytes of a file that remembers folders.
const LARGEST: u64 = 1_000_000;
/// How many databases are remembered.
const MOST_RECENT_DATABASES: usize = 20;

/// This machine has no folder for a person's files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no home folder; set HOME")]
pub(crate) struct NoHomeFolder;

/// What the environment says of folders.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Environment {
    /// `SEGTUI_DATA`
    pub data: Option<PathBuf>,
    /// `SEGTUI_WORKSPACE`
    pub workspace: Option<PathBuf>,
    /// `SEGTUI_MEMORY`, as it is written
    pub memory: Option<String>,
    /// The person's login, for the stamps of what is saved.
    pub user: Option<String>,
}

/// The folders of one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paths {
    /// Settings and themes.
    pub config: PathBuf,
    /// Whatever can be made again.
    pub cache: PathBuf,
    /// Drafts and the databases used last.
    pub state: PathBuf,
    /// Workspaces, and the demo database where it had to be made.
    pub data: PathBuf,
    /// Folders that are source checkouts, if they exist.
    pub checkouts: Vec<PathBuf>,
    /// What the environment says.
    pub environment: Environment,
}

/// A database to open, and why this one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum DatabaseChoice {
    /// It was asked for.
    Requested(PathBuf),
    /// It was open last.
    LastUsed(PathBuf),
    /// There is nothing else. It may have to be made first.
    Demo(PathBuf),
}

impl DatabaseChoice {
    #[must_use]
    pub fn folder(&self) -> &Path {
        match self {
            Self::Requested(folder) | Self::LastUsed(folder) | Self::Demo(folder) => folder,
        }
    }
}

#[derive(Default, Deserialize, Serialize)]
struct DraftFolders {
    folders: Vec<PathBuf>,
}

#[derive(Default, Deserialize, Serialize)]
struct RecentDatabases {
    databases: Vec<PathBuf>,
}

impl Environment {
    /// Reads the environment. An empty variable counts as none.
    #[must_use]
    pub fn read() -> Self {
        let set = |name: &str| env::var_os(name).filter(|value| !value.is_empty());
        let path = |name: &str| set(name).map(PathBuf::from);
        let text = |value: OsString| value.to_string_lossy().into_owned();
        Self {
            data: path("SEGTUI_DATA"),
            workspace: path("SEGTUI_WORKSPACE"),
            memory: set("SEGTUI_MEMORY").map(text),
            user: ["USER", "LOGNAME", "USERNAME"].into_iter().find_map(set).map(text),
        }
    }
}

impl Paths {
    /// Where things are for whoever runs this program.
    ///
    /// # Errors
    /// The platform names no home folder.
    pub(crate) fn for_this_user() -> Result<Self, NoHomeFolder> {
        let folders = ProjectDirs::from("", "", "segtui").ok_or(NoHomeFolder)?;
        let mut checkouts = vec![PathBuf::from(env!("CARGO_MANIFEST_DIR"))];
        if let Ok(executable) = env::current_exe() {
            checkouts.extend(executable.ancestors().skip(1).map(Path::to_owned));
        }
        Ok(Self {
            config: folders.config_dir().to_owned(),
            cache: folders.cache_dir().to_owned(),
            state: folders.state_dir().unwrap_or_else(|| folders.data_local_dir()).to_owned(),
            data: folders.data_dir().to_owned(),
            checkouts,
            environment: Environment::read(),
        })
    }

    /// Who saves.
    #[must_use]
    pub(crate) fn user(&self) -> &str {
        self.environment.user.as_deref().unwrap_or("unknown")
    }

    /// The person's home folder.
    #[must_use]
    pub fn home(&self) -> Option<PathBuf> {
        directories::BaseDirs::new().map(|folders| folders.home_dir().to_owned())
    }

    /// The folder in which the program was started; the home folder should it be gone.
    #[must_use]
    pub(crate) fn current_folder(&self) -> PathBuf {
        env::current_dir().ok().or_else(|| self.home()).unwrap_or_else(|| PathBuf::from("/"))
    }

    /// What holds for every run.
    #[must_use]
    pub fn settings(&self) -> PathBuf {
        self.config.join("settings.toml")
    }

    /// A person's own themes.
    #[must_use]
    pub(crate) fn themes(&self) -> PathBuf {
        self.config.join("themes")
    }

    /// The person's own keys.
    #[must_use]
    pub fn keymap(&self) -> PathBuf {
        self.config.join("keymap.toml")
    }

    /// Where drafts of unsaved edits are kept.
    #[must_use]
    pub fn drafts(&self) -> PathBuf {
        self.state.join("drafts")
    }

    /// The folders that a person has chosen for drafts when those of all drafts could not be written.
    #[must_use]
    pub(crate) fn draft_folders(&self) -> Vec<PathBuf> {
        let mut folders = Vec::new();
        for file in self.draft_folder_files() {
            let bytes = read_limited(&file, LARGEST).unwrap_or_default();
            let known = serde_json::from_slice::<DraftFolders>(&bytes).unwrap_or_default().folders;
            folders.extend(known.into_iter().filter(|folder| !folders.contains(folder)).collect::<Vec<_>>());
        }
        folders
    }

    /// Notes that drafts are in this folder; whether that could be written anywhere.
    #[must_use]
    pub(crate) fn add_draft_folder(&self, folder: &Path) -> bool {
        let mut folders = self.draft_folders();
        folders.retain(|known| known.is_dir() && known != folder);
        folders.insert(0, folder.to_owned());
        let Ok(text) = serde_json::to_string_pretty(&DraftFolders { folders }) else { return false };
        let write = |file: &PathBuf| {
            create_folders(&parent(file)).and_then(|()| atomic::replace_private(file, text.as_bytes()))
        };
        // The first may be where the drafts themselves could not be written.
        self.draft_folder_files().iter().any(|file| write(file).is_ok())
    }

    fn draft_folder_files(&self) -> [PathBuf; 3] {
        [&self.state, &self.config, &self.data].map(|folder| folder.join("draft-folders.json"))
    }

    /// The demo database: of a source checkout, else one in the user's data folder that may have to
    /// be made first.
    #[must_use]
    pub fn demo(&self) -> PathBuf {
        let of_checkout =
            self.checkouts.iter().map(|checkout| (checkout.join("Cargo.toml"), checkout.join("data")));
        let mut of_checkout = of_checkout.filter(|(package, data)| package.is_file() && is_database(data));
        of_checkout.next().map_or_else(|| self.data.join("demo"), |(_, data)| data)
    }

    /// The databases to open: those asked for, else `SEGTUI_DATA`, else the one that was open last,
    /// else the demo.
    #[must_use]
    pub(crate) fn choose_database(&self, asked: Option<&Path>) -> DatabaseChoice {
        if let Some(folder) = asked.or(self.environment.data.as_deref()) {
            return DatabaseChoice::Requested(folder.to_owned());
        }
        let last = self.recent_databases().into_iter().find(|folder| folder.is_dir());
        last.map_or_else(|| DatabaseChoice::Demo(self.demo()), DatabaseChoice::LastUsed)
    }

    /// The workspace for a database: the one asked for, else `SEGTUI_WORKSPACE`, else the user's own.
    /// The demo database has one of its own, which it brings along.
    #[must_use]
    pub fn workspace(&self, database: &Path, asked: Option<&Path>, read_only: bool) -> Workspace {
        if let Some(root) = asked.or(self.environment.workspace.as_deref()) {
            return Workspace::new(root, read_only);
        }
        let demo = self.demo();
        if is_same_folder(database, &demo) {
            let seed = demo.join("workspace");
            return Workspace::new(self.data.join("demo-workspace"), read_only).with_seed(Some(seed));
        }
        Workspace::new(self.data.join("workspace"), read_only)
    }

    /// The databases that were open, the last one first. What cannot be read is none.
    #[must_use]
    pub(crate) fn recent_databases(&self) -> Vec<PathBuf> {
        let bytes = read_limited(&self.recent_databases_file(), LARGEST).unwrap_or_default();
        serde_json::from_slice::<RecentDatabases>(&bytes).unwrap_or_default().databases
    }

    /// Notes that a database is open now.
    ///
    /// # Errors
    /// The file system refuses.
    pub(crate) fn add_recent_database(&self, database: &Path) -> io::Result<()> {
        let database = std::path::absolute(database)?;
        let mut databases = self.recent_databases();
        databases.retain(|known| *known != database);
        databases.insert(0, database);
        databases.truncate(MOST_RECENT_DATABASES);
        let text = serde_json::to_string_pretty(&RecentDatabases { databases })?;
        create_folders(&self.state)?;
        atomic::replace_private(&self.recent_databases_file(), text.as_bytes())
    }

    fn recent_databases_file(&self) -> PathBuf {
        self.state.join("databases.json")
    }
}

fn is_database(folder: &Path) -> bool {
    folder.join("database.toml").is_file()
}

fn is_same_folder(a: &Path, b: &Path) -> bool {
    a == b || fs::canonicalize(a).is_ok_and(|a| fs::canonicalize(b).is_ok_and(|b| a == b))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(root: &Path) -> Paths {
        Paths {
            config: root.join("config"),
            cache: root.join("cache"),
            state: root.join("state"),
            data: root.join("share"),
            checkouts: vec![root.join("checkout")],
            environment: Environment::default(),
        }
    }

    fn make(file: &Path) {
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, "").unwrap();
    }

    #[test]
    fn the_database_is_the_one_asked_for_or_the_last_or_the_demo() {
        let root = tempfile::tempdir().unwrap();
        let mut paths = paths(root.path());
        assert_eq!(paths.choose_database(None), DatabaseChoice::Demo(root.path().join("share/demo")));
        make(&root.path().join("checkout/data/database.toml"));
        assert_eq!(
            paths.choose_database(None),
            DatabaseChoice::Demo(root.path().join("share/demo")),
            "no checkout"
        );
        make(&root.path().join("checkout/Cargo.toml"));
        assert_eq!(paths.choose_database(None), DatabaseChoice::Demo(root.path().join("checkout/data")));
        let [one, two] = ["one", "two"].map(|name| root.path().join(name));
        fs::create_dir(&one).unwrap();
        for folder in [&two, &one, &two] {
            paths.add_recent_database(folder).unwrap();
        }
        assert_eq!(paths.recent_databases(), [two.clone(), one.clone()]);
        assert_eq!(paths.choose_database(None), DatabaseChoice::LastUsed(one.clone()), "two does not exist");
        paths.environment.data = Some(two.clone());
        assert_eq!(paths.choose_database(None), DatabaseChoice::Requested(two));
        assert_eq!(paths.choose_database(Some(&one)), DatabaseChoice::Requested(one));
    }

    #[test]
    fn folders_of_drafts_are_remembered_wherever_that_can_be_written() {
        let root = tempfile::tempdir().unwrap();
        let paths = paths(root.path());
        let [one, two] = ["one", "two"].map(|name| root.path().join(name));
        for folder in [&one, &two] {
            fs::create_dir(folder).unwrap();
        }
        assert!(paths.add_draft_folder(&one));
        // A file where the folder should be stands for a full disk.
        fs::remove_dir_all(&paths.state).unwrap();
        fs::write(&paths.state, "").unwrap();
        assert!(paths.add_draft_folder(&one) && paths.add_draft_folder(&two));
        assert_eq!(paths.draft_folders(), [two, one.clone()]);
        for folder in [&paths.config, &paths.data] {
            fs::remove_dir_all(folder).unwrap_or_default();
            fs::write(folder, "").unwrap();
        }
        assert!(!paths.add_draft_folder(&one));
    }

    #[test]
    fn the_demo_has_a_workspace_of_its_own() {
        let root = tempfile::tempdir().unwrap();
        let mut paths = paths(root.path());
        let place = |paths: &Paths, database: &str, asked: Option<&Path>| {
            paths.workspace(&root.path().join(database), asked, false).root().to_owned()
        };
        assert_eq!(place(&paths, "share/demo", None), root.path().join("share/demo-workspace"));
        assert_eq!(place(&paths, "other", None), root.path().join("share/workspace"));
        paths.environment.workspace = Some("/team".into());
        assert_eq!(place(&paths, "share/demo", None), Path::new("/team"));
        assert_eq!(place(&paths, "share/demo", Some(Path::new("/mine"))), Path::new("/mine"));
    }
}
