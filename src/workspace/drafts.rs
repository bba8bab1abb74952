//! Unsaved edits, kept from the first second on: in the user's state folder, never in the workspace.
//!
//! Each running program has a folder of its own, `SESSION/SEGMENT_ID.json`, and a lock in it for as
//! long as it runs: drafts without a lock are those of a program that crashed or was closed.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use super::error::{Damaged, WorkspaceError};
use super::history::folder_name;
use super::record::{self, Record};
use super::text;
use super::version::Version;
use crate::file_system::atomic;
use crate::segment::{Extra, Segment, Stamp};

/// The drafts of one running program, and what others left.
#[derive(Debug)]
pub struct DraftStore {
    dir: PathBuf,
    session: String,
    read_only: bool,
    /// Held from the first draft on.
    lock: Option<File>,
}

/// Unsaved edits of a segment.
#[derive(Clone, Debug, PartialEq)]
pub struct Edits {
    /// The document with the edits.
    pub segment: Arc<Segment>,
    /// What they were made from; `None` for a segment that was never saved.
    pub base: Option<Version>,
}

/// One draft.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// The segment with its unsaved edits.
    pub segment: Segment,
    /// What was edited; `None` for a segment that was never saved.
    pub base: Option<Version>,
    /// The workspace that it is meant for.
    pub workspace: PathBuf,
    /// When and by whom the draft was kept.
    pub stamp: Stamp,
    /// Whether the program that is editing it is still running.
    pub is_live: bool,
    /// The file.
    pub path: PathBuf,
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Drafts {
    /// The latest first.
    pub drafts: Vec<Draft>,
    /// Files that are no drafts. They are kept.
    pub damaged: Vec<Damaged>,
}

impl DraftStore {
    /// The store in `dir` for a running program; `session` is its name, different from all others.
    /// Does no I/O.
    pub fn new(dir: impl Into<PathBuf>, session: &str, read_only: bool) -> Self {
        Self { dir: dir.into(), session: folder_name(session), read_only, lock: None }
    }

    /// The store of the same running program in another folder.
    #[must_use]
    pub(crate) fn in_folder(&self, dir: PathBuf) -> Self {
        Self { dir, session: self.session.clone(), read_only: self.read_only, lock: None }
    }

    /// Keeps a draft, in place of the last one of the same segment.
    ///
    /// # Errors
    /// The file system refuses.
    pub fn save_draft(
        &mut self,
        workspace: &Path,
        edits: &Edits,
        stamp: &Stamp,
    ) -> Result<PathBuf, WorkspaceError> {
        self.may_write()?;
        let folder = self.dir.join(&self.session);
        self.live(&folder).map_err(WorkspaceError::io("write", &folder))?;
        let path = folder.join(format!("{}.json", folder_name(&edits.segment.id)));
        let document = serde_json::from_str(&edits.segment.to_json()).unwrap_or(serde_json::Value::Null);
        let mut record = Record::new(record::DRAFT);
        record.set("workspace", workspace.to_string_lossy());
        if let Some(base) = edits.base {
            record.set("base_revision", base.revision).set("base_content", base.content());
        }
        record.set("at", stamp.at.as_str()).set("by", stamp.by.as_str()).set("segment", document);
        record.write(&path)?;
        Ok(path)
    }

    /// Removes this program's draft of a segment, once it is saved or given up.
    ///
    /// # Errors
    /// The file system refuses.
    pub(crate) fn remove_draft(&self, segment_id: &str) -> Result<(), WorkspaceError> {
        self.may_write()?;
        let path = self.dir.join(&self.session).join(format!("{}.json", folder_name(segment_id)));
        remove(&path)
    }

    /// Removes a draft that another program left, once it is taken over or given up.
    ///
    /// # Errors
    /// The file system refuses.
    pub fn remove(&self, draft: &Draft) -> Result<(), WorkspaceError> {
        self.may_write()?;
        remove(&draft.path)?;
        let folder = atomic::parent(&draft.path);
        if !self.is_live(&folder) {
            tidy(&folder);
        }
        Ok(())
    }

    /// Every draft, of this program and of others.
    ///
    /// # Errors
    /// The folder exists but cannot be read.
    pub fn list(&self) -> Result<Drafts, WorkspaceError> {
        let mut found = Drafts::default();
        for folder in children(&self.dir)?.into_iter().filter(|path| path.is_dir()) {
            let is_live = self.is_live(&folder);
            for path in children(&folder)? {
                if path.extension().is_none_or(|ending| ending != "json") {
                    continue;
                }
                match read(&path, is_live) {
                    Ok(draft) => found.drafts.push(draft),
                    Err(WorkspaceError::Damaged(damaged)) => found.damaged.push(damaged),
                    Err(error) => found.damaged.push(text::damaged(&path, 1, 1, &error.to_string())),
                }
            }
        }
        found.drafts.sort_by(|a, b| (&b.stamp.at, &a.path).cmp(&(&a.stamp.at, &b.path)));
        Ok(found)
    }

    fn may_write(&self) -> Result<(), WorkspaceError> {
        if self.read_only { Err(WorkspaceError::ReadOnly) } else { Ok(()) }
    }

    fn live(&mut self, folder: &Path) -> io::Result<()> {
        fs::create_dir_all(folder)?;
        if self.lock.is_none() {
            let file = fs::OpenOptions::new().create(true).append(true).open(folder.join(".lock"))?;
            // Another program's look at the lock takes a moment; without a lock drafts are kept all
            // the same, and offered while this program still runs.
            for _ in 0..10 {
                match file.try_lock() {
                    Err(TryLockError::WouldBlock) => std::thread::sleep(Duration::from_millis(1)),
                    Ok(()) | Err(TryLockError::Error(_)) => break,
                }
            }
            self.lock = Some(file);
        }
        Ok(())
    }

    fn is_live(&self, folder: &Path) -> bool {
        if folder.file_name().is_some_and(|name| name == self.session.as_str()) {
            return self.lock.is_some();
        }
        // Trying the lock lets go of it again at once, as the file is closed.
        File::open(folder.join(".lock"))
            .is_ok_and(|file| matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)))
    }
}

impl Drop for DraftStore {
    fn drop(&mut self) {
        if self.lock.take().is_some() {
            tidy(&self.dir.join(&self.session));
        }
    }
}

/// Removes a session's folder that has no drafts. One that stays is not shown.
fn tidy(folder: &Path) {
    let entries = fs::read_dir(folder);
    if entries.is_ok_and(|entries| entries.flatten().all(|entry| entry.file_name() == ".lock")) {
        let _ = fs::remove_file(folder.join(".lock"));
        let _ = fs::remove_dir(folder);
    }
}

fn remove(path: &Path) -> Result<(), WorkspaceError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed.map_err(WorkspaceError::io("remove", path)),
    }
}

fn children(folder: &Path) -> Result<Vec<PathBuf>, WorkspaceError> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(WorkspaceError::io("read", folder))?,
    };
    let mut paths = Vec::new();
    for entry in entries {
        paths.push(entry.map_err(WorkspaceError::io("read", folder))?.path());
    }
    paths.sort();
    Ok(paths)
}

fn read(path: &Path, is_live: bool) -> Result<Draft, WorkspaceError> {
    let missing = || WorkspaceError::not_found("draft", &path.display().to_string());
    let record = Record::read(path, record::DRAFT)?.ok_or_else(missing)?;
    let document = record.value("segment").map(ToString::to_string).unwrap_or_default();
    let revision = record.value("base_revision").and_then(serde_json::Value::as_u64);
    let content = record.text("base_content");
    // Older programs wrote 0 for a segment that was never saved, and no content.
    let revision = revision.filter(|revision| *revision > 0 || content.is_some());
    let base = revision.map(|revision| Version::from_file(revision, content));
    let word = |key| record.text(key).unwrap_or_default().to_owned();
    Ok(Draft {
        segment: text::parse_segment(&document, path)?,
        base,
        workspace: PathBuf::from(word("workspace")),
        stamp: Stamp { at: word("at"), by: word("by"), extra: Extra::new() },
        is_live,
        path: path.to_owned(),
    })
}
