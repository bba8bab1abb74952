//! Sets of customers, and what is unknown of them.

use fixedbitset::FixedBitSet;

use crate::local::memory::MemorySize;

/// A set of customers by their numbers in the universe.
pub type CustomerSet = FixedBitSet;

/// For whom something is true, and for whom it is unknown rather than false (three-valued logic).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TernaryMask {
    /// The customers for whom it is true.
    pub holds: CustomerSet,
    /// The customers for whom it is unknown; none of them is in `holds`.
    pub unknown: CustomerSet,
}

impl TernaryMask {
    /// From the customers with a row where it is true, and those with a row where it is unknown.
    pub fn of_any_row(holds: CustomerSet, mut unknown: CustomerSet) -> Self {
        unknown.difference_with(&holds);
        Self { holds, unknown }
    }

    /// Known for everybody.
    pub fn known(holds: CustomerSet) -> Self {
        let unknown = CustomerSet::with_capacity(holds.len());
        Self { holds, unknown }
    }
}

impl MemorySize for TernaryMask {
    fn memory_size(&self) -> usize {
        size_of_val(self.holds.as_slice()) + size_of_val(self.unknown.as_slice())
    }
}

/// Everybody in a universe of this size.
pub fn full_set(size: usize) -> CustomerSet {
    let mut all = CustomerSet::with_capacity(size);
    all.insert_range(..);
    all
}

/// How many are in a set.
pub fn count(set: &CustomerSet) -> u64 {
    set.count_ones(..) as u64
}

/// Those who are in either.
pub fn union(mut one: CustomerSet, other: &CustomerSet) -> CustomerSet {
    one.union_with(other);
    one
}
