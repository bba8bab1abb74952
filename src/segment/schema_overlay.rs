//! A database of which some things are said otherwise.

use std::sync::Arc;

use super::column_names::ColumnNames;
use super::query::{Query, QueryError};
use super::schema::Schema;
use super::vocabulary::DataType;
use crate::diagnostic::Diagnostic;

/// A [`Schema`] over another one, which says all that this one does not say itself.
pub trait SchemaOverlay {
    /// The one below.
    fn under(&self) -> &dyn Schema;

    /// See [`Schema::query`].
    ///
    /// # Errors
    /// As there.
    fn query(&self, query: &Query) -> Result<(), QueryError> {
        self.under().query(query)
    }

    /// See [`Schema::segment_name`].
    fn segment_name(&self, id: &str) -> Option<String> {
        self.under().segment_name(id)
    }

    /// See [`Schema::segments`].
    fn segments(&self) -> Vec<(&str, &str)> {
        self.under().segments()
    }

    /// See [`Schema::list_files`].
    fn list_files(&self) -> Vec<&str> {
        self.under().list_files()
    }

    /// See [`Schema::list_queries`].
    fn list_queries(&self) -> Vec<&str> {
        self.under().list_queries()
    }

    /// See [`Schema::table_label`].
    fn table_label(&self, table: &str) -> String {
        self.under().table_label(table)
    }

    /// See [`Schema::column_label`].
    fn column_label(&self, table: &str, column: &str) -> String {
        self.under().column_label(table, column)
    }

    /// See [`Schema::currency`].
    fn currency(&self) -> String {
        self.under().currency()
    }
}

impl<L: SchemaOverlay> Schema for L {
    fn activation_id(&self) -> Result<(), Diagnostic> {
        self.under().activation_id()
    }
    fn default_activation_id(&self) -> String {
        self.under().default_activation_id()
    }
    fn table(&self, table: &str) -> Result<(), Diagnostic> {
        self.under().table(table)
    }
    fn table_key(&self, table: &str) -> String {
        self.under().table_key(table)
    }
    fn column_type(&self, table: &str, column: &str) -> Result<DataType, Diagnostic> {
        self.under().column_type(table, column)
    }
    fn items_table(&self) -> Result<String, Diagnostic> {
        self.under().items_table()
    }
    fn customers_table(&self) -> Option<&str> {
        self.under().customers_table()
    }
    fn item_revenue(&self) -> Result<String, Diagnostic> {
        self.under().item_revenue()
    }
    fn item_quantity(&self) -> Result<String, Diagnostic> {
        self.under().item_quantity()
    }
    fn tables(&self) -> Vec<&str> {
        self.under().tables()
    }
    fn is_offered(&self, table: &str) -> bool {
        self.under().is_offered(table)
    }
    fn columns(&self, table: &str) -> Vec<&str> {
        self.under().columns(table)
    }
    fn column_names(&self, table: &str) -> Arc<ColumnNames> {
        self.under().column_names(table)
    }
    fn query(&self, query: &Query) -> Result<(), QueryError> {
        SchemaOverlay::query(self, query)
    }
    fn segment_name(&self, id: &str) -> Option<String> {
        SchemaOverlay::segment_name(self, id)
    }
    fn segments(&self) -> Vec<(&str, &str)> {
        SchemaOverlay::segments(self)
    }
    fn list_files(&self) -> Vec<&str> {
        SchemaOverlay::list_files(self)
    }
    fn list_queries(&self) -> Vec<&str> {
        SchemaOverlay::list_queries(self)
    }
    fn table_label(&self, table: &str) -> String {
        SchemaOverlay::table_label(self, table)
    }
    fn column_label(&self, table: &str, column: &str) -> String {
        SchemaOverlay::column_label(self, table, column)
    }
    fn currency(&self) -> String {
        SchemaOverlay::currency(self)
    }
}
