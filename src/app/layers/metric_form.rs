//! The form of a custom metric.

use crossterm::event::{KeyCode, KeyEvent};

use super::choose::Choose;
use crate::app::action::{Action, Context};
use crate::app::command::Command;
use crate::app::effect::Effect;
use crate::app::event::Event;
use crate::app::field::Field;
use crate::app::layer::{Check, Cx, Layer, Outcome, is_bound};
use crate::app::pick::Item;
use crate::app::view::View;
use crate::backend::{Metric, MetricFormat, MetricFunction, MetricKind};
use crate::segment::{DataType, Keyword};
use crate::workspace::MetricChange;

/// A field of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MetricField {
    /// Its title.
    Name,
    /// A number or bars.
    Kind,
    /// Of which table and column.
    Column,
    /// What is computed.
    Function,
    /// How the number is written.
    Format,
    /// What stands behind it.
    Unit,
}

/// The form of a custom metric.
#[derive(Clone, Debug)]
pub struct MetricForm {
    /// The metric as it stands, but for its name and unit.
    pub metric: Metric,
    /// Its name.
    pub name: Field,
    /// Its unit.
    pub unit: Field,
    /// The field that keys go to.
    pub focus: MetricField,
    /// Why it cannot be saved as it stands.
    pub complaint: Option<String>,
    /// What is changed; none for a new one.
    pub before: Option<Metric>,
    /// Whether it is being saved.
    is_sent: bool,
}

impl MetricForm {
    /// A new metric.
    #[must_use]
    pub(crate) fn add(database: String, activation_id: String) -> Self {
        let metric = Metric {
            database,
            activation_id,
            name: String::new(),
            kind: MetricKind::Number,
            table: String::new(),
            column: None,
            function: MetricFunction::Rows,
            format: MetricFormat::Integer,
            unit: String::new(),
        };
        Self { before: None, ..Self::of(metric) }
    }

    /// Another one in the place of this one.
    #[must_use]
    pub(crate) fn change(metric: Metric) -> Self {
        Self { before: Some(metric.clone()), ..Self::of(metric) }
    }

    fn of(metric: Metric) -> Self {
        Self {
            name: Field::with(&metric.name),
            unit: Field::with(&metric.unit),
            focus: MetricField::Name,
            complaint: None,
            before: None,
            is_sent: false,
            metric,
        }
    }

    /// The fields that there are just now.
    #[must_use]
    pub fn fields(&self) -> &'static [MetricField] {
        use MetricField as F;
        match self.metric.kind {
            MetricKind::Number => &[F::Name, F::Kind, F::Column, F::Function, F::Format, F::Unit],
            MetricKind::Bars => &[F::Name, F::Kind, F::Column],
        }
    }

    fn step(&mut self, by: isize) {
        let fields = self.fields();
        let at = fields.iter().position(|field| *field == self.focus).unwrap_or(0);
        let next = (at.cast_signed() + by).rem_euclid(fields.len().cast_signed()).cast_unsigned();
        self.focus = fields.get(next).copied().unwrap_or(MetricField::Name);
    }

    fn text(&mut self) -> Option<&mut Field> {
        match self.focus {
            MetricField::Name => Some(&mut self.name),
            MetricField::Unit => Some(&mut self.unit),
            _ => None,
        }
    }

    /// The next or previous choice of the field at the cursor.
    fn turn(&mut self, by: isize, view: View<'_>) {
        self.complaint = None;
        let metric = &mut self.metric;
        match self.focus {
            MetricField::Kind => {
                metric.kind = other(metric.kind);
                if metric.kind == MetricKind::Bars && metric.column.is_none() {
                    metric.table.clear();
                }
            }
            MetricField::Function => {
                let functions = functions(metric, view);
                metric.function = turned(functions, metric.function, by);
            }
            MetricField::Format => {
                let formats = [MetricFormat::Integer, MetricFormat::Money, MetricFormat::Percent];
                metric.format = turned(&formats, metric.format, by);
            }
            MetricField::Name | MetricField::Column | MetricField::Unit => {}
        }
    }

    fn take_column(&mut self, table: &str, column: Option<&str>, view: View<'_>) {
        self.metric.table = table.to_owned();
        self.metric.column = column.map(str::to_owned);
        let functions = functions(&self.metric, view);
        if !functions.contains(&self.metric.function) {
            self.metric.function = functions.first().copied().unwrap_or_default();
        }
        self.complaint = None;
    }

    /// A list of all tables and columns that there can be metrics of.
    fn choose_column(&self, view: View<'_>) -> Outcome {
        let Some(database) = view.database() else { return Outcome::stay() };
        let mut items = Vec::new();
        let offered = |table: &&crate::database::Table| table.is_offered(&self.metric.activation_id);
        for table in database.tables.iter().filter(offered) {
            let command = |column: Option<&str>| Command::TakeMetricColumn {
                table: table.name.clone(),
                column: column.map(str::to_owned),
            };
            if self.metric.kind == MetricKind::Number {
                items.push(Item::new(command(None), format!("{}: its rows", table.title())).detail("rows"));
            }
            items.extend(table.columns().map(|column| {
                let label = format!("{}: {}", table.title(), column.label);
                Item::new(command(Some(&column.name)), label).detail(column.data_type.id())
            }));
        }
        let current = Command::TakeMetricColumn {
            table: self.metric.table.clone(),
            column: self.metric.column.clone(),
        };
        Outcome::open(Choose::new("Of which column", items, Some(&current)))
    }

    /// The metric as it would be saved, or why it cannot be.
    fn finished(&self) -> Result<Metric, String> {
        let name = self.name.text().trim();
        if name.is_empty() {
            return Err("the name is empty: give it one".to_owned());
        }
        if self.metric.table.is_empty() {
            return Err("no column is chosen: choose one with Enter".to_owned());
        }
        let unit = self.unit.text().trim().to_owned();
        Ok(Metric { name: name.to_owned(), unit, ..self.metric.clone() })
    }

    fn save(&mut self, cx: &mut Cx<'_>) {
        if self.is_sent {
            return;
        }
        match self.finished() {
            Err(complaint) => {
                self.focus =
                    if complaint.starts_with("the name") { MetricField::Name } else { MetricField::Column };
                self.complaint = Some(complaint);
            }
            Ok(after) => {
                let change = match self.before.clone() {
                    Some(before) => MetricChange::Replace { before, after },
                    None => MetricChange::Add(after),
                };
                self.is_sent = true;
                cx.session.request(Effect::ChangeMetric(Box::new(change)));
            }
        }
    }
}

/// What can be computed of the metric's column.
fn functions(metric: &Metric, view: View<'_>) -> &'static [MetricFunction] {
    use MetricFunction as F;
    let Some(name) = &metric.column else { return &[F::Rows] };
    let table = view.database().and_then(|database| database.table(&metric.table));
    let data_type = table.and_then(|table| table.column(name)).map(|column| column.data_type);
    match data_type {
        Some(DataType::Integer | DataType::Decimal) => {
            &[F::Sum, F::Avg, F::Min, F::Max, F::Count, F::Distinct]
        }
        _ => &[F::Count, F::Distinct],
    }
}

fn other(kind: MetricKind) -> MetricKind {
    match kind {
        MetricKind::Number => MetricKind::Bars,
        MetricKind::Bars => MetricKind::Number,
    }
}

fn turned<T: Copy + PartialEq>(choices: &[T], now: T, by: isize) -> T {
    let at = choices.iter().position(|choice| *choice == now).unwrap_or(0);
    let count = choices.len().max(1).cast_signed();
    let next = (at.cast_signed() + by).rem_euclid(count).cast_unsigned();
    choices.get(next).copied().unwrap_or(now)
}

impl Layer for MetricForm {
    fn contexts(&self) -> Vec<Context> {
        vec![Context::MetricForm]
    }

    fn check(&self, action: Action, _: View<'_>) -> Check {
        is_bound(action, &self.contexts())
    }

    fn perform(&mut self, action: Action, cx: &mut Cx<'_>) -> Outcome {
        match action {
            Action::Up | Action::PreviousField => self.step(-1),
            Action::Down | Action::NextField => self.step(1),
            Action::Left | Action::Right => {
                let code = if action == Action::Left { KeyCode::Left } else { KeyCode::Right };
                match self.text() {
                    Some(field) => drop(field.input(code.into())),
                    None => self.turn(if action == Action::Left { -1 } else { 1 }, cx.view()),
                }
            }
            Action::Accept if self.focus == MetricField::Column => return self.choose_column(cx.view()),
            Action::Accept | Action::Apply => self.save(cx),
            Action::Back => return Outcome::close(),
            _ => return Outcome::pass(),
        }
        Outcome::stay()
    }

    fn type_key(&mut self, key: KeyEvent, cx: &mut Cx<'_>) -> Outcome {
        match (self.text(), key.code) {
            (Some(field), _) => {
                field.input(key);
                self.complaint = None;
            }
            (None, KeyCode::Char(' ')) => self.turn(1, cx.view()),
            (None, _) => {}
        }
        Outcome::stay()
    }

    fn paste(&mut self, text: &str, _: &mut Cx<'_>) -> Outcome {
        if let Some(field) = self.text() {
            field.paste(text);
        }
        Outcome::stay()
    }

    fn receive(&mut self, event: &Event, cx: &mut Cx<'_>) -> Outcome {
        match event {
            Event::MetricChanged { result } if self.is_sent => {
                self.is_sent = false;
                match result {
                    Ok(()) => {
                        let name = self.name.text().trim().to_owned();
                        let done = if self.before.is_some() { "changed" } else { "added" };
                        cx.session.note(format!("{done} {name}"));
                        Outcome::close().then_ask(Command::ShowMetric(name))
                    }
                    Err(failure) => {
                        self.complaint = Some(format!("{}: {}", failure.message, failure.help_text()));
                        Outcome::stay()
                    }
                }
            }
            _ => Outcome::pass(),
        }
    }

    fn take(&mut self, command: &Command, cx: &mut Cx<'_>) -> Outcome {
        match command {
            Command::TakeMetricColumn { table, column } => {
                self.take_column(table, column.as_deref(), cx.view());
                self.step(1);
                Outcome::stay()
            }
            _ => Outcome::pass(),
        }
    }

    fn shows_below(&self) -> bool {
        true
    }
}
