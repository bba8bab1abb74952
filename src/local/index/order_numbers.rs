//! Numbers for orders, as they appear.

use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable};

use crate::local::columns::StringArray;

/// The orders by their owners and ids.
#[derive(Default)]
pub(crate) struct OrderNumbers {
    /// Whose order each is.
    owners: Vec<u32>,
    ids: StringArray,
    /// An order, and a part of the hash of its owner and id.
    orders: HashTable<(u32, u32)>,
    hasher: DefaultHashBuilder,
}

impl OrderNumbers {
    /// How many orders there are.
    pub fn count(&self) -> usize {
        self.owners.len()
    }

    /// Whose order each is.
    pub(crate) fn into_owners(self) -> Vec<u32> {
        self.owners
    }

    /// The order of this owner and id.
    #[allow(clippy::cast_possible_truncation)] // half of a hash is a hash; a u32 counts the rows of every table
    pub(crate) fn find_or_add(&mut self, owner: u32, id: &str) -> u32 {
        let hash = self.hasher.hash_one((owner, id)) as u32;
        let wide = |hash: u32| u64::from(hash) << 32 | u64::from(hash);
        let is_it = |(order, of): &(u32, u32)| {
            let at = *order as usize;
            *of == hash && self.owners.get(at) == Some(&owner) && self.ids.get(at) == Some(id)
        };
        if let Some(known) = self.orders.find(wide(hash), is_it) {
            return known.0;
        }
        let order = self.owners.len() as u32;
        self.owners.push(owner);
        self.ids.push(id);
        self.orders.insert_unique(wide(hash), (order, hash), |entry| wide(entry.1));
        order
    }
}
