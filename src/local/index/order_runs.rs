//! The rows of orders, on their way from the order of the table to that of the customers.

use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use super::order_key::OrderKey;
use crate::local::consistency::checked_mut;

/// How many customers are numbered in one go: what is known of them fits into a processor's cache.
pub(crate) const CUSTOMERS: usize = 1 << 12;

/// Rows after one another of one customer and one order.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Run {
    pub order: OrderKey,
    /// When the earliest of them was, as the column counts.
    pub time: i64,
    /// The first of them, counted from the table's.
    pub row: u32,
    pub count: u16,
    /// Counted from the first customer of the part.
    customer: u16,
}

impl Run {
    /// A row of a customer.
    pub fn new(customer: u32, order: OrderKey, time: i64, row: u32) -> Self {
        #[allow(clippy::cast_possible_truncation)] // there are not so many customers in a part
        let customer = (customer as usize % CUSTOMERS) as u16;
        Self { order, time, row, count: 1, customer }
    }

    /// Counted from the first customer of the part.
    pub fn customer(&self) -> usize {
        self.customer.into()
    }
}

/// The runs of a chunk, sorted by the parts of the customers.
struct ChunkRuns {
    chunk: usize,
    runs: Vec<Run>,
    /// For each part from the first that is taken, where its runs end.
    ends: Vec<usize>,
}

/// The runs of a table, of as many parts of the customers as there is room for.
pub(crate) struct OrderRuns {
    first: usize,
    /// Before which part they end: it moves towards the first as chunks are added.
    end: AtomicUsize,
    /// How many runs there is room for.
    room: usize,
    chunks: Mutex<Vec<ChunkRuns>>,
}

impl OrderRuns {
    /// Of these parts, or as many of the first of them as there are in so many runs; of one at least.
    pub fn new(parts: Range<usize>, room: usize) -> Self {
        Self { first: parts.start, end: AtomicUsize::new(parts.end), room, chunks: Mutex::default() }
    }

    /// The parts of which runs are taken. It may be fewer later on.
    pub fn parts(&self) -> Range<usize> {
        self.first..self.end.load(Ordering::Relaxed)
    }

    /// Adds those of a chunk, each with its part, which is taken, or was a moment ago.
    pub fn add(&self, chunk: usize, runs: &[(usize, Run)]) {
        let added = ChunkRuns::sorted(chunk, runs, self.parts());
        let mut chunks = self.chunks.lock().unwrap_or_else(PoisonError::into_inner);
        chunks.push(added);
        let mut sizes = Vec::new();
        for chunk in chunks.iter_mut() {
            // Another chunk may have left less room meanwhile.
            chunk.cut(self.parts().len());
            sizes.resize(sizes.len().max(chunk.ends.len()), 0);
            sizes.iter_mut().zip(&chunk.ends).for_each(|(size, end)| *size += end);
        }
        if sizes.last().is_some_and(|all| *all > self.room) {
            // Not to be here again with the next chunk.
            let room = self.room / 4 * 3;
            let parts = sizes.partition_point(|size| *size <= room).max(1);
            self.end.store(self.first + parts, Ordering::Relaxed);
            chunks.iter_mut().for_each(|chunk| chunk.cut(parts));
        }
    }

    /// The parts whose runs are there, and for each chunk its runs.
    pub fn finish(self) -> FinishedRuns {
        let parts = self.parts();
        let mut chunks = self.chunks.into_inner().unwrap_or_else(PoisonError::into_inner);
        chunks.sort_unstable_by_key(|runs| runs.chunk);
        FinishedRuns { parts, chunks }
    }
}

impl ChunkRuns {
    fn sorted(chunk: usize, runs: &[(usize, Run)], parts: Range<usize>) -> Self {
        let taken = || runs.iter().filter(|(part, _)| parts.contains(part));
        let mut ends = vec![0; parts.len()];
        for (part, _) in taken() {
            checked_mut(&mut ends, part - parts.start).into_iter().for_each(|count| *count += 1);
        }
        let mut sum = 0;
        for end in &mut ends {
            sum += std::mem::replace(end, sum);
        }
        let Some((_, any)) = runs.first() else { return Self { chunk, runs: Vec::new(), ends } };
        let mut sorted = vec![*any; sum];
        // Where those of each part begin becomes where they end.
        for (part, run) in taken() {
            let Some(next) = checked_mut(&mut ends, part - parts.start) else { continue };
            checked_mut(&mut sorted, *next).into_iter().for_each(|place| *place = *run);
            *next += 1;
        }
        Self { chunk, runs: sorted, ends }
    }

    /// Keeps the runs of so many parts.
    fn cut(&mut self, parts: usize) {
        if parts >= self.ends.len() {
            return;
        }
        self.ends.truncate(parts);
        self.runs.truncate(self.ends.last().copied().unwrap_or(0));
        self.runs.shrink_to_fit();
    }
}

/// All runs of some parts of the customers.
pub(crate) struct FinishedRuns {
    pub parts: Range<usize>,
    chunks: Vec<ChunkRuns>,
}

impl FinishedRuns {
    /// The runs of a part, in the order of their rows.
    pub fn of_part(&self, part: usize) -> impl Iterator<Item = &Run> + Clone {
        let at = part - self.parts.start;
        self.chunks.iter().flat_map(move |chunk| {
            let start = at.checked_sub(1).and_then(|before| chunk.ends.get(before)).copied().unwrap_or(0);
            let end = chunk.ends.get(at).copied().unwrap_or(start);
            chunk.runs.get(start..end).unwrap_or_default()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(row: u32, part: usize) -> (usize, Run) {
        (part, Run::new(u32::try_from(part * CUSTOMERS + 7).unwrap(), OrderKey::new("a"), 0, row))
    }

    #[test]
    fn as_many_parts_are_taken_as_there_is_room_for() {
        let runs = OrderRuns::new(1..4, 4);
        runs.add(1, &[at(20, 3), at(21, 1), at(22, 2)]);
        assert_eq!(runs.parts(), 1..4);
        runs.add(0, &[at(10, 2), at(11, 1), at(12, 4)]);
        assert_eq!(runs.parts(), 1..2);
        let finished = runs.finish();
        assert_eq!(finished.parts, 1..2);
        assert_eq!(finished.of_part(1).map(|run| run.row).collect::<Vec<_>>(), [11, 21]);
        // One part is taken in any case.
        let runs = OrderRuns::new(0..2, 0);
        runs.add(0, &[at(0, 0), at(1, 0)]);
        assert_eq!((runs.parts(), runs.finish().of_part(0).count()), (0..1, 2));
    }
}
