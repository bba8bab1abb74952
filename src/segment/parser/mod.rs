//! Conditions read from words: in full, as screens say them, and in short form (`city = chicago`,
//! `points > 5`, `bought socks >= 2 since 3 months ago`).
//!
//! Nothing is guessed: what several tables, segments or files are called is refused with their names, but for an
//! attribute that the customers table has as well, which is that one's. What is not understood has its place in the
//! text. A line is one condition.

mod aggregate;
mod catalog;
mod completion;
mod date;
mod error;
mod expected;
mod line;
mod list;
mod operator;
mod parser;
mod purchase;
mod subject;
mod suggestion;
mod value;

#[cfg(test)]
mod tests;

pub(crate) use super::name_matching::is_proper_prefix;
pub(crate) use catalog::Catalog;
pub(crate) use completion::Candidate;
pub use completion::Completion;
pub use completion::Completions;
pub use completion::ValueColumn;
pub use completion::complete;
pub(crate) use completion::complete_with;
pub(crate) use error::ParseError;
pub use line::parse;
pub(crate) use line::{parse_with, tables_with_same_name};
pub(crate) use value::value_literal;
