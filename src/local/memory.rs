//! What is kept from one answer to the next, within one budget of memory.

use std::any::Any;
use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use super::cache_key::CacheKey;
use crate::backend::{BackendError, Cancel};

/// Says how much memory something takes.
pub(crate) trait MemorySize: Any + Send + Sync {
    /// In bytes, about.
    fn memory_size(&self) -> usize;
}

/// The most recently used of what was worked out. Beyond the budget what earlier answers have used goes
/// first. Of what one answer has used the last goes first: an answer that needs more than there is room for
/// goes through the same chunks in the same order as the one before, and finds those at the beginning.
pub(crate) struct MemoryCache {
    state: Mutex<CacheState>,
    /// Somebody has made what others wait for, or given up.
    made: Condvar,
    budget: usize,
}

#[derive(Default)]
struct CacheState {
    entries: HashMap<CacheKey, Entry>,
    /// What was evicted and may still be in use: it is not made a second time meanwhile.
    in_use: HashMap<CacheKey, InUse>,
    in_progress: HashSet<CacheKey>,
    size: usize,
    /// How many bytes work in progress takes beside what is kept.
    reserved: usize,
    answers: u64,
    uses: u64,
}

struct InUse {
    value: Weak<dyn Any + Send + Sync>,
    size: usize,
}

struct Entry {
    value: Arc<dyn Any + Send + Sync>,
    size: usize,
    /// By which answer last, and when.
    used: (u64, u64),
}

impl MemoryCache {
    /// Room for so many bytes. What takes more by itself is not kept.
    pub fn new(budget: usize) -> Self {
        Self { state: Mutex::default(), made: Condvar::new(), budget }
    }

    /// For how many bytes there is room.
    pub fn budget(&self) -> usize {
        self.budget
    }

    /// Another answer begins.
    pub fn begin(&self) {
        self.state().answers += 1;
    }

    /// How many bytes are kept.
    #[cfg(test)]
    pub(crate) fn memory_size(&self) -> usize {
        self.state().size
    }

    /// What is kept under `key`, if it is.
    pub fn get<V: MemorySize>(&self, key: &CacheKey) -> Option<Arc<V>> {
        self.state().get(key)
    }

    /// Keeps something.
    pub fn put<V: MemorySize>(&self, key: CacheKey, value: Arc<V>) {
        let size = value.memory_size();
        self.state().put(key, Entry { value, size, used: (0, 0) }, self.budget);
    }

    /// What is kept under `key`, made if it is not. What somebody else is making is waited for.
    ///
    /// # Errors
    /// Those of `make`; cancelled.
    pub(crate) fn get_or_make<V: MemorySize>(
        &self,
        key: CacheKey,
        cancel: &Cancel,
        make: impl FnOnce() -> Result<V, BackendError>,
    ) -> Result<Arc<V>, BackendError> {
        /// How often those who wait look whether they still should.
        const PATIENCE: Duration = Duration::from_millis(10);
        let mut state = self.state();
        loop {
            if let Some(known) = state.get(&key) {
                return Ok(known);
            }
            cancel.check()?;
            if state.in_progress.insert(key.clone()) {
                break;
            }
            state = self.made.wait_timeout(state, PATIENCE).unwrap_or_else(PoisonError::into_inner).0;
        }
        drop(state);
        let in_progress = InProgress { memory: self, key };
        let made = Arc::new(make()?);
        self.put(in_progress.key.clone(), Arc::clone(&made));
        Ok(made)
    }

    /// Whether somebody is making what will be kept under `key`.
    pub(crate) fn is_being_made(&self, key: &CacheKey) -> bool {
        self.state().in_progress.contains(key)
    }

    /// Leaves room for so many bytes that work takes beside what is kept, until the answer is dropped.
    pub(crate) fn reserve(&self, bytes: usize) -> Reservation<'_> {
        let mut state = self.state();
        state.reserved += bytes;
        state.keep_within(self.budget);
        Reservation { memory: self, bytes }
    }

    /// Forgets what `which` says.
    pub(crate) fn forget(&self, which: impl Fn(&CacheKey) -> bool) {
        self.state().forget(which);
    }

    fn state(&self) -> MutexGuard<'_, CacheState> {
        // Entries are whole or not there, whatever a panicking thread was about.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl CacheState {
    fn get<V: MemorySize>(&mut self, key: &CacheKey) -> Option<Arc<V>> {
        self.uses += 1;
        let Some(entry) = self.entries.get_mut(key) else {
            return self.in_use.get(key)?.value.upgrade()?.downcast().ok();
        };
        entry.used = (self.answers, self.uses);
        // Every kind of key has one type of values.
        Arc::clone(&entry.value).downcast().ok()
    }

    /// How much of what was evicted is in use all the same.
    fn in_use(&mut self) -> usize {
        self.in_use.retain(|_, lent| lent.value.strong_count() > 0);
        self.in_use.values().map(|used| used.size).sum()
    }

    fn put(&mut self, key: CacheKey, entry: Entry, budget: usize) {
        self.uses += 1;
        self.size += entry.size;
        let before = self.entries.insert(key, Entry { used: (self.answers, self.uses), ..entry });
        self.size -= before.map_or(0, |before| before.size);
        self.keep_within(budget);
    }

    fn keep_within(&mut self, budget: usize) {
        // What is in use takes its room, but for some without which every answer would begin anew.
        let taken = self.in_use() + self.reserved;
        let room = budget.saturating_sub(taken).max(budget / 4);
        if self.size > room {
            // Some more than need be: to look through all entries takes long.
            self.evict_to(room - room / 32);
        }
    }

    /// Evicts until no more than the budget is left.
    fn evict_to(&mut self, budget: usize) {
        let rank = |entry: &Entry| (entry.used.0, Reverse(entry.used.1));
        let mut ranks: Vec<_> = self.entries.values().map(|entry| (rank(entry), entry.size)).collect();
        ranks.sort_unstable();
        let mut size = self.size;
        let last = ranks.into_iter().take_while(|(_, of)| {
            let goes = size > budget;
            size -= of;
            goes
        });
        let Some((last, _)) = last.last() else { return };
        let evicted: Vec<(CacheKey, Entry)> =
            self.entries.extract_if(|_, entry| rank(entry) <= last).collect();
        for (key, entry) in evicted {
            self.size -= entry.size;
            let value = Arc::downgrade(&entry.value);
            self.in_use.insert(key, InUse { value, size: entry.size });
        }
    }

    fn forget(&mut self, which: impl Fn(&CacheKey) -> bool) {
        self.in_use.retain(|key, _| !which(key));
        self.entries.retain(|key, _| !which(key));
        self.size = self.entries.values().map(|entry| entry.size).sum();
    }
}

/// Lets those who wait go on, however the making ends.
struct InProgress<'a> {
    memory: &'a MemoryCache,
    key: CacheKey,
}

impl Drop for InProgress<'_> {
    fn drop(&mut self) {
        self.memory.state().in_progress.remove(&self.key);
        self.memory.made.notify_all();
    }
}

/// Room that work takes, until it is dropped.
pub(crate) struct Reservation<'a> {
    memory: &'a MemoryCache,
    bytes: usize,
}

impl Drop for Reservation<'_> {
    fn drop(&mut self) {
        self.memory.state().reserved -= self.bytes;
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
        memory.forget(|known| *known == key("a"));
        assert_eq!((memory.memory_size(), memory.get::<u64>(&key("a"))), (5, None));
    }

    #[test]
    fn an_answer_that_needs_too_much_finds_the_beginning() {
        let memory = MemoryCache::new(10);
        let chunks = ["a", "b", "c", "d", "e"];
        assert_eq!(chunks.map(|chunk| get(&memory, chunk, 3)), [3; 5]);
        memory.begin();
        let found = chunks.map(|chunk| get(&memory, chunk, 2));
        assert_eq!(&found[..2], [3, 3]);
        assert!(memory.memory_size() <= 10);
    }

    #[test]
    fn work_takes_room_while_it_lasts() {
        let memory = MemoryCache::new(16);
        memory.put(key("a"), Arc::new(7_u64));
        let reserved = memory.reserve(6);
        assert_eq!(memory.memory_size(), 7);
        memory.put(key("b"), Arc::new(4_u64));
        assert_eq!((memory.memory_size(), memory.get::<u64>(&key("b"))), (7, None));
        drop(reserved);
        memory.put(key("b"), Arc::new(9_u64));
        assert_eq!(memory.memory_size(), 16);
        drop(memory.reserve(100));
        assert_eq!(memory.memory_size(), 0, "some of what is kept would do: each takes more than a quarter");
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
                assert!(memory.is_being_made(&key("a")));
                std::thread::yield_now();
                *made.lock().unwrap() += 1;
                Ok(7_u64)
            };
            assert_eq!(memory.get_or_make(key("a"), &Cancel::default(), slow).as_deref(), Ok(&7));
        };
        std::thread::scope(|scope| (0..8).for_each(|_| drop(scope.spawn(make))));
        assert_eq!(*made.lock().unwrap(), 1);
        assert!(!memory.is_being_made(&key("a")));
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
