//! From one folder of data to another, a table at a time.

mod rows;

use std::collections::BTreeSet;
use std::sync::Arc;

use rows::RowSums;

use super::engine::Engine;
use super::files::LocalDatabase;
use crate::backend::{Backend, BackendError, ChangedTable, DataSteps, TableChange, Task};
use crate::database::{Database, Table};
use crate::diagnostic::Diagnostic;

/// Two states of a database on this machine.
pub struct LocalDataSteps<F> {
    before: Arc<Engine>,
    after: Arc<Engine>,
    /// Makes an engine for a database between them.
    engine: F,
}

impl<F: Fn(Arc<LocalDatabase>) -> Engine> LocalDataSteps<F> {
    /// From one database to the other. `engine` makes an engine for one that is between them.
    pub fn new(before: Engine, after: Engine, engine: F) -> Self {
        Self { before: Arc::new(before), after: Arc::new(after), engine }
    }

    /// How a table differs; `None` if it does not.
    fn change(
        &self,
        name: &str,
        activation_id: &str,
        task: Task<'_>,
    ) -> Result<Option<TableChange>, BackendError> {
        let rows =
            |table: &Table| table.content.as_ref().ok().and_then(|content| content.rows).unwrap_or_default();
        let (before, after) = (&self.before.database, &self.after.database);
        let (before, after) = match (before.table(name), after.table(name)) {
            (Some(before), Some(after)) => (before, after),
            (None, Some(after)) => return Ok(Some(TableChange::Added(rows(after)))),
            (Some(before), None) => return Ok(Some(TableChange::Removed(rows(before)))),
            (None, None) => return Ok(None),
        };
        let columns = other_columns(before, after, activation_id);
        if !columns.is_empty() {
            return Ok(Some(TableChange::Columns(columns)));
        }
        let mut sums = RowSums::default();
        self.before.add_rows(before, activation_id, &mut sums, task.cancel)?;
        sums.negate();
        self.after.add_rows(after, activation_id, &mut sums, task.cancel)?;
        let (ids, without_id) = sums.differing();
        let (before, after) = (rows(before), rows(after));
        let differs = ids > 0 || without_id;
        Ok(differs.then_some(TableChange::Rows { ids, without_id, before, after }))
    }
}

impl<F: Fn(Arc<LocalDatabase>) -> Engine + Send + Sync> DataSteps for LocalDataSteps<F> {
    fn before(&self) -> Arc<dyn Backend> {
        Arc::<Engine>::clone(&self.before)
    }

    fn after(&self) -> Arc<dyn Backend> {
        Arc::<Engine>::clone(&self.after)
    }

    fn changed_tables(&self, activation_id: &str, task: Task<'_>) -> Result<Vec<ChangedTable>, BackendError> {
        same_roles(&self.before.database, &self.after.database)?;
        let tables = self.before.database.tables.iter().chain(&self.after.database.tables);
        let names: BTreeSet<&str> = tables.map(|table| table.name.as_str()).collect();
        let mut changed = Vec::new();
        for name in names {
            let label =
                [&self.after, &self.before].into_iter().find_map(|engine| engine.database.table(name));
            let label = label.map_or_else(String::new, |table| table.label.clone());
            if let Some(kind) = self.change(name, activation_id, task)? {
                changed.push(ChangedTable { table: name.to_owned(), label, kind });
            }
        }
        Ok(changed)
    }

    fn with(&self, tables: &[&str]) -> Arc<dyn Backend> {
        let database = self.before.database.with_tables_of(&self.after.database, tables);
        Arc::new((self.engine)(Arc::new(database)))
    }
}

/// The columns, and the id, that a table has in one state only, or of another type. Those of a table that cannot be read are unknown.
fn other_columns(before: &Table, after: &Table, activation_id: &str) -> Vec<String> {
    let columns = |table: &Table| -> BTreeSet<(String, String)> {
        let content = table.content.as_ref().ok();
        let columns = content.into_iter().flat_map(|content| content.columns.iter());
        columns.map(|column| (column.name.clone(), format!("{:?}", column.data_type))).collect()
    };
    let (of_before, of_after) = (columns(before), columns(after));
    let mut names: Vec<String> =
        of_before.symmetric_difference(&of_after).map(|(name, _)| name.clone()).collect();
    if before.id_column(activation_id) != after.id_column(activation_id) {
        names.push(activation_id.to_owned());
    }
    names.dedup();
    names
}

/// Tables can only be exchanged between databases in which the same ones play the parts that answers depend on.
fn same_roles(before: &Database, after: &Database) -> Result<(), BackendError> {
    let parts = |database: &Database| {
        let roles = &database.roles;
        (roles.customers.clone(), roles.items.clone(), roles.items_columns.clone())
    };
    if parts(before) == parts(after) {
        return Ok(());
    }
    let message = "the tables of customers or of items are not the same ones in the two folders of data";
    Err(BackendError::Data(
        Diagnostic::new(message)
            .with_help("name the same tables and columns under [roles] in both database.toml"),
    ))
}
