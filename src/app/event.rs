//! What reaches the app from the outside.

use std::path::PathBuf;
use std::sync::Arc;

use crossterm::event::KeyEvent;

use super::effect::Why;
use crate::catalog::Database;
use crate::engine::{Evaluation, ValueCounts};
use crate::segment::Segment;
use crate::workspace::{Drafts, Listing};

/// Something that happened outside.
#[derive(Clone, Debug)]
pub enum Event {
    /// A key.
    Key(KeyEvent),
    /// Pasted text.
    Paste(String),
    /// The terminal's size in columns and lines.
    Resize(u16, u16),
    /// The terminal is looked at again: files may have changed meanwhile.
    FocusGained,
    /// A database was read.
    Opened {
        /// Its folder.
        folder: PathBuf,
        /// The database.
        result: Result<Arc<Database>, Failure>,
    },
    /// Folders and segments were read.
    Listed(Result<Arc<Listing>, Failure>),
    /// Drafts were read.
    Drafts(Result<Arc<Drafts>, Failure>),
    /// A segment was read.
    Loaded {
        /// Its id.
        id: String,
        /// What for.
        why: Why,
        /// The document.
        result: Result<Arc<Segment>, Failure>,
    },
    /// Numbers were worked out.
    Evaluated {
        /// Of which definition.
        definition: u64,
        /// The numbers.
        result: Result<Arc<Evaluation>, Failure>,
    },
    /// The values of a column were counted.
    Counted {
        /// The table's name.
        table: String,
        /// The column's name.
        column: String,
        /// The counts.
        result: Result<Arc<ValueCounts>, Failure>,
    },
    /// A document was saved, or not.
    Saved {
        /// The document as it was sent off.
        sent: Arc<Segment>,
        /// As it was saved.
        result: Result<Arc<Segment>, SaveFailure>,
    },
    /// A segment was renamed, or not.
    Renamed {
        /// As it was saved.
        result: Result<Arc<Segment>, Failure>,
    },
    /// Something to say.
    Notice(Failure),
}

/// What went wrong, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What happened, and where.
    pub message: String,
    /// What to do.
    pub help: String,
}

/// Why a document was not saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SaveFailure {
    /// Someone else has saved it since, or removed it.
    Conflict(Failure),
    /// Anything else.
    Other(Failure),
}
