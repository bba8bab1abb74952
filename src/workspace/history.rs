//! Every saved revision, whole: `history/SEGMENT_ID/000003.json`.

use std::fs::DirEntry;
use std::path::{Path, PathBuf};

use super::error::{Damaged, WorkspaceError};
use super::{Workspace, text};
use crate::file_system::{self, atomic};
use crate::segment::Segment;

/// What was saved of a segment, oldest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct History {
    /// The revisions that can be read.
    pub revisions: Vec<Revision>,
    /// Those that cannot.
    pub damaged: Vec<Damaged>,
}

/// One saved revision.
#[derive(Clone, Debug, PartialEq)]
pub struct Revision {
    /// Its number.
    pub number: u64,
    /// The whole document; who and when is in `updated`.
    pub segment: Segment,
    /// The file.
    pub path: PathBuf,
}

impl Workspace {
    /// Every saved revision of a segment, also of one that was deleted.
    ///
    /// # Errors
    /// The folder of its history cannot be read.
    pub fn history(&self, id: &str) -> Result<History, WorkspaceError> {
        let mut history = History::default();
        for (number, path) in files(&self.history_folder(self.source(), id))? {
            match text::read_segment(&path) {
                Ok(segment) => history.revisions.push(Revision { number, segment, path }),
                Err(error) => history.damaged.push(Damaged::unreadable(&path, error)),
            }
        }
        Ok(history)
    }

    /// One revision. To restore it, save it: that is a new revision.
    ///
    /// # Errors
    /// It is not there or cannot be read.
    pub fn revision(&self, id: &str, number: u64) -> Result<Segment, WorkspaceError> {
        let path = file(&self.history_folder(self.source(), id), number);
        if !path.exists() {
            return Err(WorkspaceError::not_found("revision", &number.to_string()));
        }
        text::read_segment(&path)
    }

    fn history_folder(&self, root: &Path, id: &str) -> PathBuf {
        root.join("history").join(folder_name(id))
    }

    /// Makes sure that the stored document is in the history, also one that was written or changed
    /// by hand or by version control, and returns the number of the latest revision.
    pub(super) fn keep_stored(&self, stored: &Segment) -> Result<u64, WorkspaceError> {
        let folder = self.history_folder(&self.root, &stored.id);
        let latest = latest(&folder)?.max(stored.revision);
        let is_stored = |number: u64| {
            let saved = text::read_segment(&file(&folder, number)).ok();
            saved.is_some_and(|saved| Segment { revision: stored.revision, ..saved } == *stored)
        };
        if is_stored(stored.revision) || is_stored(latest) {
            return Ok(latest);
        }
        let is_free = !file(&folder, stored.revision).exists();
        let revision = if is_free { stored.revision } else { latest + 1 };
        self.keep(&Segment { revision, ..stored.clone() })?;
        Ok(latest.max(revision))
    }

    /// The revision that a document is, if exactly that was saved.
    pub(super) fn saved_revision(&self, segment: &Segment) -> Option<u64> {
        let path = file(&self.history_folder(self.source(), &segment.id), segment.revision);
        text::read_segment(&path).is_ok_and(|saved| saved == *segment).then_some(segment.revision)
    }

    /// The number of the latest revision; 0 without any.
    pub(super) fn latest_revision(&self, id: &str) -> Result<u64, WorkspaceError> {
        latest(&self.history_folder(&self.root, id))
    }

    /// Writes a revision into the history. One that is there is never written over.
    pub(super) fn keep(&self, segment: &Segment) -> Result<(), WorkspaceError> {
        let folder = self.history_folder(&self.root, &segment.id);
        file_system::create_folders(&folder).map_err(WorkspaceError::io("write", &folder))?;
        let path = file(&folder, segment.revision);
        atomic::create(&path, segment.to_json().as_bytes()).map_err(WorkspaceError::io("write", &path))
    }
}

fn latest(folder: &Path) -> Result<u64, WorkspaceError> {
    Ok(files(folder)?.last().map_or(0, |(number, _)| *number))
}

fn file(folder: &Path, number: u64) -> PathBuf {
    folder.join(format!("{number:06}.json"))
}

fn files(folder: &Path) -> Result<Vec<(u64, PathBuf)>, WorkspaceError> {
    let entries = file_system::entries(folder).map_err(WorkspaceError::io("read", folder))?;
    let mut files = Vec::new();
    for path in entries.iter().map(DirEntry::path) {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if let Some(number) = name.strip_suffix(".json").and_then(|stem| stem.parse().ok()) {
            files.push((number, path));
        }
    }
    files.sort();
    Ok(files)
}

/// An id as the name of a folder. Ids are free texts: whatever could lead elsewhere is written as its
/// code.
pub(super) fn folder_name(id: &str) -> String {
    let mut out = String::new();
    for byte in id.bytes() {
        let is_plain = byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
        if is_plain {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02x}"));
        }
    }
    out
}
