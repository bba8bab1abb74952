//! Key scripts: press these, expect that state, that screen, that file.

pub mod actions;
pub mod advice;
pub mod breakdown;
mod changes;
pub mod compare;
pub mod customers;
mod databases;
pub mod day;
mod differences;
mod drafts;
mod edits;
pub mod explorer;
mod fake_backend;
mod filters;
pub mod harness;
mod list_tables;
pub mod lists;
pub mod notes;
mod pasting;
pub mod query_tables;
mod quick_add;
mod saving;
mod segment_file;
pub mod sql;
pub mod summary;
mod unchanged;
pub mod walk;
