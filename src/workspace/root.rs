//! The workspace's own folder: made on the first write, as a copy of its seed if it has one.

use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::error::WorkspaceError;
use super::listing::DEEPEST_SEARCH;
use super::lock::Lock;
use super::record::Record;
use super::{Workspace, record};
use crate::file_system::{self, atomic, canonical, parent, remove_abandoned};

/// What version control should leave alone.
const IGNORED: &str = ".lock\n.segtui-*.tmp\n";

/// The folders of a workspace.
const OWN_FOLDERS: [&str; 5] = ["segments", "history", "trash", "lists", "queries"];

impl Workspace {
    /// Where to read: the root, or the seed until the root is made.
    pub(super) fn source(&self) -> &Path {
        match &self.seed {
            // One that cannot be read is there: its seed must not be taken for it.
            Some(seed) if matches!(is_made(&self.root), Ok(false)) => seed,
            _ => &self.root,
        }
    }

    pub(super) fn segments(&self) -> PathBuf {
        self.source().join("segments")
    }

    /// Whether a folder without links in its path is one of those that the workspace keeps its files in.
    pub(crate) fn has_as_its_own(&self, folder: &Path) -> bool {
        OWN_FOLDERS.iter().any(|own| folder.starts_with(canonical(&self.root.join(own))))
    }

    /// Makes the workspace if need be and keeps other writers out until the lock is dropped.
    pub(super) fn begin_write(&self) -> Result<Lock, WorkspaceError> {
        if self.read_only {
            return Err(WorkspaceError::ReadOnly);
        }
        if !is_made(&self.root).map_err(WorkspaceError::io("read", &self.root))? {
            let made = match &self.seed {
                Some(seed) if seed.is_dir() => self.copy(seed),
                _ => file_system::create_folders(&self.root),
            };
            made.map_err(WorkspaceError::io("write", &self.root))?;
        }
        let lock = Lock::take(&self.root, &self.patience)?;
        let path = self.root.join("workspace.json");
        match Record::read(&path, record::WORKSPACE)? {
            Some(record) => record.writable(&path)?,
            None => {
                Record::new(record::WORKSPACE).write(&path)?;
                let ignored = self.root.join(".gitignore");
                match atomic::create(&ignored, IGNORED.as_bytes()) {
                    Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                        return Err(WorkspaceError::io("write", &ignored)(error));
                    }
                    _ => {}
                }
            }
        }
        let segments = self.root.join("segments");
        file_system::create_folders(&segments).map_err(WorkspaceError::io("write", &segments))?;
        Ok(lock)
    }

    /// Removes what programs left here that were ended while they wrote.
    pub(crate) fn remove_abandoned(&self, now: SystemTime) {
        if self.read_only {
            return;
        }
        remove_abandoned(&self.root, DEEPEST_SEARCH, now);
        if self.seed.is_some() {
            // Its copy is made beside the root.
            remove_abandoned(&parent(&self.root), 0, now);
        }
    }

    /// Copies the seed beside the root and renames it, so that there is never half a workspace.
    fn copy(&self, seed: &Path) -> io::Result<()> {
        let around = parent(&self.root);
        file_system::create_folders(&around)?;
        let temporary = file_system::temporary_folder(&self.root)?;
        // A temporary folder is private; the one in it has the usual permissions.
        let copy = temporary.path().join("workspace");
        copy_folder(seed, &copy)?;
        match atomic::relocate(&copy, &self.root) {
            // Another program was faster, with the same copy.
            Err(_) if matches!(is_made(&self.root), Ok(true)) => Ok(()),
            relocated => relocated,
        }
    }
}

fn is_made(root: &Path) -> io::Result<bool> {
    Ok(!file_system::entries(root)?.is_empty())
}

fn copy_folder(from: &Path, to: &Path) -> io::Result<()> {
    file_system::create_folder(to)?;
    for entry in file_system::entries(from)? {
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            atomic::copy(&entry.path(), &target)?;
        }
    }
    file_system::flush_folder(to)
}
