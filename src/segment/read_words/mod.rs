//! Conditions read from words: in full, as screens say them, and in short form (`city = chicago`,
//! `points > 5`, `bought socks >= 2 since 3 months ago`).
//!
//! Nothing is guessed: what several tables, segments or files are called is refused with their names, and
//! what is not understood has its place in the text. A line is one condition.

mod aggregate;
mod date;
mod line;
mod list;
mod misread;
mod offer;
mod operator;
mod purchase;
mod reader;
mod subject;
mod value;

#[cfg(test)]
mod tests;

pub use super::names::goes_on;
pub use misread::Misread;
pub use offer::{Offer, Offers, ValuesWanted, offers};
pub use value::value_words;

use reader::Reader;

use super::node::Condition;
use super::schema::Schema;

/// Reads a condition.
///
/// # Errors
/// The text says none: with the place where it stops making sense, and what could stand there.
pub fn read(text: &str, schema: &dyn Schema) -> Result<Condition, Misread> {
    Reader::new(text, schema).line()
}
