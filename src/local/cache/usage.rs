//! What the cache takes up, and taking it back.

use std::collections::BTreeMap;
use std::fs::Metadata;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::entry;
use super::file_names::{FileKind, file_kind};
use super::folder::CacheFolder;
use super::listing::database_folders;
use crate::file_system::{self, canonical, is_abandoned, open_regular};

/// What is kept for one database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatabaseUsage {
    /// The database's folder; that of its files in the cache where nothing says whose they are.
    pub database: PathBuf,
    /// Where the files are.
    pub folder: PathBuf,
    /// By kind, in order.
    pub kinds: Vec<KindUsage>,
}

/// What is kept of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KindUsage {
    pub kind: String,
    /// On the disk.
    pub bytes: u64,
    /// When it was read or written last.
    pub last_used: Option<SystemTime>,
}

/// What was removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Removed {
    /// How many files.
    pub files: u64,
    /// How much that was.
    pub bytes: u64,
}

impl DatabaseUsage {
    /// Of all kinds.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.kinds.iter().map(|kind| kind.bytes).sum()
    }

    /// When any of it was read or written last.
    #[must_use]
    pub fn last_used(&self) -> Option<SystemTime> {
        self.kinds.iter().filter_map(|kind| kind.last_used).max()
    }
}

impl CacheFolder {
    /// What is kept, by database in order of their folders. A cache that is not there yet is empty.
    ///
    /// # Errors
    /// The folder cannot be listed.
    pub fn usage(&self) -> io::Result<Vec<DatabaseUsage>> {
        let mut databases = Vec::new();
        for folder in database_folders(self.path())? {
            let usage = usage(&folder)?;
            if !usage.kinds.is_empty() {
                databases.push(usage);
            }
        }
        databases.sort_by(|one, other| one.database.cmp(&other.database));
        Ok(databases)
    }

    /// Removes what is kept for a database, or for all of them. Programs that have one of them open may have
    /// to open it again. Nothing is removed that is not the cache's own, and nothing that is read-only.
    ///
    /// # Errors
    /// The folder cannot be listed, or a file cannot be removed.
    pub fn clear(&self, database: Option<&Path>) -> io::Result<Removed> {
        self.finish();
        let mut removed = Removed::default();
        if self.is_read_only() {
            return Ok(removed);
        }
        let only = database.map(|database| self.folder_of(&canonical(database)));
        for folder in database_folders(self.path())? {
            if only.as_ref().is_none_or(|only| *only == folder) {
                clear(&folder, &mut removed)?;
            }
        }
        Ok(removed)
    }
}

fn usage(folder: &Path) -> io::Result<DatabaseUsage> {
    let (mut database, mut kinds) = (folder.to_owned(), BTreeMap::<String, KindUsage>::new());
    for file in file_system::entries(folder)? {
        let (name, metadata) = (file.file_name(), file.metadata());
        let name = name.to_string_lossy();
        // It may have been removed since.
        let (Some(FileKind::Entry(stem) | FileKind::Large(stem)), Ok(metadata)) =
            (file_kind(&name), metadata)
        else {
            continue;
        };
        let kind = kinds.entry(stem.to_owned()).or_insert_with(|| KindUsage {
            kind: stem.to_owned(),
            bytes: 0,
            last_used: None,
        });
        kind.bytes += metadata.len();
        kind.last_used = kind.last_used.max(metadata.modified().ok());
        if let Some(FileKind::Entry(_)) = file_kind(&name)
            && let Some(found) =
                open_regular(&file.path()).ok().and_then(|mut file| entry::read_metadata(&mut file))
        {
            kind.kind = found.kind;
            database = PathBuf::from(found.database);
        }
    }
    let mut kinds: Vec<KindUsage> = kinds.into_values().collect();
    kinds.sort_by(|one, other| one.kind.cmp(&other.kind));
    Ok(DatabaseUsage { database, folder: folder.to_owned(), kinds })
}

fn clear(folder: &Path, removed: &mut Removed) -> io::Result<()> {
    for file in file_system::entries(folder)? {
        let (name, metadata) = (file.file_name(), file.metadata());
        let is_unused = |file: &Metadata| is_abandoned(&name, file, SystemTime::now());
        let counts = match file_kind(&name.to_string_lossy()) {
            Some(FileKind::Entry(_) | FileKind::Large(_)) => true,
            // Somebody may be at it.
            Some(FileKind::Temporary) if !metadata.as_ref().is_ok_and(is_unused) => continue,
            Some(FileKind::Temporary | FileKind::Lock) => false,
            None => continue,
        };
        file_system::remove_file(&file.path())?;
        if counts {
            removed.files += 1;
            removed.bytes += metadata.map(|metadata| metadata.len()).unwrap_or_default();
        }
    }
    // It stays where something else is in it.
    let _ = file_system::remove_empty_folder(folder);
    Ok(())
}
