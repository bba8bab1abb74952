//! Lists of ids: uploaded ones, and what queries return.

use std::collections::HashSet;

use super::index::universe::CustomerIds;
use super::memory::MemorySize;
use super::parallel::parallel_fold;
use super::sets::customer_set::{CustomerSet, count, union};
use crate::backend::{BackendError, Cancel};

/// The ids of a list, found in the universe.
pub struct MatchedIds {
    /// The customers on it.
    pub members: CustomerSet,
    /// How many different ids there are.
    pub ids: u64,
    /// How many of them are no customers.
    pub unmatched: u64,
}

impl MatchedIds {
    /// Finds the ids of a long list with all cores.
    pub fn find_all(ids: &[String], all: &CustomerIds, cancel: &Cancel) -> Result<Self, BackendError> {
        /// How many are looked for in one go.
        const AT_A_TIME: usize = 1 << 14;
        let none = || (CustomerSet::with_capacity(all.len()), HashSet::new());
        let found =
            parallel_fold(ids.len().div_ceil(AT_A_TIME), cancel, none, |(members, unmatched), job| {
                for id in ids.iter().skip(job * AT_A_TIME).take(AT_A_TIME).map(String::as_str) {
                    match all.number(id) {
                        Some(customer) => members.insert(customer as usize),
                        None => drop(unmatched.insert(id)),
                    }
                }
                Ok(())
            })?;
        let both = |(members, mut unmatched): (CustomerSet, HashSet<_>), (others, more)| {
            unmatched.extend(more);
            (union(members, &others), unmatched)
        };
        let (members, unmatched) = found.into_iter().reduce(both).unwrap_or_else(none);
        let unmatched = unmatched.len() as u64;
        Ok(Self { ids: count(&members) + unmatched, members, unmatched })
    }

    /// Finds ids in the universe.
    pub fn find<'a>(ids: impl IntoIterator<Item = &'a str>, all: &CustomerIds) -> Self {
        let mut members = CustomerSet::with_capacity(all.len());
        let mut unmatched = HashSet::new();
        for id in ids {
            match all.number(id) {
                Some(customer) => members.insert(customer as usize),
                None => drop(unmatched.insert(id)),
            }
        }
        let unmatched = unmatched.len() as u64;
        Self { ids: count(&members) + unmatched, members, unmatched }
    }
}

impl MemorySize for MatchedIds {
    fn memory_size(&self) -> usize {
        size_of_val(self.members.as_slice())
    }
}
