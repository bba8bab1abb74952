//! Unsaved edits, kept from the first second on: in the user's state folder, never in the workspace.
//!
//! Each running program has a folder of its own, `SESSION/SEGMENT_ID.json`, and a lock in it for as
//! long as it runs: drafts without a lock are those of a program that crashed or was closed.

use std::collections::HashMap;
use std::fs::{DirEntry, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use super::error::{Damaged, WorkspaceError};
use super::history::folder_name;
use super::record::{self, Record};
use super::text;
use super::version::Version;
use crate::file_system::{
    self, canonical, entries, is_at, is_temporary, open_lock, open_regular, parent, regular_metadata,
};
use crate::segment::{Extra, Segment, Stamp};

/// Held by a running program.
const LOCK: &str = ".lock";
/// How often a program tries to make its folder, and to lock it.
const ATTEMPTS: usize = 10;

/// The drafts of one running program, and what others left.
#[derive(Debug)]
pub struct DraftStore {
    dir: PathBuf,
    session: String,
    read_only: bool,
    /// Held from the first draft on.
    lock: Option<File>,
    /// What was written last of each segment.
    written: HashMap<String, Edits>,
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
        Self {
            dir: dir.into(),
            session: folder_name(session),
            read_only,
            lock: None,
            written: HashMap::new(),
        }
    }

    /// The store of the same running program in another folder.
    #[must_use]
    pub(crate) fn in_folder(&self, dir: PathBuf) -> Self {
        Self::new(dir, &self.session, self.read_only)
    }

    /// Keeps a draft, in place of the last one of the same segment; `workspace` is named by its root. What is on
    /// the disk already is not written again.
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
        if self.written.get(&edits.segment.id) == Some(edits) && regular_metadata(&path).is_ok() {
            return Ok(path);
        }
        let mut record = Record::new(record::DRAFT);
        record.set("workspace", workspace.to_string_lossy());
        if let Some(bytes) = path_bytes(workspace) {
            record.set("workspace_bytes", bytes);
        }
        if let Some(base) = edits.base {
            record.set("base_revision", base.revision).set("base_content", base.content());
        }
        record.set("at", stamp.at.as_str()).set("by", stamp.by.as_str());
        record.write_private(&path, "segment", &edits.segment)?;
        self.written.insert(edits.segment.id.clone(), edits.clone());
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
        let folder = parent(&draft.path);
        if !self.is_live(&folder) {
            remove_if_empty(&folder);
        }
        Ok(())
    }

    /// Every draft, of this program and of others.
    ///
    /// # Errors
    /// The folder exists but cannot be read.
    pub fn list(&self) -> Result<Drafts, WorkspaceError> {
        let mut found = Drafts::default();
        for folder in self.sessions()? {
            let is_live = self.is_live(&folder);
            let files = match entries(&folder) {
                Ok(files) => files,
                // What others left there is no reason to show none of the other drafts.
                Err(error) => {
                    found
                        .damaged
                        .push(Damaged::unreadable(&folder, WorkspaceError::io("read", &folder)(error)));
                    continue;
                }
            };
            for path in files.iter().map(DirEntry::path).filter(|path| is_draft(path)) {
                match read(&path, is_live) {
                    Ok(draft) => found.drafts.push(draft),
                    Err(error) => found.damaged.push(Damaged::unreadable(&path, error)),
                }
            }
        }
        found.drafts.sort_by(|a, b| (&b.stamp.at, &a.path).cmp(&(&a.stamp.at, &b.path)));
        Ok(found)
    }

    /// Removes what programs left here that were ended: files that were not written to their end, and folders
    /// without a draft. Locks tell that they have ended.
    pub(crate) fn remove_abandoned(&self) {
        // Litter that stays does no harm, and is looked at again at the next start.
        let sessions = if self.read_only { Vec::new() } else { self.sessions().unwrap_or_default() };
        for folder in sessions.iter().filter(|folder| !self.is_own(folder)) {
            if let Some(_lock) = claim(folder) {
                for file in entries(folder).unwrap_or_default() {
                    if is_temporary(&file.file_name()) {
                        let _ = file_system::remove_file(&file.path());
                    }
                }
                remove_if_empty(folder);
            }
        }
    }

    /// The folders of all programs.
    fn sessions(&self) -> Result<Vec<PathBuf>, WorkspaceError> {
        let entries = entries(&self.dir).map_err(WorkspaceError::io("read", &self.dir))?;
        Ok(entries.iter().map(DirEntry::path).filter(|path| path.is_dir()).collect())
    }

    fn may_write(&self) -> Result<(), WorkspaceError> {
        if self.read_only { Err(WorkspaceError::ReadOnly) } else { Ok(()) }
    }

    /// Makes this program's folder and locks it. Both may have been deleted since the last time.
    fn live(&mut self, folder: &Path) -> io::Result<()> {
        file_system::create_private_folders(&self.dir)?;
        if self.lock.as_ref().is_some_and(|lock| is_at(lock, &folder.join(LOCK))) {
            return Ok(());
        }
        self.lock = None;
        let mut attempts = 0..ATTEMPTS;
        loop {
            let locked = file_system::create_private_folders(folder).and_then(|()| lock(folder));
            attempts.next();
            match locked {
                // A program that starts may just have removed it, as nobody had locked it yet.
                Err(error) if error.kind() == io::ErrorKind::NotFound && !attempts.is_empty() => {}
                locked => {
                    self.lock = Some(locked?);
                    return Ok(());
                }
            }
        }
    }

    fn is_own(&self, folder: &Path) -> bool {
        folder.file_name().is_some_and(|name| name == self.session.as_str())
    }

    fn is_live(&self, folder: &Path) -> bool {
        if self.is_own(folder) {
            return self.lock.is_some();
        }
        // Trying the lock lets go of it again at once, as the file is closed.
        open_regular(&folder.join(LOCK))
            .is_ok_and(|file| matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)))
    }
}

impl Drop for DraftStore {
    fn drop(&mut self) {
        if self.lock.take().is_some() {
            remove_if_empty(&self.dir.join(&self.session));
        }
    }
}

/// Locks the folder of a running program.
fn lock(folder: &Path) -> io::Result<File> {
    let path = folder.join(LOCK);
    let file = open_lock(&path)?;
    // Another program's look at the lock takes a moment; without a lock drafts are kept all the same, and offered
    // while this program still runs.
    for _ in 0..ATTEMPTS {
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => std::thread::sleep(Duration::from_millis(1)),
            Ok(()) | Err(TryLockError::Error(_)) => break,
        }
    }
    regular_metadata(&path)?;
    Ok(file)
}

/// Holds the folder of a program that has ended. The lock is shared: to whoever looks meanwhile, the program must not
/// seem to run, as its drafts would not be offered.
pub(super) fn claim(folder: &Path) -> Option<File> {
    let file = open_lock(&folder.join(LOCK)).ok()?;
    file.try_lock_shared().is_ok().then_some(file)
}

/// Removes a session's folder that has no drafts. One that stays is not shown.
fn remove_if_empty(folder: &Path) {
    let entries = entries(folder);
    if entries.is_ok_and(|entries| entries.iter().all(|entry| entry.file_name() == LOCK)) {
        let _ = file_system::remove_file(&folder.join(LOCK));
        let _ = file_system::remove_empty_folder(folder);
    }
}

fn remove(path: &Path) -> Result<(), WorkspaceError> {
    file_system::remove_file(path).map_err(WorkspaceError::io("remove", path))
}

fn is_draft(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == "json")
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
        workspace: workspace(&record),
        stamp: Stamp { at: word("at"), by: word("by"), extra: Extra::new() },
        is_live,
        path: path.to_owned(),
    })
}

/// The workspace of a draft. Earlier versions wrote it as it was named.
fn workspace(record: &Record) -> PathBuf {
    let bytes = record.value("workspace_bytes").and_then(path_of_bytes);
    let text = record.text("workspace").unwrap_or_default();
    match bytes {
        None if text.is_empty() => PathBuf::new(),
        bytes => canonical(&bytes.unwrap_or_else(|| PathBuf::from(text))),
    }
}

/// The bytes of a path that cannot be written as text.
#[cfg(unix)]
fn path_bytes(path: &Path) -> Option<Value> {
    use std::os::unix::ffi::OsStrExt;
    path.to_str().is_none().then(|| path.as_os_str().as_bytes().into())
}

#[cfg(unix)]
fn path_of_bytes(bytes: &Value) -> Option<PathBuf> {
    use std::ffi::OsString;
    use std::os::unix::ffi::OsStringExt;
    let byte = |byte: &Value| byte.as_u64().and_then(|byte| u8::try_from(byte).ok());
    let bytes: Option<Vec<u8>> = bytes.as_array()?.iter().map(byte).collect();
    Some(PathBuf::from(OsString::from_vec(bytes?)))
}

#[cfg(not(unix))]
fn path_bytes(_: &Path) -> Option<Value> {
    None
}

#[cfg(not(unix))]
fn path_of_bytes(_: &Value) -> Option<PathBuf> {
    None
}
