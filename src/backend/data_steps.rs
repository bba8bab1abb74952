//! From one state of a database to another, a table at a time.

use std::sync::Arc;

use super::backend::Backend;
use super::error::BackendError;
use super::task::Task;

/// Two states of a database, which are told apart by the rows of their tables.
pub trait DataSteps: Send + Sync {
    /// The first state.
    fn before(&self) -> Arc<dyn Backend>;

    /// The second state.
    fn after(&self) -> Arc<dyn Backend>;

    /// The tables whose rows differ, in order of name. Rows are compared as multisets for each id of an activation ID.
    ///
    /// # Errors
    /// Cancelled; a table cannot be read, or has changed; the two do not have the same roles.
    fn changed_tables(&self, activation_id: &str, task: Task<'_>) -> Result<Vec<ChangedTable>, BackendError>;

    /// The database with these tables as they are in the second state and all others as they are in the first one.
    fn with(&self, tables: &[&str]) -> Arc<dyn Backend>;
}

/// A table whose rows differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedTable {
    /// Its name.
    pub table: String,
    /// What screens call it.
    pub label: String,
    /// How it differs.
    pub kind: TableChange,
}

/// How a table differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TableChange {
    /// It is new, with so many rows.
    Added(u64),
    /// It is gone, with so many rows.
    Removed(u64),
    /// Other columns, or of other types; by name.
    Columns(Vec<String>),
    /// The same columns with other rows.
    Rows {
        /// The ids whose rows differ.
        ids: u64,
        /// Whether rows without an id differ.
        without_id: bool,
        /// How many rows there are.
        before: u64,
        /// How many rows there are.
        after: u64,
    },
}
