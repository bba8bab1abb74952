//! What every first answer needs, read before it is asked for.

use chrono::NaiveDate;
use rayon::ThreadPoolBuilder;

use super::evaluate::Engine;
use super::sets::insights::InsightTables as _;
use super::{Cancel, EngineError};
use crate::local::files::{DatabaseView, Table};
use crate::segment::Schema;

/// How far a warm-up is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step<'a> {
    /// The table that is being read.
    pub table: &'a str,
    /// How many rows were read before it.
    pub done: u64,
    /// How many rows are read in all.
    pub of: u64,
}

impl Step<'_> {
    /// How much of it is done.
    #[must_use]
    pub fn percent(&self) -> u64 {
        self.done.saturating_mul(100).checked_div(self.of).unwrap_or(0)
    }
}

impl Engine {
    /// Reads what every first answer needs: the universe, the index of each table, the insights, the
    /// orders. `say` is told before each table. It has threads of its own, so that answers that are wanted
    /// meanwhile get theirs.
    ///
    /// # Errors
    /// Cancelled; a table cannot be read, or has changed.
    pub fn warm_up(
        &self,
        activation_id: &str,
        as_of: NaiveDate,
        say: &(dyn Fn(Step<'_>) + Sync),
        cancel: &Cancel,
    ) -> Result<(), EngineError> {
        let read = || self.answer(|| self.read_ahead(activation_id, as_of, say, cancel));
        match ThreadPoolBuilder::new().build() {
            Ok(threads) => threads.install(read),
            // The system has none left; then it takes part in those of all.
            Err(_) => read(),
        }
    }

    fn read_ahead(
        &self,
        activation_id: &str,
        as_of: NaiveDate,
        say: &(dyn Fn(Step<'_>) + Sync),
        cancel: &Cancel,
    ) -> Result<(), EngineError> {
        let schema = DatabaseView { database: &self.database, activation_id };
        let items = schema.items_table().ok().and_then(|name| self.database.table(&name));
        let tables = self.database.tables.iter().filter(|table| table.id_column(activation_id).is_some());
        let mut tables: Vec<&Table> = tables.collect();
        // The numbers of all customers need the short ones; whoever asks next may need no more.
        tables.sort_by_key(|table| rows(table));
        let of = tables.iter().chain(&items).map(|table| rows(table)).sum();
        let mut done = 0;
        let mut begin = |table: &Table| {
            say(Step { table: &table.name, done, of });
            done += rows(table);
        };
        let customers = self.database.roles.customers.as_deref();
        let first = tables.iter().find(|table| Some(table.name.as_str()) == customers).or(tables.first());
        if let Some(first) = first {
            say(Step { table: &first.name, done: 0, of });
        }
        let view = self.view(self.database.clone(), activation_id, cancel)?;
        for table in tables {
            begin(table);
            view.table_and_index(&table.name)?;
        }
        view.prepared(as_of)?;
        if let Some(items) = items {
            begin(items);
            // Another error is told when somebody asks for purchases.
            if let Err(EngineError::Cancelled) = view.orders(items) {
                return Err(EngineError::Cancelled);
            }
        }
        Ok(())
    }
}

fn rows(table: &Table) -> u64 {
    table.content.as_ref().ok().and_then(|content| content.rows).unwrap_or(0)
}
