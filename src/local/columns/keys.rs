//! Small whole numbers in the narrowest type that holds all of them.

use serde::{Deserialize, Serialize};

use super::bitmap::Bitmap;
use crate::local::cache::persisted::packed;

/// A type that keys are held in.
pub(crate) trait KeyType: Copy + Ord + Send + Sync {
    const MAX: Self;
    fn widen(self) -> u64;
    /// [`Self::MAX`] for all that is greater.
    fn saturate(key: u64) -> Self;
}

macro_rules! key_types {
    ($($narrow:ty),*) => { $(impl KeyType for $narrow {
        const MAX: Self = Self::MAX;

        #[inline]
        fn widen(self) -> u64 {
            u64::from(self)
        }

        #[inline]
        fn saturate(key: u64) -> Self {
            Self::try_from(key).unwrap_or(Self::MAX)
        }
    })* };
}

key_types!(u8, u16, u32);

impl KeyType for u64 {
    const MAX: Self = Self::MAX;

    #[inline]
    fn widen(self) -> u64 {
        self
    }

    #[inline]
    fn saturate(key: u64) -> Self {
        key
    }
}

/// One number for each row: a key into a dictionary, or a distance from a base.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub enum Keys {
    U8(#[serde(with = "packed")] Vec<u8>),
    U16(#[serde(with = "packed")] Vec<u16>),
    U32(#[serde(with = "packed")] Vec<u32>),
    U64(#[serde(with = "packed")] Vec<u64>),
}

/// Does something with the keys, whatever their type.
macro_rules! with_keys {
    ($keys:expr, $name:ident => $does:expr) => {
        match $keys {
            $crate::local::columns::Keys::U8($name) => $does,
            $crate::local::columns::Keys::U16($name) => $does,
            $crate::local::columns::Keys::U32($name) => $does,
            $crate::local::columns::Keys::U64($name) => $does,
        }
    };
}
pub(in crate::local) use with_keys;

impl Keys {
    /// Keys of which none is greater than `last`.
    pub fn collect(last: u64, keys: impl Iterator<Item = u64>) -> Self {
        fn narrow<K: KeyType>(last: u64, keys: impl Iterator<Item = u64>) -> Vec<K> {
            let narrow = |key| {
                debug_assert!(key <= last);
                K::saturate(key)
            };
            keys.map(narrow).collect()
        }
        if last <= u64::from(u8::MAX) {
            Self::U8(narrow(last, keys))
        } else if last <= u64::from(u16::MAX) {
            Self::U16(narrow(last, keys))
        } else if last <= u64::from(u32::MAX) {
            Self::U32(narrow(last, keys))
        } else {
            Self::U64(narrow(last, keys))
        }
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        with_keys!(self, keys => keys.len())
    }

    /// The key of a row. Rows come out of bitmaps, whose length was compared with that of the chunk.
    #[inline]
    pub fn get(&self, row: usize) -> u64 {
        debug_assert!(row < self.len());
        with_keys!(self, keys => keys.get(row).map_or(0, |key| key.widen()))
    }

    /// The greatest; `None` without rows.
    pub fn max(&self) -> Option<u64> {
        // A fold, unlike `max()`, is done for many keys at once; it looks at every key of every chunk that is made.
        with_keys!(self, keys => {
            let first = *keys.first()?;
            Some(keys.iter().fold(first, |greatest, key| greatest.max(*key)).widen())
        })
    }

    /// The rows whose key is from `first` to `last`.
    pub fn within(&self, first: u64, last: u64) -> Bitmap {
        fn within<K: KeyType>(keys: &[K], first: u64, last: u64) -> Bitmap {
            if first > K::MAX.widen() {
                return Bitmap::zeros(keys.len());
            }
            let (first, last) = (K::saturate(first), K::saturate(last));
            // One comparison where one is enough.
            match (first.widen(), last) {
                (_, last) if first == last => Bitmap::from_values(keys, |key| key == first),
                (0, last) => Bitmap::from_values(keys, |key| key <= last),
                (_, last) if last == K::MAX => Bitmap::from_values(keys, |key| first <= key),
                _ => Bitmap::from_values(keys, |key| (first <= key) & (key <= last)),
            }
        }
        with_keys!(self, keys => within(keys, first, last))
    }

    /// The rows whose key is true in a table, which has a place for every key.
    pub fn among(&self, table: &[bool]) -> Bitmap {
        debug_assert!(self.max().is_none_or(|key| key < table.len() as u64));
        if let Self::U8(keys) = self {
            // A table that has a place for every `u8` needs no check of its bounds.
            let mut all = [false; 256];
            all.iter_mut().zip(table).for_each(|(all, is_in)| *all = *is_in);
            return Bitmap::from_values(keys, |key| all.get(usize::from(key)).copied().unwrap_or_default());
        }
        fn among<K: KeyType>(keys: &[K], table: &[bool]) -> Bitmap {
            let is_in = |key: K| usize::try_from(key.widen()).ok().and_then(|key| table.get(key));
            Bitmap::from_values(keys, |key| is_in(key).copied().unwrap_or_default())
        }
        with_keys!(self, keys => among(keys, table))
    }

    /// How many bytes they take.
    pub(crate) fn memory_size(&self) -> usize {
        fn bytes<K>(keys: &[K]) -> usize {
            size_of_val(keys)
        }
        with_keys!(self, keys => bytes(keys))
    }
}
