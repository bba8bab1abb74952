//! What the language needs to know of a database.

use std::sync::Arc;

use super::column_names::ColumnNames;
use super::name_index::NameIndex;
use super::name_matching::Named;
use super::query::{Query, QueryError};
use super::vocabulary::DataType;
use crate::diagnostic::Diagnostic;

/// A database as seen through one activation ID.
pub trait Schema {
    /// Whether any table can be used with the activation ID.
    ///
    /// # Errors
    /// No table has that column.
    fn activation_id(&self) -> Result<(), Diagnostic>;

    /// The activation ID of segments that name none.
    fn default_activation_id(&self) -> String {
        String::new()
    }

    /// Whether conditions may use a table.
    ///
    /// # Errors
    /// It does not exist, cannot be read, or has no activation ID.
    fn table(&self, table: &str) -> Result<(), Diagnostic>;

    /// What results about a table are kept under: its name, and its state where that may change while the
    /// database is open.
    fn table_key(&self, table: &str) -> String {
        table.to_owned()
    }

    /// The type of a column that conditions may use.
    ///
    /// # Errors
    /// The table or column does not exist, cannot be read, or has no activation ID.
    fn column_type(&self, table: &str, column: &str) -> Result<DataType, Diagnostic>;

    /// The table of one row for each customer, whose column is meant where several have one of a name.
    fn customers_table(&self) -> Option<&str> {
        None
    }

    /// The name of the table that purchase behaviours read.
    ///
    /// # Errors
    /// There is none, or it lacks a column that purchases need.
    fn items_table(&self) -> Result<String, Diagnostic>;

    /// The name of the items table's column of amounts of money.
    ///
    /// # Errors
    /// There is none, or it is no number.
    fn item_revenue(&self) -> Result<String, Diagnostic>;

    /// The name of the items table's column of numbers of pieces.
    ///
    /// # Errors
    /// There is none, or it is no number.
    fn item_quantity(&self) -> Result<String, Diagnostic>;

    /// The names of the tables that conditions may use, hidden ones too.
    fn tables(&self) -> Vec<&str> {
        Vec::new()
    }

    /// Whether a table is offered to people; one that is hidden takes part all the same.
    fn is_offered(&self, _table: &str) -> bool {
        true
    }

    /// The names of a table's columns; none of a table that conditions may not use.
    fn columns(&self, _table: &str) -> Vec<&str> {
        Vec::new()
    }

    /// The names of the tables, indexed.
    fn table_names(&self) -> NameIndex {
        let named = |name: &str| Named { name: name.to_owned(), label: self.table_label(name) };
        NameIndex::new(self.tables().into_iter().map(named).collect())
    }

    /// The columns of a table as they are said, indexed; what stays the same from one call to the next keeps them.
    fn column_names(&self, table: &str) -> Arc<ColumnNames> {
        let column = |name: &str| {
            let named = Named { name: name.to_owned(), label: self.column_label(table, name) };
            (named, self.column_type(table, name).ok())
        };
        Arc::new(ColumnNames::new(self.columns(table).into_iter().map(column)))
    }

    /// Whether a query can run: its tables and columns are there, and it returns the activation ID. What
    /// knows no more than names and types of columns lets every query pass.
    ///
    /// # Errors
    /// What is missing, or what the embedded engine cannot do.
    fn query(&self, _query: &Query) -> Result<(), QueryError> {
        Ok(())
    }

    /// The name of a segment, where it is known.
    fn segment_name(&self, _id: &str) -> Option<String> {
        None
    }

    /// Every segment that conditions may name, by id and name.
    fn segments(&self) -> Vec<(&str, &str)> {
        Vec::new()
    }

    /// The uploaded files that conditions may name.
    fn list_files(&self) -> Vec<&str> {
        Vec::new()
    }

    /// The queries that conditions may name.
    fn list_queries(&self) -> Vec<&str> {
        Vec::new()
    }

    /// A table's name on screens.
    fn table_label(&self, table: &str) -> String {
        table.replace('_', " ")
    }

    /// A column's name on screens.
    fn column_label(&self, _table: &str, column: &str) -> String {
        title_case(column)
    }

    /// The ISO 4217 code in which money is shown.
    fn currency(&self) -> String {
        "USD".to_owned()
    }
}

/// `predicted_clv_next_365d` becomes `Predicted Clv Next 365d`.
#[must_use]
pub(crate) fn title_case(name: &str) -> String {
    let words = name.split(['_', ' ']).filter(|word| !word.is_empty()).map(|word| {
        let mut letters = word.chars();
        letters
            .next()
            .map(|first| first.to_uppercase().chain(letters).collect::<String>())
            .unwrap_or_default()
    });
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::title_case;

    #[test]
    fn names_become_titles() {
        assert_eq!(title_case("predicted_clv_next_365d"), "Predicted Clv Next 365d");
        assert_eq!(title_case("city"), "City");
        assert_eq!(title_case("__é_x"), "É X");
    }
}
