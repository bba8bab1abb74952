//! Edits of the tree of conditions.

use super::criteria::Cursor;
use super::state::{Editor, Pane};
use crate::app::layer::Outcome;
use crate::app::message::Message;
use crate::app::prompt::{EditTarget, Owner, Prompt};
use crate::app::session::Session;
use crate::segment::edit::{self, Direction, filters};
use crate::segment::{
    Condition, ConditionKind, Filter, Group, ListCondition, ListOperator, ListSource, Match, Node, NodePath,
    Segment, Side, Test, words,
};

impl Editor {
    /// Makes one edit of the tree; the cursor follows the node.
    pub(super) fn change(
        &mut self,
        session: &mut Session,
        edit: impl FnOnce(&mut Segment) -> Option<NodePath>,
    ) -> bool {
        self.change_line(session, |segment| {
            let path = edit(segment)?;
            Some(if path.steps.is_empty() { Cursor::Side(path.side) } else { Cursor::Node(path) })
        })
    }

    /// Makes one edit of the filters of the condition at a path; the cursor follows the filter.
    fn change_filter(
        &mut self,
        session: &mut Session,
        path: &NodePath,
        edit: impl FnOnce(&mut Segment) -> Option<usize>,
    ) -> bool {
        self.change_line(session, |segment| edit(segment).map(|at| Cursor::Filter(path.clone(), at)))
    }

    /// Makes one edit of the tree; the cursor goes where it says.
    fn change_line(
        &mut self,
        session: &mut Session,
        edit: impl FnOnce(&mut Segment) -> Option<Cursor>,
    ) -> bool {
        let before = self.definition();
        let Some(cursor) = self.edit(edit) else { return false };
        self.criteria.cursor = cursor;
        self.clamp_cursor();
        if self.definition() != before {
            self.definition_changed(session);
        }
        true
    }

    /// Makes one edit of the condition at a path.
    fn change_condition(
        &mut self,
        session: &mut Session,
        path: &NodePath,
        edit: impl FnOnce(&mut Condition) -> Option<()>,
    ) {
        self.change(session, |segment| {
            let Some(Node::Condition(condition)) = segment.node_mut(path) else { return None };
            edit(condition)?;
            Some(path.clone())
        });
    }

    /// Takes an edit back, or makes it again.
    pub(super) fn undo_or_redo(&mut self, is_undo: bool, session: &mut Session) {
        let is_changed = if is_undo { self.undo() } else { self.redo() };
        if is_changed {
            self.definition_changed(session);
        }
    }

    pub(super) fn add_section(&mut self, session: &mut Session) {
        let side = self.cursor().side();
        let after = self.cursor().node().and_then(|path| path.steps.first().copied());
        self.change(session, |segment| {
            let first = segment.side(side)?.nodes.first();
            let matching = first.and_then(|node| node.as_group()).map(|group| group.matching);
            let fallback = if side == Side::Include { Match::All } else { Match::Any };
            let section = Group::empty(matching.unwrap_or(fallback));
            let index = after.map_or(usize::MAX, |after| after + 1);
            edit::insert(segment, &NodePath::root(side), index, Node::Group(section))
        });
    }

    /// Edits the line of the cursor, which may be a side.
    pub(super) fn edit_at_line(
        &mut self,
        done: &str,
        session: &mut Session,
        edit: impl FnOnce(&mut Segment, &NodePath) -> Option<NodePath>,
    ) {
        let cursor = self.cursor().clone();
        let path = match &cursor {
            Cursor::Node(path) | Cursor::Filter(path, _) => path.clone(),
            Cursor::Side(side) | Cursor::Add(side) => NodePath::root(*side),
        };
        if self.change(session, |segment| edit(segment, &path)) {
            // Toggling the group around a condition leaves the cursor where it was.
            self.criteria.cursor = cursor;
        } else {
            session.note(format!("this line cannot be {done}"));
        }
    }

    /// Edits the node at the cursor, which follows it.
    pub(super) fn edit_at_node(
        &mut self,
        done: &str,
        session: &mut Session,
        edit: impl FnOnce(&mut Segment, &NodePath) -> Option<NodePath>,
    ) {
        let path = self.criteria.path().cloned();
        if !path.is_some_and(|path| self.change(session, |segment| edit(segment, &path))) {
            session.note(format!("this line cannot be {done}"));
        }
    }

    /// Removes the filter or the node at the cursor.
    pub(super) fn delete(&mut self, session: &mut Session) {
        let is_removed = match self.cursor().clone() {
            Cursor::Filter(path, at) => {
                self.change_filter(session, &path, |segment| filters::remove(segment, &path, at).map(|_| at))
            }
            Cursor::Node(path) => {
                self.change(session, |segment| edit::remove(segment, &path).map(|_| path.clone()))
            }
            Cursor::Side(_) | Cursor::Add(_) => false,
        };
        session.notify(if is_removed {
            Message::done("removed; u brings it back")
        } else {
            Message::note("this line cannot be removed")
        });
    }

    /// Duplicates the filter or the node at the cursor.
    pub(super) fn duplicate(&mut self, session: &mut Session) {
        match self.filter_at_cursor() {
            Some((path, at)) => {
                self.change_filter(session, &path, |segment| filters::duplicate(segment, &path, at));
            }
            None => self.edit_at_node("duplicated", session, edit::duplicate),
        }
    }

    /// Moves the filter or the node at the cursor.
    pub(super) fn shift(&mut self, direction: Direction, session: &mut Session) {
        let done = match direction {
            Direction::Up => "moved further up",
            Direction::Down => "moved further down",
        };
        match self.filter_at_cursor() {
            Some((path, at)) => {
                let shift = |segment: &mut Segment| filters::shift(segment, &path, at, direction);
                if !self.change_filter(session, &path, shift) {
                    session.note(format!("this filter cannot be {done}"));
                }
            }
            None => self.edit_at_node(done, session, |segment, path| edit::shift(segment, path, direction)),
        }
    }

    fn filter_at_cursor(&self) -> Option<(NodePath, usize)> {
        let (path, at) = self.criteria.filter()?;
        Some((path.clone(), at))
    }

    /// A test is complete: it becomes a condition or a filter.
    pub(super) fn set_test(&mut self, prompt: &Prompt, test: Test, session: &mut Session) -> Outcome {
        let column = prompt.measure.column().unwrap_or_default();
        match &prompt.target {
            EditTarget::NewCondition(group, index) => {
                self.insert(group, *index, prompt.condition(test), session);
            }
            EditTarget::EditCondition(path) => self.compare_otherwise(path, prompt, test, session),
            EditTarget::NewFilter(Owner::Condition(path), at) => {
                let filter = Filter::new(column, test);
                self.change_filter(session, path, |segment| filters::insert(segment, path, *at, filter));
            }
            EditTarget::EditFilter(Owner::Condition(path), at) => {
                self.change_filter(session, path, |segment| filters::set(segment, path, *at, column, test));
            }
            // They are the form's.
            EditTarget::NewFilter(Owner::Form(_), _) | EditTarget::EditFilter(Owner::Form(_), _) => {
                return Outcome::pass();
            }
        }
        Outcome::close_above()
    }

    /// Gives the condition at a path another test, and maybe something else to look at. Filters and
    /// quantifier stay with their table.
    fn compare_otherwise(&mut self, path: &NodePath, prompt: &Prompt, test: Test, session: &mut Session) {
        let filters = |editor: &Self, session: &Session| {
            editor.view(session).condition_at(path).map_or(0, |condition| condition.filters().len())
        };
        let before = filters(self, session);
        self.change_condition(session, path, |condition| {
            prompt.put(condition, test);
            Some(())
        });
        if filters(self, session) < before {
            session.note("its filters went with their table; u brings them back");
        }
    }

    /// Adds a condition where the next one goes.
    pub(super) fn add_condition(&mut self, condition: &Condition, session: &mut Session) {
        match self.new_target(None) {
            Some(target) if self.sql().is_none() => self.set_condition(&target, condition, false, session),
            _ => session.note("a query takes no further condition"),
        }
    }

    /// A condition is complete.
    pub(super) fn set_condition(
        &mut self,
        target: &EditTarget,
        condition: &Condition,
        is_rewrite: bool,
        session: &mut Session,
    ) {
        match target {
            EditTarget::NewCondition(group, index) => {
                self.insert(group, *index, condition.clone(), session);
            }
            EditTarget::EditCondition(path) => {
                let Some(after) = self.rewritten(path, condition, is_rewrite, session) else { return };
                self.change_condition(session, path, |slot| {
                    *slot = after;
                    Some(())
                });
            }
            EditTarget::NewFilter(..) | EditTarget::EditFilter(..) => {}
        }
    }

    /// What takes the place of the condition at a path; nothing where both say the same in full.
    fn rewritten(
        &self,
        path: &NodePath,
        after: &Condition,
        is_rewrite: bool,
        session: &Session,
    ) -> Option<Condition> {
        if !is_rewrite {
            return Some(after.clone());
        }
        let view = self.view(session);
        let before = view.condition_at(path)?;
        let is_same =
            view.with_schema(|schema| words::canonical(before, schema) == words::canonical(after, schema));
        (!is_same).then(|| edit::reword(before, after.clone()))
    }

    /// Puts a new condition into the tree; on a side without sections it gets one.
    fn insert(&mut self, group: &NodePath, index: usize, condition: Condition, session: &mut Session) {
        self.change(session, |segment| edit::insert_condition(segment, group, index, condition));
        self.pane = Pane::Criteria;
    }

    /// Puts several new conditions into the tree, one after the other, as one edit.
    pub(super) fn insert_all(
        &mut self,
        target: &EditTarget,
        conditions: &[Condition],
        session: &mut Session,
    ) {
        let EditTarget::NewCondition(group, index) = target else { return };
        let is_changed = self.change(session, |segment| {
            let mut place = (group.clone(), *index);
            let mut last = None;
            for condition in conditions {
                let path = edit::insert_condition(segment, &place.0, place.1, condition.clone())?;
                let (parent, at) = path.parent()?;
                place = (parent, at + 1);
                last = Some(path);
            }
            last
        });
        self.pane = Pane::Criteria;
        if is_changed {
            session
                .notify(Message::done(format!("{} conditions added; u takes them back", conditions.len())));
        }
    }

    /// Makes a list the one that a condition names.
    pub(super) fn set_list(
        &mut self,
        target: &EditTarget,
        op: ListOperator,
        source: &ListSource,
        session: &mut Session,
    ) -> Outcome {
        match target {
            EditTarget::NewCondition(group, index) => {
                let list = ListCondition { source: source.clone(), extra: Default::default(), op: Some(op) };
                self.insert(group, *index, Condition::new(ConditionKind::List(list)), session);
            }
            EditTarget::EditCondition(path) => self.change_condition(session, path, |condition| {
                let ConditionKind::List(list) = &mut condition.kind else { return None };
                list.source = source.clone();
                list.op = Some(list.op.unwrap_or(op));
                Some(())
            }),
            // Filters look at rows of a table, not at customers.
            EditTarget::NewFilter(..) | EditTarget::EditFilter(..) => return Outcome::stay(),
        }
        Outcome::close_above()
    }

    pub(super) fn set_list_operator(&mut self, path: &NodePath, op: ListOperator, session: &mut Session) {
        self.change_condition(session, path, |condition| {
            let ConditionKind::List(list) = &mut condition.kind else { return None };
            list.op = Some(op);
            Some(())
        });
    }
}
