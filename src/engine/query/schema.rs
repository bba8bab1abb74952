//! A database that knows whether queries can run.

use super::{ids, plan};
use crate::catalog::DatabaseView;
use crate::segment::{DataType, Missing, Query, QueryFault, Schema};

/// A database seen through an activation ID, by an engine.
pub struct WithQueries<'a>(pub DatabaseView<'a>);

impl Schema for WithQueries<'_> {
    fn query(&self, query: &Query) -> Result<(), QueryFault> {
        ids::check(&plan(self.0.database, query)?, self.0.activation_id)
    }
    fn activation_id(&self) -> Result<(), Missing> {
        self.0.activation_id()
    }
    fn default_activation_id(&self) -> String {
        self.0.default_activation_id()
    }
    fn table(&self, table: &str) -> Result<(), Missing> {
        self.0.table(table)
    }
    fn column_type(&self, table: &str, column: &str) -> Result<DataType, Missing> {
        self.0.column_type(table, column)
    }
    fn items_table(&self) -> Result<String, Missing> {
        self.0.items_table()
    }
    fn item_revenue(&self) -> Result<String, Missing> {
        self.0.item_revenue()
    }
    fn item_quantity(&self) -> Result<String, Missing> {
        self.0.item_quantity()
    }
    fn table_label(&self, table: &str) -> String {
        self.0.table_label(table)
    }
    fn column_label(&self, table: &str, column: &str) -> String {
        self.0.column_label(table, column)
    }
    fn currency(&self) -> String {
        self.0.currency()
    }
}
