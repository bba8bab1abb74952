//! What is stored between runs in the user's cache folder: whatever can be made again, under a text that
//! describes everything it was made of.
//!
//! A `CacheFolder` is the whole folder, a `DatabaseCache` the part of it that belongs to one database, a
//! `CacheSlot` the place of one thing that the engine keeps there. Nothing in it is believed: what is damaged,
//! cut short, or made of something else is as good as not there. Nothing that happens to it is an error either:
//! without it answers are the same, only slower.

mod background_writer;
mod codec;
mod database;
mod entry;
mod file_names;
mod folder;
mod large_files;
mod last_error;
mod listing;
pub(super) mod persisted;
mod quota;
mod usage;

pub(crate) use database::DatabaseCache;
pub use folder::CacheFolder;
pub(crate) use usage::DatabaseUsage;

pub(super) use large_files::WriteError;
pub(super) use persisted::{CacheSlot, DiskCache};

#[cfg(test)]
mod tests;
