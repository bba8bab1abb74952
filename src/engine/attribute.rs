//! Attribute conditions: customers with at least one row where a predicate holds.

use super::column_test::ColumnMatcher;
use super::index::RowIndex;
use super::scan::scan;
use super::truth::{Customers, Truth};
use super::{Cancel, EngineError};
use crate::catalog::Table;
use crate::segment::ColumnTest;

/// For whom the condition holds: there is a row where it does. It is unknown for those without such a
/// row but with one where the column is NULL.
pub fn evaluate(
    table: &Table,
    test: &ColumnTest,
    index: &RowIndex,
    universe_size: usize,
    cancel: &Cancel,
) -> Result<Truth, EngineError> {
    let unreadable = EngineError::unreadable(&table.name);
    let matcher = ColumnMatcher::new(&test.predicate);
    let mut holds = Customers::with_capacity(universe_size);
    let mut unknown = holds.clone();
    scan(table, &[&test.column], cancel, |first, frame| {
        let column = frame.column(&test.column).map_err(&unreadable)?;
        let rows = matcher.rows(column).map_err(&unreadable)?;
        for (row, customer) in rows.iter().zip(index.from(first)) {
            match (row, customer) {
                (Some(true), Some(customer)) => holds.insert(customer),
                (None, Some(customer)) => unknown.insert(customer),
                _ => {}
            }
        }
        Ok(())
    })?;
    Ok(Truth::of_any_row(holds, unknown))
}
