//! Tests on several columns of the same row.

use polars::prelude::DataFrame;

use super::column_test::ColumnMatcher;
use super::{Cancel, EngineError};
use crate::segment::ColumnTest;

/// Tests that must all hold on a row, made ready for many rows.
pub struct RowMatcher<'a> {
    tests: Vec<(&'a str, ColumnMatcher<'a>)>,
}

impl<'a> RowMatcher<'a> {
    pub fn new(filters: &'a [ColumnTest]) -> Self {
        let test = |filter: &'a ColumnTest| (filter.column.as_str(), ColumnMatcher::new(&filter.predicate));
        Self { tests: filters.iter().map(test).collect() }
    }

    /// One test more.
    pub fn and(mut self, column: &'a str, matcher: ColumnMatcher<'a>) -> Self {
        self.tests.push((column, matcher));
        self
    }

    /// Whether every row passes.
    pub fn is_empty(&self) -> bool {
        self.tests.is_empty()
    }

    /// The columns that the tests look at.
    pub fn columns(&self) -> impl Iterator<Item = &'a str> {
        self.tests.iter().map(|(column, _)| *column)
    }

    /// For each row of a piece of `table` whether all tests hold. What is unknown does not.
    pub fn rows(&self, table: &str, frame: &DataFrame, cancel: &Cancel) -> Result<Vec<bool>, EngineError> {
        let unreadable = EngineError::unreadable(table);
        let mut all = vec![true; frame.height()];
        for (column, matcher) in &self.tests {
            cancel.check()?;
            let rows = matcher.rows(frame.column(column).map_err(&unreadable)?).map_err(&unreadable)?;
            all.iter_mut().zip(rows.iter()).for_each(|(all, row)| *all &= row == Some(true));
        }
        Ok(all)
    }
}
