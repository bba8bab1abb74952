//! The tables that a query reads.

use super::names::Names;
use super::tongue::{SqlDialect, Unsupported, is_hidden};
use crate::local::files::{Lookup, Table};
use crate::segment::DataType;

/// A table seen through the activation ID.
pub struct Source<'a> {
    table: &'a Table,
    /// The column that holds the activation ID.
    id: &'a str,
    activation_id: &'a str,
    tongue: &'a dyn SqlDialect,
    /// Where the columns in use join in from, and what the other table is called here.
    joins: Vec<(&'a Lookup, String)>,
    /// What stands here for the table, where its rows are part of the query.
    rows: Option<String>,
}

impl<'a> Source<'a> {
    /// The table with these of its columns in use, beside the activation ID; `None` if it has none.
    ///
    /// # Errors
    /// A name cannot be written.
    pub fn of(
        table: &'a Table,
        columns: &[&str],
        activation_id: &'a str,
        tongue: &'a dyn SqlDialect,
    ) -> Option<Result<Self, Unsupported>> {
        let id = table.id_column(activation_id)?;
        let in_use = || columns.iter().copied().chain([id]);
        let names = in_use().chain([activation_id, &table.name]);
        if let Some(name) = names.into_iter().find(|name| name.contains(is_hidden)) {
            return Some(Err(Unsupported {
                message: format!("the name {name:?} has characters in it that cannot be seen"),
                help: "give the column or table another name".to_owned(),
            }));
        }
        let lookups = table.content.iter().flat_map(|content| &content.lookups);
        let lookups =
            lookups.filter(|lookup| in_use().any(|name| lookup.columns.iter().any(|own| own == name)));
        let mut names = Names::with([table.name.as_str()]);
        let joins = lookups.map(|lookup| {
            let name =
                if names.take(&lookup.table) { lookup.table.clone() } else { names.give(&lookup.table) };
            (lookup, tongue.name(&name))
        });
        let joins = joins.collect();
        Some(Ok(Self { table, id, activation_id, tongue, joins, rows: None }))
    }

    /// The same, where the rows are part of the query under a name of their own.
    pub fn named(self, rows: Option<&String>) -> Self {
        Self { rows: rows.cloned(), ..self }
    }

    /// What stands after FROM.
    pub fn from(&self) -> String {
        let own = self.tongue.name(self.rows.as_ref().unwrap_or(&self.table.name));
        let joins = self.joins.iter().map(|(lookup, name)| {
            let (other, on) = (self.tongue.name(&lookup.table), self.tongue.name(&lookup.on));
            let alias = if other == *name { String::new() } else { format!(" AS {name}") };
            format!("\nLEFT JOIN {other}{alias} ON {name}.{on} = {own}.{on}")
        });
        std::iter::once(own.clone()).chain(joins).collect()
    }

    /// A column.
    pub fn column(&self, column: &str) -> String {
        let name = self.tongue.name(column);
        if self.joins.is_empty() {
            return name;
        }
        let joined = self.joins.iter().find(|(lookup, _)| lookup.columns.iter().any(|own| own == column));
        match joined {
            Some((_, table)) => format!("{table}.{name}"),
            None => format!("{}.{name}", self.tongue.name(&self.table.name)),
        }
    }

    /// The type of a column.
    pub fn data_type(&self, column: &str) -> DataType {
        self.table.column(column).map_or(DataType::String, |column| column.data_type)
    }

    /// Whether the table has a column.
    pub fn has(&self, column: &str) -> bool {
        self.table.column(column).is_some()
    }

    /// The column of the ids, as it is stored, for grouping.
    pub fn raw_id(&self) -> String {
        self.column(self.id)
    }

    /// The ids as text (`database.md`, The universe).
    pub fn id(&self) -> Result<String, Unsupported> {
        id_text(&self.raw_id(), self.data_type(self.id), self.tongue).ok_or_else(|| Unsupported {
            message: format!(
                "column {:?} of {:?} holds times, which have no text that engines agree on",
                self.id, self.table.name
            ),
            help: "choose an activation ID of texts or whole numbers".to_owned(),
        })
    }

    /// The ids under the name of the activation ID.
    pub fn named_id(&self) -> Result<String, Unsupported> {
        let (id, name) = (self.id()?, self.tongue.name(self.activation_id));
        Ok(if id == name { id } else { format!("{id} AS {name}") })
    }

    /// That a row is somebody's: the id is neither NULL nor blank.
    pub fn is_of_somebody(&self) -> String {
        match self.data_type(self.id) {
            DataType::String => self.tongue.has_text(&self.raw_id()),
            _ => format!("{} IS NOT NULL", self.raw_id()),
        }
    }
}

/// A value as the text by which ids and orders compare; `None` for times.
pub fn id_text(value: &str, data_type: DataType, tongue: &dyn SqlDialect) -> Option<String> {
    match data_type {
        DataType::String => Some(value.to_owned()),
        DataType::Integer | DataType::Boolean | DataType::Date => Some(tongue.as_text(value)),
        DataType::Decimal => Some(tongue.double_as_text(value)),
        DataType::Datetime => None,
    }
}
