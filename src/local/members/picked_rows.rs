//! For each customer the row of a table that counts, or how many there are.

use std::sync::Arc;

use crate::backend::{BackendError, RowPick};
use crate::database::Table;
use crate::diagnostic::Diagnostic;
use crate::local::chunk_reader::{ChunkReader, ReadableTable};
use crate::local::columns::{Bitmap, Chunk};
use crate::local::consistency::{check_length, checked, checked_mut};
use crate::local::index::customer_index::CustomerIndex;
use crate::local::memory::MemorySize;
use crate::segment::DataType;

/// Stands for no row.
const NO_ROW: u32 = u32::MAX;

/// For each customer the row of a table that counts, or the number of rows.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct PickedRows(Vec<u32>);

impl PickedRows {
    /// From all rows of a table; of [`RowPick::Only`] the first one.
    ///
    /// # Errors
    /// The column that orders them is none of dates; a chunk is missing; cancelled.
    pub fn read(
        table: &Table,
        index: &CustomerIndex,
        pick: &RowPick,
        universe_size: usize,
        reader: ChunkReader<'_>,
    ) -> Result<Self, BackendError> {
        index.customers.check_ids(universe_size)?;
        match pick {
            RowPick::Only | RowPick::First(None) => {
                by_order_of_file(index, universe_size, reader, |row, before| before.min(row))
            }
            // The place of none is taken by any.
            RowPick::Latest(None) => by_order_of_file(index, universe_size, reader, |row, _| row),
            RowPick::Count => counts(index, universe_size, reader),
            RowPick::First(Some(column)) => by_date(table, index, (column, false), universe_size, reader),
            RowPick::Latest(Some(column)) => by_date(table, index, (column, true), universe_size, reader),
        }
    }

    /// Of how many customers.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The row of a customer, if there is one.
    #[inline]
    pub fn row(&self, customer: usize) -> Option<usize> {
        let row = checked(&self.0, customer);
        (row != NO_ROW).then_some(row as usize)
    }

    /// What is counted of a customer.
    #[inline]
    pub fn count(&self, customer: usize) -> u32 {
        checked(&self.0, customer)
    }
}

impl MemorySize for PickedRows {
    fn memory_size(&self) -> usize {
        size_of_val(self.0.as_slice())
    }
}

/// Rows are gone through in their order; `choose` is handed a row and the one before.
fn by_order_of_file(
    index: &CustomerIndex,
    universe_size: usize,
    reader: ChunkReader<'_>,
    choose: impl Fn(u32, u32) -> u32,
) -> Result<PickedRows, BackendError> {
    let mut rows = vec![NO_ROW; universe_size];
    for_each_row(index, reader, |_, row, customer| {
        if let Some(place) = checked_mut(&mut rows, customer) {
            *place = choose(row, *place);
        }
    })?;
    Ok(PickedRows(rows))
}

fn counts(
    index: &CustomerIndex,
    universe_size: usize,
    reader: ChunkReader<'_>,
) -> Result<PickedRows, BackendError> {
    let mut counts = vec![0; universe_size];
    for_each_row(index, reader, |_, _, customer| {
        checked_mut(&mut counts, customer).into_iter().for_each(|count| *count += 1);
    })?;
    Ok(PickedRows(counts))
}

/// The first, NULL last, or the latest, NULL first; ties by the order of the file.
fn by_date(
    table: &Table,
    index: &CustomerIndex,
    (column, is_latest): (&str, bool),
    universe_size: usize,
    reader: ChunkReader<'_>,
) -> Result<PickedRows, BackendError> {
    check_dates(table, column)?;
    let chunks = reader.column(ReadableTable::new(table)?, column)?;
    check_length("chunks of a column", chunks.len(), index.customers.chunks())?;
    let null = if is_latest { i64::MIN } else { i64::MAX };
    let mut picked = vec![(null, NO_ROW); universe_size];
    let date = DateOfRow { chunks: &chunks, null };
    for_each_row(index, reader, |(number, at), row, customer| {
        let (date, Some((before, picked))) = (date.get(number, at), checked_mut(&mut picked, customer))
        else {
            return;
        };
        let is_better = if is_latest { date >= *before } else { date < *before };
        if is_better || *picked == NO_ROW {
            (*before, *picked) = (date, row);
        }
    })?;
    Ok(PickedRows(picked.into_iter().map(|(_, row)| row).collect()))
}

struct DateOfRow<'a> {
    chunks: &'a [Arc<Chunk>],
    null: i64,
}

impl DateOfRow<'_> {
    /// Days or microseconds, of all rows the same.
    #[inline]
    fn get(&self, number: usize, row: usize) -> i64 {
        match self.chunks.get(number) {
            Some(chunk) if !chunk.is_null(row) => chunk.dictionary().whole(chunk.keys().get(row)),
            _ => self.null,
        }
    }
}

fn check_dates(table: &Table, column: &str) -> Result<(), BackendError> {
    let found = table.column(column).map(|column| column.data_type);
    let message = match found {
        Some(DataType::Date | DataType::Datetime) => return Ok(()),
        Some(_) => format!("column {column:?} of table {:?} has no dates", table.name),
        None => format!("table {:?} has no column {column:?}", table.name),
    };
    Err(BackendError::Missing(Diagnostic::new(message).with_help("choose a column of dates")))
}

/// Does something with each row that has a customer, in order: the chunk and the row of that, the row of the table, and
/// the customer.
#[allow(clippy::cast_possible_truncation)] // no table has more rows than a u32 counts, which is checked
fn for_each_row(
    index: &CustomerIndex,
    reader: ChunkReader<'_>,
    mut act: impl FnMut((usize, usize), u32, usize),
) -> Result<(), BackendError> {
    for number in 0..index.customers.chunks() {
        reader.cancel.check()?;
        let (chunk, first) = (index.customers.chunk(number, reader)?, reader.chunk_size.first_row(number));
        let all = Bitmap::ones(chunk.rows());
        chunk.for_each(&all, |row, customer| act((number, row), (first + row) as u32, customer))?;
    }
    Ok(())
}
