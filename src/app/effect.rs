//! What the app asks of the outside, as data. The runtime performs it and answers with an event.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use chrono::NaiveDate;

use crate::app::action_use::ActionUse;
use crate::app::layers::pages::cards::CardLayout;
use crate::backend::{MakeCase, Members, PageQuestion};
use crate::segment::{ListSource, NodePath, Segment};
use crate::sql::{Card, DateStyle, Dialect};
use crate::workspace::{Clash, Draft, Edits, Expected, MetricChange, Target, Version};

/// Something to do outside.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Read a database folder.
    OpenDatabase(PathBuf),
    /// Read the folder of the open database again, after a while.
    ReopenDatabase {
        /// The folder.
        folder: PathBuf,
        /// How long a while.
        wait: Duration,
    },
    /// Read what the first answers about a database will need.
    ReadAhead {
        /// The database's folder.
        database: PathBuf,
        /// The column that says who is a customer.
        activation_id: String,
        /// The day.
        as_of: NaiveDate,
    },
    /// Look whether files of a database have changed since it was opened.
    CheckFiles {
        /// The database's folder.
        database: PathBuf,
    },
    /// Read the list of folders and segments.
    ListSegments,
    /// Read which uploaded lists and saved queries are tables.
    ReadWorkspaceTables {
        /// The folder of the database that they stand beside.
        database: PathBuf,
        /// The day on which queries run.
        as_of: NaiveDate,
    },
    /// Read the drafts that were left behind.
    ListDrafts,
    /// Read one segment.
    Load {
        /// Its id.
        id: String,
        /// Where it stood when it was listed.
        path: PathBuf,
        /// What for.
        reason: LoadReason,
    },
    /// Read several saved segments.
    LoadSegments {
        /// Their ids, and where each stood when it was listed.
        segments: Vec<(String, PathBuf)>,
    },
    /// Read every saved revision of a segment.
    ListHistory {
        /// Its id.
        id: String,
    },
    /// Work out the numbers of a definition.
    Evaluate {
        /// The database's folder.
        database: PathBuf,
        /// Which definition; comes back with the numbers.
        definition: u64,
        /// The document.
        segment: Arc<Segment>,
        /// The day.
        as_of: NaiveDate,
    },
    /// Look for advice on a definition.
    Advise {
        /// The database's folder.
        database: PathBuf,
        /// Which definition; comes back with the advice.
        definition: u64,
        /// The document.
        segment: Arc<Segment>,
        /// The day.
        as_of: NaiveDate,
    },
    /// Count the values of a column.
    CountValues {
        /// The database's folder.
        database: PathBuf,
        /// The table's name.
        table: String,
        /// The column's name.
        column: String,
        /// The document that the second count is of.
        segment: Arc<Segment>,
        /// The condition that it leaves out.
        without: Option<NodePath>,
        /// The day.
        as_of: NaiveDate,
    },
    /// Count the open segment as it would be, once for each variant.
    CountVariants {
        /// The database's folder.
        database: PathBuf,
        /// Which request; comes back with each count.
        request: u64,
        /// The variants.
        variants: Vec<Variant>,
        /// The day.
        as_of: NaiveDate,
    },
    /// Ask a question of a page.
    AskPage {
        /// The database's folder.
        database: PathBuf,
        /// Which request; comes back with the answer.
        request: u64,
        /// The question.
        question: Box<PageQuestion>,
    },
    /// Run the tests of saved segments, one after another. A run that is under way is stopped.
    TestSegments {
        /// The database's folder.
        database: PathBuf,
        /// Their ids, and where each stood when it was listed.
        segments: Vec<(String, PathBuf)>,
        /// The day.
        as_of: NaiveDate,
    },
    /// Stop that.
    StopTests,
    /// Find out about a customer list.
    PreviewList {
        /// Which.
        of: Previewed,
        /// The database's folder, for the customers on it.
        database: PathBuf,
        /// The column that says who is a customer.
        activation_id: String,
        /// The day.
        as_of: NaiveDate,
    },
    /// Write a segment as SQL.
    WriteSql {
        /// The database's folder.
        database: PathBuf,
        /// The document; comes back with the SQL.
        segment: Arc<Segment>,
        /// The day.
        as_of: NaiveDate,
        /// Which SQL.
        wanted: WantedSql,
        /// Of its figures on a card, in place of its members.
        card: Option<Arc<Card>>,
    },
    /// Write members to a file. An export in progress is cancelled.
    Export {
        /// The database's folder.
        database: PathBuf,
        /// Whom, and with which columns.
        question: Box<Members>,
        /// The file, whose ending says its format; comes back with the progress and the result.
        file: PathBuf,
        /// Whether it replaces one that is there.
        overwrite: bool,
    },
    /// Write a case to a file. One in progress is cancelled.
    WriteCase {
        /// The database's folder.
        database: PathBuf,
        /// Of what.
        question: Box<MakeCase>,
        /// The file; without one it is called by the segment and the customer.
        file: Option<PathBuf>,
        /// Where it is then; without one, where the program was started.
        folder: Option<PathBuf>,
        /// Whether it replaces one that is there.
        overwrite: bool,
    },
    /// Cancel the export in progress.
    CancelExport,
    /// Put a text into the clipboard.
    Copy(String),
    /// Read what is in a folder of this machine.
    ListFolder(PathBuf),
    /// Copy a file of ids into the workspace's lists.
    UploadList {
        /// The file.
        file: PathBuf,
        /// What happens where another file of that name is there.
        clash: Clash,
    },
    /// Save a document as a new revision.
    Save {
        /// The document.
        segment: Arc<Segment>,
        /// Where.
        target: Target,
        /// Over what.
        expected: Expected,
    },
    /// Give a saved segment another name.
    Rename {
        /// Its id.
        id: String,
        /// The name.
        name: String,
        /// Over what.
        expected: Expected,
    },
    /// Add, replace or remove a custom metric.
    ChangeMetric(Box<MetricChange>),
    /// Remember which cards of the summary are shown, and in which order.
    KeepCards(CardLayout),
    /// Remember the theme that was chosen.
    KeepTheme(String),
    /// Remember which actions were found by name.
    KeepActionUse(ActionUse),
    /// Keep unsaved edits where a crash cannot reach them.
    KeepDraft(Edits),
    /// Keep them in a folder that a person has chosen, as their own cannot be written.
    KeepDraftIn {
        /// The edits.
        edits: Edits,
        /// The folder.
        folder: PathBuf,
    },
    /// Wait no more for another writer of the workspace.
    GiveUpWaiting,
    /// Look whether the file of a segment still is what it was.
    CompareSegment {
        /// Its id.
        id: String,
        /// Where it stood when it was listed.
        path: PathBuf,
        /// What it was.
        base: Version,
    },
    /// The edits of this segment are saved or thrown away.
    DropDraft {
        /// The segment's id.
        id: String,
    },
    /// Throw away a draft that was left behind.
    RemoveDraft(Box<Draft>),
    /// Keep edits as this program's own draft, and only then throw away the one that was left behind.
    TakeOverDraft {
        /// The edits.
        edits: Edits,
        /// Where they come from.
        draft: Box<Draft>,
    },
    /// Let go of every database but these.
    KeepOnly(Vec<PathBuf>),
    /// Stop until the shell goes on.
    Suspend,
    /// End the program.
    Quit,
}

impl Effect {
    /// The folder of the database whose rows are asked for, if any are.
    #[must_use]
    pub fn asks(&self) -> Option<&Path> {
        match self {
            Self::Evaluate { database, .. }
            | Self::Advise { database, .. }
            | Self::CountValues { database, .. }
            | Self::CountVariants { database, .. }
            | Self::AskPage { database, .. }
            | Self::TestSegments { database, .. }
            | Self::PreviewList { database, .. }
            | Self::WriteSql { database, .. }
            | Self::CheckFiles { database } => Some(database),
            _ => None,
        }
    }
}

/// The open segment with a line that is still being made.
#[derive(Clone, Debug, PartialEq)]
pub struct Variant {
    /// Its place among all that are asked about; comes back with its counts.
    pub at: usize,
    /// The whole document.
    pub segment: Arc<Segment>,
    /// The line.
    pub line: NodePath,
}

/// A customer list that is looked at before it is taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Previewed {
    /// One of the workspace.
    Stored(ListSource),
    /// A file that may be taken into it.
    Outside(PathBuf),
}

/// Which SQL is wanted of a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WantedSql {
    /// That of a dialect, to be read. Conditions with a problem are left out.
    Shown(Dialect, DateStyle),
    /// What the whole segment is converted to.
    Converted,
}

impl WantedSql {
    /// How it is written.
    #[must_use]
    pub fn form(self) -> (Dialect, DateStyle) {
        match self {
            Self::Shown(dialect, dates) => (dialect, dates),
            Self::Converted => (Dialect::Embedded, DateStyle::Relative),
        }
    }
}

/// What a segment is read for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoadReason {
    /// To show its definition beside the list.
    Preview,
    /// To edit it.
    Edit,
    /// To show its overview.
    Overview,
    /// To explain customers.
    Explain,
    /// To go on with the edits that were kept of it.
    Resume,
}
