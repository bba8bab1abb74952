//! Tests on several columns of the same row.

use std::sync::{Arc, OnceLock};

use super::column_predicate::ColumnPredicate;
use super::date_predicate::DatePredicate;
use super::key_set::tested;
use crate::backend::BackendError;
use crate::database::{Content, Table};
use crate::local::chunk_reader::{ChunkReader, content};
use crate::local::columns::{Bitmap, all, keep};
use crate::local::memory::{CacheKey, MemorySize};
use crate::segment::{ColumnTest, DateTest, Predicate};

/// Tests that must all hold on a row of a table. The rows on which each of them holds are kept: conditions
/// with the same window or the same filter share them.
pub struct RowFilter<'a> {
    table: &'a Table,
    content: &'a Content,
    pieces: ChunkReader<'a>,
    tests: Vec<Test<'a>>,
}

struct Test<'a> {
    column: &'a str,
    matcher: ColumnPredicate<'a>,
    known: Arc<Known>,
}

/// The rows of each piece on which a test holds, as far as they were asked for.
struct Known {
    pieces: Vec<OnceLock<Bitmap>>,
    /// How many rows there are in all.
    rows: u64,
}

impl MemorySize for Known {
    fn memory_size(&self) -> usize {
        // As if all were known: they will be.
        usize::try_from(self.rows / 8).unwrap_or(usize::MAX)
    }
}

impl<'a> RowFilter<'a> {
    /// The tests on these columns.
    pub fn new(
        table: &'a Table,
        filters: &'a [ColumnTest],
        pieces: ChunkReader<'a>,
    ) -> Result<Self, BackendError> {
        let mut tests = Self { table, content: content(table)?, pieces, tests: Vec::new() };
        for filter in filters {
            let matcher = ColumnPredicate::new(&filter.predicate);
            tests.add(&filter.column, matcher, filter.predicate.clone())?;
        }
        Ok(tests)
    }

    /// With the test that a date is within a window.
    pub fn within(mut self, column: &'a str, window: &'a DateTest) -> Result<Self, BackendError> {
        let matcher = ColumnPredicate::Date(DatePredicate::new(window));
        self.add(column, matcher, Predicate::Date(window.clone()))?;
        Ok(self)
    }

    fn add(
        &mut self,
        column: &'a str,
        matcher: ColumnPredicate<'a>,
        predicate: Predicate,
    ) -> Result<(), BackendError> {
        let ChunkReader { memory, cancel, .. } = self.pieces;
        let key =
            CacheKey::Rows { table: self.table.key().into_owned(), column: column.to_owned(), predicate };
        let known = memory.get_or_make(key, cancel, || {
            let pieces = (0..self.pieces.of(self.content)).map(|_| OnceLock::new()).collect();
            Ok(Known { pieces, rows: self.content.rows.unwrap_or(0) })
        })?;
        self.tests.push(Test { column, matcher, known });
        Ok(())
    }

    /// Whether every row passes.
    pub fn is_empty(&self) -> bool {
        self.tests.is_empty()
    }

    /// The columns that the tests look at, one for each test.
    pub fn columns(&self) -> Vec<&'a str> {
        self.tests.iter().map(|test| test.column).collect()
    }

    /// How many rows a piece has.
    pub fn len(&self, piece: usize) -> usize {
        usize::try_from(self.pieces.rows_of(self.content, piece)).unwrap_or(usize::MAX)
    }

    /// The rows of a piece on which all tests hold; what is unknown does not.
    pub fn rows(&self, piece: usize) -> Result<Bitmap, BackendError> {
        let mut tests = self.tests.iter();
        let Some(first) = tests.next() else { return Ok(all(self.len(piece))) };
        let mut rows = self.holding(first, piece, Bitmap::clone)?;
        for test in tests {
            self.holding(test, piece, |holding| keep(&mut rows, holding))?;
        }
        Ok(rows)
    }

    /// Does something with the rows of a piece on which a test holds.
    fn holding<T>(
        &self,
        test: &Test<'_>,
        number: usize,
        act: impl FnOnce(&Bitmap) -> T,
    ) -> Result<T, BackendError> {
        let known = test.known.pieces.get(number);
        if let Some(known) = known.and_then(OnceLock::get) {
            return Ok(act(known));
        }
        let piece = self.pieces.piece(self.table, self.content, test.column, number)?;
        let holding = tested(&test.matcher, &piece).holds;
        let result = act(&holding);
        if let Some(known) = known {
            // Somebody else may have been quicker with the same.
            let _ = known.set(holding);
        }
        Ok(result)
    }
}
