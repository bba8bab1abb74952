//! Sets of customers, and what is unknown of them.

use fixedbitset::FixedBitSet;

use crate::local::memory::Weigh;

/// A set of customers by their numbers in the universe.
pub type Customers = FixedBitSet;

/// For whom something is true, and for whom it is unknown rather than false (three-valued logic).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Truth {
    /// The customers for whom it is true.
    pub holds: Customers,
    /// The customers for whom it is unknown; none of them is in `holds`.
    pub unknown: Customers,
}

impl Truth {
    /// From the customers with a row where it is true, and those with a row where it is unknown.
    pub fn of_any_row(holds: Customers, mut unknown: Customers) -> Self {
        unknown.difference_with(&holds);
        Self { holds, unknown }
    }

    /// Known for everybody.
    pub fn known(holds: Customers) -> Self {
        let unknown = Customers::with_capacity(holds.len());
        Self { holds, unknown }
    }
}

impl Weigh for Truth {
    fn weight(&self) -> usize {
        size_of_val(self.holds.as_slice()) + size_of_val(self.unknown.as_slice())
    }
}

/// Everybody in a universe of this size.
pub fn everybody(size: usize) -> Customers {
    let mut all = Customers::with_capacity(size);
    all.insert_range(..);
    all
}

/// How many are in a set.
pub fn count(set: &Customers) -> u64 {
    set.count_ones(..) as u64
}

/// Those who are in either.
pub fn union(mut one: Customers, other: &Customers) -> Customers {
    one.union_with(other);
    one
}
