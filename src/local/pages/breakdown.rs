//! A segment by the values of attributes.

use std::sync::Arc;

use super::purchases_by_value::{Buyers, purchases_by_value};
use crate::backend::{
    AttributeBreakdown, Available, BackendError, BreakDown, Breakdown, ColumnName, MOST_ATTRIBUTES, Task,
};
use crate::diagnostic::Diagnostic;
use crate::local::chunk_reader::ReadableTable;
use crate::local::condition::value_ids::ValueIds;
use crate::local::engine::Engine;
use crate::local::evaluate::check_column;
use crate::local::listing::Listing;
use crate::local::query_scope::key;
use crate::local::refuse::refuse;
use crate::local::sets::insights::InsightTables as _;

impl Engine {
    /// A segment by the values of attributes.
    ///
    /// # Errors
    /// [`BackendError::Missing`] if there are too many attributes. Otherwise as of [`Engine::evaluate`].
    pub(crate) fn break_down(&self, question: &BreakDown, task: Task<'_>) -> Result<Breakdown, BackendError> {
        let BreakDown { segment, attributes, range, as_of, wrong } = question;
        if attributes.len() > MOST_ATTRIBUTES {
            let message = format!("{} attributes are too many", attributes.len());
            let help = format!("name up to {MOST_ATTRIBUTES} attributes");
            return Err(BackendError::Missing(Diagnostic::new(message).with_help(help)));
        }
        self.answer(|| {
            let refuse = |problems: &[_]| refuse(segment, problems, *wrong);
            let (checked, view) = self.prepare(segment, *as_of, refuse, task.cancel)?;
            let members = view.sides(&checked)?.members(task.cancel)?;
            let view = self.view(Arc::clone(&self.database), view.activation_id, task.cancel)?;
            let totals = view.order_totals(*range)?;
            let mut answered = Vec::with_capacity(attributes.len());
            for column in attributes {
                let purchases = match &totals {
                    Ok(totals) => {
                        let buyers = Buyers { members: &members, totals };
                        self.attribute(question, column, &buyers, task)?
                    }
                    Err(missing) => Err(missing.clone()),
                };
                answered.push((column.clone(), purchases));
            }
            let activation_id = view.activation_id.to_owned();
            Ok(Breakdown { as_of: *as_of, activation_id, range: *range, attributes: answered })
        })
    }

    /// The purchases by the values of a column. What is wrong with its table alone does not keep the others from
    /// being answered.
    fn attribute(
        &self,
        question: &BreakDown,
        column: &ColumnName,
        buyers: &Buyers<'_>,
        task: Task<'_>,
    ) -> Result<Available<AttributeBreakdown>, BackendError> {
        let misses = self.disk_cache.misses();
        match self.read_attribute(question, column, buyers, task) {
            Ok(breakdown) => Ok(Ok(breakdown)),
            Err(BackendError::Missing(missing)) => Ok(Err(missing)),
            // Not where only what was stored is not there any more: the answer begins anew without that.
            Err(BackendError::Unreadable { table, message, help }) if self.disk_cache.misses() == misses => {
                let help = help.unwrap_or_else(|| "open the database again".to_owned());
                Ok(Err(Diagnostic::new(format!("table {table:?}: {message}")).with_help(help)))
            }
            Err(error) => Err(error),
        }
    }

    fn read_attribute(
        &self,
        BreakDown { segment, as_of, .. }: &BreakDown,
        ColumnName { table, column }: &ColumnName,
        buyers: &Buyers<'_>,
        task: Task<'_>,
    ) -> Result<AttributeBreakdown, BackendError> {
        let database = self.tables_with(table, *as_of).reading(task.cancel).table(table)?.database();
        let key = key(&database, table);
        let view = self.view(database, self.database.activation_id(segment), task.cancel)?;
        let (table, index) = view.table_and_index(&key)?;
        check_column(table, column)?;
        let reader = view.reader();
        let chunks = reader.column(ReadableTable::new(table)?, column)?;
        let ids = ValueIds::of_column(table, column, reader)?;
        let listing = Listing::new(&ids, &chunks)?;
        let rows = || view.rows_by_customer(&key, &index);
        let figures = purchases_by_value((&listing, &ids), (&index, &rows), buyers, reader)?;
        let values = listing.sorted(&figures, |purchases| purchases.purchasers)?;
        Ok(AttributeBreakdown { values, total: buyers.total() })
    }
}
