//! Changing what stands on a line: its value, its operator, what it looks at, on which rows.

use serde_json::Value;

use super::App;
use super::editor::criteria::Cursor;
use super::message::Message;
use super::overlay::add::{Add, AddColumn, Subject, SubjectOperator};
use super::overlay::pick::Item;
use super::overlay::prompt::{EditTarget, Measure, Owner, Prompt};
use super::overlay::purchase::Purchase;
use super::overlay::{Choice, Overlay};
use crate::segment::{Arity, Condition, ConditionKind, Node, NodePath, Operator, Test, TestValue};

/// What a condition or a filter compares, and how.
pub(super) struct Tested {
    /// The table's name.
    pub table: String,
    /// What is compared.
    pub measure: Measure,
    /// How.
    pub test: Test,
}

impl App {
    /// The condition at a path.
    pub(super) fn condition_at(&self, path: &NodePath) -> Option<&Condition> {
        match self.editor.as_ref()?.segment().node(path)? {
            Node::Condition(condition) => Some(condition),
            Node::Group(_) | Node::Unreadable(_) => None,
        }
    }

    /// What editing the line of the cursor changes: a condition or a filter.
    fn target_at_cursor(&self) -> Option<EditTarget> {
        match &self.editor.as_ref()?.criteria.cursor {
            Cursor::Node(path) => Some(EditTarget::EditCondition(path.clone())),
            Cursor::Filter(path, at) => Some(EditTarget::EditFilter(Owner::Condition(path.clone()), *at)),
            Cursor::Side(_) | Cursor::Add(_) => None,
        }
    }

    /// The test that is to be changed; `None` for something new, and for what has no test of a column.
    pub(super) fn tested(&self, target: &EditTarget) -> Option<Tested> {
        let filter = match target {
            EditTarget::NewCondition(..) | EditTarget::NewFilter(..) => return None,
            EditTarget::EditCondition(path) => {
                return Some(match &self.condition_at(path)?.kind {
                    ConditionKind::Attribute(attribute) => Tested {
                        table: attribute.table.clone(),
                        measure: Measure::Column(attribute.column.clone()),
                        test: attribute.test.clone(),
                    },
                    ConditionKind::Aggregate(aggregate) => Tested {
                        table: aggregate.table.clone(),
                        measure: Measure::Aggregate(aggregate.function, aggregate.column.clone()),
                        test: aggregate.test.clone(),
                    },
                    ConditionKind::Purchase(_) | ConditionKind::List(_) => return None,
                });
            }
            EditTarget::EditFilter(Owner::Condition(path), at) => {
                self.condition_at(path)?.filters().get(*at)?
            }
            EditTarget::EditFilter(Owner::Form, at) => self.form()?.filters.get(*at)?,
        };
        Some(Tested {
            table: self.filtered_table(target)?,
            measure: Measure::Column(filter.column.clone()),
            test: filter.test.clone(),
        })
    }

    /// Opens what changes the line of the cursor.
    pub(super) fn edit_line(&mut self) {
        let Some(editor) = &self.editor else { return };
        match editor.criteria.cursor.clone() {
            Cursor::Side(_) => {}
            Cursor::Add(_) => self.ask_condition(None),
            Cursor::Filter(path, at) => self.edit_test(EditTarget::EditFilter(Owner::Condition(path), at)),
            Cursor::Node(path) => match editor.segment().node(&path) {
                Some(Node::Group(_)) => {
                    let folded = editor.criteria.folded.contains(&path);
                    if let Some(editor) = &mut self.editor {
                        editor.fold(!folded);
                    }
                }
                Some(Node::Condition(condition)) => {
                    let condition = condition.clone();
                    self.edit_condition(path, &condition);
                }
                Some(Node::Unreadable(_)) => {
                    self.notify(Message::note(
                        "this version does not understand this condition: mend the file, or remove it",
                    ));
                }
                None => {}
            },
        }
    }

    fn edit_condition(&mut self, path: NodePath, condition: &Condition) {
        if let ConditionKind::List(list) = &condition.kind {
            return self.edit_list(path, list);
        }
        let target = EditTarget::EditCondition(path);
        match Purchase::edit(target.clone(), condition) {
            Some(form) => self.overlays.push(Overlay::Purchase(form)),
            None => self.edit_test(target),
        }
    }

    /// Asks for the value of a test, or for its operator where that takes none.
    fn edit_test(&mut self, target: EditTarget) {
        match self.prompt(&target) {
            Some(prompt) if prompt.op.arity() != Arity::None => self.ask_value(prompt),
            _ => self.choose_operator_of(target),
        }
    }

    /// The question that a test answers, if its column exists and its operator fits.
    fn prompt(&self, target: &EditTarget) -> Option<Prompt> {
        let Tested { table, measure, test } = self.tested(target)?;
        let data_type = self.with_schema(|schema| measure.data_type(&table, schema)).ok()?;
        let op = test.op.filter(|op| Operator::for_type(data_type).contains(op))?;
        Some(Prompt { target: target.clone(), table, measure, data_type, op, before: test })
    }

    /// Opens the list of operators for the line of the cursor.
    pub(super) fn choose_operator(&mut self) {
        let Some(target) = self.target_at_cursor() else { return };
        if let EditTarget::EditCondition(path) = &target {
            let Some(condition) = self.condition_at(path).cloned() else {
                return self.notify(Message::note("the operator of a group is & (AND/OR)"));
            };
            match &condition.kind {
                ConditionKind::Purchase(_) => return self.edit_condition(path.clone(), &condition),
                ConditionKind::List(list) => return self.choose_list_operator(path, list.op),
                ConditionKind::Attribute(_) | ConditionKind::Aggregate(_) => {}
            }
        }
        self.choose_operator_of(target);
    }

    fn choose_operator_of(&mut self, target: EditTarget) {
        let Some(Tested { table, measure, test }) = self.tested(&target) else { return };
        match self.with_schema(|schema| measure.data_type(&table, schema)) {
            Err(missing) => self.notify(Message::note(missing.one_line())),
            Ok(data_type) => {
                let items = Operator::for_type(data_type).iter().map(|op| Item {
                    search: op.search_text(),
                    ..Item::new(Choice::Operator(target.clone(), *op), op.label())
                });
                let title = self.with_schema(|schema| measure.label(&table, schema));
                let is_now =
                    |choice: &Choice| matches!(choice, Choice::Operator(_, op) if Some(*op) == test.op);
                self.choose(&title, items.collect(), is_now);
            }
        }
    }

    /// Another operator was chosen: the value stays where it fits, else it is asked for.
    pub(super) fn take_operator(&mut self, target: EditTarget, op: Operator) {
        let Some(Tested { table, measure, test: before }) = self.tested(&target) else { return };
        let Ok(data_type) = self.with_schema(|schema| measure.data_type(&table, schema)) else { return };
        let has_value = before.value.as_ref().is_some_and(|value| !value.is_null());
        if before.op == Some(op) && (op.arity() == Arity::None || has_value) {
            return;
        }
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
        let prompt = Prompt { target, table, measure, data_type, op, before };
        let (case, ends) = (prompt.before.match_case == Some(true), prompt.before.inclusive == Some(true));
        let value = value.filter(|_| op.arity() != Arity::None);
        // A range of another kind may have to meet more: an anniversary is not longer than a year.
        let answer = prompt.answer(value.clone(), case, ends);
        if fits && self.complaint_about(&prompt, &answer).is_none() {
            self.answered(&prompt, value, case, ends);
        } else {
            self.ask_value(prompt);
        }
    }

    /// Opens the picker at what the line of the cursor looks at, to look at something else.
    pub(super) fn change_subject(&mut self) {
        let Some(target) = self.target_at_cursor() else { return };
        self.ask_subject(target);
        if let Some(Overlay::Add(add)) = self.overlays.last_mut() {
            add.focus = AddColumn::Subject;
        }
    }

    /// Why nothing else can be looked at just now.
    pub(super) fn change_disabled_reason(&self) -> Option<String> {
        let is_column = |tested: Tested| matches!(tested.measure, Measure::Column(_));
        let has_test = self.target_at_cursor().and_then(|target| self.tested(&target)).is_some_and(is_column);
        let node = self.editor.as_ref().and_then(|editor| editor.criteria.path());
        let condition = node.and_then(|path| self.condition_at(path));
        let is_purchase =
            condition.is_some_and(|condition| matches!(condition.kind, ConditionKind::Purchase(_)));
        let refusal = "put the cursor on a condition or a filter of a table to look at something else";
        (!has_test && !is_purchase).then(|| refusal.to_owned())
    }

    /// Opens the picker at what a condition or a filter looks at, with its operator.
    pub(super) fn ask_subject(&mut self, target: EditTarget) {
        let Some(database) = self.database().cloned() else { return };
        let (subject, now) = match self.tested(&target) {
            Some(Tested { table, measure, test }) => {
                let data_type = self.with_schema(|schema| measure.data_type(&table, schema));
                let subject = data_type.ok().map(|data_type| Subject::Measure { table, measure, data_type });
                (subject, test.op.map(SubjectOperator::Test))
            }
            None => match target.without().and_then(|path| self.condition_at(path)) {
                Some(Condition { kind: ConditionKind::Purchase(purchase), .. }) => {
                    (Some(Subject::Behaviour(purchase.behaviour)), purchase.op.map(SubjectOperator::Amount))
                }
                _ => (None, None),
            },
        };
        let mut add = if target.is_filter() {
            let table = self.filtered_table(&target);
            let Some(table) = table.and_then(|table| database.table(&table)) else { return };
            Add::within(target, table, &database, &self.activation_id())
        } else {
            Add::new(target, &database, &self.activation_id())
        };
        if let Some(subject) = subject {
            add.start_at(&subject, &database);
            add.operators.go_to(|candidate| Some(*candidate) == now);
        }
        self.overlays.push(Overlay::Add(add));
    }
}
