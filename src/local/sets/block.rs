//! Sets of customers, a block at a time.

use super::customer_set::CustomerSet;

/// Consecutive customers, as words of their sets.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Block {
    first_word: usize,
}

/// How many words a block has; the last one has fewer. A score of sets of one block fit into a core's cache.
const WORDS: usize = 1 << 10;
const BITS: usize = usize::BITS as usize;

impl Block {
    /// How many blocks so many customers are.
    pub fn count(customers: usize) -> usize {
        customers.div_ceil(WORDS * BITS)
    }

    pub fn new(number: usize) -> Self {
        Self { first_word: number * WORDS }
    }

    /// The customers of a set, in order.
    pub fn customers(self, words: &[usize]) -> impl Iterator<Item = usize> {
        let first = self.first_word * BITS;
        words.iter().enumerate().flat_map(move |(at, word)| {
            let mut left = *word;
            std::iter::from_fn(move || {
                let customer = (left != 0).then(|| first + at * BITS + left.trailing_zeros() as usize);
                left &= left.wrapping_sub(1);
                customer
            })
        })
    }

    /// The words of a set; none for a block after its last one.
    pub fn words(self, set: &CustomerSet) -> &[usize] {
        let words = set.as_slice();
        let end = (self.first_word + WORDS).min(words.len());
        words.get(self.first_word..end).unwrap_or_default()
    }

    /// What belongs to the customers out of something that each of them has; none if nobody has it.
    pub fn items<T>(self, all: &[T]) -> &[T] {
        let end = ((self.first_word + WORDS) * BITS).min(all.len());
        all.get(self.first_word * BITS..end).unwrap_or_default()
    }
}

// Sets of one block have as many words: who puts sets together has compared how many customers they are of.

pub fn and(set: &mut [usize], other: &[usize]) {
    debug_assert_eq!(set.len(), other.len());
    set.iter_mut().zip(other).for_each(|(set, other)| *set &= other);
}

pub(crate) fn and_not(set: &mut [usize], other: &[usize]) {
    debug_assert_eq!(set.len(), other.len());
    set.iter_mut().zip(other).for_each(|(set, other)| *set &= !other);
}

pub fn or(set: &mut [usize], other: &[usize]) {
    debug_assert_eq!(set.len(), other.len());
    set.iter_mut().zip(other).for_each(|(set, other)| *set |= other);
}

pub(crate) fn count_ones(set: &[usize]) -> u64 {
    set.iter().map(|word| u64::from(word.count_ones())).sum()
}

/// How many are in both sets.
pub(crate) fn count_and(set: &[usize], other: &[usize]) -> u64 {
    debug_assert_eq!(set.len(), other.len());
    set.iter().zip(other).map(|(set, other)| u64::from((set & other).count_ones())).sum()
}
