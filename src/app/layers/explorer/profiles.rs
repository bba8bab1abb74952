//! Profiles as they come in from the background, one question at a time.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use chrono::NaiveDate;

use crate::app::event::Event;
use crate::app::session::Session;
use crate::backend::{ColumnProfile, PageAnswer, PageQuestion, ProfileTable, TableProfile};
use crate::database::Database;

/// How many of the most frequent values are shown.
const TOP: usize = 20;

/// What is known of tables and columns, and what is asked just now.
#[derive(Clone, Debug, Default)]
pub struct Profiles {
    tables: HashMap<String, Arc<TableProfile>>,
    columns: HashMap<(String, String), Arc<ColumnProfile>>,
    /// Why a table, or a column of it, has none.
    failures: HashMap<(String, Option<String>), String>,
    asked: Option<Asked>,
    basis: Option<(Arc<Database>, String, NaiveDate)>,
}

/// A question under way.
#[derive(Clone, Debug)]
struct Asked {
    request: u64,
    table: String,
    /// `None`: the table as a whole.
    column: Option<String>,
    percent: u64,
}

impl Profiles {
    /// Asks for the next of what is wanted of a table: its own figures, then its columns in this order. A question about
    /// another table is given up; one about another column comes to its end first, and is kept.
    pub(crate) fn want<'a>(
        &mut self,
        table: &str,
        columns: impl Iterator<Item = &'a str>,
        activation_id: &str,
        session: &mut Session,
    ) {
        self.start_anew(activation_id, session);
        let is_asked = self.asked.as_ref().is_some_and(|asked| asked.table == table);
        if is_asked || self.failure(table, None).is_some() {
            return;
        }
        let mut wanted = std::iter::once(None).chain(columns.map(Some));
        if let Some(column) = wanted.find(|column| !self.is_known(table, *column)) {
            self.ask(table, column, activation_id, session);
        }
    }

    /// Asks for one column; any other question is given up.
    pub(crate) fn want_column(
        &mut self,
        table: &str,
        column: &str,
        activation_id: &str,
        session: &mut Session,
    ) {
        self.start_anew(activation_id, session);
        let is_asked = self
            .asked
            .as_ref()
            .is_some_and(|asked| asked.table == table && asked.column.as_deref() == Some(column));
        if !is_asked && !self.is_known(table, Some(column)) {
            self.ask(table, Some(column), activation_id, session);
        }
    }

    /// What is known is of one database, one activation ID and one day.
    fn start_anew(&mut self, activation_id: &str, session: &Session) {
        let database = session.database();
        let basis = || Some((Arc::clone(database?), activation_id.to_owned(), session.as_of()));
        let is_same = match (&self.basis, database) {
            (Some((known, id, day)), Some(database)) => {
                Arc::ptr_eq(known, database) && id == activation_id && *day == session.as_of()
            }
            (None, None) => true,
            _ => false,
        };
        if !is_same {
            *self = Self { basis: basis(), ..Self::default() };
        }
    }

    fn is_known(&self, table: &str, column: Option<&str>) -> bool {
        let column = column.map(str::to_owned);
        self.failures.contains_key(&(table.to_owned(), column.clone()))
            || match column {
                None => self.tables.contains_key(table),
                Some(column) => self.columns.contains_key(&(table.to_owned(), column)),
            }
    }

    fn ask(&mut self, table: &str, column: Option<&str>, activation_id: &str, session: &mut Session) {
        let column = column.map(str::to_owned);
        let question = ProfileTable {
            table: table.to_owned(),
            columns: Some(column.iter().cloned().collect()),
            activation_id: activation_id.to_owned(),
            as_of: session.as_of(),
            top: TOP,
        };
        let request = session.ask_page(PageQuestion::Profile(question));
        self.asked = request.map(|request| Asked { request, table: table.to_owned(), column, percent: 0 });
    }

    /// The question under way is given up: somebody else asks.
    pub(crate) fn give_up(&mut self) {
        self.asked = None;
    }

    /// Takes what is about its question; whether it was.
    pub(crate) fn receive(&mut self, event: &Event) -> bool {
        let Some(asked) = &mut self.asked else { return false };
        match event {
            Event::PageProgress { request, percent } if *request == asked.request => asked.percent = *percent,
            Event::PageAnswered { request, result } if *request == asked.request => {
                let Some(Asked { table, column, .. }) = self.asked.take() else { return true };
                match result.as_deref() {
                    Ok(PageAnswer::Profile(profile)) => {
                        for column in &profile.profile {
                            let key = (profile.name.clone(), column.name.clone());
                            self.columns.insert(key, Arc::new(column.clone()));
                        }
                        let whole = TableProfile { profile: Vec::new(), ..profile.clone() };
                        self.tables.insert(table, Arc::new(whole));
                    }
                    Ok(_) => {}
                    Err(failure) => drop(self.failures.insert((table, column), failure.to_string())),
                }
            }
            _ => return false,
        }
        true
    }

    /// What a table holds as a whole.
    #[must_use]
    pub fn table(&self, table: &str) -> Option<&TableProfile> {
        self.tables.get(table).map(Arc::as_ref)
    }

    /// What a column holds.
    #[must_use]
    pub fn column(&self, table: &str, column: &str) -> Option<&ColumnProfile> {
        self.columns.get(&(table.to_owned(), column.to_owned())).map(Arc::as_ref)
    }

    /// Why there is nothing of a column, or of its table.
    #[must_use]
    pub fn failure(&self, table: &str, column: Option<&str>) -> Option<&str> {
        let of = |column: Option<&str>| self.failures.get(&(table.to_owned(), column.map(str::to_owned)));
        of(column).or_else(|| of(None)).map(String::as_str)
    }

    /// How much of a table is known, of 100; `None` where nothing is under way.
    #[must_use]
    pub fn percent<'a>(&self, table: &str, columns: impl Iterator<Item = &'a str>) -> Option<u64> {
        let asked = self.asked.as_ref().filter(|asked| asked.table == table)?;
        let names: HashSet<&str> =
            self.columns.keys().filter(|(of, _)| of == table).map(|(_, column)| column.as_str()).collect();
        let (known, all) =
            columns.fold((0, 0), |(known, all), column| (known + u64::from(names.contains(column)), all + 1));
        (known * 100 + asked.percent).checked_div(all)
    }

    /// How much of a column is known, of 100; `None` where it is not under way.
    #[must_use]
    pub fn column_percent(&self, table: &str, column: &str) -> Option<u64> {
        let asked = self.asked.as_ref().filter(|asked| asked.table == table)?;
        (asked.column.as_deref() == Some(column)).then_some(asked.percent)
    }
}
