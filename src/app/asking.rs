//! From a picked column to a complete condition: which overlay asks for what.

use serde_json::Value;

use super::App;
use super::editor::lines::Spot;
use super::editor::tables::Entry;
use super::effect::Effect;
use super::message::Message;
use super::overlay::add::{Add, Comparing, Picked, Subject};
use super::overlay::entry::Entry as TypedValue;
use super::overlay::pick::{Item, Pick};
use super::overlay::purchase::{Asked, Purchase};
use super::overlay::purpose::{Purpose, Question};
use super::overlay::values::Values;
use super::overlay::{Choice, Choose, Overlay};
use crate::segment::edit;
use crate::segment::{
    Arity, Condition, DataType, Filter, Kind, Node, NodePath, Operator, ProblemKind, Segment, Side, Test,
    TestValue,
};

impl App {
    /// Where a new condition goes: after the line of the cursor, or into the last section of a side.
    fn new_place(&mut self, side: Option<Side>) -> Option<Purpose> {
        let editor = self.editor.as_mut()?;
        let cursor = editor.criteria.cursor.clone();
        let side = side.unwrap_or_else(|| cursor.side());
        if let Spot::Node(path) = &cursor
            && path.side == side
        {
            if let Some(group) = editor.segment().group(path) {
                return Some(Purpose::NewCondition(path.clone(), group.of.len()));
            }
            let (parent, index) = path.parent()?;
            return Some(Purpose::NewCondition(parent, index + 1));
        }
        let root = NodePath::root(side);
        let group = editor.segment().side(side)?;
        let last = group.of.iter().rposition(|node| matches!(node, Node::Group(_)));
        Some(match last {
            Some(index) => {
                let count = group.of.get(index).and_then(Node::as_group).map_or(0, |inner| inner.of.len());
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
            Entry::Attribute { table, column, data_type, .. } => Some(Subject::Attribute {
                table: table.clone(),
                column: column.clone(),
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
            Picked::Attribute { table, column, data_type, op } => {
                let before = self.filter_before(&purpose, &column, op);
                self.ask_value(Question { purpose, table, column, data_type, op, before });
            }
            Picked::Behaviour(behaviour, op) => {
                self.overlays.push(Overlay::Purchase(Purchase::new(purpose, behaviour, op)));
            }
            Picked::List(kind, op) => self.ask_list(purpose, op, kind, None),
        }
    }

    /// The test of the filter that is being changed, as far as its value fits the operator.
    fn filter_before(&self, purpose: &Purpose, column: &str, op: Operator) -> Test {
        let filter = self.overlays.iter().find_map(|overlay| match (overlay, purpose) {
            (Overlay::Purchase(form), Purpose::EditFilter(at)) => form.filters.get(*at),
            _ => None,
        });
        let filter = filter.filter(|filter| filter.column == column);
        let fits = |test: &&Test| test.op.is_some_and(|before| before.arity() == op.arity());
        filter.map(|filter| &filter.test).filter(fits).cloned().unwrap_or_default()
    }

    /// Asks for the value that an operator needs, with the overlay that fits.
    pub(super) fn ask_value(&mut self, question: Question) {
        let is_text = question.data_type == DataType::String;
        match question.op.arity() {
            Arity::None => return self.answered(&question, None, false, false),
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

    fn count_values(&mut self, question: &Question) {
        let as_of = self.as_of();
        let (Some(database), Some(editor)) = (self.database(), &self.editor) else { return };
        let effect = Effect::CountValues {
            database: database.folder.clone(),
            table: question.table.clone(),
            column: question.column.clone(),
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

    /// What is wrong with a test, by the same check that every segment passes.
    pub(super) fn complaint_about(&self, question: &Question, test: &Test) -> Option<String> {
        let condition = Condition::attribute(question.table.clone(), question.column.clone(), test.clone());
        self.complaint_about_condition(condition)
    }

    pub(super) fn complaint_about_condition(&self, condition: Condition) -> Option<String> {
        let mut probe = Segment::new("", "", self.activation_id());
        let root = NodePath::root(Side::Include);
        edit::append(&mut probe, &root, Node::Condition(condition));
        let as_of = self.as_of();
        let problems = self.with_schema(|schema| crate::segment::problems(&probe, schema, as_of));
        let problem = problems.into_iter().find(|problem| problem.kind != ProblemKind::Unsupported)?;
        Some(match problem.help {
            Some(help) => format!("{}: {help}", problem.message),
            None => problem.message,
        })
    }

    pub(super) fn complain_in_entry(&mut self, complaint: Option<String>) {
        if let Some(Overlay::Entry(entry)) = self.overlays.last_mut() {
            entry.complaint = complaint;
        }
    }

    /// A test is complete: it becomes a condition, or a filter of the form below.
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
                let condition = Condition::attribute(question.table.clone(), question.column.clone(), test);
                self.insert(group.clone(), *index, condition);
            }
            Purpose::EditCondition(path) => {
                let path = path.clone();
                self.change(|segment| {
                    let Some(Node::Condition(condition)) = segment.node_mut(&path) else { return None };
                    match &mut condition.kind {
                        Kind::Attribute(attribute) => attribute.test = test,
                        Kind::Aggregate(aggregate) => aggregate.test = test,
                        Kind::Purchase(_) | Kind::List(_) => return None,
                    }
                    Some(path.clone())
                });
                self.overlays.clear();
            }
            purpose @ (Purpose::NewFilter | Purpose::EditFilter(_)) => {
                let at = if let Purpose::EditFilter(at) = purpose { Some(*at) } else { None };
                // Pickers lie over the form; they have done their work.
                while let Some(top) = self.overlays.last_mut() {
                    if let Overlay::Purchase(form) = top {
                        form.set_filter(at, &question.column, test);
                        return;
                    }
                    self.overlays.pop();
                }
            }
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
        let Some(editor) = &mut self.editor else { return false };
        let before = editor.definition();
        let Some(path) = editor.edit(edit) else { return false };
        editor.criteria.cursor = if path.steps.is_empty() { Spot::Side(path.side) } else { Spot::Node(path) };
        editor.settle();
        if editor.definition() != before {
            self.definition_changed();
        }
        true
    }

    /// Opens what changes the condition at the cursor.
    pub(super) fn edit_condition(&mut self) {
        let Some(editor) = &self.editor else { return };
        let Some(path) = editor.criteria.path().cloned() else {
            if matches!(editor.criteria.cursor, Spot::Add(_)) {
                self.ask_condition(None);
            }
            return;
        };
        match editor.segment().node(&path) {
            Some(Node::Group(_)) => {
                let folded = editor.criteria.folded.contains(&path);
                if let Some(editor) = &mut self.editor {
                    editor.fold(!folded);
                }
            }
            Some(Node::Condition(condition)) => {
                let condition = condition.clone();
                self.edit_kind(path, &condition);
            }
            Some(Node::Unreadable(_)) => {
                self.say(Message::note(
                    "this version does not understand this condition: mend the file, or remove it",
                ));
            }
            None => {}
        }
    }

    fn edit_kind(&mut self, path: NodePath, condition: &Condition) {
        if let Kind::List(list) = &condition.kind {
            return self.edit_list(path, list);
        }
        let purpose = Purpose::EditCondition(path.clone());
        if let Some(form) = Purchase::edit(purpose, condition) {
            self.overlays.push(Overlay::Purchase(form));
            return;
        }
        match self.question(&path) {
            Some(question) if question.op.arity() == Arity::None => self.choose_operator(),
            Some(question) => self.ask_value(question),
            None => self.choose_operator(),
        }
    }

    /// The question that the condition at a path answers, if it is a test of a column that exists.
    fn question(&self, path: &NodePath) -> Option<Question> {
        let Some(Node::Condition(condition)) = self.editor.as_ref()?.segment().node(path) else {
            return None;
        };
        let Kind::Attribute(attribute) = &condition.kind else { return None };
        let data_type =
            self.with_schema(|schema| schema.column_type(&attribute.table, &attribute.column)).ok()?;
        let op = attribute.test.op.filter(|op| Operator::of(data_type).contains(op))?;
        Some(Question {
            purpose: Purpose::EditCondition(path.clone()),
            table: attribute.table.clone(),
            column: attribute.column.clone(),
            data_type,
            op,
            before: attribute.test.clone(),
        })
    }

    /// Opens the list of operators for the condition at the cursor.
    pub(super) fn choose_operator(&mut self) {
        let Some(editor) = &self.editor else { return };
        let Some(path) = editor.criteria.path().cloned() else { return };
        let Some(Node::Condition(condition)) = editor.segment().node(&path) else {
            return self.say(Message::note("the operator of a group is & (AND/OR)"));
        };
        let Kind::Attribute(attribute) = &condition.kind else {
            let condition = condition.clone();
            return match &condition.kind {
                Kind::Purchase(_) => self.edit_kind(path, &condition),
                Kind::List(list) => self.choose_list_operator(&path, list.op),
                _ => self.say(Message::note("this version does not edit this kind of condition yet")),
            };
        };
        match self.with_schema(|schema| schema.column_type(&attribute.table, &attribute.column)) {
            Err(missing) => self.say(Message::note(format!("{missing}: {}", missing.help))),
            Ok(data_type) => {
                let now = attribute.test.op;
                let items = Operator::of(data_type).iter().map(|op| Item {
                    search: op.search_text(),
                    ..Item::new(Choice::Operator(path.clone(), *op), op.label())
                });
                let mut pick = Pick::new(items.collect());
                pick.go_to(|choice| matches!(choice, Choice::Operator(_, op) if Some(*op) == now));
                let title =
                    self.with_schema(|schema| schema.column_label(&attribute.table, &attribute.column));
                self.overlays.push(Overlay::Choose(Choose { title, pick }));
            }
        }
    }

    /// Another operator was chosen: the value stays where it fits, else it is asked for.
    fn take_operator(&mut self, path: &NodePath, op: Operator) {
        let Some(Node::Condition(condition)) =
            self.editor.as_ref().and_then(|editor| editor.segment().node(path))
        else {
            return;
        };
        let Kind::Attribute(attribute) = &condition.kind else { return };
        let Ok(data_type) =
            self.with_schema(|schema| schema.column_type(&attribute.table, &attribute.column))
        else {
            return;
        };
        let before = attribute.test.clone();
        let (table, column) = (attribute.table.clone(), attribute.column.clone());
        let purpose = Purpose::EditCondition(path.clone());
        let arity = before.op.map(Operator::arity);
        let value = match (arity, op.arity(), before.value.as_deref().cloned()) {
            (Some(from), to, value) if from == to => value,
            (Some(Arity::One), Arity::Many, Some(value)) => Some(Value::Array(vec![value])),
            (Some(Arity::Many), Arity::One, Some(Value::Array(items))) if items.len() == 1 => {
                items.into_iter().next()
            }
            (Some(Arity::One), Arity::Two, Some(value)) => Some(Value::Array(vec![value, Value::Null])),
            (Some(Arity::Two), Arity::One, Some(Value::Array(items))) => items.into_iter().next(),
            _ => None,
        };
        let fits = op.arity() == Arity::None || value.is_some() && arity == Some(op.arity());
        let before = Test { value: value.clone().map(TestValue::from), ..before };
        let question = Question { purpose, table, column, data_type, op, before };
        if fits {
            let (case, ends) =
                (question.before.match_case == Some(true), question.before.inclusive == Some(true));
            let value = value.filter(|_| op.arity() != Arity::None);
            self.answered(&question, value, case, ends);
        } else {
            self.ask_value(question);
        }
    }

    /// The form of a purchase behaviour asks for something.
    pub(super) fn purchase_asked(&mut self, asked: Asked) {
        let Some(Overlay::Purchase(form)) = self.overlays.last() else { return };
        let purpose = form.purpose.clone();
        let filters = form.filters.clone();
        match asked {
            Asked::Nothing => {}
            Asked::Take(condition) if self.complaint_about_condition(condition.clone()).is_some() => {
                let complaint = self.complaint_about_condition(condition);
                if let Some(Overlay::Purchase(form)) = self.overlays.last_mut() {
                    form.complaint = complaint;
                }
            }
            Asked::Take(condition) => match purpose {
                Purpose::NewCondition(group, index) => self.insert(group, index, condition),
                Purpose::EditCondition(path) => {
                    self.change(|segment| {
                        let Some(Node::Condition(slot)) = segment.node_mut(&path) else { return None };
                        *slot = condition;
                        Some(path.clone())
                    });
                    self.overlays.clear();
                }
                Purpose::NewFilter | Purpose::EditFilter(_) => {}
            },
            Asked::NewFilter => self.ask_filter(Purpose::NewFilter),
            Asked::EditFilter(at) => self.edit_filter(at, filters.get(at)),
        }
    }

    /// Opens the picker at a filter's column and operator.
    fn edit_filter(&mut self, at: usize, filter: Option<&Filter>) {
        let Some(filter) = filter else { return };
        self.ask_filter(Purpose::EditFilter(at));
        let Some(database) = self.database().cloned() else { return };
        let table = self.with_schema(|schema| schema.items_table()).unwrap_or_default();
        let data_type = self.with_schema(|schema| schema.column_type(&table, &filter.column));
        if let (Some(Overlay::Add(add)), Ok(data_type)) = (self.overlays.last_mut(), data_type) {
            let subject = Subject::Attribute { table, column: filter.column.clone(), data_type };
            add.start_at(&subject, &database);
            add.operators.go_to(|op| matches!(op, Comparing::Test(op) if Some(*op) == filter.test.op));
        }
    }

    /// Opens the picker over the items' columns.
    pub(super) fn ask_filter(&mut self, purpose: Purpose) {
        let Some(database) = self.database().cloned() else { return };
        match self.with_schema(|schema| schema.items_table()) {
            Err(missing) => self.say(Message::note(format!("{missing}: {}", missing.help))),
            Ok(name) => {
                let Some(table) = database.table(&name) else { return };
                let add = Add::within(purpose, table, &database, &self.activation_id());
                self.overlays.push(Overlay::Add(add));
            }
        }
    }

    pub(super) fn take_choice(&mut self, choice: Choice) {
        match choice {
            Choice::Operator(path, op) => self.take_operator(&path, op),
            Choice::ListOperator(path, op) => self.take_list_operator(&path, op),
            Choice::Database(at) => self.switch_database(at),
            Choice::Draft(id) => self.resume(&id),
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
