//! What was probably meant by a name that no column has. It is searched for in all of them, so only once it is shown.

use super::catalog::{Catalog, Column};
use super::error::{ParseError, UnknownColumn};
use crate::segment::suggest::Nearest;

impl ParseError {
    /// Says what was probably meant, if that was not searched for yet.
    #[must_use]
    pub(crate) fn with_suggestion(mut self, catalog: &Catalog) -> Self {
        let Some(unknown) = self.unknown.take() else { return self };
        let tables = unknown.table.clone().map_or_else(|| catalog.offered(), |table| vec![table]);
        let Some(label) = nearest(&unknown, &tables, catalog) else { return self };
        let called = catalog.columns_called(&tables, &label).into_iter();
        let near: Vec<Column<'_>> = called.filter(|(_, column)| column.label == label).collect();
        let alternatives = words_for(&near, &tables, catalog);
        self.with_help(format!("did you mean {label:?}?")).with_alternatives(alternatives)
    }
}

/// The label that a misspelled one most likely meant.
fn nearest(unknown: &UnknownColumn, tables: &[String], catalog: &Catalog) -> Option<String> {
    let mut nearest = Nearest::new(&unknown.said);
    for (_, table) in tables.iter().filter_map(|table| catalog.table(table)) {
        nearest.search(&table.columns.index);
    }
    nearest.found().map(str::to_owned)
}

/// What to write for columns of one label where those of these tables can be meant.
fn words_for(columns: &[Column<'_>], tables: &[String], catalog: &Catalog) -> Vec<String> {
    let Some((_, first)) = columns.first() else { return Vec::new() };
    let entries = tables.iter().filter_map(|table| catalog.table(table)).map(|(_, table)| table);
    let is_elsewhere = catalog.is_in_several(entries, &first.label);
    let words = |(table, column): &Column<'_>| {
        let words = catalog.column_words(table, &column.name);
        if is_elsewhere { format!("{}: {words}", catalog.table_words(table)) } else { words }
    };
    columns.iter().map(words).collect()
}
