//! The picker of the columns that stand beside the ids of customers: those of all tables, of which several are ticked.

use std::collections::HashMap;

use crossterm::event::KeyEvent;

use super::choose::Choose;
use super::pages::customers::{dates, is_same, pick_words};
use crate::app::action::{Action, Context};
use crate::app::command::Command;
use crate::app::event::Event;
use crate::app::layer::{Check, Cx, Layer, Outcome, is_bound};
use crate::app::pick::{Item, Pick};
use crate::app::view::View;
use crate::backend::{CountTable, MemberColumn, PageAnswer, PageQuestion, RowPick};
use crate::database::{Database, Table};
use crate::segment::DataType;

/// The picker of columns.
#[derive(Clone, Debug)]
pub struct Columns {
    /// What is offered.
    pub pick: Pick<Offered>,
    /// The columns that will be shown, in order.
    pub ticked: Vec<MemberColumn>,
    /// Whether the cursor was moved since a letter was typed: a blank of a search ticks nothing.
    is_moved: bool,
    /// Whether any was ticked or unticked.
    is_changed: bool,
    /// Whether Enter has ticked, so that the form is done then.
    is_accepted: bool,
    /// Which tables have several rows of a customer, as far as they were counted.
    is_multi_row: HashMap<String, bool>,
    /// The request that counts the rows of a table, and the column of it that waits.
    waiting: Option<(u64, Offered)>,
}

/// Something that can be shown of customers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Offered {
    /// The values of a column.
    Column {
        /// The table's name.
        table: String,
        /// The column's name.
        column: String,
        /// What it holds.
        data_type: DataType,
    },
    /// How many rows a table has of each.
    Rows(String),
}

impl Offered {
    /// The table's name.
    #[must_use]
    pub fn table(&self) -> &str {
        match self {
            Self::Column { table, .. } | Self::Rows(table) => table,
        }
    }

    fn picked(&self, pick: RowPick) -> MemberColumn {
        let (table, column) = match self {
            Self::Column { table, column, .. } => (table.clone(), column.clone()),
            Self::Rows(table) => (table.clone(), String::new()),
        };
        MemberColumn { table, title: column.clone(), column, pick }
    }

    /// Whether a column that is shown is of this.
    fn is_of(&self, column: &MemberColumn) -> bool {
        match self {
            Self::Column { table, column: name, .. } => {
                column.table == *table && column.column == *name && column.pick != RowPick::Count
            }
            Self::Rows(table) => column.table == *table && column.pick == RowPick::Count,
        }
    }
}

impl Columns {
    /// The picker, with these columns ticked.
    pub(super) fn open(shown: &[MemberColumn], cx: &mut Cx<'_>) -> Outcome {
        let Some(database) = cx.session.database() else { return Outcome::stay() };
        let id = cx.view().activation_id();
        let items = database.tables.iter().flat_map(|table| offered(table, &id)).collect();
        Outcome::open(Self {
            pick: Pick::new(items),
            ticked: shown.to_vec(),
            is_moved: false,
            is_changed: false,
            is_accepted: false,
            is_multi_row: HashMap::new(),
            waiting: None,
        })
    }

    /// Whether this is shown.
    #[must_use]
    pub fn is_ticked(&self, offered: &Offered) -> bool {
        self.ticked.iter().any(|column| offered.is_of(column))
    }

    /// Whether rows are being counted for a column that was ticked.
    #[must_use]
    pub fn is_waiting(&self) -> bool {
        self.waiting.is_some()
    }

    /// What is ticked of what is at the cursor, in words.
    #[must_use]
    pub fn picks_at_cursor(&self) -> Vec<String> {
        let Some(item) = self.pick.current() else { return Vec::new() };
        let ticked = self.ticked.iter().filter(|column| item.value.is_of(column));
        ticked.map(|column| pick_words(&column.pick)).filter(|words| !words.is_empty()).collect()
    }

    /// Ticks or unticks what is at the cursor.
    fn tick(&mut self, cx: &mut Cx<'_>) -> Outcome {
        let Some(offered) = self.pick.current().map(|item| item.value.clone()) else {
            return Outcome::stay();
        };
        self.waiting = None;
        if self.is_ticked(&offered) {
            self.is_changed = true;
            self.ticked.retain(|column| !offered.is_of(column));
            return Outcome::stay();
        }
        self.add(offered, cx)
    }

    /// Ticks something, once it is known which of a customer's rows counts.
    fn add(&mut self, offered: Offered, cx: &mut Cx<'_>) -> Outcome {
        let id = cx.view().activation_id();
        let Some(database) = cx.session.database() else { return Outcome::stay() };
        let table = offered.table();
        match (&offered, self.is_multi_row.get(table)) {
            (Offered::Rows(_), _) => self.ticked(offered.picked(RowPick::Count)),
            (Offered::Column { .. }, Some(false)) => self.ticked(offered.picked(RowPick::Only)),
            (Offered::Column { .. }, Some(true)) => match database.table(table) {
                Some(table) => Outcome::open(which_row(database, table, &offered)),
                None => Outcome::stay(),
            },
            (Offered::Column { .. }, None) => {
                let (table, as_of) = (table.to_owned(), cx.session.as_of());
                let question = CountTable { table, activation_id: id, as_of };
                let request = cx.session.ask_page(PageQuestion::Table(question));
                self.waiting = request.map(|request| (request, offered));
                Outcome::stay()
            }
        }
    }

    /// A column is ticked.
    fn ticked(&mut self, column: MemberColumn) -> Outcome {
        self.is_changed = true;
        if !self.ticked.iter().any(|other| is_same(other, &column)) {
            self.ticked.push(column);
        }
        if self.is_accepted { self.finish() } else { Outcome::stay() }
    }

    fn finish(&self) -> Outcome {
        Outcome::close().then_ask(Command::ShowColumns(self.ticked.clone()))
    }

    /// Enter: shows what is ticked, or, where nothing was, what is at the cursor too.
    fn accept(&mut self, cx: &mut Cx<'_>) -> Outcome {
        let at_cursor = self.pick.current().map(|item| item.value.clone());
        match at_cursor.filter(|offered| !self.is_changed && !self.is_ticked(offered)) {
            Some(offered) => {
                self.is_accepted = true;
                self.add(offered, cx)
            }
            None => self.finish(),
        }
    }
}

/// What a table offers: its columns, and the number of its rows.
fn offered(table: &Table, id: &str) -> Vec<Item<Offered>> {
    let Some(id_column) = table.id_column(id) else { return Vec::new() };
    let item = |value: Offered, label: &str, name: &str| Item {
        search: format!("{} {label} {name}", table.title()),
        ..Item::new(value, label).detail(table.title())
    };
    let columns = table.columns().filter(|column| column.name != id_column).map(|column| {
        let (table, data_type) = (table.name.clone(), column.data_type);
        item(Offered::Column { table, column: column.name.clone(), data_type }, &column.label, &column.name)
    });
    let rows = item(Offered::Rows(table.name.clone()), "number of rows", "count");
    columns.chain([rows]).collect()
}

/// Asks which row of a customer counts.
fn which_row(database: &Database, table: &Table, offered: &Offered) -> Choose {
    let dates = dates(database, table);
    let by_date = dates.into_iter().flat_map(|day| {
        let day = Some(day.to_owned());
        [RowPick::Latest(day.clone()), RowPick::First(day)]
    });
    let picks = by_date.chain([RowPick::Latest(None), RowPick::First(None), RowPick::Count]);
    let items = picks.map(|pick| {
        let label = pick_words(&pick);
        Item::new(Command::PickColumn(offered.picked(pick)), label)
    });
    let title = format!("{}: which row of several", table.title());
    Choose::new(&title, items.collect(), None)
}

impl Layer for Columns {
    fn contexts(&self) -> Vec<Context> {
        vec![Context::Columns]
    }

    fn check(&self, action: Action, _: View<'_>) -> Check {
        match action {
            Action::Tick => Check::only_if(
                self.is_moved || self.pick.query.text().is_empty(),
                "a blank is a part of the search: move the cursor first",
            ),
            _ => is_bound(action, &self.contexts()),
        }
    }

    fn perform(&mut self, action: Action, cx: &mut Cx<'_>) -> Outcome {
        if let Some(by) = action.step(cx.session.page()) {
            self.pick.step(by);
            self.is_moved = true;
            return Outcome::stay();
        }
        match action {
            Action::Tick => {
                self.is_accepted = false;
                self.tick(cx)
            }
            Action::Accept => self.accept(cx),
            Action::Back => Outcome::close(),
            _ => Outcome::pass(),
        }
    }

    fn type_key(&mut self, key: KeyEvent, _: &mut Cx<'_>) -> Outcome {
        self.pick.input(key);
        self.is_moved = false;
        Outcome::stay()
    }

    fn paste(&mut self, text: &str, _: &mut Cx<'_>) -> Outcome {
        self.pick.paste(text);
        self.is_moved = false;
        Outcome::stay()
    }

    fn receive(&mut self, event: &Event, cx: &mut Cx<'_>) -> Outcome {
        let Event::PageAnswered { request, result } = event else { return Outcome::pass() };
        let Some((_, offered)) = self.waiting.take_if(|(waiting, _)| waiting == request) else {
            return Outcome::pass();
        };
        // Where rows cannot be counted, there may be several.
        let counts = match result.as_deref() {
            Ok(PageAnswer::Table(counts)) => counts.is_multi_row,
            _ => true,
        };
        self.is_multi_row.insert(offered.table().to_owned(), counts);
        self.add(offered, cx)
    }

    fn take(&mut self, command: &Command, _: &mut Cx<'_>) -> Outcome {
        match command {
            Command::PickColumn(column) => self.ticked(column.clone()),
            _ => Outcome::pass(),
        }
    }
}
