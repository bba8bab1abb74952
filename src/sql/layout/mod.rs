//! SQL as a tree and its layout as text. Nothing here knows a dialect.

mod comment;
mod fragment;
mod hidden;
mod names;
mod select;
mod with_clause;

pub use comment::comment;
pub use fragment::{Fragment, wrapped};
pub use hidden::is_hidden;
pub use names::UniqueNames;
pub use select::{Select, combined};
pub use with_clause::WithClause;

pub(in crate::sql) use fragment::sql;
