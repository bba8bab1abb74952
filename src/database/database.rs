//! A database: its tables, and which of them plays which part (`docs/reference/database.md`).

use std::path::PathBuf;

use chrono::NaiveDate;

use super::note::Note;
use super::roles::Roles;
use super::table::{Origin, Table};
use crate::segment::Segment;

/// A folder of tables. Nothing writes into it but `segtui init`, its manifest where there is none.
#[derive(Clone, Debug)]
pub struct Database {
    /// The folder.
    pub folder: PathBuf,
    /// Shown in the editor: the manifest's name, else the folder's.
    pub name: String,
    /// The day the data stands at, where the manifest says it. Otherwise it is today.
    pub as_of: Option<NaiveDate>,
    /// ISO 4217.
    pub currency: String,
    /// The activation ID in force by default.
    pub default_id: String,
    /// The words for each activation ID that the manifest declares.
    pub ids: Vec<ActivationId>,
    /// Every table, readable or not, in order of name.
    pub tables: Vec<Table>,
    /// Which table and column plays which part.
    pub roles: Roles,
    /// What was left out, renamed or detected that belongs to no table.
    pub notes: Vec<Note>,
}

/// A column that says whom a row is about, and what such a one is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActivationId {
    /// The column.
    pub column: String,
    /// "customer"
    pub singular: String,
    /// "customers"
    pub plural: String,
}

impl Database {
    /// The table of this name, readable or not.
    #[must_use]
    pub fn table(&self, name: &str) -> Option<&Table> {
        self.tables.iter().find(|table| table.name == name)
    }

    /// Indexes the names of all columns, so that whoever asks for them first does not wait.
    pub fn index_names(&self) {
        for content in self.tables.iter().filter_map(|table| table.content.as_ref().ok()) {
            content.columns.index();
        }
    }

    /// The table with this key, readable or not.
    #[must_use]
    pub(crate) fn table_by_key(&self, key: &str) -> Option<&Table> {
        self.tables.iter().find(|table| table.key() == key)
    }

    /// The activation ID in force for a segment: its own, else the default.
    #[must_use]
    pub fn activation_id<'a>(&'a self, segment: &'a Segment) -> &'a str {
        segment.activation_id_or(&self.default_id)
    }

    /// The words for an activation ID: the manifest's, else made from the column's name.
    #[must_use]
    pub fn words(&self, id: &str) -> ActivationId {
        let declared = self.ids.iter().find(|declared| declared.column == id).cloned();
        declared.unwrap_or_else(|| {
            let singular = match id {
                "amperity_id" | "customer_id" => "customer".to_owned(),
                other => other.trim_end_matches("_id").replace('_', " "),
            };
            ActivationId { column: id.to_owned(), plural: format!("{singular}s"), singular }
        })
    }

    /// Every column that could serve as activation ID of at least one readable table that is not
    /// hidden: the declared ones first, then the default.
    #[must_use]
    pub(crate) fn activation_ids(&self) -> Vec<ActivationId> {
        let mut ids = self.ids.clone();
        if !ids.iter().any(|id| id.column == self.default_id) {
            ids.push(self.words(&self.default_id));
        }
        ids
    }

    /// The same with these tables of the workspace in place of those that it has now.
    #[must_use]
    pub(crate) fn with_workspace(&self, workspace: &[Table]) -> Self {
        let tables: Vec<Table> = self.own_tables().cloned().collect();
        // A table of the database's own goes before.
        let workspace = workspace.iter().filter(|other| tables.iter().all(|table| table.name != other.name));
        let workspace: Vec<Table> = workspace.cloned().collect();
        Self { tables: [tables, workspace].concat(), ..self.clone() }
    }

    /// What screens call a table of the workspace: its name without the folder, where no other table is
    /// called so.
    #[must_use]
    pub(crate) fn label_for(&self, name: &str) -> String {
        let own = name.split_once('/').map_or(name, |(_, own)| own).replace('_', " ");
        let is_taken = self.tables.iter().any(|table| table.label.to_lowercase() == own.to_lowercase());
        if is_taken { name.to_owned() } else { own }
    }

    /// The tables that are the database's own, which are those that queries read.
    pub(crate) fn own_tables(&self) -> impl Iterator<Item = &Table> {
        self.tables.iter().filter(|table| table.origin == Origin::Database)
    }

    /// The tables of the workspace: uploaded lists and saved queries.
    pub fn workspace_tables(&self) -> impl Iterator<Item = &Table> {
        self.tables.iter().filter(|table| table.origin != Origin::Database)
    }
}
