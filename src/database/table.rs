//! A table: its columns, where it comes from, or why it cannot be read.

use std::borrow::Cow;
use std::path::PathBuf;

use super::columns::{Column, Columns};
use super::error::TableError;
use super::note::Note;

/// One table, which may be damaged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// What segments call it.
    pub name: String,
    /// What screens call it.
    pub label: String,
    /// Not offered in the segment editor.
    pub hidden: bool,
    /// Where this table names an id column otherwise: activation ID → column.
    pub id_columns: Vec<(String, String)>,
    /// Where it comes from.
    pub origin: Origin,
    /// What was left out, renamed or detected in its files.
    pub notes: Vec<Note>,
    /// Its rows and columns, or why it cannot be read.
    pub content: Result<Content, TableError>,
}

/// Where a table comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The database's own folder: when it changes, the database has to be opened again.
    Database,
    /// An uploaded list of the workspace. The number is another one when its file has changed.
    List(u64),
    /// What a saved query of the workspace returns. The number is another one when its text, its day or
    /// its rows may be.
    Query(u64),
}

/// What a readable table holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Content {
    /// Number of rows; `None` of a query that has not run: there is nothing to be read of it yet.
    pub rows: Option<u64>,
    /// Its columns, in the order of the file. Those of types that segments do not know are left out.
    pub columns: Columns,
    /// The files it was read from, for people.
    pub files: Vec<PathBuf>,
    /// Where the columns come from that are not in its own files.
    pub lookups: Vec<Lookup>,
}

/// Columns that join in from another table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lookup {
    /// The other table, in which no key stands twice.
    pub table: String,
    /// The column of both tables that is the key.
    pub on: String,
    /// The columns, called the same in both.
    pub columns: Vec<String>,
}

impl Table {
    /// What results are kept under: the name, and for what may change while the database is open its state.
    #[must_use]
    pub fn key(&self) -> Cow<'_, str> {
        match self.origin {
            Origin::Database => Cow::Borrowed(&self.name),
            Origin::List(version) | Origin::Query(version) => {
                Cow::Owned(format!("{} {version:016x}", self.name))
            }
        }
    }

    /// The column that holds an activation ID, if this table is readable and has one.
    #[must_use]
    pub fn id_column(&self, activation_id: &str) -> Option<&str> {
        let named = self.id_columns.iter().find(|(id, _)| id == activation_id);
        let wanted = named.map_or(activation_id, |(_, column)| column.as_str());
        self.column(wanted).map(|column| column.name.as_str())
    }

    /// Whether segments on an activation ID are offered the table: of the workspace's only those that have
    /// it, or that cannot be read.
    #[must_use]
    pub fn is_offered(&self, activation_id: &str) -> bool {
        let is_usable = self.content.is_err() || self.id_column(activation_id).is_some();
        !self.hidden && (is_usable || self.origin == Origin::Database)
    }

    /// Whether it stands only for a saved query that is no table, to say why.
    #[must_use]
    pub(crate) fn is_refused(&self) -> bool {
        matches!(self.origin, Origin::Query(_)) && self.content.is_err()
    }

    /// What it is called where all tables are offered: those of the workspace say that they are.
    #[must_use]
    pub fn title(&self) -> &str {
        if self.origin == Origin::Database { &self.label } else { &self.name }
    }

    /// The columns; of a damaged table, none.
    pub fn columns(&self) -> impl Iterator<Item = &Column> {
        self.content.iter().flat_map(|content| &content.columns)
    }

    /// The column of this name, if this table is readable and has it.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&Column> {
        let content = self.content.as_ref().ok()?;
        content.columns.named(name)
    }
}
