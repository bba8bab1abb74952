//! The place of one thing in the cache folder.

use std::sync::Arc;

use super::{Stored, read, write};
use crate::local::cache::{DatabaseCache, EntryKey};

/// Where one thing is kept between runs, as a whole or in parts.
#[derive(Clone, Debug)]
pub struct Shelf {
    pub(super) cache: DatabaseCache,
    /// What it is.
    pub(super) kind: Arc<str>,
    /// All that it depends on.
    pub(super) fingerprint: Arc<str>,
}

impl Shelf {
    /// What it is, for people; no two are called the same.
    pub fn kind(&self) -> &Arc<str> {
        &self.kind
    }

    /// What was put.
    pub fn get<S: Stored>(&self) -> Option<S> {
        self.cache.get(&*self.kind, &self.fingerprint).and_then(|bytes| read(&bytes))
    }

    /// Puts it soon.
    pub fn put<S: Stored + Send + Sync + 'static>(&self, what: S) {
        self.cache.put(&*self.kind, &self.fingerprint, move || Ok(write(&what)));
    }

    /// Puts it before it returns. Where it cannot be kept it is made anew the next time.
    pub fn put_now<S: Stored>(&self, what: &S) {
        let _ = self.cache.put_now(&*self.kind, &self.fingerprint, || Ok(write(what)));
    }

    /// A part of what was put.
    pub fn part<S: Stored>(&self, part: usize) -> Option<S> {
        self.cache.get(self.name(part), &self.fingerprint).and_then(|bytes| read(&bytes))
    }

    /// Puts a part soon, as `make` makes it.
    pub fn put_part<S: Stored>(&self, part: usize, make: impl FnOnce() -> S + Send + 'static) {
        self.cache.put(self.name(part), &self.fingerprint, move || Ok(write(&make())));
    }

    /// Puts a part before it returns; whether it is kept.
    pub fn put_part_now<S: Stored>(&self, part: usize, what: &S) -> bool {
        self.cache.put_now(self.name(part), &self.fingerprint, || Ok(write(what)))
    }

    /// Forgets what was put as a whole: whoever looks for it makes it anew, with all parts.
    pub fn forget(&self) {
        self.cache.remove_entry(&*self.kind);
    }

    fn name(&self, part: usize) -> EntryKey<'_> {
        EntryKey { kind: &self.kind, part: Some(part) }
    }
}
