//! What layers ask of those below them, and of the app. A layer that opened another one takes its answer so.

use std::path::PathBuf;
use std::sync::Arc;

use crossterm::event::KeyEvent;

use super::action::Action;
use super::case_request::CaseRequest;
use super::drafts::DraftName;
use super::effect::LoadReason;
use super::exporting::ExportRequest;
use super::layers::pages::{PageKind, TypedDays};
use super::prompt::{EditTarget, Prompt};
use super::test_kind::TestKind;
use crate::backend::{ColumnName, MemberColumn, Metric};
use crate::segment::{
    Condition, Filter, ListOperator, ListSource, NodePath, Operator, Segment, SegmentTest, Test, TypedDay,
};
use crate::workspace::{Clash, Target};

/// Something to be done below, or by the app.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Command {
    /// A question is left without an answer, or a form is left.
    Cancel,
    /// Do what an action says.
    Perform(Action),
    /// Text was pasted where several values may be meant.
    TakeValues {
        values: Vec<Arc<str>>,
        /// The operator that takes several, where the one that asks takes one.
        instead: Option<Operator>,
    },
    /// A test is complete.
    SetTest(Box<Prompt>, Test),
    /// A condition is complete.
    SetCondition {
        /// Where it goes.
        target: EditTarget,
        condition: Box<Condition>,
        /// Whether it stands for the one that was there, word by word.
        is_rewrite: bool,
        /// Whether the next one is typed at once.
        more: bool,
    },
    /// Several new conditions are complete.
    SetConditions {
        /// Where the first goes; the others follow.
        target: EditTarget,
        conditions: Vec<Condition>,
    },
    /// A customer list was chosen.
    SetList {
        /// Where it goes.
        target: EditTarget,
        /// Whether its customers are wanted.
        op: ListOperator,
        source: ListSource,
    },
    /// Pick the column of a filter, at the one that it has now.
    PickFilter {
        target: EditTarget,
        filter: Option<Box<Filter>>,
        /// What is searched for from the start.
        typed: Option<KeyEvent>,
    },
    /// Another operator was chosen.
    SetOperator(EditTarget, Operator),
    /// Another operator was chosen for the customer list at this path.
    SetListOperator(NodePath, ListOperator),
    /// Another theme was chosen.
    UseTheme(String),
    /// Another activation ID was chosen.
    SetActivationId(String),
    /// A word of SQL was chosen, in place of the one that is being typed.
    CompleteWord(String),
    /// Turn the conditions into this query.
    ConvertToSql(String),
    /// A column was chosen for a custom metric; none stands for the rows of the table.
    TakeMetricColumn { table: String, column: Option<String> },
    /// Go to the card of the custom metric of this name.
    ShowMetric(String),
    /// Delete this custom metric.
    DeleteMetric(Box<Metric>),
    /// Add a test of this kind.
    NewTest(TestKind),
    /// A test of the segment is complete.
    PutTest {
        /// In whose place; none for a new one.
        index: Option<usize>,
        test: Box<SegmentTest>,
    },
    /// Take the test at this position away.
    DeleteTest(usize),
    /// Close the page over the editor.
    ShowEditor,
    /// Go one step back from the explanations, to where they were opened from.
    LeaveExplain,
    /// Show this line in the editor, or just the editor.
    ShowLine(Option<NodePath>),
    /// Go one step back from the editor: to the page that was left for it, else to the list of segments.
    GoBack,
    /// Show a page of the open segment.
    ShowPage(PageKind),
    /// Explain why these customers are in the open segment, or are not.
    Explain(Vec<String>),
    /// Put the cursor of the editor on this line, and open it to be changed.
    GoToLine(NodePath, bool),
    /// Show these columns beside the customers.
    ShowColumns(Vec<MemberColumn>),
    /// This column was chosen, with the row that counts.
    PickColumn(MemberColumn),
    /// Write customers to a file; whether it replaces one that is there.
    Export(Box<ExportRequest>, bool),
    /// Write a case to a file; whether it replaces one that is there.
    WriteCase(Box<CaseRequest>, bool),
    /// Cancel the export that is under way, and end the program.
    QuitWithoutExport,
    /// Break down by this attribute, too.
    TakeAttribute(ColumnName),
    /// Count the orders of these days.
    TakeDays(TypedDays),
    /// Evaluate as of this day; none is the data's own.
    SetDay(Option<TypedDay>),
    /// Compare with this saved segment, too.
    TakeCompared(String),
    /// Add this condition where the next one goes.
    AddCondition(Box<Condition>),
    /// Open this as a new segment that is not saved yet, after asking what becomes of unsaved edits.
    StartSegment(Arc<Segment>),
    /// Read a saved segment.
    Load {
        id: String,
        name: String,
        /// Where it stands.
        path: PathBuf,
        reason: LoadReason,
    },
    /// Save the open segment under this name.
    SaveNamed {
        /// Which way.
        naming: Naming,
        name: String,
        /// Where; the id of a new folder is still to be given.
        target: Target,
    },
    /// Go on to something else, after asking what becomes of unsaved edits.
    Leave(After),
    /// Save, then go on.
    SaveThen(After),
    /// Leave the edits as a draft, which is offered again, and go on.
    KeepThen(After),
    /// Keep them in the folder that is typed, and go on.
    KeepIn(String, After),
    /// Ask for a folder to keep them in.
    ChooseDraftFolder(After),
    /// Go on waiting for a write.
    Wait,
    /// Wait for a save no more.
    GiveUpSave,
    /// Ask again, then throw the edits away and go on.
    AskDiscardThen(After),
    /// Throw the edits away and go on.
    DiscardThen(After),
    /// Save over what someone else has saved.
    Overwrite,
    /// Save under another name.
    SaveCopy,
    /// Copy a file into the lists.
    Upload(PathBuf, Clash),
    /// Open the database at this position.
    SwitchDatabase(usize),
    /// Use the database that waits.
    UseDatabase,
    /// Stay with the database that is open.
    KeepDatabase,
    /// Go on with these kept edits.
    OpenDraft(DraftName),
    /// Ask again, then throw these kept edits away.
    DiscardDraft(DraftName),
    /// Throw these kept edits away.
    DiscardDraftForGood(DraftName),
}

impl Command {
    /// Whether it leaves all as it is, which is what Esc answers to a question.
    pub(crate) fn is_no_answer(&self) -> bool {
        matches!(self, Self::Cancel | Self::KeepDatabase | Self::GiveUpSave)
    }
}

/// What comes after an open segment has been left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum After {
    /// The program ends.
    Quit,
    /// The list of segments.
    Home,
    /// A new segment.
    New,
    /// A new SQL segment.
    NewSql,
    /// A new segment that is already made.
    NextSegment,
}

impl After {
    /// One text, or another where the program ends.
    pub(crate) fn words<'a>(self, otherwise: &'a str, quit: &'a str) -> &'a str {
        match self {
            Self::Quit => quit,
            Self::Home | Self::New | Self::NewSql | Self::NextSegment => otherwise,
        }
    }
}

/// What a name is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Naming {
    /// The first save of the open segment.
    First,
    /// A copy of the open segment under another name, which is then the open one.
    Copy,
    /// Another name for a saved segment.
    Rename { id: String },
}
