//! Whole numbers in the smallest type that holds all of them.

use serde::{Deserialize, Serialize};

use super::bitmap::{Bitmap, bits};
use crate::local::cache::persisted::packed;

/// A type of codes.
pub trait Code: Copy + Ord + Send + Sync {
    /// As the widest.
    fn wide(self) -> u64;
    /// Out of the widest; the greatest of this type for what is beyond it.
    fn narrow(code: u64) -> Self;
}

macro_rules! code {
    ($($narrow:ty),*) => { $(impl Code for $narrow {
        #[inline]
        fn wide(self) -> u64 {
            u64::from(self)
        }

        #[inline]
        fn narrow(code: u64) -> Self {
            Self::try_from(code).unwrap_or(Self::MAX)
        }
    })* };
}

code!(u8, u16, u32);

impl Code for u64 {
    #[inline]
    fn wide(self) -> u64 {
        self
    }

    #[inline]
    fn narrow(code: u64) -> Self {
        code
    }
}

/// One code for each row.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub enum Keys {
    U8(#[serde(with = "packed")] Vec<u8>),
    U16(#[serde(with = "packed")] Vec<u16>),
    U32(#[serde(with = "packed")] Vec<u32>),
    U64(#[serde(with = "packed")] Vec<u64>),
}

/// Does something with the codes, whatever their type.
macro_rules! with_keys {
    ($codes:expr, $name:ident => $does:expr) => {
        match $codes {
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
    pub fn collect(last: u64, codes: impl Iterator<Item = u64>) -> Self {
        fn narrow<C: Code>(codes: impl Iterator<Item = u64>) -> Vec<C> {
            codes.map(C::narrow).collect()
        }
        if last <= u64::from(u8::MAX) {
            Self::U8(narrow(codes))
        } else if last <= u64::from(u16::MAX) {
            Self::U16(narrow(codes))
        } else if last <= u64::from(u32::MAX) {
            Self::U32(narrow(codes))
        } else {
            Self::U64(narrow(codes))
        }
    }

    /// The greatest of them.
    pub fn max(&self) -> Option<u64> {
        with_keys!(self, keys => keys.iter().copied().max().map(Code::wide))
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        with_keys!(self, codes => codes.len())
    }

    /// The code of a row; 0 where there is no such row.
    #[inline]
    pub fn get(&self, row: usize) -> u64 {
        with_keys!(self, codes => codes.get(row).map_or(0, |code| code.wide()))
    }

    /// The rows whose code is from `first` to `last`.
    pub fn within(&self, first: u64, last: u64) -> Bitmap {
        fn within<C: Code>(codes: &[C], first: u64, last: u64) -> Bitmap {
            let (first, last, greatest) = (C::narrow(first), C::narrow(last), C::narrow(u64::MAX));
            // One comparison where one is enough.
            match (first.wide(), last) {
                (_, last) if first == last => bits(codes, |code| code == first),
                (0, last) => bits(codes, |code| code <= last),
                (_, last) if last == greatest => bits(codes, |code| first <= code),
                _ => bits(codes, |code| (first <= code) & (code <= last)),
            }
        }
        with_keys!(self, codes => within(codes, first, last))
    }

    /// The rows whose code stands in a table.
    pub fn among(&self, table: &[bool]) -> Bitmap {
        if let Self::U8(codes) = self {
            // Every code has its place in this one, so that none needs a look whether it has.
            let mut all = [false; 256];
            all.iter_mut().zip(table).for_each(|(all, is_in)| *all = *is_in);
            return bits(codes, |code| all.get(usize::from(code)).copied().unwrap_or_default());
        }
        fn among<C: Code>(codes: &[C], table: &[bool]) -> Bitmap {
            let is_in = |code: C| usize::try_from(code.wide()).ok().and_then(|code| table.get(code));
            bits(codes, |code| is_in(code).copied().unwrap_or_default())
        }
        with_keys!(self, codes => among(codes, table))
    }

    /// How many bytes they take.
    pub fn memory_size(&self) -> usize {
        fn bytes<C>(codes: &[C]) -> usize {
            size_of_val(codes)
        }
        with_keys!(self, codes => bytes(codes))
    }
}
