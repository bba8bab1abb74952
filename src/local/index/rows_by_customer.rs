//! The rows of each customer.

use std::ops::Range;

use super::row_map::RowMap;
use crate::backend::BackendError;
use crate::local::chunk_reader::ChunkReader;
use crate::local::columns::Bitmap;
use crate::local::consistency::{checked, checked_mut};
use crate::local::memory::MemorySize;

/// Which rows of a table belong to each customer.
#[derive(Debug)]
pub(crate) enum RowsByCustomer {
    /// The rows of every customer follow one another: from one to another.
    Contiguous(Vec<(u32, u32)>),
    Scattered {
        /// Where in `rows` those of each customer begin, and where the last one's end.
        starts: Vec<u32>,
        rows: Vec<u32>,
    },
}

impl RowsByCustomer {
    /// From the customers of the rows.
    ///
    /// # Errors
    /// They are of another universe; a chunk is missing; cancelled.
    pub fn read(
        customers: &RowMap,
        universe_size: usize,
        reader: ChunkReader<'_>,
    ) -> Result<Self, BackendError> {
        customers.check_ids(universe_size)?;
        if let Some(runs) = runs(customers, universe_size, reader)? {
            return Ok(Self::Contiguous(runs));
        }
        let mut starts = vec![0_u32; universe_size + 2];
        // How many rows each has, one place further than where the sum up to it shall stand.
        for_each_row(customers, reader, |_, customer| {
            if let Some(count) = checked_mut(&mut starts, customer + 2) {
                *count += 1;
            }
        })?;
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        let mut rows = vec![0; sum as usize];
        for_each_row(customers, reader, |row, customer| {
            let Some(next) = checked_mut(&mut starts, customer + 1) else { return };
            if let Some(place) = checked_mut(&mut rows, *next as usize) {
                *place = row;
            }
            *next += 1;
        })?;
        starts.pop();
        Ok(Self::Scattered { starts, rows })
    }

    /// How many customers there are.
    pub fn customers(&self) -> usize {
        match self {
            Self::Contiguous(runs) => runs.len(),
            Self::Scattered { starts, .. } => starts.len().saturating_sub(1),
        }
    }

    /// The rows of a customer, in order. Who goes through customers has compared how many there are.
    pub fn rows(&self, customer: usize) -> CustomerRows<'_> {
        debug_assert!(customer < self.customers());
        match self {
            Self::Contiguous(runs) => {
                let (start, end) = checked(runs, customer);
                CustomerRows::Contiguous(start..end)
            }
            Self::Scattered { starts, rows } => {
                let range = starts.get(customer).zip(starts.get(customer + 1));
                let rows = range.and_then(|(start, end)| rows.get(*start as usize..*end as usize));
                debug_assert!(rows.is_some());
                CustomerRows::Scattered(rows.unwrap_or_default().iter())
            }
        }
    }
}

pub(crate) enum CustomerRows<'a> {
    Contiguous(Range<u32>),
    Scattered(std::slice::Iter<'a, u32>),
}

impl Iterator for CustomerRows<'_> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        match self {
            Self::Contiguous(rows) => rows.next().map(|row| row as usize),
            Self::Scattered(rows) => rows.next().map(|row| *row as usize),
        }
    }
}

/// The rows from the first to the last of each customer, if no other's stand between them.
fn runs(
    customers: &RowMap,
    universe_size: usize,
    reader: ChunkReader<'_>,
) -> Result<Option<Vec<(u32, u32)>>, BackendError> {
    let mut runs = vec![(0, 0); universe_size];
    let mut is_run = true;
    for_each_row(customers, reader, |row, customer| match checked_mut(&mut runs, customer) {
        Some((start, end)) if *start == *end => (*start, *end) = (row, row + 1),
        Some((_, end)) if *end == row => *end += 1,
        _ => is_run = false,
    })?;
    Ok(is_run.then_some(runs))
}

#[allow(clippy::cast_possible_truncation)] // no table has more rows than a u32 counts, which is checked
fn for_each_row(
    customers: &RowMap,
    reader: ChunkReader<'_>,
    mut act: impl FnMut(u32, usize),
) -> Result<(), BackendError> {
    for number in 0..customers.chunks() {
        reader.cancel.check()?;
        let (chunk, first) = (customers.chunk(number, reader)?, reader.chunk_size.first_row(number));
        chunk.for_each(&Bitmap::ones(chunk.rows()), |row, customer| act((first + row) as u32, customer))?;
    }
    Ok(())
}

impl MemorySize for RowsByCustomer {
    fn memory_size(&self) -> usize {
        match self {
            Self::Contiguous(runs) => size_of_val(runs.as_slice()),
            Self::Scattered { starts, rows } => size_of_val(starts.as_slice()) + size_of_val(rows.as_slice()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::local::chunk_reader::tests::with_chunk_rows;
    use crate::local::index::row_map::tests::in_memory;
    use crate::local::index::row_map_chunk::{NO_ID, RowMapChunk};

    fn map(customers: &[u32]) -> RowMap {
        in_memory(customers.chunks(2).map(RowMapChunk::from_ids).collect(), 4)
    }

    fn grouped(customers: &[u32]) -> (bool, Vec<Vec<usize>>) {
        let map = map(customers);
        let grouped = with_chunk_rows(2, |reader| RowsByCustomer::read(&map, 4, reader).unwrap());
        let rows = (0..4).map(|customer| grouped.rows(customer).collect()).collect();
        (matches!(grouped, RowsByCustomer::Contiguous(_)), rows)
    }

    #[test]
    fn rows_are_found_in_any_order() {
        assert_eq!(grouped(&[2, 2, NO_ID, 0, 3]), (true, vec![vec![3], vec![], vec![0, 1], vec![4]]));
        assert_eq!(grouped(&[2, NO_ID, 2, 0]), (false, vec![vec![3], vec![], vec![0, 2], vec![]]));
        assert_eq!(grouped(&[1, 0, 1, 3, 0]), (false, vec![vec![1, 4], vec![0, 2], vec![], vec![3]]));
    }

    #[test]
    fn customers_of_another_universe_are_an_error() {
        let error = with_chunk_rows(2, |reader| RowsByCustomer::read(&map(&[0, 1]), 3, reader));
        assert!(error.unwrap_err().to_string().contains("4 rows do not fit with 3"));
    }
}
