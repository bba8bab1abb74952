//! Tests on several columns of the same row.

use std::sync::{Arc, OnceLock};

use super::column_predicate::ColumnPredicate;
use super::date_predicate::DatePredicate;
use super::row_mask::RowMask;
use crate::backend::BackendError;
use crate::database::Table;
use crate::local::cache_key::CacheKey;
use crate::local::chunk_reader::{ChunkReader, ReadableTable};
use crate::local::columns::{Bitmap, LengthMismatch};
use crate::local::consistency::missing_chunk;
use crate::local::memory::MemorySize;
use crate::segment::{ColumnTest, DateTest, Predicate};

/// Tests that must all hold on a row of a table. The rows on which each of them holds are kept: conditions
/// with the same window or the same filter share them.
pub(crate) struct RowFilter<'a> {
    table: ReadableTable<'a>,
    reader: ChunkReader<'a>,
    tests: Vec<Test<'a>>,
}

struct Test<'a> {
    column: &'a str,
    predicate: ColumnPredicate<'a>,
    passing: Arc<PassingRows>,
}

/// The rows of each chunk on which a test holds, as far as they were asked for.
struct PassingRows {
    chunks: Vec<OnceLock<Bitmap>>,
    /// What they take once all are known: they will be.
    memory_size: usize,
}

impl MemorySize for PassingRows {
    fn memory_size(&self) -> usize {
        self.memory_size
    }
}

impl<'a> RowFilter<'a> {
    /// The tests on these columns.
    pub fn new(
        table: &'a Table,
        filters: &'a [ColumnTest],
        reader: ChunkReader<'a>,
    ) -> Result<Self, BackendError> {
        let mut filter = Self { table: ReadableTable::new(table)?, reader, tests: Vec::new() };
        for test in filters {
            let predicate = ColumnPredicate::new(&test.predicate);
            filter.add(&test.column, predicate, test.predicate.clone())?;
        }
        Ok(filter)
    }

    /// The same where the date in a column is within a window, too. That is tried first: where rows stand by time it leaves
    /// nothing of most chunks.
    pub fn within(mut self, column: &'a str, window: &'a DateTest) -> Result<Self, BackendError> {
        let predicate = ColumnPredicate::Date(DatePredicate::new(window));
        self.add(column, predicate, Predicate::Date(window.clone()))?;
        self.tests.rotate_right(1);
        Ok(self)
    }

    fn add(
        &mut self,
        column: &'a str,
        predicate: ColumnPredicate<'a>,
        key: Predicate,
    ) -> Result<(), BackendError> {
        let ChunkReader { memory, cancel, .. } = self.reader;
        let table = self.table.table.key().into_owned();
        let key = CacheKey::Rows { table, column: column.to_owned(), predicate: key };
        let passing = memory.get_or_make(key, cancel, || {
            let count = self.reader.chunk_count(self.table);
            let rows = (0..count).map(|number| self.len(number)).sum::<usize>();
            let chunks = (0..count).map(|_| OnceLock::new()).collect();
            Ok(PassingRows { chunks, memory_size: rows / 8 })
        })?;
        self.tests.push(Test { column, predicate, passing });
        Ok(())
    }

    /// The table whose rows are tested.
    pub fn table(&self) -> ReadableTable<'a> {
        self.table
    }

    /// Whether every row passes.
    pub fn is_empty(&self) -> bool {
        self.tests.is_empty()
    }

    /// The columns that the tests look at, one for each test.
    pub fn columns(&self) -> Vec<&'a str> {
        self.tests.iter().map(|test| test.column).collect()
    }

    /// How many rows a chunk has.
    pub fn len(&self, number: usize) -> usize {
        self.reader.chunk_rows(self.table, number)
    }

    /// The rows of a chunk on which all tests hold; what is unknown does not.
    pub fn rows(&self, number: usize) -> Result<Bitmap, BackendError> {
        let mut tests = self.tests.iter();
        let Some(first) = tests.next() else { return Ok(Bitmap::ones(self.len(number))) };
        let mut rows = self.with_passing(first, number, |passing| Ok(passing.clone()))?;
        for test in tests {
            // What is not needed is not read.
            if rows.is_zero() {
                break;
            }
            self.with_passing(test, number, |passing| rows.and(passing))?;
        }
        Ok(rows)
    }

    /// Does something with the rows of a chunk on which a test holds.
    fn with_passing<T>(
        &self,
        test: &Test<'_>,
        number: usize,
        act: impl FnOnce(&Bitmap) -> Result<T, LengthMismatch>,
    ) -> Result<T, BackendError> {
        let known = test.passing.chunks.get(number).ok_or_else(|| missing_chunk(test.column, number))?;
        if let Some(known) = known.get() {
            return Ok(act(known)?);
        }
        let chunk = self.reader.chunk(self.table, test.column, number)?;
        let passing = RowMask::new(&test.predicate, &chunk)?.trues;
        let result = act(&passing)?;
        // Somebody else may have been quicker with the same.
        let _ = known.set(passing);
        Ok(result)
    }
}
