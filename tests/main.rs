//! One binary for all integration tests: every further one would link polars again.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]
mod architecture;
mod cache_folder;
mod cancelling;
mod catalog;
mod changed_files;
mod command_line;
mod conformance;
mod documents;
mod engine;
mod flows;
mod list_tables;
mod lists;
mod members_output;
mod odd_files;
mod persisted_parts;
mod picture;
mod queries;
mod query_tables;
mod random;
mod screens;
mod slow;
mod sql;
mod sql_look;
mod terminal;
mod words;
