//! The tables that a query reads.

use super::tongue::{Tongue, Unsayable};
use crate::catalog::{Database, Table};
use crate::segment::DataType;

/// A table seen through the activation ID.
pub struct Source<'a> {
    table: &'a Table,
    /// The column that holds the activation ID.
    id: &'a str,
    activation_id: &'a str,
    tongue: &'a dyn Tongue,
}

impl<'a> Source<'a> {
    /// The table of this name; `None` if there is none with the activation ID.
    pub fn new(
        database: &'a Database,
        name: &str,
        activation_id: &'a str,
        tongue: &'a dyn Tongue,
    ) -> Option<Self> {
        Self::of(database.table(name)?, activation_id, tongue)
    }

    /// The table; `None` if it has no activation ID.
    pub fn of(table: &'a Table, activation_id: &'a str, tongue: &'a dyn Tongue) -> Option<Self> {
        let id = table.id_column(activation_id)?;
        Some(Self { table, id, activation_id, tongue })
    }

    /// What stands after FROM.
    pub fn from(&self) -> String {
        self.tongue.name(&self.table.name)
    }

    /// A column.
    pub fn column(&self, name: &str) -> String {
        self.tongue.name(name)
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
    pub fn id(&self) -> Result<String, Unsayable> {
        id_text(&self.raw_id(), self.data_type(self.id), self.tongue).ok_or_else(|| Unsayable {
            message: format!(
                "column {:?} of {:?} holds times, which have no text that engines agree on",
                self.id, self.table.name
            ),
            help: "choose an activation ID of texts or whole numbers".to_owned(),
        })
    }

    /// The ids under the name of the activation ID.
    pub fn named_id(&self) -> Result<String, Unsayable> {
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
pub fn id_text(value: &str, data_type: DataType, tongue: &dyn Tongue) -> Option<String> {
    match data_type {
        DataType::String => Some(value.to_owned()),
        DataType::Integer | DataType::Boolean | DataType::Date => Some(tongue.as_text(value)),
        DataType::Decimal => Some(tongue.double_as_text(value)),
        DataType::Datetime => None,
    }
}
