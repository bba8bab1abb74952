//! What the engine keeps between runs: how many customers there are and their ids, indexes, columns, the
//! prepared insights. Each is stored under all that it depends on, in its database's part of the cache folder;
//! what does not fit any more is made anew.
//!
//! Structure is written by postcard. Long lists of numbers and bitmaps are written as one run of bytes each
//! ([`packed`], [`bitmap`]): postcard's own form, a varint for each number, is several times slower.

pub(crate) mod bitmap;
mod disk_cache;
pub mod packed;
mod slot;

pub(crate) use disk_cache::DiskCache;
pub(crate) use slot::CacheSlot;

#[cfg(test)]
mod tests;
