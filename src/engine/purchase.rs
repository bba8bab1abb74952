//! Purchase conditions: customers by their orders in the items table.

use fixedbitset::FixedBitSet;
use polars::prelude::BooleanChunked;

use super::column_test::ColumnMatcher;
use super::orders::OrderIndex;
use super::scan::scan;
use super::truth::{Customers, Truth, everybody};
use super::{Cancel, EngineError};
use crate::catalog::Table;
use crate::segment::{ColumnTest, DateTest, OrderTest, Predicate};

/// For whom a purchase condition holds; it is never unknown.
pub fn evaluate(
    table: &Table,
    order_datetime: &str,
    asked: (&OrderTest, Option<&DateTest>, &[ColumnTest]),
    index: &OrderIndex,
    universe_size: usize,
    cancel: &Cancel,
) -> Result<Truth, EngineError> {
    let (orders, when, filters) = asked;
    let window = when.map(|test| Predicate::Date(test.clone()));
    let mut tests: Vec<(&str, ColumnMatcher)> = filters
        .iter()
        .map(|filter| (filter.column.as_str(), ColumnMatcher::new(&filter.predicate)))
        .collect();
    tests.extend(window.as_ref().map(|window| (order_datetime, ColumnMatcher::new(window))));
    let found = matching_orders(table, &tests, index, cancel)?;
    let mut counts = vec![0_i64; universe_size];
    for customer in found.ones().filter_map(|order| index.customer(order)) {
        if let Some(count) = counts.get_mut(customer) {
            *count += 1;
        }
    }
    let passes = |count: i64| match orders {
        OrderTest::Count(test) => count > 0 && test.holds(count),
        OrderTest::None => count == 0,
    };
    let mut holds = Customers::with_capacity(universe_size);
    holds
        .extend(counts.iter().enumerate().filter(|(_, count)| passes(**count)).map(|(customer, _)| customer));
    Ok(Truth::known(holds))
}

/// The orders with a row on which all tests hold.
fn matching_orders(
    table: &Table,
    tests: &[(&str, ColumnMatcher)],
    index: &OrderIndex,
    cancel: &Cancel,
) -> Result<FixedBitSet, EngineError> {
    let unreadable = EngineError::unreadable(&table.name);
    let mut found = FixedBitSet::with_capacity(index.len());
    if tests.is_empty() {
        return Ok(everybody(index.len()));
    }
    let columns: Vec<&str> = tests.iter().map(|(column, _)| *column).collect();
    scan(table, &columns, cancel, |first, frame| {
        let mut rows: Option<BooleanChunked> = None;
        for (column, matcher) in tests {
            cancel.check()?;
            let passing = matcher.rows(frame.column(column).map_err(&unreadable)?).map_err(&unreadable)?;
            rows = Some(match rows {
                Some(rows) => &rows & &passing,
                None => passing,
            });
        }
        for (row, order) in rows.iter().flat_map(|rows| rows.iter()).zip(index.from(first)) {
            if let (Some(true), Some(order)) = (row, order) {
                found.insert(order);
            }
        }
        Ok(())
    })?;
    Ok(found)
}
