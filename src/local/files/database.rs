//! What a database is once it has been read.

use std::borrow::Cow;
use std::path::PathBuf;

use chrono::NaiveDate;
use polars::prelude::{LazyFrame, PolarsResult};

use super::{Fingerprints, TableError};
use crate::segment::{DataType, Segment};

/// A folder of tables. Nothing ever writes into it.
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
    /// What it was read from.
    pub fingerprints: Fingerprints,
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

/// One table, which may be damaged.
#[derive(Clone)]
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
#[derive(Clone)]
pub struct Content {
    /// Number of rows; `None` of a query that has not run: there is nothing to be read of it yet.
    pub rows: Option<u64>,
    /// Its columns, in the order of the file. Those of types that segments do not know are left out.
    pub columns: Vec<Column>,
    /// The rows with the types of `columns`: strings as `String`, integers as `Int64`, decimals as
    /// `Float64` with NaN as NULL, `Boolean`, `Date`, and `Datetime` in microseconds, UTC, without a
    /// zone. Collecting it, or any selection of its columns, always gives the rows in the same order.
    pub frame: LazyFrame,
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

/// One column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// What segments call it.
    pub name: String,
    /// What screens call it.
    pub label: String,
    /// Its type.
    pub data_type: DataType,
}

/// Which table plays which part; names of tables that exist.
#[derive(Clone, Debug, Default)]
pub struct Roles {
    /// One row for each customer.
    pub customers: Option<String>,
    /// One row for each order.
    pub orders: Option<String>,
    /// One row for each item of an order.
    pub items: Option<String>,
    /// Numbers worked out for each customer.
    pub attributes: Option<String>,
    /// Predictions for each customer.
    pub predicted: Option<String>,
    /// How each customer can be reached.
    pub contact: Option<String>,
    /// The items table's columns by part, by default the standard names.
    pub items_columns: ItemsColumns,
}

/// The names of the items table's columns, whether or not they exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemsColumns {
    /// Which order.
    pub order_id: String,
    /// When.
    pub order_datetime: String,
    /// How much.
    pub item_revenue: String,
    /// How many.
    pub item_quantity: String,
    /// True drops the row.
    pub is_return: String,
    /// True drops the row.
    pub is_cancellation: String,
}

impl Default for ItemsColumns {
    fn default() -> Self {
        Self {
            order_id: "order_id".to_owned(),
            order_datetime: "order_datetime".to_owned(),
            item_revenue: "item_revenue".to_owned(),
            item_quantity: "item_quantity".to_owned(),
            is_return: "is_return".to_owned(),
            is_cancellation: "is_cancellation".to_owned(),
        }
    }
}

impl Database {
    /// The table of this name, readable or not.
    #[must_use]
    pub fn table(&self, name: &str) -> Option<&Table> {
        self.tables.iter().find(|table| table.name == name)
    }

    /// The table with this key, readable or not.
    #[must_use]
    pub fn table_by_key(&self, key: &str) -> Option<&Table> {
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
    pub fn activation_ids(&self) -> Vec<ActivationId> {
        let mut ids = self.ids.clone();
        if !ids.iter().any(|id| id.column == self.default_id) {
            ids.push(self.words(&self.default_id));
        }
        ids
    }
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
    pub fn is_refused(&self) -> bool {
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
        content.columns.iter().find(|column| column.name == name)
    }
}

impl Content {
    /// The rows of some columns, in the table's order.
    ///
    /// # Errors
    /// A file cannot be read any more; a query has not run.
    pub fn read(&self, columns: &[&str]) -> PolarsResult<polars::prelude::DataFrame> {
        polars::prelude::polars_ensure!(self.rows.is_some(), ComputeError: "its query has not run");
        self.frame
            .clone()
            .select(columns.iter().map(|name| polars::prelude::col(*name)).collect::<Vec<_>>())
            .collect()
    }
}

impl std::fmt::Debug for Table {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Table").field("name", &self.name).finish_non_exhaustive()
    }
}
