//! Purchases (`docs/reference/segment-language.md`, Purchase behaviours): which rows of the items table are
//! purchases, and of which orders.

use fixedbitset::FixedBitSet;
use serde::{Deserialize, Serialize};

use super::row_map::RowMap;
use crate::backend::{BackendError, Cancel};
use crate::local::cache::CacheSlot;
use crate::local::cache::persisted::{bitmap, packed};
use crate::local::consistency::{check_length, checked};
use crate::local::memory::MemorySize;
use crate::local::parallel::parallel_map;
use crate::local::sets::customer_set::CustomerSet;

/// The order of each row of the items table, for the rows that are purchases. The orders are numbered
/// customer by customer.
#[derive(Debug)]
pub(crate) struct OrderIndex {
    pub orders: RowMap,
    /// The first order of each customer, and how many orders there are.
    starts: Vec<u32>,
    /// Of each customer's orders the one that is the first by date and time, then order id.
    firsts: FixedBitSet,
}

/// What is stored of it beside its chunks.
#[derive(Deserialize, Serialize)]
struct StoredOrders {
    /// Those of each chunk.
    rows: Vec<u64>,
    #[serde(with = "packed")]
    starts: Vec<u32>,
    #[serde(with = "bitmap")]
    firsts: FixedBitSet,
}

/// How many customers are counted in one go; a whole number of words of a set.
const CUSTOMERS: usize = 1 << 16;
/// Below this it is known beforehand whether a number of orders passes.
const FEW: u32 = 64;

impl OrderIndex {
    /// `starts` has an order for each customer, and how many orders there are; `firsts` a bit for each order.
    ///
    /// # Errors
    /// They do not fit together.
    pub fn new(orders: RowMap, starts: Vec<u32>, firsts: FixedBitSet) -> Result<Self, BackendError> {
        orders.check_ids(firsts.len())?;
        let count = starts.last().map_or(0, |count| *count as usize);
        check_length("orders of the customers", count, firsts.len())?;
        Ok(Self { orders, starts, firsts })
    }

    /// What was stored of it before, for so many customers; `None` if it is not there or not whole.
    pub fn load(slot: CacheSlot, universe_size: usize) -> Option<Self> {
        let StoredOrders { rows, starts, firsts } = slot.load()?;
        let fits = starts.len() == universe_size + 1 && starts.is_sorted();
        fits.then(|| Self::new(RowMap::from_slot(slot, rows, firsts.len()), starts, firsts).ok())?
    }

    /// Stores what is not stored yet, if its chunks are.
    pub fn store(&self) {
        if let Some((slot, rows)) = self.orders.on_disk() {
            let (rows, starts, firsts) = (rows.to_vec(), self.starts.clone(), self.firsts.clone());
            slot.store(StoredOrders { rows, starts, firsts });
        }
    }

    /// How many orders there are.
    pub fn len(&self) -> usize {
        self.firsts.len()
    }

    /// The orders that are the first of their customer.
    pub(crate) fn firsts(&self) -> &FixedBitSet {
        &self.firsts
    }

    /// How many customers there are.
    pub fn customers(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    /// The orders of each customer from a number on: from one to before another.
    pub(crate) fn ranges(&self, first_customer: usize) -> impl Iterator<Item = (usize, usize)> {
        // Beyond the last customer there are none.
        let starts = self.starts.get(first_customer..).unwrap_or_default();
        starts.array_windows().map(|[start, end]| (*start as usize, *end as usize))
    }

    /// The customers of whose orders so many are among some that `passes` says yes.
    ///
    /// # Errors
    /// The orders are of another index; cancelled.
    pub(crate) fn customers_by_count(
        &self,
        orders: &FixedBitSet,
        passes: impl Fn(u32) -> bool + Sync,
        cancel: &Cancel,
    ) -> Result<CustomerSet, BackendError> {
        check_length("a set of orders", orders.len(), self.len())?;
        let few: Vec<bool> = (0..FEW).map(&passes).collect();
        let passes = |count: u32| few.get(count as usize).copied().unwrap_or_else(|| passes(count));
        let found = parallel_map(self.customers().div_ceil(CUSTOMERS), cancel, |job| {
            let mut words = vec![0_usize; CUSTOMERS / BITS];
            let mut ranges = self.ranges(job * CUSTOMERS);
            for word in &mut words {
                for (bit, (start, end)) in ranges.by_ref().take(BITS).enumerate() {
                    *word |= usize::from(passes(count(orders.as_slice(), start, end))) << bit;
                }
            }
            Ok(words)
        })?;
        let mut customers = CustomerSet::with_capacity(self.customers());
        // The last job has words for customers that do not exist.
        let places = customers.as_mut_slice().iter_mut();
        places.zip(found.into_iter().flatten()).for_each(|(place, word)| *place = word);
        Ok(customers)
    }
}

const BITS: usize = usize::BITS as usize;

/// How many bits are set from one place to before another, both within the words.
#[inline]
fn count(words: &[usize], start: usize, end: usize) -> u32 {
    if start >= end {
        return 0;
    }
    let (first, last) = (start / BITS, (end - 1) / BITS);
    let word = |at: usize| checked(words, at);
    let from = usize::MAX << (start % BITS);
    let to = usize::MAX >> (BITS - 1 - (end - 1) % BITS);
    if first == last {
        return (word(first) & from & to).count_ones();
    }
    let between: u32 = (first + 1..last).map(|at| word(at).count_ones()).sum();
    (word(first) & from).count_ones() + between + (word(last) & to).count_ones()
}

impl MemorySize for OrderIndex {
    fn memory_size(&self) -> usize {
        let firsts = size_of_val(self.firsts.as_slice());
        self.orders.memory_size() + size_of_val(self.starts.as_slice()) + firsts
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::local::index::row_map::tests::in_memory;
    use crate::local::index::row_map_chunk::RowMapChunk;

    #[test]
    fn orders_that_do_not_fit_together_are_an_error() {
        let orders = || in_memory(vec![RowMapChunk::from_ids(&[0, 1, 2])], 3);
        let index = OrderIndex::new(orders(), vec![0, 1, 3], FixedBitSet::with_capacity(3)).unwrap();
        assert_eq!((index.customers(), index.ranges(0).collect::<Vec<_>>()), (2, vec![(0, 1), (1, 3)]));
        assert!(OrderIndex::new(orders(), vec![0, 1, 2], FixedBitSet::with_capacity(3)).is_err());
        assert!(OrderIndex::new(orders(), vec![0, 1, 2], FixedBitSet::with_capacity(2)).is_err());
        let others = FixedBitSet::with_capacity(4);
        assert!(index.customers_by_count(&others, |count| count > 0, &Cancel::default()).is_err());
    }

    proptest! {
        #[test]
        fn bits_are_counted_between_any_ends(
            set in prop::collection::vec(0_usize..300, 0..60),
            start in 0_usize..300,
            length in 0_usize..300,
        ) {
            let mut bits = FixedBitSet::with_capacity(300);
            bits.extend(set);
            let end = (start + length).min(300);
            prop_assert_eq!(count(bits.as_slice(), start, end) as usize, bits.count_ones(start..end.max(start)));
        }
    }
}
