//! The line on which a condition is typed: what was understood of it, and what may follow.

use std::ops::Range;
use std::sync::Arc;

use crossterm::event::KeyEvent;
use serde_json::Value;

use super::reading::{Reading, reading};
use crate::app::action::{Action, Context};
use crate::app::command::Command;
use crate::app::event::Event;
use crate::app::examples::examples;
use crate::app::field::Field;
use crate::app::fuzzy;
use crate::app::layer::{Cx, Layer, Outcome};
use crate::app::name_search;
use crate::app::prompt::EditTarget;
use crate::app::view::View;
use crate::app::what_if::WhatIf;
use crate::backend::{Count, ValueCounts};
use crate::database::Database;
use crate::segment::parser::{self, Candidate, Catalog, Completions, ValueColumn, value_literal};
use crate::segment::{ConditionKind, Operator};

/// How many values are listed at most; typing finds the others.
const MOST_VALUES: usize = 200;
/// How many values of a line are looked up at most.
const MOST_ASKED: usize = 20;

/// The line.
#[derive(Clone, Debug)]
pub struct QuickAdd {
    /// Where the condition goes.
    pub target: EditTarget,
    /// What is typed.
    pub line: Field,
    /// What it comes to.
    pub reading: Reading,
    offers: Completions,
    catalog: Option<KnownNames>,
    /// The values of the column that was asked for last, once they are counted.
    counts: Option<(ValueColumn, Counts)>,
    completions: Vec<Completion>,
    /// The completion that was chosen; `None` while only typing goes on.
    pub chosen: Option<usize>,
    /// What the segment would be with the condition.
    pub what_if: WhatIf,
    /// The other tables that have an attribute of the name that was taken to be the customers table's.
    pub also_in: Vec<String>,
    /// Lines that can be typed on the open database.
    pub examples: Vec<String>,
}

/// The names of a database as seen through an activation ID.
#[derive(Clone, Debug)]
struct KnownNames {
    database: Option<Arc<Database>>,
    id: String,
    catalog: Arc<Catalog>,
}

/// The values of a column, or why they are not known; `None` while they are being counted.
type Counts = Option<Result<Arc<ValueCounts>, String>>;

/// Something that can be written at the cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// What it takes the place of, in bytes of the line.
    place: Range<usize>,
    /// Its name.
    pub label: String,
    /// Something short beside it.
    pub detail: String,
    /// How many customers have the value, for one that was counted.
    pub count: Option<Count>,
    /// What is written.
    written: Written,
    /// Whether it takes the place of what was not understood.
    is_instead: bool,
}

/// What is written for a completion.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Written {
    Text(String),
    /// That of an offer, which is made when it is taken.
    Offer(Candidate),
}

impl QuickAdd {
    /// A line with this text.
    #[must_use]
    pub fn new(target: EditTarget, text: &str) -> Self {
        Self {
            target,
            line: Field::with(text),
            reading: Reading::Empty,
            offers: Completions::default(),
            catalog: None,
            counts: None,
            completions: Vec::new(),
            chosen: None,
            what_if: WhatIf::default(),
            also_in: Vec::new(),
            examples: Vec::new(),
        }
    }

    /// The line up to the cursor.
    #[must_use]
    pub(crate) fn before_cursor(&self) -> &str {
        let text = self.line.text();
        let end = text.char_indices().nth(self.line.cursor()).map_or(text.len(), |(at, _)| at);
        text.get(..end).unwrap_or_default()
    }

    /// What is known of values holds no more.
    fn forget_counts(&mut self) {
        self.counts = None;
    }

    /// The column whose values have to be counted now, if they are not known.
    fn take_uncounted(&mut self) -> Option<ValueColumn> {
        let wanted = self.offers.values.clone()?;
        if self.counts.as_ref().is_some_and(|(of, _)| *of == wanted) {
            return None;
        }
        self.counts = Some((wanted.clone(), None));
        Some(wanted)
    }

    /// The values of a column were counted.
    fn counted(&mut self, table: &str, column: &str, result: &Result<Arc<ValueCounts>, String>) {
        if let Some((of, counts)) = &mut self.counts
            && of.table == table
            && of.column == column
        {
            *counts = Some(result.clone());
            self.find();
            self.offer_instead();
        }
    }

    /// Whether values are wanted that are still being counted, or why they are not known.
    #[must_use]
    pub fn counting(&self) -> Option<Result<(), &str>> {
        let wanted = self.offers.values.as_ref()?;
        match self.counts.as_ref().filter(|(of, _)| of == wanted)? {
            (_, None) => Some(Ok(())),
            (_, Some(Err(failure))) => Some(Err(failure)),
            (_, Some(Ok(_))) => None,
        }
    }

    /// A value that the line asks for, of the column that is being typed of, and that nobody has. Nothing
    /// is said of values that are not all listed.
    #[must_use]
    pub(crate) fn unknown_value(&self) -> Option<&str> {
        let Reading::Understood(condition) = &self.reading else { return None };
        let wanted = self.offers.values.as_ref()?;
        let (_, counts) = self.counts.as_ref().filter(|(of, _)| of == wanted)?;
        let counts = counts.as_ref()?.as_ref().ok().filter(|counts| counts.left_out == 0)?;
        let of_column = match &condition.kind {
            ConditionKind::Attribute(attribute) => (attribute.table == wanted.table
                && attribute.column == wanted.column)
                .then_some(&attribute.test),
            ConditionKind::Purchase(_) | ConditionKind::Aggregate(_) | ConditionKind::List(_) => None,
        };
        let filters = condition.filters().iter().filter(|filter| filter.column == wanted.column);
        let tests = of_column.into_iter().chain(filters.map(|filter| &filter.test));
        let asked = tests.filter_map(|test| match (test.op?, test.value.as_deref()?) {
            (Operator::IsExactly, value) => Some(std::slice::from_ref(value)),
            (Operator::IsInList, Value::Array(values)) => Some(values.as_slice()),
            _ => None,
        });
        let mut asked = asked.flatten().filter_map(Value::as_str).take(MOST_ASKED);
        asked.find(|value| {
            let lower = value.to_lowercase();
            !value.trim().is_empty() && !counts.values.iter().any(|known| known.value.to_lowercase() == lower)
        })
    }

    /// What can be written at the cursor.
    #[must_use]
    pub fn completions(&self) -> &[Completion] {
        &self.completions
    }

    /// Moves among the completions; up from the first is back to what is typed.
    fn step(&mut self, by: isize) {
        let last = self.completions.len().checked_sub(1);
        self.chosen = match (self.chosen, by) {
            (None, ..=0) => None,
            (None, by) => last.map(|last| by.unsigned_abs().saturating_sub(1).min(last)),
            (Some(0), ..0) => None,
            (Some(at), by) => last.map(|last| at.saturating_add_signed(by).min(last)),
        };
    }

    /// Writes the completion that is chosen, else the first; whether there is one.
    fn take_completion(&mut self) -> bool {
        let Some(completion) = self.completions.get(self.chosen.unwrap_or(0)).cloned() else { return false };
        let taken = match completion.written {
            Written::Text(text) => Some(text),
            Written::Offer(offer) => self.offers.completion(offer).map(|offer| offer.text),
        };
        let Some(taken) = taken else { return false };
        let text = self.line.text();
        let before = text.get(..completion.place.start).unwrap_or_default();
        let after = text.get(completion.place.end..).unwrap_or_default();
        let blank = if before.is_empty() || before.ends_with([' ', '(']) { "" } else { " " };
        let written = format!("{before}{blank}{taken}");
        let after = if written.ends_with(' ') { after.trim_start() } else { after };
        self.line = Field::at(&format!("{written}{after}"), written.chars().count());
        true
    }

    /// Whether the line makes no sense yet, but may when it is typed on.
    #[must_use]
    pub(crate) fn is_under_way(&self) -> bool {
        let Reading::ParseError(parse_error) = &self.reading else { return false };
        let text = self.line.text();
        let end = text.trim_end().len();
        let is_last_word = parse_error.place().end >= end && self.before_cursor().len() == text.len();
        parse_error.place().start >= end
            || is_last_word && self.completions.iter().any(|offered| !offered.is_instead)
    }

    /// Looks for what can be written at the cursor.
    fn find(&mut self) {
        self.chosen = None;
        let end = self.before_cursor().len();
        let from = self.offers.from.min(end);
        let typed = self.before_cursor().get(from..).unwrap_or_default();
        let typed = typed.trim_start_matches('"').to_owned();
        let found = self.offers.going_on().chain(name_search::search(&typed, &self.offers));
        let offered = found.map(|offer| Completion {
            place: self.offers.begin(offer)..end,
            label: self.offers.label(offer).to_owned(),
            detail: self.offers.detail(offer),
            count: None,
            written: Written::Offer(offer),
            is_instead: false,
        });
        self.completions = offered.chain(self.values(&typed, from..end)).collect();
    }

    /// What could stand in place of what is wrong comes first.
    fn offer_instead(&mut self) {
        if let Reading::ParseError(parse_error) = &self.reading
            && !self.is_under_way()
        {
            let instead = parse_error.alternatives.iter().map(|text| Completion {
                place: parse_error.place().clone(),
                label: text.clone(),
                detail: "instead".to_owned(),
                count: None,
                written: Written::Text(text.clone()),
                is_instead: true,
            });
            self.completions.splice(0..0, instead);
        }
    }

    /// The values that match what is typed.
    fn values(&self, typed: &str, place: Range<usize>) -> Vec<Completion> {
        let Some(wanted) = &self.offers.values else { return Vec::new() };
        let Some((_, Some(Ok(counts)))) = self.counts.as_ref().filter(|(of, _)| of == wanted) else {
            return Vec::new();
        };
        let found = fuzzy::search(typed, counts.values.iter().map(|value| value.value.as_str()));
        let values = found.into_iter().take(MOST_VALUES).filter_map(|at| counts.values.get(at));
        let completion = |value: &crate::backend::ValueCount| Completion {
            place: place.clone(),
            label: value.value.clone(),
            detail: String::new(),
            count: Some(value.count),
            written: Written::Text(value_literal(&value.value)),
            is_instead: false,
        };
        values.map(completion).collect()
    }
}

impl QuickAdd {
    /// The line with this text, read.
    pub(super) fn open(target: EditTarget, text: &str, cx: &mut Cx<'_>) -> Outcome {
        let mut line = Self::new(target, text);
        line.read(cx);
        line.examples = examples(cx.view());
        Outcome::open(line)
    }

    /// Reads the line anew, and asks for the values that may follow.
    fn read(&mut self, cx: &mut Cx<'_>) {
        let view = cx.view();
        let catalog = self.catalog(view);
        let (text, before) = (self.line.text(), self.before_cursor());
        let (offers, said) = view.with_schema(|schema| parser::complete_with(before, schema, &catalog));
        self.reading = match (text.trim().is_empty(), before.len() == text.len()) {
            (true, _) => Reading::Empty,
            (_, true) => reading(said, view),
            (_, false) => {
                reading(view.with_schema(|schema| parser::parse_with(text, schema, &catalog)), view)
            }
        };
        self.also_in = match &self.reading {
            Reading::Understood(condition) => view.with_schema(|schema| {
                parser::tables_with_same_name(self.line.text(), condition, schema, &catalog)
            }),
            Reading::Empty | Reading::Refused(..) | Reading::ParseError(_) => Vec::new(),
        };
        self.offers = offers;
        self.find();
        self.suggest(&catalog);
        self.offer_instead();
        let Some(wanted) = self.take_uncounted() else { return };
        let effect = cx.view().count_column(&wanted.table, &wanted.column, self.target.without());
        cx.session.effects.extend(effect);
    }

    /// The names of the open database, looked up once for the line.
    fn catalog(&mut self, view: View<'_>) -> Arc<Catalog> {
        let (database, id) = (view.database().cloned(), view.activation_id());
        let known = self.catalog.take().filter(|known| {
            known.database.as_ref().map(Arc::as_ptr) == database.as_ref().map(Arc::as_ptr) && known.id == id
        });
        let known = known.unwrap_or_else(|| {
            let catalog = Arc::new(view.with_schema(|schema| Catalog::new(schema)));
            KnownNames { database, id, catalog }
        });
        let catalog = Arc::clone(&known.catalog);
        self.catalog = Some(known);
        catalog
    }

    /// Says what was probably meant, once the line is wrong and not only unfinished.
    fn suggest(&mut self, catalog: &Catalog) {
        if !self.is_under_way()
            && let Reading::ParseError(error) = &mut self.reading
        {
            *error = error.clone().with_suggestion(catalog);
        }
    }

    /// Writes the completion that was chosen, else takes the condition. To stay is to go on with the next
    /// one.
    fn accept(&mut self, more: bool, cx: &mut Cx<'_>) -> Outcome {
        if self.chosen.is_some() {
            return self.complete_line(cx);
        }
        match &self.reading {
            Reading::Understood(condition) => {
                return Outcome::ask(Command::SetCondition {
                    target: self.target.clone(),
                    condition: Box::new(condition.clone()),
                    is_rewrite: matches!(self.target, EditTarget::EditCondition(_)),
                    more,
                });
            }
            Reading::Empty => cx.session.note("type a condition, or Esc to leave"),
            Reading::Refused(_, complaint) => cx.session.note(complaint.clone()),
            Reading::ParseError(error) => {
                let error = error.clone();
                let catalog = self.catalog(cx.view());
                cx.session.note(error.with_suggestion(&catalog).diagnostic.one_line());
            }
        }
        Outcome::stay()
    }

    /// Takes the conditions of several lines; where one is not understood, it is what is typed from now on, and none is
    /// taken.
    fn take_lines(&mut self, lines: &[&str], cx: &mut Cx<'_>) -> Outcome {
        let catalog = self.catalog(cx.view());
        let mut conditions = Vec::new();
        for (at, line) in lines.iter().enumerate() {
            let view = cx.view();
            let said = view.with_schema(|schema| parser::parse_with(line, schema, &catalog));
            let complaint = match reading(said, view) {
                Reading::Understood(condition) => {
                    conditions.push(condition);
                    continue;
                }
                Reading::Refused(_, complaint) => complaint,
                Reading::ParseError(error) => error.with_suggestion(&catalog).diagnostic.one_line(),
                Reading::Empty => continue,
            };
            self.line = Field::with(line);
            self.read(cx);
            let count = lines.len();
            cx.session.note(format!("line {} of {count} pasted lines: {complaint}; none was taken", at + 1));
            return Outcome::stay();
        }
        Outcome::ask(Command::SetConditions { target: self.target.clone(), conditions })
    }

    fn complete_line(&mut self, cx: &mut Cx<'_>) -> Outcome {
        if self.take_completion() {
            self.read(cx);
        }
        Outcome::stay()
    }
}

impl Layer for QuickAdd {
    fn contexts(&self) -> Vec<Context> {
        vec![Context::QuickAdd]
    }

    fn perform(&mut self, action: Action, cx: &mut Cx<'_>) -> Outcome {
        if let Some(by) = action.step(cx.session.page()) {
            self.step(by);
            return Outcome::stay();
        }
        match action {
            Action::Accept => self.accept(false, cx),
            Action::AcceptMore => self.accept(true, cx),
            Action::Complete => self.complete_line(cx),
            Action::Back => Outcome::close(),
            _ => Outcome::pass(),
        }
    }

    fn type_key(&mut self, key: KeyEvent, cx: &mut Cx<'_>) -> Outcome {
        self.line.input(key);
        self.read(cx);
        Outcome::stay()
    }

    /// Several lines are several conditions, all of them or none.
    fn paste(&mut self, text: &str, cx: &mut Cx<'_>) -> Outcome {
        let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        let is_new = matches!(self.target, EditTarget::NewCondition(..));
        if let [first, rest @ ..] = lines.as_slice()
            && !rest.is_empty()
            && is_new
        {
            // What is typed already is the beginning of the first.
            let first = format!("{}{first}", self.before_cursor());
            let lines: Vec<&str> = std::iter::once(first.as_str()).chain(rest.iter().copied()).collect();
            return self.take_lines(&lines, cx);
        }
        self.line.paste(text);
        self.read(cx);
        Outcome::stay()
    }

    fn receive(&mut self, event: &Event, cx: &mut Cx<'_>) -> Outcome {
        match event {
            Event::Listed(_) if cx.is_top => self.read(cx),
            Event::Counted { table, column, result } => {
                self.counted(table, column, &result.clone().map_err(|failure| failure.message));
            }
            _ => {}
        }
        if self.what_if.receive(event) {
            return Outcome::stay();
        }
        // Others may have asked for the same.
        Outcome::pass()
    }

    fn keep_up(&mut self, definition: u64, cx: &mut Cx<'_>) {
        let line = match &self.reading {
            Reading::Understood(condition) => Some((self.target.clone(), condition.clone())),
            Reading::Empty | Reading::Refused(..) | Reading::ParseError(_) => None,
        };
        if cx.is_top {
            self.what_if.ask(vec![line], definition, cx);
        }
    }

    fn refresh(&mut self, cx: &mut Cx<'_>) {
        self.forget_counts();
        self.read(cx);
    }
}
