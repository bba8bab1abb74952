//! Renaming, moving, duplicating and deleting segments.

use std::path::PathBuf;

use super::Workspace;
use super::error::WorkspaceError;
use super::listing::Entry;
use super::save::{Expected, Saved, Target};
use super::trash::Trashed;
use crate::segment::{Segment, Stamp, Status};

/// What to do when other segments refer to the one that is deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum References {
    /// Refuse, naming them.
    Refuse,
    /// Delete it; theirs become conditions on a segment that does not exist.
    Break,
}

impl Workspace {
    /// Gives a segment another name, as a new revision; its file follows. `expected` is what
    /// the person saw under the old name.
    ///
    /// # Errors
    /// As [`Workspace::save`].
    pub(crate) fn rename_segment(
        &self,
        id: &str,
        name: &str,
        expected: Expected,
        stamp: &Stamp,
    ) -> Result<Saved, WorkspaceError> {
        let lock = self.begin_write()?;
        let (stored, _) = self.load(id)?;
        let renamed = Segment { name: name.to_owned(), ..stored };
        self.save_locked(&lock, &self.list()?, &renamed, &Target::Keep, expected, stamp)
    }

    /// Moves a segment's file to a folder, or outside all folders. The document stays as it is.
    ///
    /// # Errors
    /// Segment or folder does not exist, or the file system refuses.
    pub fn move_segment(&self, id: &str, folder: Option<&str>) -> Result<PathBuf, WorkspaceError> {
        let _lock = self.begin_write()?;
        let listing = self.list()?;
        let entry = listing.segment(id).ok_or_else(|| listing.missing("segment", id))?;
        let target = match folder {
            None => self.segments(),
            Some(folder) => match listing.folder(folder) {
                Some(folder) => folder.path.clone(),
                None => return Err(listing.missing("folder", folder)),
            },
        };
        self.move_to_place(Some(entry), &entry.name, &target)
    }

    /// Copies a segment, as a draft with an id, a name and a history of its own, beside the original.
    ///
    /// # Errors
    /// As [`Workspace::save`].
    pub fn duplicate(
        &self,
        id: &str,
        new_id: &str,
        new_name: &str,
        stamp: &Stamp,
    ) -> Result<Saved, WorkspaceError> {
        let lock = self.begin_write()?;
        let (stored, _) = self.load(id)?;
        let listing = self.list()?;
        let target = listing.segment(id).map_or(Target::Keep, |entry| Target::Folder(entry.folder.clone()));
        let copy = Segment {
            id: new_id.to_owned(),
            name: new_name.to_owned(),
            status: Status::Draft,
            revision: 0,
            created: None,
            updated: None,
            ..stored
        };
        self.save_locked(&lock, &listing, &copy, &target, Expected::New, stamp)
    }

    /// The segments whose conditions refer to this one.
    ///
    /// # Errors
    /// The workspace cannot be read.
    pub fn used_by(&self, id: &str) -> Result<Vec<Entry>, WorkspaceError> {
        let listing = self.list()?;
        Ok(listing.segments.into_iter().filter(|entry| entry.uses.iter().any(|used| used == id)).collect())
    }

    /// Moves a segment to the trash, as it stands; its history stays.
    ///
    /// # Errors
    /// Others use it ([`WorkspaceError::InUse`]), it does not exist, or the file system refuses.
    pub fn delete_segment(
        &self,
        id: &str,
        references: References,
        stamp: &Stamp,
    ) -> Result<Trashed, WorkspaceError> {
        let lock = self.begin_write()?;
        let listing = self.list()?;
        let entry = listing.segment(id).ok_or_else(|| listing.missing("segment", id))?;
        let users = self.used_by(id)?.into_iter().filter(|user| user.id != id);
        let users: Vec<String> = users.map(|user| listing.full_name(&user)).collect();
        if references == References::Refuse && !users.is_empty() {
            return Err(WorkspaceError::InUse { name: entry.name.clone(), users });
        }
        self.discard(&lock, &entry.path, &entry.id, &entry.name, stamp)
    }
}
