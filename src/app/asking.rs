//! From a picked column to a complete condition: which overlay asks for what.

use crossterm::event::{KeyCode, KeyEvent};
use serde_json::Value;

use super::App;
use super::editor::lines::Spot;
use super::editor::tables::Entry;
use super::effect::Effect;
use super::message::Message;
use super::overlay::add::{Add, Picked, Subject};
use super::overlay::confirm::{Answer, Confirm};
use super::overlay::entry::Entry as TypedValue;
use super::overlay::pick::{Item, Pick};
use super::overlay::purchase::{Asked, Purchase};
use super::overlay::purpose::{Purpose, Question};
use super::overlay::values::{Values, pasted_list};
use super::overlay::{Choice, Choose, Overlay};
use crate::segment::edit;
use crate::segment::{Arity, Condition, DataType, Kind, Node, NodePath, Operator, Segment, Side, Test};

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
        let entries = editor.tables.entries(self.database()?, &self.activation_id());
        match entries.get(editor.tables.cursor)? {
            Entry::Attribute { table, column, data_type, .. } => Some(Subject::Attribute {
                table: table.clone(),
                column: column.clone(),
                data_type: *data_type,
            }),
            Entry::Behaviour(behaviour) => Some(Subject::Behaviour(*behaviour)),
            Entry::Branch { .. } | Entry::Note(_) => None,
        }
    }

    /// A column and an operator were picked, or a behaviour.
    pub(super) fn picked(&mut self, purpose: Purpose, picked: Picked) {
        match picked {
            Picked::Attribute { table, column, data_type, op } => {
                let before = Test::default();
                self.ask_value(Question { purpose, table, column, data_type, op, before });
            }
            Picked::Behaviour(behaviour, op) => {
                self.overlays.push(Overlay::Purchase(Purchase::new(purpose, behaviour, op)));
            }
        }
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
            without: question.purpose.without().cloned(),
            as_of,
        };
        self.ask(effect);
    }

    /// A test is complete: it becomes a condition, or a filter of the form below.
    fn answered(&mut self, question: &Question, value: Option<Value>, match_case: bool, inclusive: bool) {
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
    fn insert(&mut self, group: NodePath, index: usize, condition: Condition) {
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
        let value = match (arity, op.arity(), before.value.clone()) {
            (Some(from), to, value) if from == to => value,
            (Some(Arity::One), Arity::Many, Some(value)) => Some(Value::Array(vec![value])),
            (Some(Arity::Many), Arity::One, Some(Value::Array(items))) if items.len() == 1 => {
                items.into_iter().next()
            }
            _ => None,
        };
        let fits = op.arity() == Arity::None || value.is_some() && arity == Some(op.arity());
        let before = Test { value: value.clone(), ..before };
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

    /// Enter in an overlay.
    pub(super) fn accept(&mut self) {
        let database = self.database().cloned();
        match self.overlays.last_mut() {
            Some(Overlay::Add(add)) => {
                if let Some(picked) = add.right() {
                    let purpose = add.purpose.clone();
                    self.picked(purpose, picked);
                }
            }
            Some(Overlay::Values(values)) => match values.answer() {
                Ok(value) => {
                    let (question, case) = (values.question.clone(), values.match_case);
                    self.answered(&question, Some(value), case, false);
                }
                Err(complaint) => values.complaint = Some(complaint),
            },
            Some(Overlay::Entry(entry)) => {
                if entry.focus + 1 < entry.fields.len() {
                    return entry.step(1);
                }
                match entry.answer() {
                    Ok(None) => {
                        entry.complaint = Some("type a value, or Esc to leave it as it was".to_owned())
                    }
                    Ok(value) => {
                        let (question, case, ends) =
                            (entry.question.clone(), entry.match_case, entry.inclusive);
                        self.answered(&question, value, case, ends);
                    }
                    Err(complaint) => entry.complaint = Some(complaint),
                }
            }
            Some(Overlay::Purchase(form)) => {
                let asked = form.accept();
                self.purchase_asked(asked);
            }
            Some(Overlay::SaveAs(save_as)) => {
                if save_as.accept() {
                    let save_as = save_as.clone();
                    self.take_name(&save_as);
                }
            }
            Some(Overlay::Choose(choose)) => {
                let choice = choose
                    .pick
                    .current()
                    .filter(|item| item.disabled.is_none())
                    .map(|item| item.value.clone());
                if let Some(choice) = choice {
                    self.overlays.pop();
                    self.take_choice(choice);
                }
            }
            Some(Overlay::Confirm(confirm)) => {
                if let Some(answer) = confirm.answer() {
                    self.take_answer(answer);
                }
            }
            Some(Overlay::Commands(commands)) => {
                let item = commands.pick.current().map(|item| (item.value, item.disabled.clone()));
                match item {
                    Some((action, None)) => {
                        self.overlays.pop();
                        self.perform(action);
                    }
                    Some((_, Some(reason))) => self.say(Message::note(reason)),
                    None => {}
                }
            }
            Some(Overlay::Messages(_)) | None => {
                if let (Some(editor), Some(_)) = (&mut self.editor, database) {
                    editor.tables.finding = false;
                }
            }
        }
    }

    /// The form of a purchase behaviour asks for something.
    pub(super) fn purchase_asked(&mut self, asked: Asked) {
        let Some(Overlay::Purchase(form)) = self.overlays.last() else { return };
        let purpose = form.purpose.clone();
        let filters = form.filters.clone();
        match asked {
            Asked::Nothing => {}
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
            Asked::NewFilter => self.ask_filter(),
            Asked::EditFilter(at) => {
                let table = self.with_schema(|schema| schema.items_table()).unwrap_or_default();
                let Some(filter) = filters.get(at) else { return };
                let data_type = self.with_schema(|schema| schema.column_type(&table, &filter.column));
                let (Ok(data_type), Some(op)) = (data_type, filter.test.op) else { return };
                self.ask_value(Question {
                    purpose: Purpose::EditFilter(at),
                    table,
                    column: filter.column.clone(),
                    data_type,
                    op,
                    before: filter.test.clone(),
                });
            }
        }
    }

    /// Opens the picker over the items' columns.
    pub(super) fn ask_filter(&mut self) {
        let Some(database) = self.database().cloned() else { return };
        match self.with_schema(|schema| schema.items_table()) {
            Err(missing) => self.say(Message::note(format!("{missing}: {}", missing.help))),
            Ok(name) => {
                let Some(table) = database.table(&name) else { return };
                let add = Add::within(Purpose::NewFilter, table, &database, &self.activation_id());
                self.overlays.push(Overlay::Add(add));
            }
        }
    }

    fn take_choice(&mut self, choice: Choice) {
        match choice {
            Choice::Operator(path, op) => self.take_operator(&path, op),
            Choice::Database(at) => self.switch_database(at),
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

    /// Keys that are no action go where text is typed.
    pub(super) fn type_key(&mut self, key: KeyEvent) {
        let database = self.database().cloned();
        match self.overlays.last_mut() {
            Some(Overlay::Add(add)) => drop(database.map(|database| add.input(key, &database))),
            Some(Overlay::Values(values)) => values.input(key),
            Some(Overlay::Entry(entry)) => entry.input(key),
            Some(Overlay::Purchase(form)) => form.input(key),
            Some(Overlay::SaveAs(save_as)) => save_as.input(key),
            Some(Overlay::Choose(choose)) => choose.pick.input(key),
            Some(Overlay::Commands(commands)) => commands.pick.input(key),
            Some(Overlay::Confirm(confirm)) => {
                if let KeyCode::Char(letter) = key.code
                    && let Some(answer) = confirm.answer_of(letter)
                {
                    self.take_answer(answer);
                }
            }
            Some(Overlay::Messages(_)) => {}
            None => self.type_below(key),
        }
    }

    fn type_below(&mut self, key: KeyEvent) {
        if self.home.finding && self.editor.is_none() {
            if self.home.find.input(key) {
                self.home.cursor = 0;
                self.preview();
            }
        } else if let Some(editor) = &mut self.editor
            && editor.tables.finding
            && editor.tables.find.input(key)
        {
            editor.tables.cursor = 0;
        }
    }

    /// Pasted text goes where text is typed, never to the keys; a list is asked about first.
    pub(super) fn paste(&mut self, text: &str) {
        self.messages.settle();
        let database = self.database().cloned();
        match self.overlays.last_mut() {
            Some(Overlay::Values(values)) if values.is_many() && pasted_list(text).0.len() > 1 => {
                let (list, doubles) = pasted_list(text);
                let known = values.counts.as_ref().and_then(|counts| counts.as_ref().ok()).map(|counts| {
                    list.iter()
                        .filter(|value| counts.values.iter().any(|known| known.value == **value))
                        .count()
                });
                let mut lines = vec![format!("{} values, trimmed; {doubles} doubles dropped", list.len())];
                lines.extend(known.map(|known| format!("{known} of them occur in the column exactly so")));
                let title = "Take the pasted list?";
                let answers = vec![('y', "Take", Answer::TakeList(list)), ('n', "Leave", Answer::Nothing)];
                self.overlays.push(Overlay::Confirm(Confirm::new(title, lines, answers)));
            }
            Some(Overlay::Values(values)) => values.paste(text),
            Some(Overlay::Add(add)) => drop(database.map(|database| add.paste(text, &database))),
            Some(Overlay::Entry(entry)) => entry.paste(text),
            Some(Overlay::Purchase(form)) => form.paste(text),
            Some(Overlay::SaveAs(save_as)) => save_as.paste(text),
            Some(Overlay::Choose(choose)) => choose.pick.paste(text),
            Some(Overlay::Commands(commands)) => commands.pick.paste(text),
            Some(Overlay::Confirm(_) | Overlay::Messages(_)) => {}
            None => match &mut self.editor {
                Some(editor) if editor.tables.finding => {
                    editor.tables.find.paste(text);
                    editor.tables.cursor = 0;
                }
                None if self.home.finding => {
                    self.home.find.paste(text);
                    self.home.cursor = 0;
                    self.preview();
                }
                _ => self.say(Message::note("pasted text is taken where text is typed: find first with /")),
            },
        }
    }

    /// The list of activation IDs, or of databases.
    pub(super) fn choose(&mut self, title: &str, items: Vec<Item<Choice>>, is_now: impl Fn(&Choice) -> bool) {
        let mut pick = Pick::new(items);
        pick.go_to(is_now);
        self.overlays.push(Overlay::Choose(Choose { title: title.to_owned(), pick }));
    }
}
