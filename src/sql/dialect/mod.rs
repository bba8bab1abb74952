//! What engines say differently: one file for each dialect, and the list of them in `choice.rs`.

mod choice;
mod duckdb;
mod embedded;
mod like;
mod lower_case;
mod postgres;
mod reserved;
mod spark;
mod sql_dialect;
mod string_literal;
mod trino;

pub use choice::Dialect;
#[cfg(test)]
pub use duckdb::DuckDb;
pub(crate) use lower_case::LowerCaseFixes;
pub(crate) use sql_dialect::SqlDialect;
