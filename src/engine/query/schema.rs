//! A database that knows whether queries can run.

use super::{ids, plan};
use crate::catalog::{Database, DatabaseView};
use crate::segment::{DataType, Missing, Query, QueryFault, Schema};

/// A database seen through an activation ID, by an engine.
pub struct WithQueries<'a> {
    /// The database, perhaps with uploaded files as tables.
    pub view: DatabaseView<'a>,
    /// The database alone, whose tables queries read.
    pub own: &'a Database,
}

impl Schema for WithQueries<'_> {
    fn query(&self, query: &Query) -> Result<(), QueryFault> {
        ids::check(&plan(self.own, query)?, self.view.activation_id)
    }
    fn activation_id(&self) -> Result<(), Missing> {
        self.view.activation_id()
    }
    fn default_activation_id(&self) -> String {
        self.view.default_activation_id()
    }
    fn table(&self, table: &str) -> Result<(), Missing> {
        self.view.table(table)
    }
    fn table_key(&self, table: &str) -> String {
        self.view.table_key(table)
    }
    fn column_type(&self, table: &str, column: &str) -> Result<DataType, Missing> {
        self.view.column_type(table, column)
    }
    fn items_table(&self) -> Result<String, Missing> {
        self.view.items_table()
    }
    fn item_revenue(&self) -> Result<String, Missing> {
        self.view.item_revenue()
    }
    fn item_quantity(&self) -> Result<String, Missing> {
        self.view.item_quantity()
    }
    fn table_label(&self, table: &str) -> String {
        self.view.table_label(table)
    }
    fn column_label(&self, table: &str, column: &str) -> String {
        self.view.column_label(table, column)
    }
    fn currency(&self) -> String {
        self.view.currency()
    }
}
