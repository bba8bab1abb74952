//! Attribute conditions: customers by rows on which a test holds.

use super::column_test::ColumnMatcher;
use super::index::RowIndex;
use super::row_test::RowMatcher;
use super::scan::scan;
use super::truth::{Customers, Truth, everybody};
use super::{Cancel, EngineError};
use crate::catalog::Table;
use crate::segment::{ColumnTest, Rows};

/// For whom the condition holds. Only rows on which all filters hold count. The condition is
///
/// - with any row, unknown for those without a row where the test holds but with one where it is unknown;
/// - with no row, never unknown: it holds for all who have no row where the test holds;
/// - with every row, unknown for those without a row where the test fails but with one where it is
///   unknown.
pub fn evaluate(
    table: &Table,
    asked: (&ColumnTest, Rows, &[ColumnTest]),
    index: &RowIndex,
    universe_size: usize,
    cancel: &Cancel,
) -> Result<Truth, EngineError> {
    let (test, rows, filters) = asked;
    let unreadable = EngineError::unreadable(&table.name);
    let matcher = ColumnMatcher::new(&test.predicate);
    let filters = RowMatcher::new(filters);
    let mut holds = Customers::with_capacity(universe_size);
    let (mut fails, mut unknown) = (holds.clone(), holds.clone());
    let columns: Vec<&str> = filters.columns().chain([test.column.as_str()]).collect();
    scan(table, &columns, cancel, |first, frame| {
        let column = frame.column(&test.column).map_err(&unreadable)?;
        let tested = matcher.rows(column).map_err(&unreadable)?;
        let counts = (!filters.is_empty()).then(|| filters.rows(&table.name, frame, cancel)).transpose()?;
        let counts = counts.into_iter().flatten().chain(std::iter::repeat(true));
        for ((row, counts), customer) in tested.iter().zip(counts).zip(index.from(first)) {
            match (row, customer) {
                (Some(true), Some(customer)) if counts => holds.insert(customer),
                (Some(false), Some(customer)) if counts => fails.insert(customer),
                (None, Some(customer)) if counts => unknown.insert(customer),
                _ => {}
            }
        }
        Ok(())
    })?;
    Ok(match rows {
        Rows::Any => Truth::of_any_row(holds, unknown),
        Rows::None => {
            let mut without = everybody(universe_size);
            without.difference_with(&holds);
            Truth::known(without)
        }
        Rows::Every => {
            holds.difference_with(&fails);
            holds.difference_with(&unknown);
            unknown.difference_with(&fails);
            Truth { holds, unknown }
        }
    })
}
