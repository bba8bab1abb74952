//! Results worth keeping.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};

/// The most recently used results of some work, by what they depend on.
pub struct Cache<K, V> {
    entries: Mutex<Entries<K, V>>,
    capacity: usize,
}

struct Entries<K, V> {
    by_key: HashMap<K, (V, u64)>,
    uses: u64,
}

impl<K: Eq + Hash + Clone, V: Clone> Cache<K, V> {
    /// A cache of so many results; beyond that the least recently used go first.
    pub fn new(capacity: usize) -> Self {
        Self { entries: Mutex::new(Entries { by_key: HashMap::new(), uses: 0 }), capacity }
    }

    /// The result for `key`, from the cache if it is there. No lock is held during the work: two
    /// threads may do the same work, neither waits for the other.
    pub fn get_or_make<E>(&self, key: K, make: impl FnOnce() -> Result<V, E>) -> Result<V, E> {
        if let Some(kept) = self.with(|entries| entries.get(&key)) {
            return Ok(kept);
        }
        let made = make()?;
        self.with(|entries| entries.put(key, made.clone(), self.capacity));
        Ok(made)
    }

    fn with<R>(&self, act: impl FnOnce(&mut Entries<K, V>) -> R) -> R {
        // Entries are whole or not there, whatever a panicking thread was about.
        act(&mut self.entries.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl<K: Eq + Hash + Clone, V: Clone> Entries<K, V> {
    fn get(&mut self, key: &K) -> Option<V> {
        self.uses += 1;
        let (value, used) = self.by_key.get_mut(key)?;
        *used = self.uses;
        Some(value.clone())
    }

    fn put(&mut self, key: K, value: V, capacity: usize) {
        if self.by_key.len() >= capacity && !self.by_key.contains_key(&key) {
            let oldest = self.by_key.iter().min_by_key(|(_, (_, used))| *used);
            if let Some(oldest) = oldest.map(|(key, _)| key.clone()) {
                self.by_key.remove(&oldest);
            }
        }
        self.uses += 1;
        self.by_key.insert(key, (value, self.uses));
    }
}

#[cfg(test)]
mod tests {
    use super::Cache;

    #[test]
    fn the_least_recently_used_goes_first() {
        let cache = Cache::new(2);
        let get = |key: u8, value: u8| cache.get_or_make(key, || Ok::<_, ()>(value)).unwrap();
        assert_eq!((get(1, 10), get(2, 20), get(1, 11)), (10, 20, 10));
        assert_eq!(get(3, 30), 30);
        assert_eq!((get(1, 12), get(2, 21)), (10, 21));
    }

    #[test]
    fn a_failure_is_not_kept() {
        let cache = Cache::new(2);
        assert_eq!(cache.get_or_make(1, || Err::<u8, _>("no")), Err("no"));
        assert_eq!(cache.get_or_make(1, || Ok::<_, &str>(5)), Ok(5));
    }
}
