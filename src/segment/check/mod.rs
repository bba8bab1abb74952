//! From a document to what it means on a database and a day, with every problem on the way.

mod checker;
mod condition;
mod error;
mod keys;
mod list;
mod predicate;
mod resolution;
mod tests_of_document;

pub use checker::{check, problems};
pub use tests_of_document::test_problems;
