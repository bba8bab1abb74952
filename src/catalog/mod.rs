//! Databases: folders of Parquet and CSV with an optional manifest (`database.md`).
//!
//! This module reads; nothing in it ever writes into a database folder.

mod database;

pub use database::*;
