//! SQL as a tree and its layout as text. Nothing here knows a dialect.

mod comment;
mod fragment;
mod hidden;
mod names;
mod select;
mod with_clause;

pub use comment::comment;
pub(crate) use fragment::{Fragment, wrapped};
pub(crate) use hidden::is_hidden;
pub(crate) use names::UniqueNames;
pub(crate) use select::{Select, combined};
pub(crate) use with_clause::WithClause;

pub(in crate::sql) use fragment::sql;
