//! The language as SQL: any checked segment as one query, in the dialect of the engine that is to run it.
//!
//! [`write()`] makes a query of common table expressions: the universe, one for each condition, named by its
//! words, and groups as intersections and unions of those. It returns exactly the members. What an engine
//! says in its own way is behind the trait `SqlDialect`, one file for each dialect; everything else is the same
//! for all of them.
//!
//! The tables are expected under their names, with the columns and types that the catalog gives them.
//!
//! The arrow points from here to [`segment`](crate::segment) and [`catalog`](crate::local::files); nothing here
//! runs a query.

mod aggregate;
mod attribute;
mod date;
mod dialect;
mod inline;
mod letters;
pub mod lexer;
mod names;
mod number;
mod piece;
mod predicate;
mod purchase;
mod purchases;
mod query;
mod script;
mod select;
mod table;
mod text;
mod tongue;
mod tree;
mod universe;
mod with;
mod writer;

use chrono::NaiveDate;

pub use dialect::{DateStyle, Dialect};
pub use script::Script;

use crate::diagnostic::Diagnostic;
use crate::local::files::DatabaseView;
use crate::segment::{CheckedDefinition, CheckedSegment, Lists, Place, Problem, Query, Segment};

/// What is to be written.
#[derive(Clone, Copy)]
pub struct ExportRequest<'a> {
    /// The segment as it was written, for its words.
    pub segment: &'a Segment,
    /// What it means on the database and the day. Of one that is still in the making, what counts is
    /// written; whoever wants none but whole ones looks at its problems first.
    pub checked: &'a CheckedSegment,
    /// The database, seen through the segment's activation ID.
    pub view: DatabaseView<'a>,
    /// The day of evaluation.
    pub as_of: NaiveDate,
    /// Where the segments are that it refers to, for their names and words.
    pub lists: &'a dyn Lists,
    /// The ids that a query of the embedded engine returns, for lists that are queries.
    pub ids: &'a dyn Fn(&Query) -> Result<Vec<String>, Diagnostic>,
}

/// A segment as one query, which returns the distinct ids of its members in a column that is called like
/// the activation ID. A segment that is a query is written as it is, in the embedded engine's dialect.
///
/// # Errors
/// What the dialect cannot say, with its place: a [`Problem`] of the kind `Unsupported`. The ids of a list
/// cannot be had. The segment has no meaning: its first problem.
pub fn write(asked: &ExportRequest, dialect: Dialect, dates: DateStyle) -> Result<String, Problem> {
    match &asked.checked.meaning {
        CheckedDefinition::Visual { include, exclude } => {
            let Some(tongue) = dialect.tongue() else {
                let message = format!("this version does not write SQL for {} yet", dialect.title());
                return Err(
                    Problem::unsupported(Place::Database, message).with_help("choose another dialect")
                );
            };
            writer::Writer::new(asked, dialect, tongue, dates).segment(include, exclude)
        }
        CheckedDefinition::Query(query) => Ok(query::as_it_is(asked, query, dialect)),
        CheckedDefinition::Unknown => Err(asked.checked.problems.first().cloned().unwrap_or_else(|| {
            Problem::unsupported(Place::Sql, "it cannot be told whom this segment means")
        })),
    }
}
