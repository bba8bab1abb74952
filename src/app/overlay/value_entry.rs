//! The fields for values that are typed: texts, numbers, dates, and the two ends of a range.

use std::sync::Arc;

use chrono::NaiveDate;
use crossterm::event::KeyEvent;
use serde_json::Value;

use super::prompt::Prompt;
use super::values::number;
use crate::app::field::Field;
use crate::backend::ValueCounts;
use crate::segment::{Arity, DataType, DateValue};

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
    /// Why the answer cannot be taken as it stands.
    pub complaint: Option<String>,
}

impl ValueEntry {
    /// Asks for one value, or two.
    #[must_use]
    pub fn new(prompt: Prompt) -> Self {
        let count = if prompt.op.arity() == Arity::Two { 2 } else { 1 };
        let fields = (0..count)
            .map(|at| before(&prompt, at).map_or_else(Field::default, |value| Field::with(&typed(value))));
        Self {
            fields: fields.collect(),
            focus: 0,
            match_case: prompt.before.match_case == Some(true),
            inclusive: prompt.before.inclusive == Some(true),
            prompt,
            counts: None,
            complaint: None,
        }
    }

    /// Goes to another field; the first comes after the last.
    pub fn step(&mut self, by: isize) {
        let count = self.fields.len().max(1);
        self.focus = (self.focus.saturating_add(count).saturating_add_signed(by)) % count;
    }

    /// Types into the focused field.
    pub fn input(&mut self, key: KeyEvent) {
        if let Some(field) = self.fields.get_mut(self.focus) {
            field.input(key);
            self.complaint = None;
        }
    }

    /// Pastes into the focused field.
    pub fn paste(&mut self, text: &str) {
        if let Some(field) = self.fields.get_mut(self.focus) {
            field.paste(text);
            self.complaint = None;
        }
    }

    /// Puts a value into each field.
    pub fn fill(&mut self, values: &[Arc<str>]) {
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
            DataType::Date | DataType::Datetime => Some(day(text, as_of)),
            DataType::Integer | DataType::Decimal => number(text).err().map(Err),
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
        (fits && text == Field::with(&typed(value)).text()).then_some(value)
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
                DataType::Integer | DataType::Decimal => number(text)?,
                DataType::Date | DataType::Datetime => date(text)?,
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

/// A value as it is typed.
pub(super) fn typed(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Object(map) => map.get("relative").and_then(Value::as_str).unwrap_or_default().to_owned(),
        other => other.to_string(),
    }
}

/// A typed date as documents write it.
pub(super) fn date(text: &str) -> Result<Value, String> {
    DateValue::parse(text).map(|date| date.to_json()).map_err(|error| format!("{error}: {}", error.help()))
}

/// The day that a typed date means.
pub(super) fn day(text: &str, as_of: NaiveDate) -> Result<String, String> {
    let resolved = DateValue::parse(text).and_then(|date| date.resolve(as_of));
    resolved.map(|date| date.at.to_string()).map_err(|error| format!("{error}: {}", error.help()))
}
