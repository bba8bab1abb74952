//! The place of one thing in the cache folder.

use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::local::cache::codec::{decode, encode};
use crate::local::cache::database::DatabaseCache;
use crate::local::cache::file_names::EntryKey;

/// Where one thing is stored between runs, as a whole or in parts.
#[derive(Clone, Debug)]
pub(crate) struct CacheSlot {
    cache: DatabaseCache,
    kind: Arc<str>,
    fingerprint: Arc<str>,
}

impl CacheSlot {
    /// The slot of what a person knows as `kind`, and of which `fingerprint` tells all that it depends on.
    pub fn new(cache: DatabaseCache, kind: String, fingerprint: String) -> Self {
        Self { cache, kind: kind.into(), fingerprint: fingerprint.into() }
    }

    /// What it is, for people; no two slots of a database have the same.
    pub fn kind(&self) -> &Arc<str> {
        &self.kind
    }

    /// What was stored as a whole. What cannot be decoded is as good as not there.
    pub fn load<T: DeserializeOwned>(&self) -> Option<T> {
        self.cache.get(&*self.kind, &self.fingerprint).and_then(|bytes| decode(&bytes).ok())
    }

    /// Stores it in the background.
    pub fn store<T: Serialize + Send + 'static>(&self, value: T) {
        self.cache.put(&*self.kind, &self.fingerprint, move || encode(&value));
    }

    /// Stores it before it returns. Where that fails it is made anew the next time.
    pub(crate) fn store_now<T: Serialize>(&self, value: &T) {
        let _ = self.cache.put_now(&*self.kind, &self.fingerprint, || encode(value));
    }

    /// A part of what was stored.
    pub(crate) fn load_part<T: DeserializeOwned>(&self, part: usize) -> Option<T> {
        self.cache.get(self.part(part), &self.fingerprint).and_then(|bytes| decode(&bytes).ok())
    }

    /// Whether there is a part, which may turn out to be damaged.
    pub(crate) fn has_part(&self, part: usize) -> bool {
        self.cache.has(self.part(part))
    }

    /// Stores a part in the background, where it is made, too.
    pub(crate) fn store_part<T: Serialize>(&self, part: usize, make: impl FnOnce() -> T + Send + 'static) {
        self.cache.put(self.part(part), &self.fingerprint, move || encode(&make()));
    }

    /// Stores a part before it returns; whether that was possible.
    pub(crate) fn store_part_now<T: Serialize>(&self, part: usize, value: &T) -> bool {
        self.cache.put_now(self.part(part), &self.fingerprint, || encode(value))
    }

    /// Removes what was stored as a whole: whoever looks for it makes it anew, with all parts.
    pub fn remove(&self) {
        self.cache.remove_entry(&*self.kind);
    }

    fn part(&self, part: usize) -> EntryKey<'_> {
        EntryKey { kind: &self.kind, part: Some(part) }
    }
}
