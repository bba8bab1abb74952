//! The open segment: the document, its undo history, its live numbers, and where the cursor is.

use std::path::PathBuf;
use std::sync::Arc;

use crate::segment::{Definition, NodePath, Problem, Segment};
use crate::workspace::{Edits, Expected, Version};

use super::criteria::{Criteria, Cursor};
use super::live::{Advice, Live};
use super::sql_text::{Caret, SqlText};
use super::tables::Tables;
use crate::app::session::Session;
use crate::app::view::View;

/// How many edits can be undone.
const MOST_UNDO: usize = 1_000;

/// The panes of the editor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pane {
    /// What can be asked.
    Tables,
    /// What is asked.
    #[default]
    Criteria,
    /// The answer.
    Insights,
}

impl Pane {
    /// All of them, from left to right.
    pub const ALL: [Self; 3] = [Self::Tables, Self::Criteria, Self::Insights];

    /// The pane `by` places further on, around the corner.
    #[must_use]
    pub fn next(self, by: usize) -> Self {
        let at = Self::ALL.iter().position(|pane| *pane == self).unwrap_or(0);
        Self::ALL.into_iter().cycle().nth(at + by).unwrap_or_default()
    }
}

/// The open segment.
#[derive(Clone, Debug)]
pub struct Editor {
    /// The document as it is now.
    pub(super) segment: Arc<Segment>,
    /// What the edits are measured against.
    pub(super) base: Base,
    /// What its file has become meanwhile, which the person was told.
    pub(super) file: FileState,
    /// The folder it stands in, by id; `None` for the top.
    pub folder: Option<String>,
    /// Its file, once it is listed.
    pub(super) path: Option<PathBuf>,
    pub(super) undo: Vec<Snapshot>,
    redo: Vec<Snapshot>,
    /// Counts the definitions this editor has had; numbers belong to one of them.
    definition: u64,
    /// The numbers.
    pub live: Live,
    /// What is wrong with the document as it is now.
    pub problems: Vec<Problem>,
    /// The focused pane.
    pub pane: Pane,
    /// The criteria pane.
    pub criteria: Criteria,
    /// In its place, the text of a SQL segment; there for nothing else.
    pub(super) sql: Option<SqlText>,
    /// The tables pane.
    pub tables: Tables,
}

/// The document at some time, and where the cursor was.
#[derive(Clone, Debug)]
pub(super) struct Snapshot {
    segment: Arc<Segment>,
    cursor: Cursor,
    caret: Option<Caret>,
}

/// What the edits of an open segment are measured against.
#[derive(Clone, Debug)]
pub(crate) enum Base {
    /// Nothing: it was never saved.
    New,
    /// The document as it was opened or saved last, and what of it is in the workspace.
    Saved(Arc<Segment>, Version),
    /// A document that is not at hand: the edits come from a draft of this version.
    Draft(Option<Version>),
}

/// What the file of an open segment is by now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum FileState {
    /// What it was when it was opened or saved last.
    #[default]
    Same,
    /// Another document.
    Changed(Version),
    /// Nothing that can be understood.
    Damaged,
    /// It is not there.
    Deleted,
}

impl FileState {
    /// Whether what is open may be the last copy.
    pub(crate) fn is_lost(self) -> bool {
        matches!(self, Self::Damaged | Self::Deleted)
    }
}

impl Editor {
    /// Opens a saved segment.
    #[must_use]
    pub fn open(segment: Segment) -> Self {
        let segment = Arc::new(segment);
        let base = Base::Saved(Arc::clone(&segment), Version::of(&segment));
        Self { base, ..Self::start(segment) }
    }

    /// Starts a new segment.
    #[must_use]
    pub fn new(segment: Segment) -> Self {
        Self::start(Arc::new(segment))
    }

    /// Goes on with edits that were left behind.
    #[must_use]
    pub(crate) fn recovered(edits: Edits) -> Self {
        Self { base: Base::Draft(edits.base), ..Self::start(edits.segment) }
    }

    fn start(segment: Arc<Segment>) -> Self {
        let mut editor = Self {
            segment,
            base: Base::New,
            file: FileState::Same,
            folder: None,
            path: None,
            undo: Vec::new(),
            redo: Vec::new(),
            definition: 1,
            live: Live::default(),
            problems: Vec::new(),
            pane: Pane::default(),
            criteria: Criteria::default(),
            sql: None,
            tables: Tables::default(),
        };
        editor.take_text();
        editor
    }

    /// The document as it is now.
    #[must_use]
    pub fn segment(&self) -> &Arc<Segment> {
        &self.segment
    }

    /// What in the workspace the edits are made from; `None` for a segment that was never saved.
    #[must_use]
    pub(crate) fn base(&self) -> Option<Version> {
        match &self.base {
            Base::New => None,
            Base::Saved(_, version) => Some(*version),
            Base::Draft(version) => *version,
        }
    }

    /// What in the workspace it was opened from or saved as.
    #[must_use]
    pub(crate) fn saved_version(&self) -> Option<Version> {
        match &self.base {
            Base::Saved(_, version) => Some(*version),
            Base::New | Base::Draft(_) => None,
        }
    }

    /// The revision that the edits are made from; 0 for a segment that was never saved.
    #[must_use]
    pub fn base_revision(&self) -> u64 {
        self.base().map_or(0, |base| base.revision)
    }

    /// What may be written over.
    #[must_use]
    pub(crate) fn expected(&self) -> Expected {
        self.base().map_or(Expected::New, Expected::Version)
    }

    /// The document as it is now, and what it was made from.
    #[must_use]
    pub(crate) fn edits(&self) -> Edits {
        Edits { segment: Arc::clone(&self.segment), base: self.base() }
    }

    /// Whether there is something to lose.
    #[must_use]
    pub fn is_edited(&self) -> bool {
        self.file.is_lost() || self.has_edits()
    }

    /// Whether it is another document than the one that was opened or saved last.
    #[must_use]
    pub(crate) fn has_edits(&self) -> bool {
        match &self.base {
            Base::Saved(saved, _) => !Arc::ptr_eq(saved, &self.segment) && **saved != *self.segment,
            Base::New => !self.undo.is_empty(),
            Base::Draft(_) => true,
        }
    }

    /// Which definition the document is now.
    #[must_use]
    pub fn definition(&self) -> u64 {
        self.definition
    }

    /// Whether the numbers are of the document as it is now.
    #[must_use]
    pub fn is_current(&self) -> bool {
        self.live.evaluation.as_ref().is_some_and(|numbers| numbers.definition == self.definition)
            && self.live.failure.is_none()
    }

    /// What stands beside a node: what is wrong with it, then advice. Until there is advice on the document
    /// as it is now, that of before stays with lines that are still the same.
    pub(crate) fn remarks<'a>(&'a self, path: &'a NodePath) -> impl Iterator<Item = &'a Problem> {
        let is_on = |advice: &&Advice| {
            advice.definition == self.definition || advice.segment.node(path) == self.segment.node(path)
        };
        let advice = self.live.advice.iter().filter(is_on).flat_map(|advice| advice.problems.iter());
        self.problems
            .iter()
            .chain(advice)
            .filter(move |problem| problem.diagnostic.place.node() == Some(path))
    }

    /// Makes one edit that can be undone; `None` from `edit` means it did not apply.
    pub fn edit<T>(&mut self, edit: impl FnOnce(&mut Segment) -> Option<T>) -> Option<T> {
        let mut changed = (*self.segment).clone();
        let answer = edit(&mut changed)?;
        if changed == *self.segment {
            return Some(answer);
        }
        let snapshot = self.snapshot();
        let before = std::mem::replace(&mut self.segment, Arc::new(changed));
        // What is folded stays so only where it is still the same group.
        let (old, new) = (&before, &self.segment);
        self.criteria.folded.retain(|path| old.node(path) == new.node(path));
        self.remember(snapshot);
        self.take_text();
        Some(answer)
    }

    /// The document as it is now, and where the cursor is.
    pub(super) fn snapshot(&self) -> Snapshot {
        Snapshot {
            segment: Arc::clone(&self.segment),
            cursor: self.criteria.cursor.clone(),
            caret: self.sql.as_ref().map(SqlText::caret),
        }
    }

    /// The document has changed; this is how it was.
    pub(super) fn remember(&mut self, before: Snapshot) {
        self.undo.push(before);
        let too_many = self.undo.len().saturating_sub(MOST_UNDO);
        self.undo.drain(..too_many);
        self.changed();
    }

    pub(super) fn changed(&mut self) {
        self.redo.clear();
        self.definition += 1;
    }

    /// Takes the last edit back; whether there was one.
    pub fn undo(&mut self) -> bool {
        let Some(before) = self.undo.pop() else { return false };
        let now = self.swap_to(before);
        self.redo.push(now);
        true
    }

    /// Makes the edit that was undone last again; whether there was one.
    pub(crate) fn redo(&mut self) -> bool {
        let Some(after) = self.redo.pop() else { return false };
        let now = self.swap_to(after);
        self.undo.push(now);
        true
    }

    /// Whether there is an edit to take back.
    #[must_use]
    pub fn can_undo(&self) -> bool {
        !self.undo.is_empty()
    }

    /// Whether there is an edit to make again.
    #[must_use]
    pub fn can_redo(&self) -> bool {
        !self.redo.is_empty()
    }

    /// Goes to another snapshot and answers with the one left.
    fn swap_to(&mut self, to: Snapshot) -> Snapshot {
        let now = self.snapshot();
        self.criteria.cursor = to.cursor;
        self.segment = to.segment;
        self.definition += 1;
        self.take_text();
        if let (Some(sql), Some(caret)) = (&mut self.sql, to.caret) {
            sql.go_to(caret);
        }
        self.clamp_cursor();
        now
    }

    /// Changes what is no edit of the definition, in every snapshot that can be gone to.
    fn everywhere(&mut self, change: impl Fn(&Segment) -> Segment) {
        let snapshots = self.undo.iter_mut().chain(&mut self.redo).map(|snapshot| &mut snapshot.segment);
        for segment in snapshots.chain([&mut self.segment]) {
            *segment = Arc::new(change(segment));
        }
    }

    /// Makes the document one for another database. The edits stay undoable, the database does not.
    pub(crate) fn set_database(&mut self, name: &str) {
        self.everywhere(|segment| Segment { database: name.to_owned(), ..segment.clone() });
        self.definition += 1;
    }

    /// Puts the cursor on a line that is still there.
    pub(crate) fn clamp_cursor(&mut self) {
        self.criteria.clamp(&self.segment);
    }

    /// Moves the cursor of the criteria, or of the text in their place, by whole lines.
    pub fn step(&mut self, by: isize) {
        match &mut self.sql {
            Some(sql) => sql.step(by),
            None => self.criteria.step(&self.segment, by),
        }
    }

    /// Folds or unfolds the group at the cursor of the criteria; in a text it goes one letter to the left or
    /// the right.
    pub fn fold(&mut self, fold: bool) {
        match &mut self.sql {
            Some(sql) => sql.sideways(!fold),
            None => self.criteria.fold(&self.segment, fold),
        }
    }

    /// Notes that the document, as it was when it was sent off, is now saved as `saved`. Edits made
    /// since then stay edits, and so do those that can still be undone.
    pub(crate) fn was_saved(&mut self, sent: &Segment, saved: &Arc<Segment>) {
        let is_as_sent = self.segment.definition == sent.definition && self.segment.tests == sent.tests;
        if self.segment.id != saved.id {
            self.path = None;
        }
        self.file = FileState::Same;
        self.everywhere(|segment| identified(segment, saved));
        if is_as_sent {
            self.segment = Arc::clone(saved);
        }
        // What is typed after it is an edit of its own.
        if let Some(sql) = &mut self.sql {
            sql.break_undo();
        }
        self.base = Base::Saved(Arc::clone(saved), Version::of(saved));
    }

    /// Notes that the document was renamed on the disk, which made a new revision of what was saved.
    pub(crate) fn was_renamed(&mut self, renamed: &Arc<Segment>) {
        let was_edited = self.has_edits();
        self.everywhere(|segment| identified(segment, renamed));
        if !was_edited {
            self.segment = Arc::clone(renamed);
        }
        self.base = Base::Saved(Arc::clone(renamed), Version::of(renamed));
    }

    /// Gives a document that was started before a database was open the database's name and activation
    /// ID. That is no edit.
    pub(crate) fn adopt(&mut self, database: &str, activation_id: &str) {
        let adopted = |segment: &Segment| {
            let or = |own: &str, other: &str| if own.is_empty() { other.to_owned() } else { own.to_owned() };
            let (name, id) = (or(&segment.database, database), or(&segment.activation_id, activation_id));
            Segment { database: name, activation_id: id, ..segment.clone() }
        };
        self.everywhere(adopted);
        if let Base::Saved(saved, _) = &mut self.base {
            *saved = Arc::new(adopted(saved));
        }
    }

    /// Puts the cursor on the first group or condition.
    pub(crate) fn go_to_first_node(&mut self) {
        let lines = self.criteria.lines(&self.segment);
        let first = lines.into_iter().find(|line| matches!(line.position, Cursor::Node(_)));
        if let Some(line) = first {
            self.criteria.cursor = line.position;
        }
    }

    /// Makes the lines of the tables anew where something of what they show has changed.
    pub(crate) fn refresh_tables(&mut self, session: &Session) {
        let activation_id = View::new(session, Some(&self.segment)).activation_id();
        self.tables.refresh(session.database(), session.workspace(), &activation_id);
    }

    /// What is known of the document as it is now is known no more.
    pub(crate) fn invalidate(&mut self) {
        self.definition += 1;
    }

    /// Why the definition cannot be edited: a newer version wrote it.
    #[must_use]
    pub(crate) fn read_only_reason(&self) -> Option<&'static str> {
        if self.segment.is_newer() {
            return Some("a newer version of segtui wrote this segment: it is open read-only");
        }
        match &self.segment.definition {
            Definition::Visual { .. } | Definition::Sql(_) => None,
            Definition::Unreadable { .. } => {
                Some("this version does not understand this definition: mend the file")
            }
        }
    }
}

/// A document with the identity, name and stamps of another.
fn identified(segment: &Segment, like: &Segment) -> Segment {
    Segment {
        id: like.id.clone(),
        name: like.name.clone(),
        revision: like.revision,
        created: like.created.clone(),
        updated: like.updated.clone(),
        ..segment.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::segment::edit;
    use crate::segment::{NodePath, Side};

    #[test]
    fn undo_after_do_is_identity() {
        let mut editor = Editor::new(Segment::new("s", "D", "id"));
        let before = editor.segment().clone();
        let root = NodePath::root(Side::Include);
        editor.edit(|segment| edit::toggle_match(segment, &root));
        let after = editor.segment().clone();
        assert_ne!(before, after);
        assert!(editor.undo());
        assert_eq!(*editor.segment(), before);
        assert!(editor.redo());
        assert_eq!(*editor.segment(), after);
        assert!(!editor.redo());
    }

    #[test]
    fn edits_share_the_values_of_conditions() {
        use crate::segment::{Condition, ConditionKind, Node, Operator, Test};
        let list = serde_json::Value::Array((0..1000).map(|n| n.to_string().into()).collect());
        let mut editor = Editor::new(Segment::new("s", "D", "id"));
        let section = NodePath::root(Side::Include).child(0);
        let test = Test::new(Operator::IsInList, Some(list));
        let condition = Node::Condition(Condition::attribute("T", "c", test));
        editor.edit(|segment| edit::append(segment, &section, condition));
        let place = |editor: &Editor| match editor.segment().node(&section.child(0)) {
            Some(Node::Condition(Condition { kind: ConditionKind::Attribute(attribute), .. })) => {
                std::ptr::from_ref(attribute.test.value.as_ref().unwrap().json())
            }
            other => panic!("{other:?}"),
        };
        let before = place(&editor);
        editor.edit(|segment| edit::toggle_off(segment, &section.child(0)));
        assert_eq!(place(&editor), before);
        assert!(editor.undo());
        assert_eq!(place(&editor), before);
    }

    #[test]
    fn an_edit_that_does_not_apply_leaves_no_trace() {
        let mut editor = Editor::new(Segment::new("s", "D", "id"));
        let nowhere = NodePath::root(Side::Include).child(9);
        assert!(editor.edit(|segment| edit::nest(segment, &nowhere)).is_none());
        assert!(!editor.can_undo() && !editor.is_edited());
    }
}
