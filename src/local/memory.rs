//! What is kept from one answer to the next, within one budget of memory.

use std::any::Any;
use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use chrono::NaiveDate;

use crate::backend::{BackendError, Cancel};
use crate::segment::{Criterion, Ids, Predicate, Query};

/// What something kept depends on, beside the database. `id` is an activation ID, `table` the key of a
/// table.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum CacheKey {
    Universe {
        id: String,
    },
    Ids {
        id: String,
    },
    CustomerIndex {
        id: String,
        table: String,
    },
    Orders {
        id: String,
    },
    Prepared {
        id: String,
        day: NaiveDate,
    },
    RowsByCustomer {
        id: String,
        table: String,
    },
    Condition {
        id: String,
        criterion: Arc<Criterion>,
    },
    MatchedIds {
        id: String,
        ids: Ids,
    },
    QueryIds {
        id: String,
        query: Arc<Query>,
    },
    DistinctValues {
        table: String,
        column: String,
    },
    ValueIds {
        table: String,
        column: String,
    },
    /// The rows on which a test holds.
    Rows {
        table: String,
        column: String,
        predicate: Predicate,
    },
    Chunk {
        table: String,
        column: String,
        number: usize,
    },
    /// `slot` is the kind of what is stored in it.
    RowMapChunk {
        slot: Arc<str>,
        number: usize,
    },
}

impl CacheKey {
    /// Whether it may leave its pieces to the cache folder.
    pub fn is_stored_on_disk(&self) -> bool {
        matches!(self, Self::CustomerIndex { .. } | Self::Orders { .. } | Self::RowMapChunk { .. })
    }
}

/// Says how much memory something takes.
pub trait MemorySize: Any + Send + Sync {
    /// In bytes, about.
    fn memory_size(&self) -> usize;
}

/// The most recently used of what was worked out. Beyond the budget what earlier answers have used goes
/// first. Of what one answer has used the last goes first: an answer that needs more than there is room for
/// goes through the same pieces in the same order as the one before, and finds those at the beginning.
pub struct MemoryCache {
    kept: Mutex<Kept>,
    /// Somebody has made what others wait for, or given up.
    made: Condvar,
    budget: usize,
}

#[derive(Default)]
struct Kept {
    entries: HashMap<CacheKey, Entry>,
    /// What is not kept and may still be in use: nobody makes it a second time meanwhile.
    in_use: HashMap<CacheKey, InUse>,
    making: HashSet<CacheKey>,
    weight: usize,
    answers: u64,
    uses: u64,
}

struct InUse {
    value: Weak<dyn Any + Send + Sync>,
    weight: usize,
}

struct Entry {
    value: Arc<dyn Any + Send + Sync>,
    weight: usize,
    /// By which answer last, and when.
    used: (u64, u64),
}

impl MemoryCache {
    /// Room for so many bytes. What takes more by itself is not kept.
    pub fn new(budget: usize) -> Self {
        Self { kept: Mutex::default(), made: Condvar::new(), budget }
    }

    /// For how many bytes there is room.
    pub fn budget(&self) -> usize {
        self.budget
    }

    /// Another answer begins.
    pub fn begin(&self) {
        self.kept().answers += 1;
    }

    /// How many bytes are kept.
    #[cfg(test)]
    pub fn memory_size(&self) -> usize {
        self.kept().weight
    }

    /// What is kept under `key`, if it is.
    pub fn get<V: MemorySize>(&self, key: &CacheKey) -> Option<Arc<V>> {
        self.kept().get(key)
    }

    /// Keeps something.
    pub fn put<V: MemorySize>(&self, key: CacheKey, value: Arc<V>) {
        let weight = value.memory_size();
        self.kept().put(key, Entry { value, weight, used: (0, 0) }, self.budget);
    }

    /// What is kept under `key`, made if it is not. What somebody else is making is waited for.
    ///
    /// # Errors
    /// Those of `make`; cancelled.
    pub fn get_or_make<V: MemorySize>(
        &self,
        key: CacheKey,
        cancel: &Cancel,
        make: impl FnOnce() -> Result<V, BackendError>,
    ) -> Result<Arc<V>, BackendError> {
        /// How often those who wait look whether they still should.
        const PATIENCE: Duration = Duration::from_millis(10);
        let mut kept = self.kept();
        loop {
            if let Some(known) = kept.get(&key) {
                return Ok(known);
            }
            cancel.check()?;
            if kept.making.insert(key.clone()) {
                break;
            }
            kept = self.made.wait_timeout(kept, PATIENCE).unwrap_or_else(PoisonError::into_inner).0;
        }
        drop(kept);
        let making = Making { memory: self, key };
        let made = Arc::new(make()?);
        self.put(making.key.clone(), Arc::clone(&made));
        Ok(made)
    }

    /// Forgets what `which` says.
    pub fn forget(&self, which: impl Fn(&CacheKey) -> bool) {
        self.kept().forget(which);
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        // Entries are whole or not there, whatever a panicking thread was about.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn get<V: MemorySize>(&mut self, key: &CacheKey) -> Option<Arc<V>> {
        self.uses += 1;
        let Some(entry) = self.entries.get_mut(key) else {
            return self.in_use.get(key)?.value.upgrade()?.downcast().ok();
        };
        entry.used = (self.answers, self.uses);
        Arc::clone(&entry.value).downcast().ok()
    }

    /// How much that is not kept is in use all the same.
    fn in_use(&mut self) -> usize {
        self.in_use.retain(|_, lent| lent.value.strong_count() > 0);
        self.in_use.values().map(|lent| lent.weight).sum()
    }

    fn put(&mut self, key: CacheKey, entry: Entry, budget: usize) {
        self.uses += 1;
        self.weight += entry.weight;
        let before = self.entries.insert(key, Entry { used: (self.answers, self.uses), ..entry });
        self.weight -= before.map_or(0, |before| before.weight);
        // What is in use takes its room, but for some without which every answer would begin anew.
        let room = budget.saturating_sub(self.in_use()).max(budget / 4);
        if self.weight > room {
            // Some more than need be: to look through all entries takes long.
            self.shrink(room - room / 32);
        }
    }

    fn shrink(&mut self, budget: usize) {
        let rank = |entry: &Entry| (entry.used.0, Reverse(entry.used.1));
        let mut ranks: Vec<_> = self.entries.values().map(|entry| (rank(entry), entry.weight)).collect();
        ranks.sort_unstable();
        let mut weight = self.weight;
        let last = ranks.into_iter().take_while(|(_, of)| {
            let goes = weight > budget;
            weight -= of;
            goes
        });
        let Some((last, _)) = last.last() else { return };
        let gone: Vec<(CacheKey, Entry)> = self.entries.extract_if(|_, entry| rank(entry) <= last).collect();
        for (key, entry) in gone {
            self.weight -= entry.weight;
            let value = Arc::downgrade(&entry.value);
            self.in_use.insert(key, InUse { value, weight: entry.weight });
        }
    }

    fn forget(&mut self, which: impl Fn(&CacheKey) -> bool) {
        self.in_use.retain(|key, _| !which(key));
        self.entries.retain(|key, _| !which(key));
        self.weight = self.entries.values().map(|entry| entry.weight).sum();
    }
}

/// Lets those who wait go on, however the making ends.
struct Making<'a> {
    memory: &'a MemoryCache,
    key: CacheKey,
}

impl Drop for Making<'_> {
    fn drop(&mut self) {
        self.memory.kept().making.remove(&self.key);
        self.memory.made.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl MemorySize for u64 {
        fn memory_size(&self) -> usize {
            usize::try_from(*self).unwrap()
        }
    }

    fn key(id: &str) -> CacheKey {
        CacheKey::Universe { id: id.to_owned() }
    }

    fn get(memory: &MemoryCache, id: &str, value: u64) -> u64 {
        *memory.get_or_make(key(id), &Cancel::default(), || Ok(value)).unwrap()
    }

    #[test]
    fn what_earlier_answers_have_used_goes_first() {
        let memory = MemoryCache::new(10);
        assert_eq!((get(&memory, "a", 4), get(&memory, "b", 5)), (4, 5));
        memory.begin();
        assert_eq!(get(&memory, "a", 1), 4);
        memory.begin();
        assert_eq!((get(&memory, "c", 3), memory.memory_size()), (3, 7));
        assert_eq!((get(&memory, "a", 1), get(&memory, "b", 2)), (4, 2));
        assert_eq!((get(&memory, "d", 11), memory.memory_size()), (11, 9));
        memory.forget(|kept| *kept == key("a"));
        assert_eq!((memory.memory_size(), memory.get::<u64>(&key("a"))), (5, None));
    }

    #[test]
    fn an_answer_that_needs_too_much_finds_the_beginning() {
        let memory = MemoryCache::new(10);
        let pieces = ["a", "b", "c", "d", "e"];
        assert_eq!(pieces.map(|piece| get(&memory, piece, 3)), [3; 5]);
        memory.begin();
        let found = pieces.map(|piece| get(&memory, piece, 2));
        assert_eq!(&found[..2], [3, 3]);
        assert!(memory.memory_size() <= 10);
    }

    #[test]
    fn what_is_in_use_is_not_made_twice() {
        let memory = MemoryCache::new(10);
        let cancel = Cancel::default();
        let make = |value: u64| memory.get_or_make(key("a"), &cancel, || Ok(value)).unwrap();
        let heavy = make(11);
        assert_eq!((*make(12), memory.memory_size()), (11, 0));
        drop(heavy);
        let light = make(9);
        memory.begin();
        assert_eq!((*light, get(&memory, "b", 10), memory.memory_size()), (9, 10, 10));
        assert_eq!(*make(8), 9);
        drop(light);
        assert_eq!(*make(7), 7);
    }

    #[test]
    fn what_cannot_be_made_is_not_kept() {
        let memory = MemoryCache::new(10);
        let cancel = Cancel::default();
        let failed = memory.get_or_make::<u64>(key("a"), &cancel, || Err(BackendError::Cancelled));
        assert_eq!((failed, get(&memory, "a", 1)), (Err(BackendError::Cancelled), 1));
    }

    #[test]
    fn nothing_is_made_twice_at_once() {
        let memory = MemoryCache::new(10);
        let made = Mutex::new(0);
        let make = || {
            let slow = || {
                std::thread::yield_now();
                *made.lock().unwrap() += 1;
                Ok(7_u64)
            };
            assert_eq!(memory.get_or_make(key("a"), &Cancel::default(), slow).as_deref(), Ok(&7));
        };
        std::thread::scope(|scope| (0..8).for_each(|_| drop(scope.spawn(make))));
        assert_eq!(*made.lock().unwrap(), 1);
    }

    #[test]
    fn who_waits_for_what_another_gives_up_makes_it() {
        let memory = MemoryCache::new(10);
        let (cancelled, patient) = (Cancel::default(), Cancel::default());
        std::thread::scope(|scope| {
            let (begun, begins) = std::sync::mpsc::channel();
            let (memory, cancelled) = (&memory, &cancelled);
            scope.spawn(move || {
                let failed = memory.get_or_make::<u64>(key("a"), cancelled, || {
                    begun.send(()).unwrap();
                    while !cancelled.is_cancelled() {
                        std::thread::yield_now();
                    }
                    cancelled.check().map(|()| 1)
                });
                assert_eq!(failed, Err(BackendError::Cancelled));
            });
            begins.recv().unwrap();
            let waiting = scope.spawn(|| memory.get_or_make(key("a"), &patient, || Ok(2_u64)));
            cancelled.cancel();
            assert_eq!(waiting.join().unwrap().as_deref(), Ok(&2));
        });
    }
}
