//! Choosing another operator for the line of the cursor.

use serde_json::Value;

use super::state::Editor;
use crate::app::command::Command;
use crate::app::layer::{Cx, Outcome};
use crate::app::layers::ask_value::ask_value;
use crate::app::layers::choose::Choose;
use crate::app::pick::Item;
use crate::app::prompt::{Comparison, EditTarget, Prompt};
use crate::app::view::View;
use crate::app::what_if::Line;
use crate::segment::{
    Arity, ConditionKind, DataType, Keyword, ListOperator, NodePath, Operator, Test, TestValue,
};

impl Editor {
    /// Opens the list of operators for the line of the cursor.
    pub(super) fn choose_operator(&mut self, cx: &mut Cx<'_>) -> Outcome {
        let Some(target) = self.target_at_cursor() else { return Outcome::stay() };
        if let EditTarget::EditCondition(path) = &target {
            let Some(condition) = self.view(cx.session).condition_at(path).cloned() else {
                cx.session.note("the operator of a group is & (AND/OR)");
                return Outcome::stay();
            };
            match &condition.kind {
                ConditionKind::Purchase(_) => return self.edit_condition(path.clone(), &condition, cx),
                ConditionKind::List(list) => return choose_list_operator(path, list.op),
                ConditionKind::Attribute(_) | ConditionKind::Aggregate(_) => {}
            }
        }
        self.choose_operator_for(target, cx)
    }

    pub(super) fn choose_operator_for(&mut self, target: EditTarget, cx: &mut Cx<'_>) -> Outcome {
        let Some(Comparison { table, measure, test }) = self.comparison(&target, cx.session) else {
            return Outcome::stay();
        };
        let view = self.view(cx.session);
        match view.with_schema(|schema| measure.data_type(&table, schema)) {
            Err(missing) => {
                cx.session.note(missing.one_line());
                Outcome::stay()
            }
            Ok(data_type) => {
                let set = |op: Operator| Command::SetOperator(target.clone(), op);
                let items = Operator::for_type(data_type)
                    .iter()
                    .map(|op| Item { search: op.search_text(), ..Item::new(set(*op), op.label()) });
                let title = view.with_schema(|schema| measure.label(&table, schema));
                let choose = Choose::new(&title, items.collect(), test.op.map(set).as_ref());
                let before = Comparison { table, measure, test };
                let line = |op: &Operator| changed_line(&target, &before, data_type, *op, view);
                Outcome::open(choose.with_lines(Operator::for_type(data_type).iter().map(line).collect()))
            }
        }
    }

    /// Another operator was chosen: the value stays where it fits, else it is asked for.
    pub(super) fn set_operator(&mut self, target: &EditTarget, op: Operator, cx: &mut Cx<'_>) -> Outcome {
        let Some(Comparison { table, measure, test: before }) = self.comparison(target, cx.session) else {
            return Outcome::stay();
        };
        let data_type = self.view(cx.session).with_schema(|schema| measure.data_type(&table, schema));
        let Ok(data_type) = data_type else { return Outcome::stay() };
        let has_value = before.value.as_ref().is_some_and(|value| !value.is_null());
        if before.op == Some(op) && (op.arity() == Arity::None || has_value) {
            return Outcome::stay();
        }
        let value = carried_value(&before, op);
        let fits = op.arity() == Arity::None
            || value.is_some() && before.op.map(Operator::arity) == Some(op.arity());
        let before = Test { value: value.clone().map(TestValue::from), ..before };
        let prompt = Prompt { target: target.clone(), table, measure, data_type, op, before };
        // A range of another kind may have to meet more: an anniversary is not longer than a year.
        let test = prompt.unchanged_test(value.filter(|_| op.arity() != Arity::None));
        let is_complete = fits && self.view(cx.session).test_complaint(&prompt, &test).is_none();
        if is_complete || op.arity() == Arity::None {
            self.set_test(&prompt, test, cx.session)
        } else {
            ask_value(prompt, cx)
        }
    }
}

/// The line at a target with another operator, where the value it has fits that.
fn changed_line(
    target: &EditTarget,
    before: &Comparison,
    data_type: DataType,
    op: Operator,
    view: View<'_>,
) -> Option<Line> {
    let Comparison { table, measure, test } = before.clone();
    let value = carried_value(&test, op).filter(|_| op.arity() != Arity::None);
    let prompt = Prompt { target: target.clone(), table, measure, data_type, op, before: test };
    let test = prompt.unchanged_test(value);
    let is_sound = view.test_complaint(&prompt, &test).is_none();
    prompt.line(test, view.segment?).filter(|_| is_sound)
}

/// The value of a test as another operator would take it, as far as it can.
fn carried_value(before: &Test, op: Operator) -> Option<Value> {
    match (before.op.map(Operator::arity), op.arity(), before.value.as_deref().cloned()) {
        (Some(from), to, value) if from == to => value,
        (Some(Arity::One), Arity::Many, Some(value)) => Some(Value::Array(vec![value])),
        (Some(Arity::Many), Arity::One, Some(Value::Array(items))) if items.len() == 1 => {
            items.into_iter().next()
        }
        (Some(Arity::One), Arity::Two, Some(value)) => Some(Value::Array(vec![value, Value::Null])),
        (Some(Arity::Two), Arity::One, Some(Value::Array(items))) => items.into_iter().next(),
        _ => None,
    }
}

/// Offers both operators of a list.
fn choose_list_operator(path: &NodePath, current: Option<ListOperator>) -> Outcome {
    let set = |op: ListOperator| Command::SetListOperator(path.clone(), op);
    let items = ListOperator::ALL.iter().map(|op| Item::new(set(*op), op.label())).collect();
    Outcome::open(Choose::new("Customer list", items, current.map(set).as_ref()))
}
