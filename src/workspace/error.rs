//! What can stand in the way of reading or writing a workspace.

use std::io;
use std::path::{Path, PathBuf};

use chrono::DateTime;

use crate::diagnostic::Diagnostic;
use crate::file_system::reason;
use crate::segment::Stamp;

/// A file that cannot be understood. It is shown, and never written over.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}: {}{}", path.display(), position(*line, *column))]
pub struct Damaged {
    /// The file.
    pub path: PathBuf,
    /// Counted from 1; 0 where it is the file as a whole.
    pub line: usize,
    /// The same.
    pub column: usize,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
    /// Whether the system refused to read it, so that anything may be in it.
    pub is_unread: bool,
}

impl Damaged {
    /// Where in the file, as words in brackets; nothing where it is the file as a whole.
    #[must_use]
    pub(crate) fn place(&self) -> String {
        match self.line {
            0 => String::new(),
            line => format!(" (line {line}, column {})", self.column),
        }
    }

    /// A file of which nothing can be understood.
    pub(crate) fn unreadable(path: &Path, error: WorkspaceError) -> Self {
        let as_a_whole = |path: &Path, message: String, help: String| Self {
            path: path.to_owned(),
            line: 0,
            column: 0,
            message,
            help,
            is_unread: false,
        };
        match error {
            WorkspaceError::Damaged(damaged) => damaged,
            WorkspaceError::Io { ref path, ref source, .. } => {
                let is_known = is_other_than_expected(source);
                Self { is_unread: !is_known, ..as_a_whole(path, reason(source), error.help()) }
            }
            other => as_a_whole(path, other.to_string(), other.help()),
        }
    }
}

/// Whether there is something else than a file, or something larger than such files are.
fn is_other_than_expected(error: &io::Error) -> bool {
    use io::ErrorKind::{FileTooLarge, InvalidInput, IsADirectory};
    matches!(error.kind(), InvalidInput | IsADirectory | FileTooLarge)
}

/// Why the workspace did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum WorkspaceError {
    /// The file system refused.
    #[error("{}: cannot {action} {}", reason(source), path.display())]
    Io {
        /// `read`, `write`, `move`.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What it said.
        source: io::Error,
    },
    /// Nothing is written in this mode.
    #[error("nothing is saved in read-only mode")]
    ReadOnly,
    /// Someone else has been writing for longer than a write takes.
    #[error("another writer has locked the workspace: {}", root.display())]
    Locked {
        /// The workspace.
        root: PathBuf,
    },
    /// A file that is in the way of the write, or was asked for, cannot be understood.
    #[error(transparent)]
    Damaged(#[from] Damaged),
    /// A newer program wrote it; saving would lose what this one does not know.
    #[error("format version {version} is newer than this program: {}", path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its version.
        version: u64,
    },
    /// Someone has saved the segment since it was read, or changed its file otherwise.
    #[error("{}", conflict(name, *stored, *is_same_revision, .stamp.as_deref()))]
    Conflict {
        /// The stored name.
        name: String,
        /// The stored revision.
        stored: u64,
        /// Whether that is the number that was edited: only the content is another.
        is_same_revision: bool,
        /// When and by whom, if the document says so.
        stamp: Option<Box<Stamp>>,
    },
    /// The segment was saved before but is no longer there.
    #[error("{name:?} is no longer in the workspace")]
    Gone {
        /// Its name.
        name: String,
    },
    /// Nothing has this id, name or path.
    #[error("there is no {what} {reference:?}")]
    NotFound {
        /// `segment`, `folder`, `revision`.
        what: &'static str,
        /// What was asked for.
        reference: String,
        /// What was probably meant.
        near: Option<String>,
    },
    /// Several segments have this name.
    #[error("{reference:?} can be {}", candidates.join(" or "))]
    Ambiguous {
        /// What was asked for.
        reference: String,
        /// Their ids, each with its name and folders.
        candidates: Vec<String>,
    },
    /// A name or label does not follow the rules.
    #[error("{0}")]
    Invalid(Diagnostic),
    /// The name belongs to another.
    #[error("the name {name:?} is taken by {}", path.display())]
    NameTaken {
        /// The name.
        name: String,
        /// Who has it.
        path: PathBuf,
    },
    /// Another file of that name is in the lists.
    #[error("another file {name:?} is in the workspace's lists")]
    ListTaken {
        /// The name.
        name: String,
        /// A name that is free.
        free: String,
    },
    /// Other segments refer to it.
    #[error("{name:?} is used by {}", users.join(", "))]
    InUse {
        /// Its name.
        name: String,
        /// The names of those who use it.
        users: Vec<String>,
    },
    /// Only an empty folder is deleted.
    #[error("the folder {name:?} is not empty")]
    NotEmpty {
        /// Its name.
        name: String,
    },
}

/// Where in a file, as editors take it: `:3:14`.
fn position(line: usize, column: usize) -> String {
    if line == 0 { String::new() } else { format!(":{line}:{column}") }
}

/// What has become of a document: saved by someone, or changed by other means than saving.
fn conflict(name: &str, stored: u64, is_same_revision: bool, stamp: Option<&Stamp>) -> String {
    match is_same_revision {
        false => format!("{name:?} has been saved since{}, as revision {stored}", said(stamp)),
        true => format!(
            "the file of {name:?} was changed since, by git or by hand: revision {stored} has other content now"
        ),
    }
}

/// Who and when, as far as a document says: `, by ana on 2025-11-02 at 09:01 UTC`.
fn said(stamp: Option<&Stamp>) -> String {
    let Some(stamp) = stamp else { return String::new() };
    let by = if stamp.by.is_empty() { String::new() } else { format!("by {}", stamp.by) };
    let (at, link) = match DateTime::parse_from_rfc3339(&stamp.at) {
        Ok(at) => (at.to_utc().format("on %Y-%m-%d at %H:%M UTC").to_string(), " "),
        // Whatever was written by hand is passed on as it is.
        Err(_) => (stamp.at.clone(), ", "),
    };
    match (by.is_empty(), at.is_empty()) {
        (true, true) => String::new(),
        (false, false) => format!(", {by}{link}{at}"),
        _ => format!(", {by}{at}"),
    }
}

impl WorkspaceError {
    /// Turns an error of the file system into one with the path.
    pub(super) fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io { action, path: path.to_owned(), source }
    }

    pub(super) fn invalid(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self::Invalid(Diagnostic::new(message).with_help(help))
    }

    pub(super) fn not_found(what: &'static str, reference: &str) -> Self {
        Self::NotFound { what, reference: reference.to_owned(), near: None }
    }

    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> String {
        match self {
            Self::Io { action: "read", source, .. } if is_other_than_expected(source) => {
                "remove it, or move it elsewhere".to_owned()
            }
            Self::Io { source, .. } => match source.kind() {
                io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                    "make room on the disk, then try again"
                }
                io::ErrorKind::PermissionDenied => "check the permissions, or choose another --workspace",
                _ => "check the path and the disk",
            }
            .to_owned(),
            Self::ReadOnly => "start without --read-only".to_owned(),
            Self::Locked { root } => {
                format!("try again; if no segtui is running, see who holds {}", root.join(".lock").display())
            }
            Self::Damaged(damaged) => damaged.help.clone(),
            Self::Newer { .. } => "update segtui; this version opens it for reading only".to_owned(),
            Self::Conflict { .. } => {
                "save a copy, or overwrite: the other one stays in the history".to_owned()
            }
            Self::Gone { .. } => "save it as a new segment, or restore it from the trash".to_owned(),
            Self::NotFound { near: Some(near), .. } => format!("did you mean {near:?}?"),
            Self::NotFound { .. } => "`segtui list` shows what there is".to_owned(),
            Self::Ambiguous { .. } => "give the id, or the name with its folders".to_owned(),
            Self::Invalid(diagnostic) => diagnostic.help_text().to_owned(),
            Self::ListTaken { free, .. } => format!("keep both, as {free:?}, or replace the one there"),
            Self::NameTaken { .. } => "choose another name".to_owned(),
            Self::InUse { .. } => "take it out of those first, or delete it all the same".to_owned(),
            Self::NotEmpty { .. } => "move or delete what is in it first".to_owned(),
        }
    }
}
