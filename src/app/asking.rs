//! From a picked column to a complete condition: which overlay asks for what, and where the answer goes.

use serde_json::Value;

use super::App;
use super::editor::lines::Spot;
use super::editor::tables::Entry;
use super::effect::Effect;
use super::message::Message;
use super::overlay::add::{Add, Picked, Subject};
use super::overlay::entry::Entry as TypedValue;
use super::overlay::pick::{Item, Pick};
use super::overlay::purchase::Purchase;
use super::overlay::purpose::{Measure, Owner, Purpose, Question};
use super::overlay::values::Values;
use super::overlay::{Choice, Choose, Overlay};
use crate::segment::edit::{self, filters};
use crate::segment::{
    Arity, Condition, DataType, Filter, Node, NodePath, Operator, Problem, ProblemKind, Segment, Severity,
    Side, Test,
};

impl App {
    /// Where a new condition goes: after the line of the cursor, or into the last section of a side.
    pub(super) fn new_place(&mut self, side: Option<Side>) -> Option<Purpose> {
        let editor = self.editor.as_mut()?;
        let cursor = editor.criteria.cursor.clone();
        let side = side.unwrap_or_else(|| cursor.side());
        if let Some(path) = cursor.node().filter(|path| path.side == side) {
            if let Some(group) = editor.segment().group(path) {
                return Some(Purpose::NewCondition(path.clone(), group.nodes.len()));
            }
            let (parent, index) = path.parent()?;
            return Some(Purpose::NewCondition(parent, index + 1));
        }
        let root = NodePath::root(side);
        let group = editor.segment().side(side)?;
        let last = group.nodes.iter().rposition(|node| matches!(node, Node::Group(_)));
        Some(match last {
            Some(index) => {
                let count =
                    group.nodes.get(index).and_then(Node::as_group).map_or(0, |inner| inner.nodes.len());
                Purpose::NewCondition(root.child(index), count)
            }
            // The section is made when the condition is complete.
            None => Purpose::NewCondition(root, usize::MAX),
        })
    }

    /// Opens the picker for a new condition, at what the tables pane shows if that has the focus.
    pub(super) fn ask_condition(&mut self, side: Option<Side>) {
        let Some(database) = self.database().cloned() else { return };
        let Some(purpose) = self.new_place(side) else { return };
        let activation_id = self.activation_id();
        let mut add = Add::new(purpose, &database, &activation_id);
        if let Some(subject) = self.subject_at_cursor() {
            add.start_at(&subject, &database);
        }
        self.overlays.push(Overlay::Add(add));
    }

    fn subject_at_cursor(&self) -> Option<Subject> {
        let editor = self.editor.as_ref().filter(|editor| editor.pane == super::editor::Pane::Tables)?;
        let entries = self.table_entries();
        match entries.get(editor.tables.cursor)? {
            Entry::Attribute { table, column, data_type, .. } => Some(Subject::Measure {
                table: table.clone(),
                measure: Measure::Column(column.clone()),
                data_type: *data_type,
            }),
            Entry::Behaviour(behaviour) => Some(Subject::Behaviour(*behaviour)),
            Entry::List(kind, _) => Some(Subject::List(*kind)),
            Entry::Branch { .. } => None,
        }
    }

    /// A column and an operator were picked, or a behaviour.
    pub(super) fn picked(&mut self, purpose: Purpose, picked: Picked) {
        match picked {
            Picked::Test { table, measure, data_type, op } => {
                let before = self.tested(&purpose).filter(|tested| {
                    tested.table == table
                        && tested.measure == measure
                        && tested.test.op.is_some_and(|before| before.arity() == op.arity())
                });
                let before = before.map(|tested| tested.test).unwrap_or_default();
                self.ask_value(Question { purpose, table, measure, data_type, op, before });
            }
            Picked::Behaviour(behaviour, op) => {
                let edited = match &purpose {
                    Purpose::EditCondition(path) => self.condition_at(path).cloned(),
                    _ => None,
                };
                let form = match edited {
                    Some(condition) => Purchase::change(purpose, condition, behaviour, op),
                    None => Purchase::new(purpose, behaviour, op),
                };
                self.overlays.push(Overlay::Purchase(form));
            }
            Picked::List(kind, op) => self.ask_list(purpose, op, kind, None),
        }
    }

    /// Asks for the value that an operator needs, with the overlay that fits.
    pub(super) fn ask_value(&mut self, question: Question) {
        let is_text = question.data_type == DataType::String;
        match question.op.arity() {
            Arity::None => {
                let Test { match_case, inclusive, .. } = question.before;
                return self.answered(&question, None, match_case == Some(true), inclusive == Some(true));
            }
            Arity::Many => {}
            Arity::One if matches!(question.op, Operator::IsExactly | Operator::IsNotExactly) => {}
            Arity::One | Arity::Two => {
                if !is_text {
                    self.count_values(&question);
                }
                self.overlays.push(Overlay::Entry(TypedValue::new(question)));
                return;
            }
        }
        self.count_values(&question);
        self.overlays.push(Overlay::Values(Values::new(question)));
    }

    pub(super) fn count_values(&mut self, question: &Question) {
        let as_of = self.as_of();
        let Some(column) = question.measure.values_of() else { return };
        let (Some(database), Some(editor)) = (self.database(), &self.editor) else { return };
        let effect = Effect::CountValues {
            database: database.folder.clone(),
            table: question.table.clone(),
            column: column.to_owned(),
            segment: std::sync::Arc::clone(editor.segment()),
            without: self.edited_condition(question),
            as_of,
        };
        self.ask(effect);
    }

    /// The condition that is being edited: the question's own, or that of the form below.
    fn edited_condition(&self, question: &Question) -> Option<NodePath> {
        let form = self.overlays.iter().find_map(|overlay| match overlay {
            Overlay::Purchase(form) => form.purpose.without(),
            _ => None,
        });
        question.purpose.without().or(form).cloned()
    }

    /// What is wrong with the answer to a question, by the same check that every segment passes.
    pub(super) fn complaint_about(&self, question: &Question, test: &Test) -> Option<String> {
        self.problem_of(question.condition(test.clone())).map(|(_, complaint)| complaint)
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
        if let Some(Overlay::Entry(entry)) = self.overlays.last_mut() {
            entry.complaint = complaint;
        }
    }

    /// A test is complete: it becomes a condition or a filter, of the tree or of the form below.
    pub(super) fn answered(
        &mut self,
        question: &Question,
        value: Option<Value>,
        match_case: bool,
        inclusive: bool,
    ) {
        let test = question.answer(value, match_case, inclusive);
        match &question.purpose {
            Purpose::NewCondition(group, index) => {
                self.insert(group.clone(), *index, question.condition(test));
            }
            Purpose::EditCondition(path) => self.ask_otherwise(path, question, test),
            Purpose::NewFilter(Owner::Condition(path), at) => {
                let filter = Filter::new(question.measure.column().unwrap_or_default(), test);
                self.change_filter(path, |segment| filters::insert(segment, path, *at, filter));
                self.overlays.clear();
            }
            Purpose::EditFilter(Owner::Condition(path), at) => {
                let column = question.measure.column().unwrap_or_default();
                self.change_filter(path, |segment| filters::set(segment, path, *at, column, test));
                self.overlays.clear();
            }
            purpose @ (Purpose::NewFilter(Owner::Form, at) | Purpose::EditFilter(Owner::Form, at)) => {
                let at = matches!(purpose, Purpose::EditFilter(..)).then_some(*at);
                let column = question.measure.column().unwrap_or_default();
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
    fn ask_otherwise(&mut self, path: &NodePath, question: &Question, test: Test) {
        let filters = |condition: Option<&Condition>| condition.map_or(0, |inner| inner.filters().len());
        let before = filters(self.condition_at(path));
        self.change(|segment| {
            let Some(Node::Condition(condition)) = segment.node_mut(path) else { return None };
            question.put(condition, test);
            Some(path.clone())
        });
        self.overlays.clear();
        if filters(self.condition_at(path)) < before {
            self.say(Message::note("its filters went with their table; u brings them back"));
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
            Some(if path.steps.is_empty() { Spot::Side(path.side) } else { Spot::Node(path) })
        })
    }

    /// Makes one edit of the filters of the condition at a path; the cursor follows the filter.
    pub(super) fn change_filter(
        &mut self,
        path: &NodePath,
        edit: impl FnOnce(&mut Segment) -> Option<usize>,
    ) -> bool {
        self.change_line(|segment| edit(segment).map(|at| Spot::Filter(path.clone(), at)))
    }

    /// Makes one edit of the tree; the cursor goes where it says.
    fn change_line(&mut self, edit: impl FnOnce(&mut Segment) -> Option<Spot>) -> bool {
        let Some(editor) = &mut self.editor else { return false };
        let before = editor.definition();
        let Some(spot) = editor.edit(edit) else { return false };
        editor.criteria.cursor = spot;
        editor.settle();
        if editor.definition() != before {
            self.definition_changed();
        }
        true
    }

    pub(super) fn take_choice(&mut self, choice: Choice) {
        match choice {
            Choice::Operator(purpose, op) => self.take_operator(purpose, op),
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
