//! Lists of ids: uploaded ones, and what queries return.

use std::collections::HashSet;

use super::memory::Weigh;
use super::truth::Customers;
use super::universe::Universe;

/// The ids of a list, found in the universe.
pub struct Listed {
    /// The customers on it.
    pub members: Customers,
    /// How many different ids there are.
    pub ids: u64,
    /// How many of them are no customers.
    pub unmatched: u64,
}

impl Listed {
    /// Finds ids in the universe.
    pub fn find<'a>(ids: impl IntoIterator<Item = &'a str>, universe: &Universe) -> Self {
        let mut members = Customers::with_capacity(universe.size());
        let mut unmatched = HashSet::new();
        for id in ids {
            match universe.number(id) {
                Some(customer) => members.insert(customer as usize),
                None => drop(unmatched.insert(id)),
            }
        }
        let unmatched = unmatched.len() as u64;
        Self { ids: members.count_ones(..) as u64 + unmatched, members, unmatched }
    }
}

impl Weigh for Listed {
    fn weight(&self) -> usize {
        size_of_val(self.members.as_slice())
    }
}
