//! A query of the embedded engine, as SQL segments and lists from queries have it.
//!
//! [`Query::parse`] takes one query, in which `:as_of` stands for the day, and refuses everything else
//! before anything runs. So it does with what the embedded engine would answer otherwise than SQL means it
//! (`unsupported`, `joins`): no query that is let through counts something else than it says.

mod as_of;
mod dates;
mod error;
mod functions;
mod joins;
mod names;
mod parse;
mod parsed;
mod unsupported;

#[cfg(test)]
mod tests;

pub(crate) use error::QueryError;
pub use parsed::Query;
