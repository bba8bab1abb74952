//! Three-valued logic over customers.

use super::customer_set::CustomerSet;
use crate::backend::BackendError;
use crate::local::consistency::check_length;
use crate::local::memory::MemorySize;

/// For whom something is true, and for whom it is unknown rather than false.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TernaryMask {
    pub trues: CustomerSet,
    /// None of them is in `trues`.
    pub unknowns: CustomerSet,
}

impl TernaryMask {
    /// From the customers with a row where it is true, and those with a row where it is unknown.
    pub(crate) fn from_any_row(trues: CustomerSet, mut unknowns: CustomerSet) -> Self {
        unknowns.difference_with(&trues);
        Self { trues, unknowns }
    }

    /// Known for every customer.
    pub(crate) fn from_known(trues: CustomerSet) -> Self {
        let unknowns = CustomerSet::with_capacity(trues.len());
        Self { trues, unknowns }
    }

    /// Checks that it is of so many customers.
    pub(crate) fn check_size(&self, universe_size: usize) -> Result<(), BackendError> {
        check_length("a set of customers", self.trues.len(), universe_size)?;
        check_length("a set of customers", self.unknowns.len(), universe_size)
    }
}

impl MemorySize for TernaryMask {
    fn memory_size(&self) -> usize {
        size_of_val(self.trues.as_slice()) + size_of_val(self.unknowns.as_slice())
    }
}
