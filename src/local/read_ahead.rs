//! What every first answer needs, read before it is asked for.

use std::sync::atomic::Ordering;
use std::time::Duration;

use chrono::NaiveDate;
use rayon::ThreadPoolBuilder;

use super::chunk_reader::{ChunkReader, ReadableTable};
use super::engine::Engine;
use super::files::LocalDatabase;
use super::sets::insights::InsightTables as _;
use crate::backend::{BackendError, Cancel, Progress, Task};
use crate::database::{DatabaseView, Table};
use crate::segment::{CheckedNode, CheckedSegment, Criterion, Schema};

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
        let read = || self.answer_meanwhile(|| self.read_all(activation_id, as_of, task));
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
            self.let_answers_pass(task.cancel)?;
            begin(table);
            view.table_and_index(&table.name)?.1.counts(view.reader())?;
        }
        view.prepared(as_of)?;
        if let Some(items) = items {
            self.let_answers_pass(task.cancel)?;
            begin(items);
            // Another error is told when somebody asks for purchases.
            if let Err(BackendError::Cancelled) = view.orders(items) {
                return Err(BackendError::Cancelled);
            }
        }
        Ok(())
    }
}

impl Engine {
    /// Waits for answers that somebody waits for, which need both cores; not for ever, as each may take longer without
    /// what is read ahead.
    fn let_answers_pass(&self, cancel: &Cancel) -> Result<(), BackendError> {
        const STEP: Duration = Duration::from_millis(5);
        const STEPS: usize = 400;
        for _ in 0..STEPS {
            cancel.check()?;
            if self.answers_in_progress.load(Ordering::Relaxed) == 0 {
                break;
            }
            std::thread::sleep(STEP);
        }
        Ok(())
    }

    /// Reads the columns that conditions test first. Like all reading ahead it only saves time: what goes wrong goes wrong
    /// again where they are needed.
    pub(super) fn read_tested_columns(
        &self,
        checked: &CheckedSegment,
        database: &LocalDatabase,
        cancel: &Cancel,
    ) {
        let reader = ChunkReader { tables: database, ..self.chunk_reader(cancel) };
        for leaf in checked.leaves() {
            let CheckedNode::Condition(_, criterion) = leaf else { continue };
            let date = &database.roles.items_columns.order_datetime;
            let column = match &**criterion {
                Criterion::Attribute { test, .. } => Some(&test.column),
                Criterion::Purchase { when: Some(_), .. } => Some(date),
                Criterion::Purchase { filters, .. } | Criterion::Aggregate { filters, .. } => {
                    filters.first().map(|filter| &filter.column)
                }
            };
            let table = database.table_by_key(criterion.table());
            if let Some((table, column)) = table.zip(column) {
                let _ = ReadableTable::new(table).and_then(|source| reader.column(source, column));
            }
        }
    }
}

fn rows(table: &Table) -> u64 {
    table.content.as_ref().ok().and_then(|content| content.rows).unwrap_or(0)
}
