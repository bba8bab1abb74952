//! Numbers for orders, as they appear.

use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable};

use crate::local::columns::StringArray;

/// The orders by their owners and ids. Those that nobody will ask for are forgotten.
#[derive(Default)]
pub(crate) struct OrderNumbers {
    count: u32,
    last_owner: Option<u32>,
    /// Whose order each is; empty where the owners are sorted and it is that of the customer in hand.
    owners: Vec<u32>,
    is_sorted: bool,
    /// The first order that is not forgotten, and the ids from it on.
    first: u32,
    ids: StringArray,
    /// An order, and a part of the hash of its owner and id.
    orders: HashTable<(u32, u32)>,
    hasher: DefaultHashBuilder,
}

impl OrderNumbers {
    /// `is_sorted` says that owners come in the order of their numbers.
    pub fn new(is_sorted: bool) -> Self {
        Self { is_sorted, ..Self::default() }
    }

    /// How many orders there are.
    pub fn count(&self) -> u32 {
        self.count
    }

    pub(crate) fn last_owner(&self) -> Option<u32> {
        self.last_owner
    }

    /// Whose order each is; none where the owners are sorted.
    pub(crate) fn into_owners(self) -> Vec<u32> {
        self.owners
    }

    /// Forgets the orders so far.
    pub(crate) fn forget(&mut self) {
        self.first = self.count;
        self.ids.clear();
        self.orders.clear();
    }

    /// The order of this owner and id, and whether it is a new one.
    pub(crate) fn find_or_add(&mut self, owner: u32, id: &str) -> (u32, bool) {
        let last = self.count.wrapping_sub(1);
        if self.last_owner == Some(owner) && self.id(last) == Some(id) {
            return (last, false);
        }
        #[allow(clippy::cast_possible_truncation)] // half of a hash is a hash
        let hash = self.hasher.hash_one((owner, id)) as u32;
        let wide = |hash: u32| u64::from(hash) << 32 | u64::from(hash);
        let is_owner = |order: u32| self.is_sorted || self.owners.get(order as usize) == Some(&owner);
        let is_it = |entry: &(u32, u32)| entry.1 == hash && is_owner(entry.0) && self.id(entry.0) == Some(id);
        if let Some(known) = self.orders.find(wide(hash), is_it) {
            return (known.0, false);
        }
        let order = self.count;
        if !self.is_sorted {
            self.owners.push(owner);
        }
        // There are no more orders than rows, and a u32 counts those of every table.
        (self.count, self.last_owner) = (order + 1, Some(owner));
        self.ids.push(id);
        self.orders.insert_unique(wide(hash), (order, hash), |entry| wide(entry.1));
        (order, true)
    }

    /// The id of an order that is not forgotten.
    pub fn id(&self, order: u32) -> Option<&str> {
        self.ids.get(order.checked_sub(self.first)? as usize)
    }
}
