//! Lists of ids: uploaded ones, and what queries return.

use std::collections::HashSet;

use super::index::universe::CustomerIds;
use super::memory::MemorySize;
use super::parallel::parallel_fold;
use super::sets::customer_set::{CustomerSet, count, union};
use crate::backend::{BackendError, Cancel};

/// The ids of a list, found in the universe.
pub(crate) struct MatchedIds {
    pub members: CustomerSet,
    /// How many different ids there are.
    pub ids: u64,
    /// How many of them are no customers.
    pub unmatched: u64,
}

impl MatchedIds {
    /// Finds the ids of a long list with all cores.
    pub(crate) fn find_all(
        ids: &[String],
        universe: &CustomerIds,
        cancel: &Cancel,
    ) -> Result<Self, BackendError> {
        /// How many are looked for in one go.
        const AT_A_TIME: usize = 1 << 14;
        let none = || Found::new(universe);
        let found = parallel_fold(ids.len().div_ceil(AT_A_TIME), cancel, none, |found, job| {
            let some = ids.iter().skip(job * AT_A_TIME).take(AT_A_TIME);
            some.for_each(|id| found.add(id, universe));
            Ok(())
        })?;
        Ok(found.into_iter().reduce(Found::merge).unwrap_or_else(none).finish())
    }

    pub fn find<'a>(ids: impl IntoIterator<Item = &'a str>, universe: &CustomerIds) -> Self {
        let mut found = Found::new(universe);
        ids.into_iter().for_each(|id| found.add(id, universe));
        found.finish()
    }
}

struct Found<'a> {
    members: CustomerSet,
    unmatched: HashSet<&'a str>,
}

impl<'a> Found<'a> {
    fn new(universe: &CustomerIds) -> Self {
        Self { members: CustomerSet::with_capacity(universe.len()), unmatched: HashSet::new() }
    }

    fn add(&mut self, id: &'a str, universe: &CustomerIds) {
        match universe.number(id) {
            Some(customer) => self.members.insert(customer as usize),
            None => drop(self.unmatched.insert(id)),
        }
    }

    fn merge(mut self, other: Self) -> Self {
        self.unmatched.extend(other.unmatched);
        Self { members: union(self.members, &other.members), unmatched: self.unmatched }
    }

    fn finish(self) -> MatchedIds {
        let unmatched = self.unmatched.len() as u64;
        MatchedIds { ids: count(&self.members) + unmatched, members: self.members, unmatched }
    }
}

impl MemorySize for MatchedIds {
    fn memory_size(&self) -> usize {
        size_of_val(self.members.as_slice())
    }
}
