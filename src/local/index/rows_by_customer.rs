//! The rows of each customer.

use std::ops::Range;

use super::read_orders::RowOrder;
use super::row_map::RowMap;
use crate::backend::BackendError;
use crate::local::chunk_reader::ChunkReader;
use crate::local::columns::all;
use crate::local::memory::MemorySize;

/// Which rows of a table belong to each customer.
#[derive(Debug)]
pub enum RowsByCustomer {
    /// The rows of every customer follow one another: from one to another.
    Contiguous(Vec<(u32, u32)>),
    /// They are scattered.
    Scattered {
        /// Where in `rows` those of each customer begin, and where the last one's end.
        starts: Vec<u32>,
        rows: Vec<u32>,
    },
}

impl RowsByCustomer {
    /// From the customers of the rows.
    pub fn read(
        customers: &RowMap,
        universe_size: usize,
        pieces: ChunkReader<'_>,
    ) -> Result<Self, BackendError> {
        if let Some(runs) = runs(customers, universe_size, pieces)? {
            return Ok(Self::Contiguous(runs));
        }
        let mut starts = vec![0_u32; universe_size + 2];
        // How many rows each has, one place further than where the sum up to it shall stand.
        each_row(customers, pieces, |_, customer| {
            if let Some(count) = starts.get_mut(customer + 2) {
                *count += 1;
            }
        })?;
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        let mut rows = vec![0; sum as usize];
        each_row(customers, pieces, |row, customer| {
            let Some(next) = starts.get_mut(customer + 1) else { return };
            if let Some(place) = rows.get_mut(*next as usize) {
                *place = row;
            }
            *next += 1;
        })?;
        starts.pop();
        Ok(Self::Scattered { starts, rows })
    }

    /// In which sequence they come.
    pub fn sequence(&self) -> RowOrder {
        match self {
            Self::Contiguous(_) => RowOrder::Clustered,
            Self::Scattered { .. } => RowOrder::Unordered,
        }
    }

    /// The rows of a customer, in order.
    pub fn rows(&self, customer: usize) -> CustomerRows<'_> {
        match self {
            Self::Contiguous(runs) => {
                let (start, end) = runs.get(customer).copied().unwrap_or_default();
                CustomerRows::Run(start..end)
            }
            Self::Scattered { starts, rows } => {
                let range = starts.get(customer).zip(starts.get(customer + 1));
                let rows = range.and_then(|(start, end)| rows.get(*start as usize..*end as usize));
                CustomerRows::Scattered(rows.unwrap_or_default().iter())
            }
        }
    }
}

/// The rows of one customer.
pub enum CustomerRows<'a> {
    Run(Range<u32>),
    Scattered(std::slice::Iter<'a, u32>),
}

impl Iterator for CustomerRows<'_> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        match self {
            Self::Run(rows) => rows.next().map(|row| row as usize),
            Self::Scattered(rows) => rows.next().map(|row| *row as usize),
        }
    }
}

/// The rows from the first to the last of each customer, if no other's stand between them.
fn runs(
    customers: &RowMap,
    universe_size: usize,
    pieces: ChunkReader<'_>,
) -> Result<Option<Vec<(u32, u32)>>, BackendError> {
    let mut runs = vec![(0, 0); universe_size];
    let mut is_run = true;
    each_row(customers, pieces, |row, customer| match runs.get_mut(customer) {
        Some((start, end)) if *start == *end => (*start, *end) = (row, row + 1),
        Some((_, end)) if *end == row => *end += 1,
        _ => is_run = false,
    })?;
    Ok(is_run.then_some(runs))
}

fn each_row(
    customers: &RowMap,
    pieces: ChunkReader<'_>,
    mut act: impl FnMut(u32, usize),
) -> Result<(), BackendError> {
    for number in 0..customers.pieces() {
        pieces.cancel.check()?;
        let (piece, first) = (customers.piece(number, pieces)?, pieces.size.first(number));
        piece.each(&all(piece.rows()), |row, customer| {
            act(u32::try_from(first + row).unwrap_or(u32::MAX), customer);
        });
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
    use std::sync::Arc;

    use super::*;
    use crate::local::chunk_reader::tests::with_chunk_rows;
    use crate::local::index::row_map_chunk::{NO_ID, RowMapChunk};

    fn grouped(customers: &[u32]) -> (bool, Vec<Vec<usize>>) {
        let pieces = customers.chunks(2).map(|rows| Arc::new(RowMapChunk::of(rows)));
        let numbered = RowMap::InMemory(pieces.collect());
        let grouped = with_chunk_rows(2, |pieces| RowsByCustomer::read(&numbered, 4, pieces).unwrap());
        let rows = (0..4).map(|customer| grouped.rows(customer).collect()).collect();
        (matches!(grouped, RowsByCustomer::Contiguous(_)), rows)
    }

    #[test]
    fn rows_are_found_in_any_order() {
        assert_eq!(grouped(&[2, 2, NO_ID, 0, 3]), (true, vec![vec![3], vec![], vec![0, 1], vec![4]]));
        assert_eq!(grouped(&[2, NO_ID, 2, 0]), (false, vec![vec![3], vec![], vec![0, 2], vec![]]));
        assert_eq!(grouped(&[1, 0, 1, 3, 0]), (false, vec![vec![1, 4], vec![0, 2], vec![], vec![3]]));
    }
}
