//! From a picked column to a complete condition: which overlay asks for what, and where the answer goes.

use serde_json::Value;

use super::App;
use super::editor::criteria::Cursor;
use super::editor::tables::TreeLine;
use super::effect::Effect;
use super::message::Message;
use super::overlay::add::{Add, Picked, Subject};
use super::overlay::pick::{Item, Pick};
use super::overlay::prompt::{EditTarget, Measure, Owner, Prompt};
use super::overlay::purchase::Purchase;
use super::overlay::value_entry::ValueEntry;
use super::overlay::values::Values;
use super::overlay::{Choice, Choose, Overlay};
use crate::segment::edit::{self, filters};
use crate::segment::{
    Arity, Condition, DataType, Filter, Node, NodePath, Operator, Problem, ProblemKind, Segment, Severity,
    Side, Test,
};

impl App {
    /// Where a new condition goes: after the line of the cursor, or into the last section of a side.
    pub(super) fn new_place(&mut self, side: Option<Side>) -> Option<EditTarget> {
        let editor = self.editor.as_mut()?;
        let cursor = editor.criteria.cursor.clone();
        let side = side.unwrap_or_else(|| cursor.side());
        if let Some(path) = cursor.node().filter(|path| path.side == side) {
            if let Some(group) = editor.segment().group(path) {
                return Some(EditTarget::NewCondition(path.clone(), group.nodes.len()));
            }
            let (parent, index) = path.parent()?;
            return Some(EditTarget::NewCondition(parent, index + 1));
        }
        let root = NodePath::root(side);
        let group = editor.segment().side(side)?;
        let last = group.nodes.iter().rposition(|node| matches!(node, Node::Group(_)));
        Some(match last {
            Some(index) => {
                let count =
                    group.nodes.get(index).and_then(Node::as_group).map_or(0, |inner| inner.nodes.len());
                EditTarget::NewCondition(root.child(index), count)
            }
            // The section is made when the condition is complete.
            None => EditTarget::NewCondition(root, usize::MAX),
        })
    }

    /// Opens the picker for a new condition, at what the tables pane shows if that has the focus.
    pub(super) fn ask_condition(&mut self, side: Option<Side>) {
        let Some(database) = self.database().cloned() else { return };
        let Some(target) = self.new_place(side) else { return };
        let activation_id = self.activation_id();
        let mut add = Add::new(target, &database, &activation_id);
        if let Some(subject) = self.subject_at_cursor() {
            add.start_at(&subject, &database);
        }
        self.overlays.push(Overlay::Add(add));
    }

    fn subject_at_cursor(&self) -> Option<Subject> {
        let editor = self.editor.as_ref().filter(|editor| editor.pane == super::editor::Pane::Tables)?;
        let entries = self.table_lines();
        match entries.get(editor.tables.cursor)? {
            TreeLine::Attribute { table, column, data_type, .. } => Some(Subject::Measure {
                table: table.clone(),
                measure: Measure::Column(column.clone()),
                data_type: *data_type,
            }),
            TreeLine::Behaviour(behaviour) => Some(Subject::Behaviour(*behaviour)),
            TreeLine::List(kind, _) => Some(Subject::List(*kind)),
            TreeLine::Branch { .. } => None,
        }
    }

    /// A column and an operator were picked, or a behaviour.
    pub(super) fn picked(&mut self, target: EditTarget, picked: Picked) {
        match picked {
            Picked::Test { table, measure, data_type, op } => {
                let before = self.tested(&target).filter(|tested| {
                    tested.table == table
                        && tested.measure == measure
                        && tested.test.op.is_some_and(|before| before.arity() == op.arity())
                });
                let before = before.map(|tested| tested.test).unwrap_or_default();
                self.ask_value(Prompt { target, table, measure, data_type, op, before });
            }
            Picked::Behaviour(behaviour, op) => {
                let edited = match &target {
                    EditTarget::EditCondition(path) => self.condition_at(path).cloned(),
                    _ => None,
                };
                let form = match edited {
                    Some(condition) => Purchase::change(target, condition, behaviour, op),
                    None => Purchase::new(target, behaviour, op),
                };
                self.overlays.push(Overlay::Purchase(form));
            }
            Picked::List(kind, op) => self.ask_list(target, op, kind, None),
        }
    }

    /// Asks for the value that an operator needs, with the overlay that fits.
    pub(super) fn ask_value(&mut self, prompt: Prompt) {
        let is_text = prompt.data_type == DataType::String;
        match prompt.op.arity() {
            Arity::None => {
                let Test { match_case, inclusive, .. } = prompt.before;
                return self.answered(&prompt, None, match_case == Some(true), inclusive == Some(true));
            }
            Arity::Many => {}
            Arity::One if matches!(prompt.op, Operator::IsExactly | Operator::IsNotExactly) => {}
            Arity::One | Arity::Two => {
                if !is_text {
                    self.count_values(&prompt);
                }
                self.overlays.push(Overlay::ValueEntry(ValueEntry::new(prompt)));
                return;
            }
        }
        self.count_values(&prompt);
        self.overlays.push(Overlay::Values(Values::new(prompt)));
    }

    pub(super) fn count_values(&mut self, prompt: &Prompt) {
        let as_of = self.as_of();
        let Some(column) = prompt.measure.values_of() else { return };
        let (Some(database), Some(editor)) = (self.database(), &self.editor) else { return };
        let effect = Effect::CountValues {
            database: database.folder.clone(),
            table: prompt.table.clone(),
            column: column.to_owned(),
            segment: std::sync::Arc::clone(editor.segment()),
            without: self.edited_condition(prompt),
            as_of,
        };
        self.request(effect);
    }

    /// The condition that is being edited: the question's own, or that of the form below.
    fn edited_condition(&self, prompt: &Prompt) -> Option<NodePath> {
        let form = self.overlays.iter().find_map(|overlay| match overlay {
            Overlay::Purchase(form) => form.target.without(),
            _ => None,
        });
        prompt.target.without().or(form).cloned()
    }

    /// What is wrong with the answer to a question, by the same check that every segment passes.
    pub(super) fn complaint_about(&self, prompt: &Prompt, test: &Test) -> Option<String> {
        self.problem_of(prompt.condition(test.clone())).map(|(_, complaint)| complaint)
    }

    /// What is wrong with a condition, if it is not only that a part is still missing.
    #[must_use]
    pub fn fault_of(&self, condition: Condition) -> Option<String> {
        let problem = self.problem_of(condition).filter(|(kind, _)| *kind != ProblemKind::Incomplete);
        problem.map(|(_, complaint)| complaint)
    }

    pub(super) fn complaint_about_condition(&self, condition: Condition) -> Option<String> {
        self.problem_of(condition).map(|(_, complaint)| complaint)
    }

    fn problem_of(&self, condition: Condition) -> Option<(ProblemKind, String)> {
        let mut probe = Segment::new("", "", self.activation_id());
        let root = NodePath::root(Side::Include);
        edit::append(&mut probe, &root, Node::Condition(condition));
        let as_of = self.as_of();
        let problems = self.with_schema(|schema| crate::segment::problems(&probe, schema, as_of));
        let stands_in_the_way = |problem: &Problem| {
            problem.severity == Severity::Error && problem.kind != ProblemKind::Unsupported
        };
        let problem = problems.into_iter().find(stands_in_the_way)?;
        let complaint = match problem.diagnostic.help {
            Some(help) => format!("{}: {help}", problem.diagnostic.message),
            None => problem.diagnostic.message,
        };
        Some((problem.kind, complaint))
    }

    pub(super) fn complain_in_entry(&mut self, complaint: Option<String>) {
        if let Some(Overlay::ValueEntry(entry)) = self.overlays.last_mut() {
            entry.complaint = complaint;
        }
    }

    /// A test is complete: it becomes a condition or a filter, of the tree or of the form below.
    pub(super) fn answered(
        &mut self,
        prompt: &Prompt,
        value: Option<Value>,
        match_case: bool,
        inclusive: bool,
    ) {
        let test = prompt.answer(value, match_case, inclusive);
        match &prompt.target {
            EditTarget::NewCondition(group, index) => {
                self.insert(group.clone(), *index, prompt.condition(test));
            }
            EditTarget::EditCondition(path) => self.ask_otherwise(path, prompt, test),
            EditTarget::NewFilter(Owner::Condition(path), at) => {
                let filter = Filter::new(prompt.measure.column().unwrap_or_default(), test);
                self.change_filter(path, |segment| filters::insert(segment, path, *at, filter));
                self.overlays.clear();
            }
            EditTarget::EditFilter(Owner::Condition(path), at) => {
                let column = prompt.measure.column().unwrap_or_default();
                self.change_filter(path, |segment| filters::set(segment, path, *at, column, test));
                self.overlays.clear();
            }
            target @ (EditTarget::NewFilter(Owner::Form, at) | EditTarget::EditFilter(Owner::Form, at)) => {
                let at = matches!(target, EditTarget::EditFilter(..)).then_some(*at);
                let column = prompt.measure.column().unwrap_or_default();
                // Pickers lie over the form; they have done their work.
                while let Some(top) = self.overlays.last_mut() {
                    if let Overlay::Purchase(form) = top {
                        form.set_filter(at, column, test);
                        return;
                    }
                    self.overlays.pop();
                }
            }
        }
    }

    /// Gives the condition at a path another test, and maybe something else to look at. Filters and
    /// quantifier stay with their table.
    fn ask_otherwise(&mut self, path: &NodePath, prompt: &Prompt, test: Test) {
        let filters = |condition: Option<&Condition>| condition.map_or(0, |inner| inner.filters().len());
        let before = filters(self.condition_at(path));
        self.change(|segment| {
            let Some(Node::Condition(condition)) = segment.node_mut(path) else { return None };
            prompt.put(condition, test);
            Some(path.clone())
        });
        self.overlays.clear();
        if filters(self.condition_at(path)) < before {
            self.notify(Message::note("its filters went with their table; u brings them back"));
        }
    }

    /// Puts a new condition into the tree; on a side without sections it gets one.
    pub(super) fn insert(&mut self, group: NodePath, index: usize, condition: Condition) {
        self.change(|segment| {
            let node = Node::Condition(condition);
            if group.steps.is_empty() && index == usize::MAX {
                let section = edit::last_section(segment, group.side)?;
                return edit::append(segment, &section, node);
            }
            edit::insert(segment, &group, index, node)
        });
        self.overlays.clear();
        if let Some(editor) = &mut self.editor {
            editor.pane = super::editor::Pane::Criteria;
        }
    }

    /// Makes one edit of the tree; the cursor follows the node.
    pub(super) fn change(&mut self, edit: impl FnOnce(&mut Segment) -> Option<NodePath>) -> bool {
        self.change_line(|segment| {
            let path = edit(segment)?;
            Some(if path.steps.is_empty() { Cursor::Side(path.side) } else { Cursor::Node(path) })
        })
    }

    /// Makes one edit of the filters of the condition at a path; the cursor follows the filter.
    pub(super) fn change_filter(
        &mut self,
        path: &NodePath,
        edit: impl FnOnce(&mut Segment) -> Option<usize>,
    ) -> bool {
        self.change_line(|segment| edit(segment).map(|at| Cursor::Filter(path.clone(), at)))
    }

    /// Makes one edit of the tree; the cursor goes where it says.
    fn change_line(&mut self, edit: impl FnOnce(&mut Segment) -> Option<Cursor>) -> bool {
        let Some(editor) = &mut self.editor else { return false };
        let before = editor.definition();
        let Some(position) = editor.edit(edit) else { return false };
        editor.criteria.cursor = position;
        editor.clamp_cursor();
        if editor.definition() != before {
            self.definition_changed();
        }
        true
    }

    pub(super) fn take_choice(&mut self, choice: Choice) {
        match choice {
            Choice::Operator(target, op) => self.take_operator(target, op),
            Choice::ListOperator(path, op) => self.take_list_operator(&path, op),
            Choice::Database(at) => self.switch_database(at),
            Choice::Draft(id) => self.resume(&id),
            Choice::Word(word) => self.complete_with(&word),
            Choice::Id(id) => {
                let changed = self.editor.as_mut().and_then(|editor| {
                    editor.edit(|segment| {
                        segment.activation_id = id;
                        Some(())
                    })
                });
                if changed.is_some() {
                    self.definition_changed();
                }
            }
        }
    }

    /// The list of activation IDs, or of databases.
    pub(super) fn choose(&mut self, title: &str, items: Vec<Item<Choice>>, is_now: impl Fn(&Choice) -> bool) {
        let mut pick = Pick::new(items);
        pick.go_to(is_now);
        self.overlays.push(Overlay::Choose(Choose { title: title.to_owned(), pick }));
    }
}
