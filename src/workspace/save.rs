//! Saving a segment: a new revision, in the history first and then in its file.

use std::path::{Path, PathBuf};

use super::error::{Damaged, WorkspaceError};
use super::listing::{Entry, Listing};
use super::lock::Lock;
use super::names::ENDING;
use super::names::{file_name, same_name, unclashed, validate_labels, validate_name};
use super::version::Version;
use super::{Workspace, limits, text};
use crate::file_system::{self, atomic, entries, parent};
use crate::segment::{Segment, Stamp, Status};

/// Where a segment is saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// Where it stands; a new one outside all folders.
    Keep,
    /// Where it stands; one whose file is gone where that was.
    Former(PathBuf),
    /// In the folder with this id, or outside all folders.
    Folder(Option<String>),
    /// In a folder that is made for it.
    NewFolder {
        /// Its name.
        name: String,
        /// The id of the folder around it.
        parent: Option<String>,
        /// Its new id.
        id: String,
    },
}

/// What is written over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// Nothing: the segment was never saved.
    New,
    /// This version, the one that was edited.
    Version(Version),
    /// Whatever is there. It stays in the history.
    Anything,
}

/// What was saved.
#[derive(Clone, Debug, PartialEq)]
pub struct Saved {
    /// The document with its new revision and stamps.
    pub segment: Segment,
    /// Its file.
    pub path: PathBuf,
}

impl Workspace {
    /// Saves a segment as a new revision.
    ///
    /// # Errors
    /// It is not what was expected ([`WorkspaceError::Conflict`]) or someone else has removed it
    /// ([`WorkspaceError::Gone`]); what is stored is damaged or of a newer format; name or labels do
    /// not follow the rules; the file system refuses. Then the stored document is as it was.
    pub fn save(
        &self,
        segment: &Segment,
        target: &Target,
        expected: Expected,
        stamp: &Stamp,
    ) -> Result<Saved, WorkspaceError> {
        let lock = self.begin_write()?;
        self.save_locked(&lock, &self.list()?, segment, target, expected, stamp)
    }

    pub(super) fn save_locked(
        &self,
        lock: &Lock,
        listing: &Listing,
        segment: &Segment,
        target: &Target,
        expected: Expected,
        stamp: &Stamp,
    ) -> Result<Saved, WorkspaceError> {
        validate_name(&segment.name)?;
        validate_labels(&segment.labels)?;
        let entry = listing.segment(&segment.id);
        if segment.is_newer() {
            let path = entry.map(|entry| entry.path.clone()).unwrap_or_default();
            return Err(WorkspaceError::Newer { path, version: segment.version });
        }
        let stored = match entry {
            Some(entry) => Some(stored(entry, expected)?),
            None => {
                gone(listing, segment, target, expected)?;
                None
            }
        };
        free_name(listing, segment)?;
        let folder = self.target_folder(lock, listing, entry, target)?;
        let path = self.move_to_place(entry, &segment.name, &folder)?;

        let latest = match &stored {
            Some(stored) => self.keep_stored(stored)?,
            // Not everything that was saved is in the history: other programs write files, too.
            None => self.latest_revision(&segment.id)?.max(segment.revision),
        };
        let created = stored.and_then(|stored| stored.created).or_else(|| segment.created.clone());
        let saved = Segment {
            revision: latest + 1,
            created: Some(created.unwrap_or_else(|| stamp.clone())),
            updated: Some(stamp.clone()),
            ..segment.clone()
        };
        let text = saved.to_json();
        limits::check(&text, limits::SEGMENT)?;
        self.keep(&saved)?;
        let written = match entry {
            Some(_) => atomic::replace(&path, text.as_bytes()),
            None => atomic::create(&path, text.as_bytes()),
        };
        written.map_err(WorkspaceError::io("write", &path))?;
        Ok(Saved { segment: saved, path })
    }

    fn target_folder(
        &self,
        lock: &Lock,
        listing: &Listing,
        entry: Option<&Entry>,
        target: &Target,
    ) -> Result<PathBuf, WorkspaceError> {
        let top = || self.segments();
        match target {
            Target::Keep => Ok(entry.map_or_else(top, |entry| parent(&entry.path))),
            Target::Former(path) => match entry {
                Some(entry) => Ok(parent(&entry.path)),
                None => self.former_folder(path),
            },
            Target::Folder(None) => Ok(top()),
            Target::Folder(Some(id)) => match listing.folder(id) {
                Some(folder) => Ok(folder.path.clone()),
                None => Err(listing.missing("folder", id)),
            },
            Target::NewFolder { name, parent, id } => {
                Ok(self.create_folder_locked(lock, name, parent.as_deref(), id)?.path)
            }
        }
    }

    /// The folder of a file that is gone, made again if it is gone, too.
    fn former_folder(&self, path: &Path) -> Result<PathBuf, WorkspaceError> {
        let folder = parent(path);
        // What stood in the seed only has no place of its own.
        if !folder.starts_with(self.segments()) {
            return Ok(self.segments());
        }
        file_system::create_folders(&folder).map_err(WorkspaceError::io("write", &folder))?;
        Ok(folder)
    }

    /// Moves the file where its name and folder want it, and returns its path. A file keeps the name
    /// that it has for as long as the segment keeps its own.
    pub(super) fn move_to_place(
        &self,
        entry: Option<&Entry>,
        name: &str,
        folder: &Path,
    ) -> Result<PathBuf, WorkspaceError> {
        let stem = match entry {
            Some(entry) if entry.name == name && parent(&entry.path) == folder => {
                return Ok(entry.path.clone());
            }
            Some(entry) if entry.name == name => stem(&entry.path),
            _ => file_name(name, "segment"),
        };
        let own = entry.map(|entry| entry.path.as_path());
        let path = free_path(folder, &stem, ENDING, own)?;
        if let Some(own) = own.filter(|own| *own != path) {
            atomic::relocate(own, &path).map_err(WorkspaceError::io("move", own))?;
        }
        Ok(path)
    }
}

/// The stored document, if it may be written over.
fn stored(entry: &Entry, expected: Expected) -> Result<Segment, WorkspaceError> {
    let stored = text::read_segment(&entry.path)?;
    if stored.is_newer() {
        return Err(WorkspaceError::Newer { path: entry.path.clone(), version: stored.version });
    }
    match expected {
        Expected::Anything => Ok(stored),
        Expected::Version(version) if version.is(&stored) => Ok(stored),
        Expected::Version(_) | Expected::New => Err(WorkspaceError::Conflict {
            is_same_revision: matches!(expected, Expected::Version(it) if it.revision == stored.revision),
            name: stored.name,
            stored: stored.revision,
            stamp: stored.updated.map(Box::new),
        }),
    }
}

/// A segment that is not there is saved if it never was, or if the person insists.
fn gone(
    listing: &Listing,
    segment: &Segment,
    target: &Target,
    expected: Expected,
) -> Result<(), WorkspaceError> {
    // Where it stood it is, whatever has become of its text.
    let is_former = |damaged: &&Damaged| matches!(target, Target::Former(path) if *path == damaged.path);
    let damaged = listing.damaged.iter().find(is_former);
    if let Some(damaged) = damaged.or_else(|| listing.damaged_with(&segment.id)) {
        return Err(damaged.clone().into());
    }
    match expected {
        // It may be there all the same, and would be there twice.
        Expected::Version(_) | Expected::Anything if let Some(unread) = listing.unread() => {
            Err(unread.clone().into())
        }
        Expected::Version(_) => Err(WorkspaceError::Gone { name: segment.name.clone() }),
        Expected::New | Expected::Anything => Ok(()),
    }
}

/// Names are unique among the active segments of a database.
pub(super) fn free_name(listing: &Listing, segment: &Segment) -> Result<(), WorkspaceError> {
    let is_same = |entry: &&Entry| {
        entry.status == Status::Active
            && entry.id != segment.id
            && entry.database == segment.database
            && same_name(&entry.name, &segment.name)
    };
    match listing.segments.iter().find(is_same).filter(|_| segment.status == Status::Active) {
        Some(entry) => {
            Err(WorkspaceError::NameTaken { name: segment.name.clone(), path: entry.path.clone() })
        }
        None => Ok(()),
    }
}

/// A path in `folder` that nothing but `own` has, without regard to case, as some file systems have none.
pub(super) fn free_path(
    folder: &Path,
    stem: &str,
    ending: &str,
    own: Option<&Path>,
) -> Result<PathBuf, WorkspaceError> {
    let mut taken = Vec::new();
    for entry in entries(folder).map_err(WorkspaceError::io("read", folder))? {
        let path = entry.path();
        if own != Some(path.as_path()) {
            taken.push(path.file_name().unwrap_or_default().to_string_lossy().to_lowercase());
        }
    }
    let stem = unclashed(stem, |stem| taken.contains(&format!("{stem}{ending}").to_lowercase()));
    Ok(folder.join(format!("{stem}{ending}")))
}

fn stem(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.strip_suffix(ENDING).unwrap_or(&name).to_owned()
}
