//! segtui: build customer segments in the terminal, exact and live, on local CSV and Parquet.
//!
//! `ARCHITECTURE.md` has the map, which module may use which, and the invariants that each of them defends.

pub mod app;
pub mod backend;
pub mod budget;
pub(crate) mod case;
pub mod cli;
pub(crate) mod control;
pub mod database;
pub mod demo;
pub mod diagnostic;
pub mod export;
pub(crate) mod file_system;
pub mod local;
pub mod paths;
pub mod runtime;
pub mod segment;
pub mod settings;
pub mod sql;
pub(crate) mod toml_text;
pub mod ui;
pub mod workspace;
