//! Tests on several columns of the same row.

use std::sync::Arc;

use super::column_test::ColumnMatcher;
use super::passing::tested;
use super::store::{Piece, Words, all, keep};
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

    /// The columns that the tests look at, one for each test.
    pub fn columns(&self) -> Vec<&'a str> {
        self.tests.iter().map(|(column, _)| *column).collect()
    }

    /// The rows on which all tests hold; what is unknown does not. `pieces` begins with those of
    /// [`RowMatcher::columns`], each of so many rows.
    pub fn rows(&self, pieces: &[Arc<Piece>], rows: usize) -> Words {
        let mut tested =
            self.tests.iter().zip(pieces).map(|((_, matcher), piece)| tested(matcher, piece).holds);
        let Some(mut holds) = tested.next() else { return all(rows) };
        tested.for_each(|other| keep(&mut holds, &other));
        holds
    }
}
