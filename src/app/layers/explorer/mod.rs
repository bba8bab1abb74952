//! The data explorer: every table and column, and what they hold.

mod listed;
mod profiles;
mod sample;

use std::sync::Arc;

use crossterm::event::KeyEvent;

pub use listed::Listed;
pub use profiles::Profiles;
pub use sample::Sample;

pub use crate::app::remembered::ExplorerPane;

use super::pages::{has_value, new_segment};
use crate::app::action::{Action, Context};
use crate::app::command::Command;
use crate::app::copying;
use crate::app::event::Event;
use crate::app::field::Field;
use crate::app::layer::{Check, Cx, Layer, Outcome, is_bound};
use crate::app::message::Message;
use crate::app::remembered::Explored;
use crate::app::view::View;
use crate::backend::{ColumnName, ColumnProfile, ListedValue};
use crate::database::{Database, Table};
use crate::segment::{Condition, DataType, Group, Match, Node, Segment, UNTITLED};

/// The data explorer.
#[derive(Clone, Debug, Default)]
pub struct Explorer {
    /// What is searched for.
    pub find: Field,
    /// Whether keys go into the search.
    pub finding: bool,
    /// The pane that has the keys.
    pub pane: ExplorerPane,
    /// From where one step back leaves the explorer.
    entry: ExplorerPane,
    /// The tables.
    pub tables: Listed,
    /// The columns of the table at the cursor.
    pub columns: Listed,
    /// Of which table they are.
    of: Option<String>,
    /// The line of the cursor among the most frequent values.
    pub value: usize,
    /// What is known.
    pub profiles: Profiles,
    /// Sample rows.
    pub sample: Sample,
}

impl Explorer {
    /// Opens at a column, or else where one was last.
    pub(crate) fn open(at: Option<ColumnName>, cx: &mut Cx<'_>) -> Self {
        let before = cx.session.remembered.explored.clone();
        let (table, column, pane, entry) = match at {
            Some(ColumnName { table, column }) => {
                (Some(table), Some(column), ExplorerPane::Columns, ExplorerPane::Columns)
            }
            None => (before.table, before.column, before.pane, ExplorerPane::Tables),
        };
        let mut explorer = Self { pane, entry, ..Self::default() };
        listed::show_tables(&mut explorer.tables, cx.session.database(), "");
        explorer.tables.go_to(table.as_deref());
        explorer.show_columns(cx);
        explorer.columns.go_to(column.as_deref());
        explorer.follow(cx);
        explorer
    }

    /// The table at the cursor.
    #[must_use]
    pub fn table<'a>(&self, database: &'a Database) -> Option<&'a Table> {
        database.table(self.tables.current()?)
    }

    /// What the column at the cursor holds, once that is known.
    #[must_use]
    pub fn column(&self) -> Option<&ColumnProfile> {
        self.profiles.column(self.tables.current()?, self.columns.current()?)
    }

    fn show_columns(&mut self, cx: &mut Cx<'_>) {
        let database = cx.session.database().cloned();
        let table = database.as_ref().and_then(|database| self.table(database));
        listed::show_columns(&mut self.columns, table, self.find.text());
        self.of = table.map(|table| table.name.clone());
    }

    fn search(&mut self, cx: &mut Cx<'_>) {
        listed::show_tables(&mut self.tables, cx.session.database(), self.find.text());
        self.show_columns(cx);
        self.value = 0;
    }

    /// Asks for what is to be shown next: of the table at the cursor, the column at the cursor first.
    fn follow(&mut self, cx: &mut Cx<'_>) {
        if self.of.as_deref() != self.tables.current() {
            self.show_columns(cx);
            self.columns.step(isize::MIN);
            self.value = 0;
        }
        cx.session.remembered.explored = Explored {
            table: self.tables.current().map(str::to_owned),
            column: self.columns.current().map(str::to_owned),
            pane: self.pane,
        };
        let Some(database) = cx.session.database().cloned() else { return };
        let table = self.table(&database).filter(|table| table.content.is_ok());
        let Some(table) = table else { return self.sample.clear() };
        let activation_id = cx.view().activation_id();
        let first = self.columns.current().map(str::to_owned);
        let columns = first.as_deref().into_iter().chain(table.columns().map(|column| column.name.as_str()));
        self.profiles.want(&table.name, columns, &activation_id, cx.session);
        self.sample.want(&table.name, cx.session);
    }

    fn step(&mut self, by: isize) {
        match self.pane {
            ExplorerPane::Tables => self.tables.step(by),
            ExplorerPane::Columns => {
                self.columns.step(by);
                self.value = 0;
            }
            ExplorerPane::Values => {
                let last = self.column().map_or(0, |column| column.top.len().saturating_sub(1));
                self.value = self.value.saturating_add_signed(by).min(last);
            }
            ExplorerPane::Rows => self.sample.step(by, 0),
        }
    }

    /// To the left or to the right: between panes, among rows between cells.
    fn step_aside(&mut self, by: isize) {
        match self.pane {
            ExplorerPane::Rows => self.sample.step(0, by),
            // The rows lie below.
            ExplorerPane::Values if by > 0 => {}
            pane => self.pane = pane.step(by),
        }
    }

    fn back(&mut self, cx: &mut Cx<'_>) -> Outcome {
        if self.finding || !self.find.text().is_empty() {
            self.finding = false;
            self.find = Field::default();
            self.search(cx);
            return Outcome::stay();
        }
        self.pane = match self.pane {
            pane if pane == self.entry => return Outcome::close(),
            ExplorerPane::Tables => return Outcome::close(),
            ExplorerPane::Columns => ExplorerPane::Tables,
            ExplorerPane::Values | ExplorerPane::Rows => ExplorerPane::Columns,
        };
        Outcome::stay()
    }

    /// Into what is at the cursor; on a value, a condition of it.
    fn enter(&mut self, cx: &mut Cx<'_>) -> Outcome {
        match self.pane {
            ExplorerPane::Tables => self.pane = ExplorerPane::Columns,
            ExplorerPane::Columns => self.pane = ExplorerPane::Values,
            ExplorerPane::Values | ExplorerPane::Rows => match self.condition(cx) {
                Ok(condition) => return use_condition(condition, cx),
                Err(reason) => cx.session.note(reason),
            },
        }
        Outcome::stay()
    }

    /// The column and the value at the cursor.
    fn value(&self) -> Option<(String, ListedValue)> {
        let listed = |value: &str| match value.trim().is_empty() {
            true => ListedValue::Blank,
            false => ListedValue::Value(value.to_owned()),
        };
        match self.pane {
            ExplorerPane::Values => {
                let column = self.column()?;
                Some((column.name.clone(), listed(&column.top.get(self.value)?.value)))
            }
            ExplorerPane::Rows => {
                let (column, value) = self.sample.cell()?;
                Some((column.to_owned(), value.map_or(ListedValue::Null, listed)))
            }
            ExplorerPane::Tables | ExplorerPane::Columns => None,
        }
    }

    fn condition(&self, cx: &Cx<'_>) -> Result<Condition, String> {
        let nothing = || "there is no value here yet".to_owned();
        let database = cx.session.database().ok_or_else(nothing)?;
        let table = self.table(database).ok_or_else(nothing)?;
        let id = cx.view().activation_id();
        if table.id_column(&id).is_none() {
            return Err(format!("{} has no {id}: it takes no condition", table.title()));
        }
        let (column, value) = self.value().ok_or_else(nothing)?;
        let data_type = table.column(&column).map_or(DataType::String, |column| column.data_type);
        let name = ColumnName { table: table.name.clone(), column };
        let condition = has_value(&name, data_type, &value)?;
        match cx.view().complaint(condition.clone()) {
            Some(complaint) => Err(complaint),
            None => Ok(condition),
        }
    }

    /// What there is to copy at the cursor.
    fn copied(&self) -> Option<String> {
        match self.pane {
            ExplorerPane::Tables => self.tables.current().map(str::to_owned),
            ExplorerPane::Columns => self.columns.current().map(str::to_owned),
            ExplorerPane::Values => Some(self.column()?.top.get(self.value)?.value.clone()),
            ExplorerPane::Rows => Some(self.sample.cell()?.1.unwrap_or_default().to_owned()),
        }
    }
}

/// Into the open segment, or into a new one.
fn use_condition(condition: Condition, cx: &Cx<'_>) -> Outcome {
    if cx.segment.is_some() {
        return Outcome::close().then_ask(Command::AddCondition(Box::new(condition)));
    }
    let database = cx.session.database().map(|database| database.name.clone()).unwrap_or_default();
    let like = Segment::new("", database, cx.view().activation_id());
    let section = Node::Group(Group::new(Match::All, vec![Node::Condition(condition)]));
    let segment = new_segment(UNTITLED, Group::new(Match::All, vec![section]), &like);
    Outcome::close().then_ask(Command::StartSegment(Arc::new(segment)))
}

impl Layer for Explorer {
    fn contexts(&self) -> Vec<Context> {
        vec![if self.finding { Context::ExplorerFind } else { Context::Explorer }]
    }

    fn check(&self, action: Action, _: View<'_>) -> Check {
        match action {
            Action::Explore => Check::Disabled("the data explorer is open".to_owned()),
            Action::CopyCell if self.copied().is_none() => {
                Check::Disabled("there is no value here yet".to_owned())
            }
            _ => is_bound(action, &self.contexts()),
        }
    }

    fn perform(&mut self, action: Action, cx: &mut Cx<'_>) -> Outcome {
        if let Some(by) = action.step(cx.session.page()) {
            self.step(by);
            self.follow(cx);
            return Outcome::stay();
        }
        let outcome = match action {
            Action::Find => {
                self.finding = true;
                Outcome::stay()
            }
            Action::Accept => {
                self.finding = false;
                Outcome::stay()
            }
            Action::Left | Action::Right => {
                self.step_aside(if action == Action::Left { -1 } else { 1 });
                Outcome::stay()
            }
            Action::NextPane | Action::PreviousPane => {
                self.pane = self.pane.next(if action == Action::NextPane { 1 } else { 3 });
                Outcome::stay()
            }
            Action::OtherSample => {
                self.sample.change();
                Outcome::stay()
            }
            Action::CopyCell => {
                if let Some(text) = self.copied() {
                    copying::copy(text, "look at it in another program", cx.session);
                }
                Outcome::stay()
            }
            Action::UseValue => self.enter(cx),
            Action::Back => self.back(cx),
            _ => Outcome::pass(),
        };
        self.follow(cx);
        outcome
    }

    fn type_key(&mut self, key: KeyEvent, cx: &mut Cx<'_>) -> Outcome {
        if self.finding && self.find.input(key) {
            self.search(cx);
            self.follow(cx);
        }
        Outcome::stay()
    }

    fn paste(&mut self, text: &str, cx: &mut Cx<'_>) -> Outcome {
        if self.finding {
            self.find.paste(text);
            self.search(cx);
            self.follow(cx);
        } else {
            cx.session.notify(Message::not_typing());
        }
        Outcome::stay()
    }

    fn receive(&mut self, event: &Event, cx: &mut Cx<'_>) -> Outcome {
        if !self.profiles.receive(event) && !self.sample.receive(event) {
            return Outcome::pass();
        }
        self.follow(cx);
        Outcome::stay()
    }

    fn refresh(&mut self, cx: &mut Cx<'_>) {
        self.sample.forget();
        self.search(cx);
        self.follow(cx);
    }
}
