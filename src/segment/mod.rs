//! The language of segments: documents, conditions, operators, dates, checking, words, edits.
//!
//! Follows `docs/reference/segment-language.md`. This module knows nothing of data, files,
//! terminal or clock: what it needs of a database comes in as a [`Schema`], the day as an argument.
//!
//! A document has two forms. [`Segment`] is what was written: lossless, lenient, with every unknown
//! key. [`CheckedSegment`] is what it means on a given database and day: every part typed, nothing missing.

pub mod advice;
mod aggregate_words;
mod check;
mod checked;
mod column_names;
mod date;
mod date_error;
mod date_help;
mod decode;
mod diff;
mod document;
pub mod edit;
mod encode;
mod json;
mod letters;
mod lists;
mod name_index;
mod name_matching;
mod named_schema;
mod node;
mod number;
pub mod parser;
mod place;
mod problem;
mod query;
mod schema;
mod schema_overlay;
mod segment_tests;
mod suggest;
mod typed_day;
mod value;
mod vocabulary;
pub mod words;

pub use check::{check, problems, test_problems};
pub use checked::{Aggregate, CheckedDefinition, CheckedNode, CheckedSegment, Criterion};
pub(crate) use checked::{
    AmountTest, CheckedGroup, CheckedList, ColumnTest, Comparison, DateTest, LikeToken, ListMembers,
    NumberTest, Predicate, PurchaseTest, TextKind, TextTest,
};
pub use column_names::ColumnNames;
pub(crate) use date::{DatePeriod, DateUnit, ResolvedDate};
pub use date::{DateValue, RelativeDate, TimePoint};
pub use diff::{Change, ChangeKind, Difference, diff};
pub use document::{Definition, DocumentError, Segment, Stamp, UNTITLED};
pub(crate) use json::parse as parse_json;
pub(crate) use letters::Letters;
pub(crate) use lists::QUERY_EXTENSION;
pub use lists::{Ids, Lists, NoLists};
pub use name_index::NameIndex;
pub use name_matching::Named;
pub use named_schema::{NamedSchema, WorkspaceNames};
pub use node::*;
pub use number::Number;
pub use place::{ConditionPart, NodePath, Place, Side, TextPosition};
pub use problem::{Problem, ProblemKind, Severity};
pub use query::Query;
pub(crate) use query::QueryError;
pub use schema::Schema;
pub(crate) use schema::title_case;
pub use schema_overlay::SchemaOverlay;
pub use segment_tests::{Fraction, SegmentTest, SegmentTests};
pub(crate) use suggest::nearest;
pub use typed_day::TypedDay;
pub use value::Sorted;
pub(crate) use value::TestValue;
pub use vocabulary::*;
