//! The fields for values that are typed: texts, numbers, dates, and the two ends of a range.

use std::sync::Arc;

use chrono::NaiveDate;
use crossterm::event::KeyEvent;
use serde_json::Value;

use super::paste::PastedValues;
use super::values::Values;
use crate::app::action::{Action, Context};
use crate::app::command::Command;
use crate::app::event::Event;
use crate::app::field::Field;
use crate::app::layer::{Check, Cx, Layer, Outcome, is_bound};
use crate::app::prompt::Prompt;
use crate::app::typed::{parse_date, parse_number, resolve_day, typed_text};
use crate::app::view::View;
use crate::app::what_if::{Line, WhatIf};
use crate::backend::{ColumnName, ValueCounts};
use crate::segment::{Arity, DataType, DateValue, Operator};

/// The fields for a typed value.
#[derive(Clone, Debug)]
pub struct ValueEntry {
    /// What is asked.
    pub prompt: Prompt,
    /// One field, or the two ends of a range.
    pub fields: Vec<Field>,
    /// The field that keys go to.
    pub focus: usize,
    /// Compare exactly.
    pub match_case: bool,
    /// Take in the ends of a range.
    pub inclusive: bool,
    /// The column's values, once they are counted.
    pub counts: Option<Result<Arc<ValueCounts>, String>>,
    /// What the segment would be with what is typed.
    pub what_if: WhatIf,
    /// Why the answer cannot be taken as it stands.
    pub complaint: Option<String>,
}

impl ValueEntry {
    /// Asks for one value, or two.
    #[must_use]
    pub fn new(prompt: Prompt) -> Self {
        let count = if prompt.op.arity() == Arity::Two { 2 } else { 1 };
        let fields = (0..count).map(|at| {
            before(&prompt, at).map_or_else(Field::default, |value| Field::with(&typed_text(value)))
        });
        Self {
            fields: fields.collect(),
            focus: 0,
            match_case: prompt.before.match_case == Some(true),
            inclusive: prompt.before.inclusive == Some(true),
            prompt,
            counts: None,
            what_if: WhatIf::default(),
            complaint: None,
        }
    }

    /// Goes to another field; the first comes after the last.
    fn step(&mut self, by: isize) {
        let count = self.fields.len().max(1);
        self.focus = (self.focus.saturating_add(count).saturating_add_signed(by)) % count;
    }

    fn change(&mut self, change: impl FnOnce(&mut Field)) {
        if let Some(field) = self.fields.get_mut(self.focus) {
            change(field);
            self.complaint = None;
        }
    }

    /// Puts a value into each field.
    fn fill(&mut self, values: &[Arc<str>]) {
        for (field, value) in self.fields.iter_mut().zip(values) {
            *field = Field::with(value);
        }
        self.complaint = None;
    }

    /// What a field's text comes to: a resolved day, or what is wrong with it. Empty where there is
    /// nothing to say.
    #[must_use]
    pub fn meaning(&self, at: usize, as_of: NaiveDate) -> Option<Result<String, String>> {
        let text = self.fields.get(at)?.text();
        if text.trim().is_empty() {
            return None;
        }
        match self.prompt.data_type {
            DataType::Date | DataType::Datetime => Some(resolve_day(text, as_of)),
            DataType::Integer | DataType::Decimal => parse_number(text).err().map(Err),
            DataType::String | DataType::Boolean => None,
        }
    }

    /// The value that a field came with, if it was left as it was and is one of the column's type: then
    /// it stays as it was written.
    fn unchanged(&self, at: usize) -> Option<&Value> {
        let value = before(&self.prompt, at)?;
        let fits = match self.prompt.data_type {
            DataType::Integer | DataType::Decimal => value.is_number(),
            DataType::Date | DataType::Datetime => DateValue::from_json(value).is_ok(),
            DataType::String | DataType::Boolean => value.is_string(),
        };
        let text = self.fields.get(at)?.text();
        (fits && text == Field::with(&typed_text(value)).text()).then_some(value)
    }

    /// The value as documents write it; `None` while nothing is typed.
    ///
    /// # Errors
    /// A text is no number or no date.
    pub fn answer(&self) -> Result<Option<Value>, String> {
        let mut values = Vec::new();
        for (at, field) in self.fields.iter().enumerate() {
            let text = field.text();
            if let Some(value) = self.unchanged(at) {
                values.push(value.clone());
                continue;
            }
            values.push(match self.prompt.data_type {
                DataType::String | DataType::Boolean => Value::String(text.to_owned()),
                _ if text.trim().is_empty() => Value::Null,
                DataType::Integer | DataType::Decimal => parse_number(text)?,
                DataType::Date | DataType::Datetime => parse_date(text)?,
            });
        }
        Ok(match self.prompt.op.arity() {
            Arity::Two if values.iter().all(Value::is_null) => None,
            Arity::Two => Some(Value::Array(values)),
            Arity::None | Arity::One | Arity::Many => values.pop().filter(|value| !value.is_null()),
        })
    }
}

/// The value that a field starts from.
fn before(prompt: &Prompt, at: usize) -> Option<&Value> {
    match prompt.before.value.as_deref() {
        Some(Value::Array(items)) => items.get(at),
        value => value.filter(|_| at == 0),
    }
}

impl ValueEntry {
    fn accept(&mut self, cx: &Cx<'_>) -> Outcome {
        if self.focus + 1 < self.fields.len() {
            self.step(1);
            return Outcome::stay();
        }
        let value = match self.answer() {
            Ok(Some(value)) => value,
            Ok(None) => return self.complain("type a value, or Esc to leave it as it was".to_owned()),
            Err(complaint) => return self.complain(complaint),
        };
        let test = self.prompt.answer(Some(value), self.match_case, self.inclusive);
        match cx.view().test_complaint(&self.prompt, &test) {
            None => Outcome::ask(Command::SetTest(Box::new(self.prompt.clone()), test)),
            Some(complaint) => self.complain(complaint),
        }
    }

    /// The line with what is typed, if that can be taken.
    fn line(&self, view: View<'_>) -> Option<Line> {
        let value = self.answer().ok()??;
        let test = self.prompt.answer(Some(value), self.match_case, self.inclusive);
        let is_sound = view.test_complaint(&self.prompt, &test).is_none();
        self.prompt.line(test, view.segment?).filter(|_| is_sound)
    }

    fn complain(&mut self, complaint: String) -> Outcome {
        self.complaint = Some(complaint);
        Outcome::stay()
    }
}

impl Layer for ValueEntry {
    fn contexts(&self) -> Vec<Context> {
        vec![Context::ValueEntry]
    }

    fn column(&self) -> Option<ColumnName> {
        let Prompt { table, measure, .. } = &self.prompt;
        let column = measure.column()?.to_owned();
        Some(ColumnName { table: table.clone(), column })
    }

    fn check(&self, action: Action, _: View<'_>) -> Check {
        match action {
            Action::ToggleCase => Check::only_if(
                self.prompt.data_type == DataType::String,
                "only texts have upper and lower case",
            ),
            Action::ToggleEnds => {
                Check::only_if(self.prompt.op == Operator::IsBetween, "only a range has ends")
            }
            _ => is_bound(action, &self.contexts()),
        }
    }

    fn perform(&mut self, action: Action, cx: &mut Cx<'_>) -> Outcome {
        if let Some(by) = action.step(cx.session.page()) {
            self.step(by);
            return Outcome::stay();
        }
        match action {
            Action::Accept => return self.accept(cx),
            Action::ToggleCase => self.match_case = !self.match_case,
            Action::ToggleEnds => self.inclusive = !self.inclusive,
            Action::Back => return Outcome::close(),
            _ => return Outcome::pass(),
        }
        Outcome::stay()
    }

    fn type_key(&mut self, key: KeyEvent, _: &mut Cx<'_>) -> Outcome {
        self.change(|field| {
            field.input(key);
        });
        Outcome::stay()
    }

    /// One value is typed, two are the ends of a range, several are asked about.
    fn paste(&mut self, text: &str, _: &mut Cx<'_>) -> Outcome {
        let pasted = PastedValues::read(text, &self.prompt);
        let arity = self.prompt.op.arity();
        match (pasted.values(), arity) {
            ([], _) => return Outcome::stay(),
            ([only], _) => self.change(|field| field.paste(only)),
            (ends @ [_, _], Arity::Two) => self.fill(ends),
            (several, _) => {
                let count = several.len();
                let counts = self.counts.as_ref().and_then(|counts| counts.as_ref().ok());
                if let Some(question) = pasted.question(&self.prompt, self.match_case, counts) {
                    return Outcome::open(question);
                }
                let taken = if arity == Arity::Two { "two are" } else { "one is" };
                self.complaint = Some(format!("{count} values were pasted; {taken} taken here"));
            }
        }
        Outcome::stay()
    }

    fn receive(&mut self, event: &Event, _: &mut Cx<'_>) -> Outcome {
        if let Event::Counted { table, column, result } = event
            && self.prompt.is_about(table, column)
        {
            self.counts = Some(result.clone().map_err(|failure| failure.message));
        }
        if self.what_if.receive(event) {
            return Outcome::stay();
        }
        // Others may have asked for the same.
        Outcome::pass()
    }

    fn take(&mut self, command: &Command, cx: &mut Cx<'_>) -> Outcome {
        match command {
            Command::TakeValues { values, instead: Some(op) } => {
                let counts = self.counts.as_ref().and_then(|counts| counts.as_ref().ok()).cloned();
                Values::replace_by_many(&self.prompt, *op, values, counts, cx)
            }
            _ => Outcome::pass(),
        }
    }

    fn keep_up(&mut self, definition: u64, cx: &mut Cx<'_>) {
        if cx.is_top {
            let line = self.line(cx.view());
            self.what_if.ask(vec![line], definition, cx);
        }
    }

    fn refresh(&mut self, cx: &mut Cx<'_>) {
        let effect = cx.view().count_values(&self.prompt);
        cx.session.effects.extend(effect);
    }
}
