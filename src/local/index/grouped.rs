//! The rows of each customer.

use std::ops::Range;

use super::numbered::Numbered;
use super::read_orders::Sequence;
use crate::local::EngineError;
use crate::local::columns::all;
use crate::local::memory::Weigh;
use crate::local::pieces::Pieces;

/// Which rows of a table belong to each customer.
#[derive(Debug)]
pub enum Grouped {
    /// The rows of every customer follow one another: from one to another.
    Runs(Vec<(u32, u32)>),
    /// They are scattered.
    Listed {
        /// Where in `rows` those of each customer begin, and where the last one's end.
        starts: Vec<u32>,
        rows: Vec<u32>,
    },
}

impl Grouped {
    /// From the customers of the rows.
    pub fn read(customers: &Numbered, universe_size: usize, pieces: Pieces<'_>) -> Result<Self, EngineError> {
        if let Some(runs) = runs(customers, universe_size, pieces)? {
            return Ok(Self::Runs(runs));
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
        Ok(Self::Listed { starts, rows })
    }

    /// In which sequence they come.
    pub fn sequence(&self) -> Sequence {
        match self {
            Self::Runs(_) => Sequence::ByCustomer,
            Self::Listed { .. } => Sequence::Any,
        }
    }

    /// The rows of a customer, in order.
    pub fn rows(&self, customer: usize) -> RowsOf<'_> {
        match self {
            Self::Runs(runs) => {
                let (start, end) = runs.get(customer).copied().unwrap_or_default();
                RowsOf::Run(start..end)
            }
            Self::Listed { starts, rows } => {
                let range = starts.get(customer).zip(starts.get(customer + 1));
                let rows = range.and_then(|(start, end)| rows.get(*start as usize..*end as usize));
                RowsOf::Listed(rows.unwrap_or_default().iter())
            }
        }
    }
}

/// The rows of one customer.
pub enum RowsOf<'a> {
    Run(Range<u32>),
    Listed(std::slice::Iter<'a, u32>),
}

impl Iterator for RowsOf<'_> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        match self {
            Self::Run(rows) => rows.next().map(|row| row as usize),
            Self::Listed(rows) => rows.next().map(|row| *row as usize),
        }
    }
}

/// The rows from the first to the last of each customer, if no other's stand between them.
fn runs(
    customers: &Numbered,
    universe_size: usize,
    pieces: Pieces<'_>,
) -> Result<Option<Vec<(u32, u32)>>, EngineError> {
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
    customers: &Numbered,
    pieces: Pieces<'_>,
    mut act: impl FnMut(u32, usize),
) -> Result<(), EngineError> {
    for number in 0..customers.pieces() {
        pieces.cancel.check()?;
        let (piece, first) = (customers.piece(number, pieces)?, pieces.size.first(number));
        piece.each(&all(piece.rows()), |row, customer| {
            act(u32::try_from(first + row).unwrap_or(u32::MAX), customer);
        });
    }
    Ok(())
}

impl Weigh for Grouped {
    fn weight(&self) -> usize {
        match self {
            Self::Runs(runs) => size_of_val(runs.as_slice()),
            Self::Listed { starts, rows } => size_of_val(starts.as_slice()) + size_of_val(rows.as_slice()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::local::index::numbered_piece::{NONE, NumberedPiece};
    use crate::local::pieces::tests::with_pieces_of;

    fn grouped(customers: &[u32]) -> (bool, Vec<Vec<usize>>) {
        let pieces = customers.chunks(2).map(|rows| Arc::new(NumberedPiece::of(rows)));
        let numbered = Numbered::Here(pieces.collect());
        let grouped = with_pieces_of(2, |pieces| Grouped::read(&numbered, 4, pieces).unwrap());
        let rows = (0..4).map(|customer| grouped.rows(customer).collect()).collect();
        (matches!(grouped, Grouped::Runs(_)), rows)
    }

    #[test]
    fn rows_are_found_in_any_order() {
        assert_eq!(grouped(&[2, 2, NONE, 0, 3]), (true, vec![vec![3], vec![], vec![0, 1], vec![4]]));
        assert_eq!(grouped(&[2, NONE, 2, 0]), (false, vec![vec![3], vec![], vec![0, 2], vec![]]));
        assert_eq!(grouped(&[1, 0, 1, 3, 0]), (false, vec![vec![1, 4], vec![0, 2], vec![], vec![3]]));
    }
}
