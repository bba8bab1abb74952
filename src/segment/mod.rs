//! The language of segments: documents, conditions, operators, dates, checking, words, edits.
//!
//! Follows `segment-language.md` of the specification. This module knows nothing of data, files,
//! terminal or clock: what it needs of a database comes in as a [`Schema`], the day as an argument.
//!
//! A document has two forms. [`Segment`] is what was written: lossless, lenient, with every unknown
//! key. [`Checked`] is what it means on a given database and day: every part typed, nothing missing.

pub mod advice;
mod check;
mod checked;
mod date;
mod date_error;
mod document;
pub mod edit;
mod json;
mod layer;
mod lists;
mod meant;
mod names;
mod node;
mod place;
mod problem;
mod query;
mod read;
pub mod read_words;
mod schema;
mod value;
mod vocabulary;
pub mod words;
mod write;

pub use check::{check, problems};
pub use checked::*;
pub use date::{DateValue, Dated, Moment, Period, Relative, Unit, resolve_relative};
pub use date_error::DateError;
pub use document::{Definition, DocumentError, FORMAT, Segment, Stamp, VERSION};
pub use json::{JsonError, parse as parse_json};
pub use layer::Layer;
pub use lists::{Ids, Lists, NoLists, QUERY_ENDING};
pub(crate) use meant::nearest;
pub use node::*;
pub use place::{NodePath, Part, Place, Side};
pub use problem::{Problem, ProblemKind, Severity, TextPosition};
pub use query::{Query, QueryFault};
pub use schema::{Missing, Names, Schema, WithNames, title_case};
pub use value::{Sorted, TestValue};
pub use vocabulary::*;
