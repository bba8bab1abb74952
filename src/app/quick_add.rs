//! Conditions typed on one line: read at every key, completed, put into the tree.

use super::App;
use super::editor::criteria::Cursor;
use super::editor::tables::TreeLine;
use super::effect::Effect;
use super::message::Message;
use super::overlay::Overlay;
use super::overlay::prompt::EditTarget;
use super::overlay::quick_add::{QuickAdd, Reading};
use crate::segment::parser::{self, Completions};
use crate::segment::{Condition, ConditionKind, ListSource, Node, edit, words};

impl App {
    /// Opens the line for a new condition, with what the tables pane shows if that has the focus.
    pub(super) fn quick_add(&mut self) {
        let Some(target) = self.new_place(None) else { return };
        let text = self.text_at_cursor().unwrap_or_default();
        self.overlays.push(Overlay::QuickAdd(QuickAdd::new(target, &text)));
        self.read_line();
    }

    /// What the tables pane shows at its cursor, as the beginning of a line.
    fn text_at_cursor(&self) -> Option<String> {
        let editor = self.editor.as_ref().filter(|editor| editor.pane == super::editor::Pane::Tables)?;
        match self.table_lines().get(editor.tables.cursor)? {
            TreeLine::Attribute { table, column, .. } => {
                Some(self.with_schema(|schema| words::subject(table, column, schema)) + " ")
            }
            TreeLine::Behaviour(behaviour) => Some(format!("{} ", words::behaviour(*behaviour))),
            TreeLine::Branch { .. } | TreeLine::List(..) => None,
        }
    }

    /// Opens the line with the condition at the cursor in full.
    pub(super) fn quick_edit(&mut self) {
        let Some(path) = self.rewritten_path() else { return };
        let Some(condition) = self.condition_at(&path) else { return };
        let Some(text) = self.with_schema(|schema| words::canonical(condition, schema)) else {
            return self
                .notify(Message::note("this condition is not complete yet: e asks for what is missing"));
        };
        self.overlays.push(Overlay::QuickAdd(QuickAdd::new(EditTarget::EditCondition(path), &text)));
        self.read_line();
    }

    fn rewritten_path(&self) -> Option<crate::segment::NodePath> {
        match &self.editor.as_ref()?.criteria.cursor {
            Cursor::Node(path) | Cursor::Filter(path, _) => Some(path.clone()),
            Cursor::Side(_) | Cursor::Add(_) => None,
        }
    }

    /// Why the line of the cursor cannot be rewritten.
    pub(super) fn rewrite_disabled_reason(&self) -> Option<String> {
        let condition = self.rewritten_path().and_then(|path| self.condition_at(&path).map(drop));
        condition.is_none().then(|| "put the cursor on a condition to rewrite it".to_owned())
    }

    /// Reads the line anew, and asks for the values that may follow.
    pub(super) fn read_line(&mut self) {
        let Some(Overlay::QuickAdd(line)) = self.overlays.last() else { return };
        let text = line.line.text();
        let offers = self.with_schema(|schema| parser::complete(line.before_cursor(), schema));
        let reading = if text.trim().is_empty() { Reading::Empty } else { self.reading(text) };
        self.show_reading(reading, offers);
    }

    fn show_reading(&mut self, reading: Reading, offers: Completions) {
        let Some(Overlay::QuickAdd(line)) = self.overlays.last_mut() else { return };
        line.was_read(reading, offers);
        let Some(wanted) = line.to_count() else { return };
        let without = line.target.without().cloned();
        let as_of = self.as_of();
        let (Some(database), Some(editor)) = (self.database(), &self.editor) else { return };
        let effect = Effect::CountValues {
            database: database.folder.clone(),
            table: wanted.table,
            column: wanted.column,
            segment: std::sync::Arc::clone(editor.segment()),
            without,
            as_of,
        };
        self.request(effect);
    }

    fn reading(&self, text: &str) -> Reading {
        match self.with_schema(|schema| parser::parse(text, schema)) {
            Err(misread) => Reading::ParseError(misread),
            Ok(condition) => {
                let complaint = self.complaint_about_condition(condition.clone());
                match complaint.or_else(|| self.circle(&condition)) {
                    Some(complaint) => Reading::Refused(condition, complaint),
                    None => Reading::Understood(condition),
                }
            }
        }
    }

    /// Why the open segment cannot refer to the segment that a condition names.
    fn circle(&self, condition: &Condition) -> Option<String> {
        let ConditionKind::List(list) = &condition.kind else { return None };
        let ListSource::Segment(id) = &list.source else { return None };
        let available = self.available_lists()?;
        let entry = available.listing.segment(id)?;
        available.disabled_reason(entry).map(|reason| format!("{}: {reason}", entry.name))
    }

    /// Enter on the line: writes the completion that was chosen, else takes the condition. To stay is
    /// to go on with the next one.
    pub(super) fn take_line(&mut self, stay: bool) {
        let Some(Overlay::QuickAdd(line)) = self.overlays.last() else { return };
        if line.chosen.is_some() {
            return self.complete_line();
        }
        let (target, reading) = (line.target.clone(), line.reading.clone());
        let condition = match reading {
            Reading::Understood(condition) => condition,
            Reading::Empty => return self.notify(Message::note("type a condition, or Esc to leave")),
            Reading::Refused(_, complaint) => return self.notify(Message::note(complaint)),
            Reading::ParseError(misread) => {
                return self.notify(Message::note(misread.diagnostic.one_line()));
            }
        };
        match target {
            EditTarget::NewCondition(group, index) => self.insert(group, index, condition),
            EditTarget::EditCondition(path) => {
                self.rewrite(&path, condition);
                self.overlays.clear();
            }
            EditTarget::NewFilter(..) | EditTarget::EditFilter(..) => {}
        }
        if stay && let Some(target) = self.new_place(None) {
            self.overlays.push(Overlay::QuickAdd(QuickAdd::new(target, "")));
            self.read_line();
        }
    }

    /// Puts a condition in the place of another one; where both say the same in full nothing changes.
    fn rewrite(&mut self, path: &crate::segment::NodePath, after: Condition) {
        let Some(before) = self.condition_at(path) else { return };
        let is_same =
            self.with_schema(|schema| words::canonical(before, schema) == words::canonical(&after, schema));
        if is_same {
            return;
        }
        let reworded = edit::reword(before, after);
        self.change(|segment| {
            let Some(Node::Condition(slot)) = segment.node_mut(path) else { return None };
            *slot = reworded;
            Some(path.clone())
        });
    }

    /// Writes a completion into the line.
    pub(super) fn complete_line(&mut self) {
        if let Some(Overlay::QuickAdd(line)) = self.overlays.last_mut()
            && line.take_completion()
        {
            self.read_line();
        }
    }
}
