//! Purchases (`segment-language.md`, Purchase behaviours): which rows of the items table are purchases,
//! and of which orders.

use fixedbitset::FixedBitSet;
use serde::{Deserialize, Serialize};

use super::row_map::RowMap;
use crate::backend::{BackendError, Cancel};
use crate::local::cache::CacheSlot;
use crate::local::cache::persisted::{bitmap, packed};
use crate::local::memory::MemorySize;
use crate::local::parallel::parallel_map;
use crate::local::sets::customer_set::CustomerSet;

/// The order of each row of the items table, for the rows that are purchases. The orders are numbered
/// customer by customer.
#[derive(Debug)]
pub struct OrderIndex {
    pub orders: RowMap,
    /// The first order of each customer, and how many orders there are.
    pub starts: Vec<u32>,
    /// Of each customer's orders the one that is the first by date and time, then order id.
    pub firsts: FixedBitSet,
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

/// How many customers are counted in one go; a whole number of blocks of a set.
const CUSTOMERS: usize = 1 << 16;
/// Below this it is known beforehand whether a number of orders passes.
const FEW: u32 = 64;

impl OrderIndex {
    /// What was stored of it before, for so many customers.
    pub fn load(slot: CacheSlot, universe_size: usize) -> Option<Self> {
        let StoredOrders { rows, starts, firsts } = slot.load()?;
        let orders = usize::try_from(*starts.last()?).ok()?;
        let fit = starts.len() == universe_size + 1 && starts.is_sorted() && firsts.len() == orders;
        fit.then(|| Self { orders: RowMap::OnDisk(slot, rows), starts, firsts })
    }

    /// Stores what is not stored yet, if its chunks are.
    pub fn store(&self) {
        if let RowMap::OnDisk(slot, rows) = &self.orders {
            let (rows, starts, firsts) = (rows.clone(), self.starts.clone(), self.firsts.clone());
            slot.store(StoredOrders { rows, starts, firsts });
        }
    }

    /// How many orders there are.
    pub fn len(&self) -> usize {
        self.starts.last().map_or(0, |count| *count as usize)
    }

    /// The customers of whose orders so many are among some that `passes` says yes.
    pub fn customers(
        &self,
        orders: &FixedBitSet,
        passes: impl Fn(u32) -> bool + Sync,
        cancel: &Cancel,
    ) -> Result<CustomerSet, BackendError> {
        let size = self.starts.len().saturating_sub(1);
        let few: Vec<bool> = (0..FEW).map(&passes).collect();
        let passes = |count: u32| few.get(count as usize).copied().unwrap_or_else(|| passes(count));
        let found = parallel_map(size.div_ceil(CUSTOMERS), cancel, |job| {
            let mut blocks = vec![0_usize; CUSTOMERS / BITS];
            let starts = self.starts.get(job * CUSTOMERS..).unwrap_or_default();
            let mut ranges = starts.windows(2);
            for block in &mut blocks {
                for (bit, range) in ranges.by_ref().take(BITS).enumerate() {
                    let [start, end] = range else { continue };
                    let count = count(orders.as_slice(), *start as usize, *end as usize);
                    *block |= usize::from(passes(count)) << bit;
                }
            }
            Ok(blocks)
        })?;
        let mut customers = CustomerSet::with_capacity(size);
        let places = customers.as_mut_slice().iter_mut();
        places.zip(found.into_iter().flatten()).for_each(|(place, block)| *place = block);
        Ok(customers)
    }
}

const BITS: usize = usize::BITS as usize;

/// How many bits are set from one place to before another.
#[inline]
fn count(blocks: &[usize], start: usize, end: usize) -> u32 {
    if start >= end {
        return 0;
    }
    let (first, last) = (start / BITS, (end - 1) / BITS);
    let block = |at: usize| blocks.get(at).copied().unwrap_or_default();
    let from = usize::MAX << (start % BITS);
    let to = usize::MAX >> (BITS - 1 - (end - 1) % BITS);
    if first == last {
        return (block(first) & from & to).count_ones();
    }
    let between: u32 = (first + 1..last).map(|at| block(at).count_ones()).sum();
    (block(first) & from).count_ones() + between + (block(last) & to).count_ones()
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
