//! A segment as one query.

use super::dialect::Dialect;
use super::query::{write_sql_segment, write_visual};
use super::request::{DateStyle, ExportRequest};
use crate::segment::{CheckedDefinition, Place, Problem};

/// A segment as one query, which returns the distinct ids of its members in a column that is called like
/// the activation ID. A segment that is a query is written as it is, in the embedded engine's dialect.
///
/// # Errors
/// What the dialect cannot say, with its place: a [`Problem`] of the kind `Unsupported`. The ids of a list
/// cannot be had. The segment has no meaning: its first problem.
pub fn write(request: &ExportRequest, dialect: Dialect, dates: DateStyle) -> Result<String, Problem> {
    match &request.checked.meaning {
        CheckedDefinition::Visual { include, exclude } => {
            write_visual(request, dialect, dates, include, exclude)
        }
        CheckedDefinition::Query(query) => Ok(write_sql_segment(request, query, dialect)),
        CheckedDefinition::Unknown => Err(request.checked.problems.first().cloned().unwrap_or_else(|| {
            Problem::unsupported(Place::Sql, "it cannot be told whom this segment means")
        })),
    }
}
