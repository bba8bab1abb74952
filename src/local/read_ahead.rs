//! What every first answer needs, read before it is asked for.

use chrono::NaiveDate;
use rayon::ThreadPoolBuilder;

use super::engine::Engine;
use super::sets::insights::InsightTables as _;
use crate::backend::{BackendError, Progress, Task};
use crate::database::{DatabaseView, Table};
use crate::segment::Schema;

impl Engine {
    /// Reads what every first answer needs: the universe, the index of each table, the insights, the
    /// orders. The task is told before each table. It has threads of its own, so that answers that are wanted
    /// meanwhile get theirs.
    ///
    /// # Errors
    /// Cancelled; a table cannot be read, or has changed.
    pub fn read_ahead(
        &self,
        activation_id: &str,
        as_of: NaiveDate,
        task: Task<'_>,
    ) -> Result<(), BackendError> {
        let read = || self.answer(|| self.read_all(activation_id, as_of, task));
        match ThreadPoolBuilder::new().build() {
            Ok(threads) => threads.install(read),
            // The system has none left; then it takes part in those of all.
            Err(_) => read(),
        }
    }

    fn read_all(&self, activation_id: &str, as_of: NaiveDate, task: Task<'_>) -> Result<(), BackendError> {
        let schema = DatabaseView { database: &self.database, activation_id };
        let items = schema.items_table().ok().and_then(|name| self.database.table(&name));
        let tables = self.database.tables.iter().filter(|table| table.id_column(activation_id).is_some());
        let mut tables: Vec<&Table> = tables.collect();
        // The numbers of all customers need the short ones; whoever asks next may need no more.
        tables.sort_by_key(|table| rows(table));
        let total = tables.iter().chain(&items).map(|table| rows(table)).sum();
        let mut done = 0;
        let mut begin = |table: &Table| {
            (task.progress)(Progress { table: &table.name, done, total });
            done += rows(table);
        };
        let customers = self.database.roles.customers.as_deref();
        let first = tables.iter().find(|table| Some(table.name.as_str()) == customers).or(tables.first());
        if let Some(first) = first {
            (task.progress)(Progress { table: &first.name, done: 0, total });
        }
        let view = self.view(self.database.clone(), activation_id, task.cancel)?;
        for table in tables {
            begin(table);
            view.table_and_index(&table.name)?;
        }
        view.prepared(as_of)?;
        if let Some(items) = items {
            begin(items);
            // Another error is told when somebody asks for purchases.
            if let Err(BackendError::Cancelled) = view.orders(items) {
                return Err(BackendError::Cancelled);
            }
        }
        Ok(())
    }
}

fn rows(table: &Table) -> u64 {
    table.content.as_ref().ok().and_then(|content| content.rows).unwrap_or(0)
}
