//! The value picker: every value of a column with its counts, one or many to tick.

use std::collections::HashSet;
use std::sync::Arc;

use crossterm::event::KeyEvent;
use serde_json::Value;

use super::paste::PastedValues;
use crate::app::action::{Action, Context};
use crate::app::command::Command;
use crate::app::event::Event;
use crate::app::field::Field;
use crate::app::fuzzy;
use crate::app::layer::{Check, Cx, Layer, Outcome, is_bound};
use crate::app::prompt::Prompt;
use crate::app::typed::parse_number;
use crate::app::view::View;
use crate::app::what_if::WhatIf;
use crate::backend::{ColumnName, Count, ValueCount, ValueCounts};
use crate::segment::{Arity, DataType, Operator, Test};

/// What is said while values are searched for that are not there yet.
const TOO_EARLY: &str = "the values are still being counted; once more takes what is typed as it is";
/// The value picker.
#[derive(Clone, Debug)]
pub struct Values {
    /// What is asked.
    pub prompt: Prompt,
    /// What is searched for.
    pub query: Field,
    /// The values, once they are counted.
    pub counts: Option<Result<Arc<ValueCounts>, String>>,
    /// What is ticked, in the order of ticking.
    ticked: Vec<Arc<str>>,
    is_ticked: HashSet<Arc<str>>,
    /// The values that were counted, the most frequent first.
    counted: Vec<ValueRow>,
    /// The order of the list.
    pub order: ValueOrder,
    /// Compare exactly.
    pub match_case: bool,
    pub(super) rows: Vec<ValueRow>,
    pub(super) cursor: usize,
    /// What the segment would be with each of the values near the cursor, and with all that are ticked.
    pub(super) what_if: WhatIf,
    /// Why the answer cannot be taken as it stands.
    pub complaint: Option<String>,
}

/// The order of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueOrder {
    /// The most frequent first.
    ByCount,
    /// By name.
    ByName,
}

/// A line of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueRow {
    /// The value, as documents write it.
    pub value: Arc<str>,
    /// How many customers have it; `None` for a value that is only typed or ticked.
    pub count: Option<Count>,
}

impl Values {
    /// Asks for the values of a column.
    #[must_use]
    pub fn new(prompt: Prompt) -> Self {
        let ticked: Vec<Arc<str>> = match prompt.before.value.as_deref() {
            Some(Value::Array(items)) => items.iter().map(text).collect(),
            Some(value @ (Value::String(_) | Value::Number(_))) if is_many(&prompt) => vec![text(value)],
            _ => Vec::new(),
        };
        // Of what a function makes of rows there is nothing to be counted.
        let counts = prompt.measure.values_of().is_none().then(|| Ok(Arc::default()));
        let match_case = prompt.before.match_case == Some(true);
        let mut values = Self {
            prompt,
            query: Field::default(),
            counts,
            is_ticked: ticked.iter().cloned().collect(),
            ticked,
            counted: Vec::new(),
            order: ValueOrder::ByCount,
            match_case,
            rows: Vec::new(),
            cursor: 0,
            what_if: WhatIf::default(),
            complaint: None,
        };
        values.search();
        values
    }

    /// The value that is there already.
    fn before(&self) -> Option<&Value> {
        self.prompt
            .before
            .value
            .as_deref()
            .filter(|value| matches!(value, Value::String(_) | Value::Number(_)))
    }

    /// Whether several values are ticked, rather than one taken.
    #[must_use]
    pub(crate) fn is_many(&self) -> bool {
        is_many(&self.prompt)
    }

    /// The counts have come.
    fn counted(&mut self, counts: Result<Arc<ValueCounts>, String>) {
        let current = self.rows.get(self.cursor).map(|row| row.value.clone());
        let first = self.counts.is_none();
        let values = counts.as_ref().map(|counts| counts.values.as_slice()).unwrap_or_default();
        let row =
            |value: &ValueCount| ValueRow { value: value.value.as_str().into(), count: Some(value.count) };
        self.counted = values.iter().map(row).collect();
        self.counts = Some(counts);
        self.complaint = None;
        self.search();
        let wanted = match (self.prompt.before.value.as_deref(), first, self.is_many()) {
            (Some(value), true, false) => Some(text(value)),
            _ => current,
        };
        if let Some(at) = wanted.and_then(|wanted| self.rows.iter().position(|row| row.value == wanted)) {
            self.cursor = at;
        }
    }

    /// The lines that match the search.
    #[must_use]
    pub fn rows(&self) -> &[ValueRow] {
        &self.rows
    }

    /// The line of the cursor.
    #[must_use]
    pub fn cursor(&self) -> usize {
        self.cursor
    }

    /// What is ticked, in the order of ticking.
    #[must_use]
    pub fn ticked(&self) -> &[Arc<str>] {
        &self.ticked
    }

    /// Whether a value is ticked.
    #[must_use]
    pub fn is_ticked(&self, value: &str) -> bool {
        self.is_ticked.contains(value)
    }

    /// Moves the cursor.
    fn step(&mut self, by: isize) {
        self.cursor = self.cursor.saturating_add_signed(by).min(self.rows.len().saturating_sub(1));
    }

    /// Turns the order of the list around.
    fn sort(&mut self) {
        self.order = match self.order {
            ValueOrder::ByCount => ValueOrder::ByName,
            ValueOrder::ByName => ValueOrder::ByCount,
        };
        self.search();
    }

    /// Ticks or unticks the value at the cursor.
    fn tick(&mut self) {
        if let Some(row) = self.rows.get(self.cursor) {
            let value = row.value.clone();
            let on = !self.is_ticked(&value);
            self.set(&value, on);
        }
    }

    /// Ticks all that match the search; unticks them if all of them are ticked.
    fn tick_all(&mut self) {
        let values: Vec<Arc<str>> = self.rows.iter().map(|row| row.value.clone()).collect();
        if values.iter().all(|value| self.is_ticked(value)) {
            let gone: HashSet<Arc<str>> = values.into_iter().collect();
            self.ticked.retain(|value| !gone.contains(value));
            self.is_ticked.retain(|value| !gone.contains(value));
            self.complaint = None;
        } else {
            values.iter().for_each(|value| self.set(value, true));
        }
    }

    fn known_counts(&self) -> Option<Arc<ValueCounts>> {
        self.counts.as_ref()?.as_ref().ok().cloned()
    }

    /// Whether what is typed may still mean a value that is not counted yet: it is said once, so that no half of a word
    /// is taken for a value.
    fn is_too_early(&mut self) -> bool {
        let is_early = self.counts.is_none()
            && (!self.query.text().trim().is_empty() || self.rows.is_empty())
            && self.complaint.as_deref() != Some(TOO_EARLY);
        if is_early {
            self.complaint = Some(TOO_EARLY.to_owned());
        }
        is_early
    }

    fn tick_current(&mut self) {
        if let Some(value) = self.rows.get(self.cursor).map(|row| row.value.clone()) {
            self.set(&value, true);
        }
    }

    /// Ticks the value at the cursor and goes back to all values, for the next one to be searched for. Where one value
    /// is taken, several are from now on.
    fn tick_next(&mut self, cx: &mut Cx<'_>) -> Outcome {
        if self.is_too_early() {
            return Outcome::stay();
        }
        if self.is_many() {
            self.tick_current();
            (self.query, self.cursor) = (Field::default(), 0);
            self.search();
            return Outcome::stay();
        }
        let Some(op) = several(self.prompt.op) else { return Outcome::stay() };
        let Some(value) = self.rows.get(self.cursor).map(|row| row.value.clone()) else {
            return Outcome::stay();
        };
        Self::replace_by_many(&self.prompt, op, &[value], self.known_counts(), cx)
    }

    /// Ticks these values too.
    fn tick_these(&mut self, values: &[Arc<str>]) {
        self.is_ticked.reserve(values.len());
        for value in values {
            self.set(value, true);
        }
        self.search();
    }

    fn set(&mut self, value: &Arc<str>, on: bool) {
        self.complaint = None;
        if on {
            if self.is_ticked.insert(Arc::clone(value)) {
                self.ticked.push(Arc::clone(value));
            }
        } else if self.is_ticked.remove(value) {
            self.ticked.retain(|ticked| ticked != value);
        }
    }

    /// A value as documents write it.
    pub(super) fn json(&self, text: &str) -> Result<Value, String> {
        match self.prompt.data_type {
            DataType::Integer | DataType::Decimal => parse_number(text),
            DataType::String | DataType::Boolean | DataType::Date | DataType::Datetime => {
                Ok(Value::String(text.to_owned()))
            }
        }
    }

    /// The value as documents write it, or why there is none yet.
    ///
    /// # Errors
    /// Nothing is ticked, or a value is no number.
    pub(super) fn answer(&self) -> Result<Value, String> {
        let json = |text: &str| self.json(text);
        if !self.is_many() {
            let row = self.rows.get(self.cursor).ok_or("there is no such value: type one")?;
            return json(&row.value);
        }
        let taken = self.taken();
        if taken.is_empty() {
            return Err("tick at least one value".to_owned());
        }
        taken.iter().map(|text| json(text)).collect::<Result<Vec<_>, _>>().map(Value::Array)
    }

    /// The values that Enter takes where several are taken: what is ticked, and the value at the cursor where something is
    /// searched for or nothing is ticked.
    #[must_use]
    pub fn taken(&self) -> Vec<Arc<str>> {
        let is_searched = !self.query.text().trim().is_empty();
        let current = self.rows.get(self.cursor).filter(|_| is_searched || self.ticked.is_empty());
        let current = current.map(|row| &row.value).filter(|value| !self.is_ticked(value));
        self.ticked.iter().chain(current).cloned().collect()
    }

    fn search(&mut self) {
        let query = self.query.text();
        let known: HashSet<&str> = self.counted.iter().map(|row| &*row.value).collect();
        let before = self.before().filter(|_| !self.is_many()).map(text);
        let only_here = self.ticked.iter().chain(&before).filter(|value| !known.contains(&***value));
        let only_here = only_here.map(|value| ValueRow { value: Arc::clone(value), count: None });
        let mut rows: Vec<ValueRow> = only_here.chain(self.counted.iter().cloned()).collect();
        if self.order == ValueOrder::ByName {
            rows.sort_by_cached_key(|row| (row.value.to_lowercase(), Arc::clone(&row.value)));
        }
        let mut found = if query.trim().is_empty() {
            rows
        } else {
            let found = fuzzy::search(query, rows.iter().map(|row| &*row.value));
            found.into_iter().filter_map(|index| rows.get(index).cloned()).collect()
        };
        // What was typed can be taken as it is, although nobody has it.
        let typed = query.trim();
        if !typed.is_empty() && !found.iter().any(|row| row.value.to_lowercase() == typed.to_lowercase()) {
            found.push(ValueRow { value: typed.into(), count: None });
        }
        self.rows = found;
        self.cursor = self.cursor.min(self.rows.len().saturating_sub(1));
    }
}

/// The operator that takes several values in place of one that takes one.
fn several(op: Operator) -> Option<Operator> {
    match op {
        Operator::IsExactly => Some(Operator::IsInList),
        Operator::IsNotExactly => Some(Operator::IsNotInList),
        _ => None,
    }
}

fn is_many(prompt: &Prompt) -> bool {
    prompt.op.arity() == Arity::Many
}

fn text(value: &Value) -> Arc<str> {
    value.as_str().map_or_else(|| value.to_string().into(), Arc::from)
}

impl Values {
    fn accept(&mut self) -> Outcome {
        if self.is_too_early() {
            return Outcome::stay();
        }
        match self.answer() {
            Ok(value) => {
                let ends = self.prompt.before.inclusive == Some(true);
                let test = self.prompt.answer(Some(value), self.match_case, ends);
                Outcome::ask(Command::SetTest(Box::new(self.prompt.clone()), test))
            }
            Err(complaint) => {
                self.complaint = Some(complaint);
                Outcome::stay()
            }
        }
    }

    /// Several values that were pasted take the place of one: the picker of many values takes that of this
    /// one.
    pub(super) fn replace_by_many(
        prompt: &Prompt,
        op: Operator,
        values: &[Arc<str>],
        counts: Option<Arc<ValueCounts>>,
        cx: &mut Cx<'_>,
    ) -> Outcome {
        let before = Test { value: None, ..prompt.before.clone() };
        let mut picker = Self::new(Prompt { op, before, ..prompt.clone() });
        match counts {
            // They are those of the same column.
            Some(counts) => picker.counted(Ok(counts)),
            None => {
                let effect = cx.view().count_values(&picker.prompt);
                cx.session.effects.extend(effect);
            }
        }
        picker.tick_these(values);
        Outcome::close().then_open(picker)
    }
}

impl Layer for Values {
    fn contexts(&self) -> Vec<Context> {
        vec![Context::Values]
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
            Action::TickNext => {
                Check::only_if(self.is_many() || several(self.prompt.op).is_some(), "one value is taken here")
            }
            Action::Tick | Action::TickAll => Check::only_if(self.is_many(), "one value is taken here"),
            _ => is_bound(action, &self.contexts()),
        }
    }

    fn perform(&mut self, action: Action, cx: &mut Cx<'_>) -> Outcome {
        if let Some(by) = action.step(cx.session.page()) {
            self.step(by);
            return Outcome::stay();
        }
        match action {
            Action::Accept => return self.accept(),
            Action::Tick => self.tick(),
            Action::TickNext => return self.tick_next(cx),
            Action::TickAll => self.tick_all(),
            Action::SortValues => self.sort(),
            Action::ToggleCase => self.match_case = !self.match_case,
            Action::Back => return Outcome::close(),
            _ => return Outcome::pass(),
        }
        Outcome::stay()
    }

    fn type_key(&mut self, key: KeyEvent, _: &mut Cx<'_>) -> Outcome {
        if self.query.input(key) {
            self.search();
            self.cursor = 0;
        }
        Outcome::stay()
    }

    /// One value is typed, several are asked about.
    fn paste(&mut self, text: &str, _: &mut Cx<'_>) -> Outcome {
        let pasted = PastedValues::read(text, &self.prompt);
        match pasted.values() {
            [] => Outcome::stay(),
            [only] => {
                self.query.paste(only);
                self.search();
                self.cursor = 0;
                Outcome::stay()
            }
            _ => {
                let counts = self.counts.as_ref().and_then(|counts| counts.as_ref().ok());
                let question = pasted.question(&self.prompt, self.match_case, counts);
                question.map_or_else(Outcome::stay, Outcome::open)
            }
        }
    }

    fn keep_up(&mut self, definition: u64, cx: &mut Cx<'_>) {
        if cx.is_top {
            let lines = cx.view().segment.map(|segment| self.lines_near(segment)).unwrap_or_default();
            self.what_if.ask(lines, definition, cx);
        }
    }

    fn receive(&mut self, event: &Event, _: &mut Cx<'_>) -> Outcome {
        if self.what_if.receive(event) {
            return Outcome::stay();
        }
        if let Event::Counted { table, column, result } = event
            && self.prompt.is_about(table, column)
        {
            self.counted(result.clone().map_err(|failure| failure.message));
        }
        // Others may have asked for the same.
        Outcome::pass()
    }

    fn take(&mut self, command: &Command, cx: &mut Cx<'_>) -> Outcome {
        match command {
            Command::TakeValues { values, instead: Some(op) } => {
                Self::replace_by_many(&self.prompt, *op, values, self.known_counts(), cx)
            }
            Command::TakeValues { values, instead: None } => {
                self.tick_these(values);
                Outcome::stay()
            }
            _ => Outcome::pass(),
        }
    }

    fn refresh(&mut self, cx: &mut Cx<'_>) {
        let effect = cx.view().count_values(&self.prompt);
        cx.session.effects.extend(effect);
    }
}
