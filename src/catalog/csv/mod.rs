//! CSV tables: read exactly, typed by what their values look like (`database.md`, Types).

mod file;
mod header;
mod read;
mod records;
mod typing;

pub use header::{header, text};
pub use read::{STAGES, Wanted, read};
