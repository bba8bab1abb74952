//! The workspace's own folder: made on the first write, as a copy of its seed if it has one.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::error::WorkspaceError;
use super::lock::Lock;
use super::record::Record;
use super::{Workspace, record};
use crate::file_system::{self, atomic};

/// What version control should leave alone.
const IGNORED: &str = ".lock\n.segtui-*.tmp\n";

impl Workspace {
    /// Where to read: the root, or the seed until the root is made.
    pub(super) fn source(&self) -> &Path {
        match &self.seed {
            Some(seed) if !is_made(&self.root) => seed,
            _ => &self.root,
        }
    }

    pub(super) fn segments(&self) -> PathBuf {
        self.source().join("segments")
    }

    /// Makes the workspace if need be and keeps other writers out until the lock is dropped.
    pub(super) fn begin_write(&self) -> Result<Lock, WorkspaceError> {
        if self.read_only {
            return Err(WorkspaceError::ReadOnly);
        }
        if !is_made(&self.root) {
            let made = match &self.seed {
                Some(seed) if seed.is_dir() => self.copy(seed),
                _ => fs::create_dir_all(&self.root),
            };
            made.map_err(WorkspaceError::io("write", &self.root))?;
        }
        let lock = Lock::take(&self.root)?;
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
        fs::create_dir_all(&segments).map_err(WorkspaceError::io("write", &segments))?;
        Ok(lock)
    }

    /// Copies the seed beside the root and renames it, so that there is never half a workspace.
    fn copy(&self, seed: &Path) -> io::Result<()> {
        let parent = atomic::parent(&self.root);
        fs::create_dir_all(&parent)?;
        let temporary = tempfile::Builder::new().prefix(".segtui-").suffix(".tmp").tempdir_in(&parent)?;
        // A temporary folder is private; the one in it has the usual permissions.
        let copy = temporary.path().join("workspace");
        copy_folder(seed, &copy)?;
        match fs::rename(&copy, &self.root) {
            // Another program was faster, with the same copy.
            Err(_) if is_made(&self.root) => Ok(()),
            renamed => renamed.and_then(|()| file_system::flush_folder(&parent)),
        }
    }
}

fn is_made(root: &Path) -> bool {
    fs::read_dir(root).is_ok_and(|mut entries| entries.next().is_some())
}

fn copy_folder(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            atomic::create(&target, &fs::read(entry.path())?)?;
        }
    }
    file_system::flush_folder(to)
}
