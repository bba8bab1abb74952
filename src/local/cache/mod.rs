//! What is kept between runs in the user's cache folder: whatever can be made again, under a text that
//! describes everything it was made of.
//!
//! A [`CacheFolder`] is the whole folder, a [`DatabaseCache`] the part of it that belongs to one database.
//! Nothing in it is believed: what is damaged, cut short, or made of something else is as good as not there.
//! Nothing that happens to it is an error either: without it answers are the same, only slower. This module
//! knows nothing of databases but where they are, and nothing of the engine or the terminal.

mod database;
mod entry;
mod folder;
mod large;
mod names;
mod room;
mod trouble;
mod usage;
mod writer;

pub use database::DatabaseCache;
pub use folder::CacheFolder;
pub use large::NotWritten;
pub use names::Name;
pub use room::LIMIT;
pub use usage::{DatabaseUsage, KindUsage, Removed};

#[cfg(test)]
mod tests;
