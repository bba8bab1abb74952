//! Sets of customers.

use fixedbitset::FixedBitSet;

/// A set of customers by their numbers in the universe.
pub(crate) type CustomerSet = FixedBitSet;

/// The set of all so many.
pub(crate) fn full_set(size: usize) -> FixedBitSet {
    let mut all = FixedBitSet::with_capacity(size);
    all.insert_range(..);
    all
}

pub fn count(set: &FixedBitSet) -> u64 {
    set.count_ones(..) as u64
}

/// Those that are in either of two sets out of the same numbers.
pub fn union(mut one: FixedBitSet, other: &FixedBitSet) -> FixedBitSet {
    debug_assert_eq!(one.len(), other.len());
    one.union_with(other);
    one
}
