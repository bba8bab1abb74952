//! CSV tables: read exactly, typed by what their values look like (`database.md`, Types).

mod file;
mod header;
mod parts;
mod pass;
mod quotes;
mod read;
mod records;
mod runs;
mod typing;

pub use header::{header, text};
pub use read::{STAGES, Settled, Wanted, read};
