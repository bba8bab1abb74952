//! Sets of customers, a stretch at a time.

use super::customer_set::CustomerSet;

/// A stretch of customers that follow one another, as blocks of their sets.
#[derive(Clone, Copy, Debug)]
pub struct Block {
    first: usize,
}

/// How many blocks a stretch has; the last one has fewer. A score of sets of one stretch fit into a core's
/// cache.
const BLOCKS: usize = 1 << 10;
const BITS: usize = usize::BITS as usize;

impl Block {
    /// How many stretches so many customers are.
    pub fn count(customers: usize) -> usize {
        customers.div_ceil(BLOCKS * BITS)
    }

    pub fn new(number: usize) -> Self {
        Self { first: number * BLOCKS }
    }

    /// The blocks of a set.
    pub fn of(self, set: &CustomerSet) -> &[usize] {
        let blocks = set.as_slice();
        let end = (self.first + BLOCKS).min(blocks.len());
        blocks.get(self.first..end).unwrap_or_default()
    }

    /// What belongs to the customers out of something that each of them has.
    pub fn items<T>(self, all: &[T]) -> &[T] {
        let end = ((self.first + BLOCKS) * BITS).min(all.len());
        all.get(self.first * BITS..end).unwrap_or_default()
    }
}

/// How many are in a set.
pub fn size(set: &[usize]) -> u64 {
    set.iter().map(|block| u64::from(block.count_ones())).sum()
}

/// How many are in both sets.
pub fn shared(set: &[usize], other: &[usize]) -> u64 {
    set.iter().zip(other).map(|(set, other)| u64::from((set & other).count_ones())).sum()
}
