//! The tables and columns that a line can name.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, OnceLock};

use crate::segment::column_names::{ColumnNames, written};
use crate::segment::name_index::{NameIndex, TextPlace, fold, hash};
use crate::segment::name_matching::Named;
use crate::segment::schema::Schema;

/// The tables and columns that a line can name.
#[derive(Debug, Default)]
pub struct Catalog {
    /// Tables, hidden ones too, in order.
    pub(super) tables: Vec<TableEntry>,
    index: NameIndex,
    places: HashMap<String, usize>,
    /// Hashes of what columns of several offered tables are called.
    shared: OnceLock<HashSet<u64>>,
}

/// A table that a line can name.
#[derive(Debug)]
pub(super) struct TableEntry {
    pub name: String,
    pub label: String,
    /// What to call it.
    pub words: String,
    /// Whether it is offered; one that is hidden can be named all the same.
    pub is_offered: bool,
    pub columns: Arc<ColumnNames>,
}

/// A column of a table, by the table's name.
pub(crate) type Column<'a> = (&'a str, &'a Named);

impl Catalog {
    /// Those of a database. It holds as long as this does not change.
    #[must_use]
    pub fn new(schema: &dyn Schema) -> Self {
        let index = schema.table_names();
        let entry = |named: &Named| TableEntry {
            name: named.name.clone(),
            label: named.label.clone(),
            words: written(&index.disambiguate(&named.name, named.label.clone())),
            is_offered: schema.is_offered(&named.name),
            columns: schema.column_names(&named.name),
        };
        let tables: Vec<TableEntry> = index.names().iter().map(entry).collect();
        let places = tables.iter().enumerate().map(|(at, table)| (table.name.clone(), at)).collect();
        Self { tables, index, places, shared: OnceLock::new() }
    }

    /// The table of this name and its place.
    pub(super) fn table(&self, name: &str) -> Option<(usize, &TableEntry)> {
        let at = *self.places.get(name)?;
        Some((at, self.tables.get(at)?))
    }

    /// The names of the tables that are offered.
    pub(super) fn offered(&self) -> Vec<String> {
        self.tables.iter().filter(|table| table.is_offered).map(|table| table.name.clone()).collect()
    }

    /// The tables whose names stand at a place, with where these end.
    pub(super) fn tables_at(&self, place: &TextPlace<'_>) -> Vec<(usize, &Named)> {
        self.index.standing_at(place)
    }

    /// The tables that are called so.
    pub(super) fn tables_called(&self, said: &str) -> Vec<&Named> {
        self.index.called(said)
    }

    /// What to call a table.
    pub(super) fn table_words(&self, name: &str) -> String {
        self.table(name).map_or_else(
            || written(&self.index.disambiguate(name, name.to_owned())),
            |(_, table)| table.words.clone(),
        )
    }

    /// What to call a column where only columns of its table can be meant.
    pub(super) fn column_words(&self, table: &str, column: &str) -> String {
        let columns = self.table(table).map(|(_, table)| &table.columns);
        let at = columns.and_then(|columns| columns.names().iter().position(|named| named.name == column));
        columns.zip(at).map_or_else(|| written(column), |(columns, at)| columns.words(at))
    }

    /// The columns of these tables that are called so.
    pub(super) fn columns_called<'a>(&'a self, tables: &'a [String], said: &str) -> Vec<Column<'a>> {
        let of_table = |table: &'a String| {
            let called = self.table(table).map(|(_, table)| table.columns.index.called(said));
            called.into_iter().flatten().map(|named| (table.as_str(), named))
        };
        tables.iter().flat_map(of_table).collect()
    }

    /// Whether several of the tables that are offered have a column that is called so.
    pub(super) fn is_shared(&self, said: &str) -> bool {
        let shared = self.shared.get_or_init(|| {
            let offered = self.tables.iter().filter(|table| table.is_offered);
            let mut hashes: Vec<u64> = offered.flat_map(|table| table.columns.index.hashes()).collect();
            hashes.sort_unstable();
            let several = hashes.windows(2).filter_map(|pair| match pair {
                [one, other] if one == other => Some(*one),
                _ => None,
            });
            several.collect()
        });
        let offered = self.tables.iter().filter(|table| table.is_offered);
        shared.contains(&hash(&fold(said))) && self.is_in_several(offered, said)
    }

    /// Whether several of these tables have a column that is called so.
    pub(super) fn is_in_several<'a>(&self, tables: impl Iterator<Item = &'a TableEntry>, said: &str) -> bool {
        let folded = fold(said);
        tables.filter(|table| table.columns.index.has_folded(&folded)).nth(1).is_some()
    }
}
