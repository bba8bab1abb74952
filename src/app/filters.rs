//! Filters on the same row: of the line at the cursor, or of the purchase form on top.

use super::App;
use super::editor::criteria::Cursor;
use super::message::Message;
use super::overlay::Overlay;
use super::overlay::add::Add;
use super::overlay::prompt::{EditTarget, Owner};
use super::overlay::purchase::{FormRequest, Purchase};
use crate::diagnostic::Diagnostic;
use crate::segment::edit::{self, Direction, filters};
use crate::segment::{Condition, ConditionKind, Node, NodePath};

impl App {
    /// The purchase form, below whatever lies over it.
    pub(super) fn form(&self) -> Option<&Purchase> {
        self.overlays.iter().find_map(|overlay| match overlay {
            Overlay::Purchase(form) => Some(form),
            _ => None,
        })
    }

    /// The table whose columns the filters of a condition look at.
    fn table_of(&self, condition: &Condition) -> Result<String, Diagnostic> {
        self.with_schema(|schema| match &condition.kind {
            ConditionKind::Attribute(attribute) => {
                schema.table(&attribute.table).map(|()| attribute.table.clone())
            }
            ConditionKind::Aggregate(aggregate) => {
                schema.table(&aggregate.table).map(|()| aggregate.table.clone())
            }
            ConditionKind::Purchase(_) => schema.items_table(),
            ConditionKind::List(_) => Err(Diagnostic::new("a customer list has no rows to filter")
                .with_help("add a condition beside it (a)")),
        })
    }

    /// The table whose columns the filter of a purpose looks at.
    pub(super) fn filtered_table(&self, target: &EditTarget) -> Option<String> {
        match target {
            EditTarget::NewFilter(Owner::Form, _) | EditTarget::EditFilter(Owner::Form, _) => {
                self.with_schema(|schema| schema.items_table()).ok()
            }
            EditTarget::NewFilter(Owner::Condition(path), _)
            | EditTarget::EditFilter(Owner::Condition(path), _) => {
                self.table_of(self.condition_at(path)?).ok()
            }
            EditTarget::NewCondition(..) | EditTarget::EditCondition(_) => None,
        }
    }

    /// Why no filter can be added just now.
    pub(super) fn filter_disabled_reason(&self) -> Option<String> {
        let said = |missing: Diagnostic| Some(missing.one_line());
        if let Some(Overlay::Purchase(_)) = self.overlays.last() {
            return self.with_schema(|schema| schema.items_table()).err().and_then(said);
        }
        let node = self
            .editor
            .as_ref()
            .and_then(|editor| editor.criteria.cursor.node().and_then(|path| editor.segment().node(path)));
        match node {
            Some(Node::Condition(condition)) => self.table_of(condition).err().and_then(said),
            Some(Node::Group(_) | Node::Unreadable(_)) | None => {
                Some("put the cursor on a condition to filter its rows".to_owned())
            }
        }
    }

    /// Opens the picker over the columns of the same table, for a filter after the one at the cursor.
    pub(super) fn add_filter(&mut self) {
        let target = match (self.overlays.last(), self.editor.as_ref()) {
            (Some(Overlay::Purchase(form)), _) => EditTarget::NewFilter(Owner::Form, form.filters.len()),
            (_, Some(editor)) => match &editor.criteria.cursor {
                Cursor::Filter(path, at) => EditTarget::NewFilter(Owner::Condition(path.clone()), at + 1),
                Cursor::Node(path) => EditTarget::NewFilter(Owner::Condition(path.clone()), usize::MAX),
                Cursor::Side(_) | Cursor::Add(_) => return,
            },
            _ => return,
        };
        let Some(database) = self.database().cloned() else { return };
        let table = self.filtered_table(&target);
        if let Some(table) = table.and_then(|table| database.table(&table)) {
            let add = Add::within(target, table, &database, &self.activation_id());
            self.overlays.push(Overlay::Add(add));
        }
    }

    /// Removes the filter or the node at the cursor.
    pub(super) fn delete(&mut self) {
        let Some(editor) = &self.editor else { return };
        let removed = match editor.criteria.cursor.clone() {
            Cursor::Filter(path, at) => {
                self.change_filter(&path, |segment| filters::remove(segment, &path, at).map(|_| at))
            }
            Cursor::Node(path) => self.change(|segment| edit::remove(segment, &path).map(|_| path.clone())),
            Cursor::Side(_) | Cursor::Add(_) => false,
        };
        self.notify(if removed {
            Message::done("removed; u brings it back")
        } else {
            Message::note("this line cannot be removed")
        });
    }

    /// Duplicates the filter or the node at the cursor.
    pub(super) fn duplicate(&mut self) {
        match self.filter_at_cursor() {
            Some((path, at)) => {
                self.change_filter(&path, |segment| filters::duplicate(segment, &path, at));
            }
            None => self.at_node("duplicated", edit::duplicate),
        }
    }

    /// Moves the filter or the node at the cursor.
    pub(super) fn shift(&mut self, direction: Direction) {
        let done = match direction {
            Direction::Up => "moved further up",
            Direction::Down => "moved further down",
        };
        match self.filter_at_cursor() {
            Some((path, at)) => {
                if !self.change_filter(&path, |segment| filters::shift(segment, &path, at, direction)) {
                    self.notify(Message::note(format!("this filter cannot be {done}")));
                }
            }
            None => self.at_node(done, |segment, path| edit::shift(segment, path, direction)),
        }
    }

    fn filter_at_cursor(&self) -> Option<(NodePath, usize)> {
        let (path, at) = self.editor.as_ref()?.criteria.filter()?;
        Some((path.clone(), at))
    }

    /// The form of a purchase behaviour asks for something.
    pub(super) fn purchase_request(&mut self, asked: FormRequest) {
        let condition = match asked {
            FormRequest::Nothing => return,
            FormRequest::NewFilter => return self.add_filter(),
            FormRequest::EditFilter(at) => return self.ask_subject(EditTarget::EditFilter(Owner::Form, at)),
            FormRequest::Take(condition) => condition,
        };
        let complaint = self.complaint_about_condition(condition.clone());
        let Some(Overlay::Purchase(form)) = self.overlays.last_mut() else { return };
        if complaint.is_some() {
            form.complaint = complaint;
            return;
        }
        match form.target.clone() {
            EditTarget::NewCondition(group, index) => self.insert(group, index, condition),
            EditTarget::EditCondition(path) => {
                self.change(|segment| {
                    let Some(Node::Condition(slot)) = segment.node_mut(&path) else { return None };
                    *slot = condition;
                    Some(path.clone())
                });
                self.overlays.clear();
            }
            EditTarget::NewFilter(..) | EditTarget::EditFilter(..) => {}
        }
    }
}
