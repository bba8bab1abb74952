//! What reaches the app from the outside.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crossterm::event::KeyEvent;

use super::effect::{LoadReason, Previewed, WantedSql};
use crate::backend::{Evaluation, IdCounts, MakeCase, PageAnswer, TestReport, ValueCounts};
use crate::database::{Change, Database, Note, Table};
use crate::diagnostic::Diagnostic;
use crate::segment::{Problem, Segment};
use crate::sql::{Card, Script};
use crate::workspace::{Damaged, Drafts, Edits, History, Listing, Uploaded, Version};

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
    /// The background of the terminal is known now, and this theme is for it.
    ThemeNoticed(String),
    /// Something has changed in the workspace.
    WorkspaceChanged,
    /// Something has changed in the folders of the open database.
    DatabaseChanged,
    /// A database is being read, which takes long.
    Opening {
        /// Its folder.
        folder: PathBuf,
        /// What is being done, in words for people.
        what: String,
    },
    /// A database was read.
    Opened {
        /// Its folder.
        folder: PathBuf,
        /// The database.
        result: Result<Arc<Database>, Diagnostic>,
    },
    /// The open database is being read ahead, which takes long.
    ReadingAhead {
        /// Its folder.
        database: PathBuf,
        /// What is being done, in words for people.
        what: String,
    },
    /// A database was read ahead, as far as it could be.
    ReadAheadDone {
        /// Its folder.
        database: PathBuf,
        /// What there is to say of tables that have ids, none of which is a customer's.
        unmatched: Vec<(String, Note)>,
    },
    /// A file is not what it was when its database was opened: nothing is known of the database any more.
    FileChanged {
        /// The database's folder.
        database: PathBuf,
        /// The file.
        change: Change,
        /// When that was noticed, since the program was started.
        at: Duration,
    },
    /// Folders and segments were read.
    Listed(Result<Arc<Listing>, Diagnostic>),
    /// The uploaded lists and saved queries that are tables were read.
    WorkspaceTablesRead {
        /// The folder of the database that they stand beside.
        database: PathBuf,
        /// All of them.
        tables: Arc<Vec<Table>>,
    },
    /// Drafts were read.
    Drafts(Result<Arc<Drafts>, Diagnostic>),
    /// A segment was read.
    Loaded {
        /// Its id.
        id: String,
        /// What for.
        reason: LoadReason,
        /// The document.
        result: Result<Arc<Segment>, Diagnostic>,
    },
    /// The saved revisions of a segment were read.
    HistoryListed {
        /// Its id.
        id: String,
        /// The revisions, oldest first.
        result: Result<Arc<History>, Diagnostic>,
    },
    /// Numbers were worked out.
    Evaluated {
        /// Of which definition.
        definition: u64,
        /// The numbers.
        result: Result<Arc<Evaluation>, SegmentFailure>,
    },
    /// A segment was written as SQL.
    SqlWritten {
        /// Of which document.
        segment: Arc<Segment>,
        /// Which SQL.
        wanted: WantedSql,
        /// Of the figures on which card, if not of the members.
        card: Option<Arc<Card>>,
        /// The SQL.
        result: Result<Arc<WrittenSql>, SegmentFailure>,
    },
    /// Advice was looked for.
    Advised {
        /// On which definition.
        definition: u64,
        /// The advice, in document order.
        result: Result<Arc<Vec<Problem>>, Diagnostic>,
    },
    /// The values of a column were counted.
    Counted {
        /// The table's name.
        table: String,
        /// The column's name.
        column: String,
        /// The counts.
        result: Result<Arc<ValueCounts>, Diagnostic>,
    },
    /// A variant of the open segment was counted.
    VariantCounted {
        /// Of which request.
        request: u64,
        /// Which variant.
        at: usize,
        /// The counts.
        result: Result<VariantCounts, Diagnostic>,
    },
    /// A question of a page takes long.
    PageProgress {
        /// Which request.
        request: u64,
        /// How much of it is done, in percent.
        percent: u64,
    },
    /// A question of a page was answered.
    PageAnswered {
        /// Which request.
        request: u64,
        /// The answer.
        result: Result<Arc<PageAnswer>, SegmentFailure>,
    },
    /// The tests of a saved segment were run, or could not be.
    SegmentTested {
        /// Its id.
        id: String,
        /// The document as it was; nothing of one that cannot be read.
        version: Option<Version>,
        /// What came of them.
        result: Result<Arc<TestReport>, Diagnostic>,
    },
    /// The tests of all segments have been run.
    SegmentsTested,
    /// An export goes on.
    ExportProgress {
        /// The file.
        file: PathBuf,
        /// How many rows are written.
        rows: u64,
        /// Of how many; `None` while the members are being found.
        total: Option<u64>,
    },
    /// Members were written to a file, or not: there is nothing half done.
    Exported {
        /// The file.
        file: PathBuf,
        /// How many rows it has.
        result: Result<u64, ExportFailure>,
    },
    /// A case was written, or not: there is nothing half done.
    CaseWritten {
        /// Of what.
        question: Box<MakeCase>,
        /// The file.
        file: PathBuf,
        /// What came of it: of each id in it that is no customer's what it is.
        result: Result<Vec<String>, ExportFailure>,
    },
    /// Something was found out about a customer list.
    ListPreviewed {
        /// Which.
        of: Previewed,
        /// What.
        result: Result<Arc<ListPreview>, Diagnostic>,
    },
    /// A folder of this machine was read.
    FolderListed {
        /// Which.
        folder: PathBuf,
        /// What is in it, folders first.
        result: Result<Arc<Vec<FolderEntry>>, Diagnostic>,
    },
    /// A file was copied into the workspace's lists, or not.
    ListUploaded {
        /// The file.
        file: PathBuf,
        /// What it is there.
        result: Result<Uploaded, UploadFailure>,
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
        result: Result<Arc<Segment>, Diagnostic>,
    },
    /// A custom metric was added, replaced or removed, or not.
    MetricChanged {
        /// Why not.
        result: Result<(), Diagnostic>,
    },
    /// Unsaved edits were kept as a draft, or not.
    DraftKept {
        /// The edits.
        edits: Edits,
        /// Where they are.
        result: Result<DraftPlace, Diagnostic>,
    },
    /// A write has taken long and goes on.
    StillWriting(SlowWrite),
    /// The file of a segment was compared with what it was.
    Compared {
        /// The segment's id.
        id: String,
        /// What it was.
        base: Version,
        /// What it is.
        stored: Stored,
    },
    /// Several segments were read, each by its id, or not.
    SegmentsLoaded(Vec<(String, Result<Arc<Segment>, Diagnostic>)>),
    /// Something to say.
    Notice(Diagnostic),
}

/// What the open segment comes to with a line that is still being made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VariantCounts {
    /// How many customers are in the set of the line alone; `None` for one that is off, or in a group that is.
    pub alone: Option<u64>,
    /// How many would be in the segment.
    pub members: u64,
}

impl Event {
    /// Whether something has been opened, or could not be.
    pub(crate) fn ends_opening(&self) -> bool {
        match self {
            Self::Opened { .. } => true,
            Self::Loaded { reason, .. } => *reason != LoadReason::Preview,
            _ => false,
        }
    }
}

/// A segment as SQL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenSql {
    /// The SQL.
    pub script: Script,
    /// How many problems the segment has; what they are about is left out, as it is in the numbers.
    pub left_out: usize,
}

/// What is found out about a customer list.
#[derive(Clone, Debug, PartialEq)]
pub enum ListPreview {
    /// A segment.
    Segment {
        /// How many customers are in it now.
        members: u64,
        /// The document.
        segment: Arc<Segment>,
    },
    /// A file of ids.
    Ids {
        /// The column that they stand in; `None` for a text file.
        column: Option<String>,
        /// Rows of the table, or lines of the text.
        rows: u64,
        /// How many rows have no id.
        blank: u64,
        /// The first ids.
        first: Vec<String>,
        /// Different ids, and how many of them are no customers.
        counts: IdCounts,
    },
    /// A query, as it is written.
    Query(String),
}

/// Something in a folder of this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FolderEntry {
    /// Its name.
    pub name: String,
    /// Where it is.
    pub path: PathBuf,
    /// Whether it is a folder.
    pub is_folder: bool,
    /// The size of a file.
    pub bytes: u64,
}

/// Why a file was not copied into the lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UploadFailure {
    /// Another file of that name is there.
    Taken {
        /// The name.
        name: String,
        /// A name that is free.
        free: String,
    },
    /// Anything else.
    Other(Diagnostic),
}

/// Why members were not written to a file, which is as it was before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExportFailure {
    /// The file is there, and is to be overwritten only if somebody says so.
    Exists,
    /// Somebody has cancelled it.
    Cancelled,
    /// Anything else.
    Other(Diagnostic),
}

/// Why something cannot be had of a segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SegmentFailure {
    /// Something in the segment is in the way.
    Refused(Box<Problem>),
    /// Anything else.
    Other(Diagnostic),
}

impl std::fmt::Display for SegmentFailure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Refused(problem) => f.write_str(&problem.diagnostic.message),
            Self::Other(failure) => f.write_str(&failure.message),
        }
    }
}

/// What the file of a segment is.
#[derive(Clone, Debug, PartialEq)]
pub enum Stored {
    /// What it was.
    Same,
    /// Another document.
    Changed(Arc<Segment>),
    /// Nothing that can be understood; where, and why.
    Damaged(Damaged),
    /// It is not there.
    Deleted,
}

/// Where a draft is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DraftPlace {
    /// Where all are.
    Usual,
    /// In a folder that a person has chosen.
    Elsewhere {
        /// The folder.
        folder: PathBuf,
        /// Whether the next start looks there by itself.
        is_remembered: bool,
    },
}

/// A write that takes long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SlowWrite {
    /// Another writer has the lock of the workspace.
    Lock,
    /// The workspace itself does not answer.
    Workspace,
    /// The folder of the drafts does not.
    Draft,
}

impl SlowWrite {
    /// What is waited for.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Lock => "waiting for the workspace's lock, which another writer holds",
            Self::Workspace => "waiting for the workspace's disk, which does not answer",
            Self::Draft => "waiting for the disk of the drafts, which does not answer",
        }
    }
}

/// Why a document was not saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SaveFailure {
    /// Someone else has saved it since.
    Conflict(Diagnostic),
    /// Its file is there but cannot be understood.
    Damaged(Damaged),
    /// Its file is not there any more.
    Deleted,
    /// Another segment has the name.
    NameTaken(Diagnostic),
    /// Anything else.
    Other(Diagnostic),
}
