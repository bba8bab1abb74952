//! From a document to what it means on a database and a day, with every problem on the way.

mod checker;
mod condition;
mod error;
mod keys;
mod list;
mod predicate;
mod resolution;

pub use checker::{check, problems};
