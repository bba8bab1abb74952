//! Making, renaming, moving and deleting folders.

use std::path::{Path, PathBuf};

use super::error::WorkspaceError;
use super::listing::{Folder, Listing};
use super::lock::Lock;
use super::names::{file_name, validate_name};
use super::record::{self, Record};
use super::save::free_path;
use super::trash::Trashed;
use super::{DEEPEST_FOLDER, Workspace};
use crate::file_system::{self, atomic};
use crate::segment::Stamp;

impl Workspace {
    /// Makes a folder in another, or at the top.
    ///
    /// # Errors
    /// The name is taken or does not follow the rules, it would be too deep, the folder around it
    /// does not exist, or the file system refuses.
    pub fn create_folder(
        &self,
        name: &str,
        parent: Option<&str>,
        id: &str,
    ) -> Result<Folder, WorkspaceError> {
        let lock = self.begin_write()?;
        self.create_folder_locked(&lock, name, parent, id)
    }

    pub(super) fn create_folder_locked(
        &self,
        _lock: &Lock,
        name: &str,
        parent: Option<&str>,
        id: &str,
    ) -> Result<Folder, WorkspaceError> {
        let listing = self.list()?;
        validate_name(name)?;
        free_folder_name(&listing, name, id)?;
        if let Some(taken) = listing.folder(id) {
            return Err(WorkspaceError::NameTaken { name: id.to_owned(), path: taken.path.clone() });
        }
        let around = self.directory(&listing, parent)?;
        allow_depth(&listing, parent, 1)?;
        let path = free_path(&around, &file_name(name, "folder"), "", None)?;
        // With its record or not at all: without it, it would have another id and name.
        let temporary = file_system::temporary_folder(&path).map_err(WorkspaceError::io("write", &around))?;
        let new = temporary.path().join("folder");
        file_system::create_folder(&new).map_err(WorkspaceError::io("write", &new))?;
        let mut record = Record::new(record::FOLDER);
        record.set("id", id).set("name", name).set("description", "");
        record.write(&new.join("folder.json"))?;
        shift(&new, path.clone())?;
        Ok(Folder {
            id: id.to_owned(),
            name: name.to_owned(),
            description: String::new(),
            parent: parent.map(str::to_owned),
            path,
        })
    }

    /// Gives a folder another name; its directory follows.
    ///
    /// # Errors
    /// The name is taken or does not follow the rules, the folder does not exist or its record is
    /// damaged, or the file system refuses.
    pub fn rename_folder(&self, id: &str, name: &str) -> Result<PathBuf, WorkspaceError> {
        let _lock = self.begin_write()?;
        let listing = self.list()?;
        let folder = existing(&listing, id)?;
        validate_name(name)?;
        free_folder_name(&listing, name, id)?;
        amend(folder, "name", name)?;
        let around = file_system::parent(&folder.path);
        let path = free_path(&around, &file_name(name, "folder"), "", Some(&folder.path))?;
        shift(&folder.path, path)
    }

    /// Says what a folder is for.
    ///
    /// # Errors
    /// The folder does not exist or its record is damaged, or the file system refuses.
    pub fn describe_folder(&self, id: &str, description: &str) -> Result<(), WorkspaceError> {
        let _lock = self.begin_write()?;
        amend(existing(&self.list()?, id)?, "description", description)
    }

    /// Moves a folder, with all in it, into another or to the top.
    ///
    /// # Errors
    /// It would be in itself or too deep, one of the two does not exist, or the file system refuses.
    pub fn move_folder(&self, id: &str, parent: Option<&str>) -> Result<PathBuf, WorkspaceError> {
        let _lock = self.begin_write()?;
        let listing = self.list()?;
        let folder = existing(&listing, id)?;
        let around = self.directory(&listing, parent)?;
        if listing.folders_to(parent).iter().any(|outer| outer.id == id) {
            return Err(WorkspaceError::invalid("a folder cannot be in itself", "choose another folder"));
        }
        allow_depth(&listing, parent, height(&listing, id))?;
        if folder.parent.as_deref() == parent {
            return Ok(folder.path.clone());
        }
        // It takes its id along, also where that was made from its place.
        amend(folder, "name", &folder.name)?;
        let stem = folder.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let path = free_path(&around, &stem, "", None)?;
        shift(&folder.path, path)
    }

    /// Moves an empty folder to the trash.
    ///
    /// # Errors
    /// It is not empty, does not exist, or the file system refuses.
    pub fn delete_folder(&self, id: &str, stamp: &Stamp) -> Result<Trashed, WorkspaceError> {
        let lock = self.begin_write()?;
        let listing = self.list()?;
        let folder = existing(&listing, id)?;
        let unread = listing
            .damaged
            .iter()
            .find(|damaged| damaged.is_unread && damaged.path.starts_with(&folder.path));
        if let Some(unread) = unread {
            return Err(unread.clone().into());
        }
        let holds = |path: &Path| path != folder.path && path.starts_with(&folder.path);
        let is_full = listing.segments.iter().any(|entry| holds(&entry.path))
            || listing.folders.iter().any(|inner| holds(&inner.path))
            || listing.damaged.iter().any(|damaged| holds(&damaged.path));
        if is_full {
            return Err(WorkspaceError::NotEmpty { name: folder.name.clone() });
        }
        self.discard(&lock, &folder.path, &folder.id, &folder.name, stamp)
    }

    /// The directory of a folder; of all folders for `None`.
    pub(super) fn directory(&self, listing: &Listing, id: Option<&str>) -> Result<PathBuf, WorkspaceError> {
        id.map_or_else(|| Ok(self.segments()), |id| existing(listing, id).map(|folder| folder.path.clone()))
    }
}

fn existing<'a>(listing: &'a Listing, id: &str) -> Result<&'a Folder, WorkspaceError> {
    listing.folder(id).ok_or_else(|| listing.missing("folder", id))
}

fn free_folder_name(listing: &Listing, name: &str, id: &str) -> Result<(), WorkspaceError> {
    match listing.folder_named(name).filter(|folder| folder.id != id) {
        Some(folder) => Err(WorkspaceError::NameTaken { name: name.to_owned(), path: folder.path.clone() }),
        None => Ok(()),
    }
}

/// Whether `levels` of folders fit into the folder `parent`.
fn allow_depth(listing: &Listing, parent: Option<&str>, levels: usize) -> Result<(), WorkspaceError> {
    if listing.folders_to(parent).len() + levels <= DEEPEST_FOLDER {
        return Ok(());
    }
    let message = format!("folders nest at most {} levels below a top folder", DEEPEST_FOLDER - 1);
    Err(WorkspaceError::invalid(message, "choose a folder further up"))
}

/// How many levels of folders a folder is, itself included.
fn height(listing: &Listing, id: &str) -> usize {
    let inner = listing.folders.iter().filter(|folder| folder.parent.as_deref() == Some(id));
    1 + inner.map(|folder| height(listing, &folder.id)).max().unwrap_or(0)
}

/// Changes a folder's record, or makes the one it lacks.
fn amend(folder: &Folder, key: &str, value: &str) -> Result<(), WorkspaceError> {
    let path = folder.path.join("folder.json");
    let mut record = Record::read(&path, record::FOLDER)?.unwrap_or_else(|| Record::new(record::FOLDER));
    record.writable(&path)?;
    record.set("id", folder.id.as_str()).set("name", folder.name.as_str());
    record.set("description", folder.description.as_str()).set(key, value);
    record.write(&path)
}

fn shift(from: &Path, to: PathBuf) -> Result<PathBuf, WorkspaceError> {
    if from != to {
        atomic::relocate(from, &to).map_err(WorkspaceError::io("move", from))?;
    }
    Ok(to)
}
