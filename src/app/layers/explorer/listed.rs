//! The tables of the explorer and the columns of the one that is looked at, as a search leaves them.

use std::sync::Arc;

use crate::app::fuzzy::Search;
use crate::database::{Database, Table};

/// A list with a cursor.
#[derive(Clone, Debug, Default)]
pub struct Listed {
    names: Vec<String>,
    cursor: usize,
}

impl Listed {
    /// All names, in order.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The line of the cursor.
    #[must_use]
    pub fn cursor(&self) -> usize {
        self.cursor
    }

    /// The name at the cursor.
    #[must_use]
    pub fn current(&self) -> Option<&str> {
        self.names.get(self.cursor).map(String::as_str)
    }

    pub(super) fn step(&mut self, by: isize) {
        self.cursor = self.cursor.saturating_add_signed(by).min(self.names.len().saturating_sub(1));
    }

    pub(super) fn go_to(&mut self, name: Option<&str>) {
        let at = name.and_then(|name| self.names.iter().position(|known| known == name));
        self.cursor = at.unwrap_or(self.cursor).min(self.names.len().saturating_sub(1));
    }

    /// Other names; the cursor stays on its own, or goes to the first.
    fn show(&mut self, names: Vec<String>) {
        let current = self.current().map(str::to_owned);
        self.names = names;
        self.cursor = 0;
        self.go_to(current.as_deref());
    }
}

/// The tables that a search means: by their own names, or by a column's.
pub(super) fn show_tables(listed: &mut Listed, database: Option<&Arc<Database>>, query: &str) {
    let tables = database.into_iter().flat_map(|database| &database.tables);
    let mut search = (!query.trim().is_empty()).then(|| Search::new(query));
    let shown = tables.filter(|table| match &mut search {
        None => true,
        Some(search) => search.matches(table.title()) || has_column(table, search),
    });
    listed.show(shown.map(|table| table.name.clone()).collect());
}

fn has_column(table: &Table, search: &mut Search) -> bool {
    table.columns().any(|column| search.matches(&column.label) || search.matches(&column.name))
}

/// The columns of a table that a search means; all of them if it means none, but the table.
pub(super) fn show_columns(listed: &mut Listed, table: Option<&Table>, query: &str) {
    let Some(table) = table else { return listed.show(Vec::new()) };
    let mut found: Vec<String> = Vec::new();
    if !query.trim().is_empty() {
        let mut search = Search::new(query);
        let columns =
            table.columns().filter(|column| search.matches(&column.label) || search.matches(&column.name));
        found = columns.map(|column| column.name.clone()).collect();
    }
    if found.is_empty() {
        found = table.columns().map(|column| column.name.clone()).collect();
    }
    listed.show(found);
}
