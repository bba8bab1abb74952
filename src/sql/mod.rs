//! The language as SQL: any checked segment as one query, in the dialect of the engine that is to run it.
//!
//! The arrow points from here to [`segment`](crate::segment) and [`catalog`](crate::catalog); nothing here
//! runs a query.

mod dialect;

pub use dialect::{Dates, Dialect};
