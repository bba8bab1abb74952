//! Queries: SQL segments and customer lists, run by polars over the open database.
//!
//! [`plan()`] turns a [`Query`](crate::segment::Query) into a plan over the tables that it names, without reading a row; a [`Plan`]
//! gives its rows. What polars has to say of a query comes out as a [`QueryError`]: one line, with the place
//! in the text where it can be found. A panic in polars is one of those.

mod ids;
mod isolated_run;
mod message;
mod plan;
mod saved;
mod schema;

use crate::backend::BackendError;
use crate::segment::{Problem, QueryError};
use isolated_run::NoResult;

pub use ids::listed;
pub(crate) use plan::Plan;
pub use plan::plan;
pub(crate) use saved::{SavedQueries, SavedQuery};
pub(crate) use schema::WithQueries;

/// Why a query has no answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Stopped {
    /// Somebody asked to stop.
    Cancelled,
    /// It cannot run, or has failed.
    Fault(QueryError),
}

impl From<NoResult> for Stopped {
    fn from(none: NoResult) -> Self {
        match none {
            NoResult::Cancelled => Self::Cancelled,
            NoResult::Panicked(words) => Self::Fault(message::panicked(&words)),
        }
    }
}

impl Stopped {
    /// As an error of the engine; `failed` makes one of what is wrong with the query.
    pub fn or(self, failed: impl FnOnce(QueryError) -> BackendError) -> BackendError {
        match self {
            Self::Cancelled => BackendError::Cancelled,
            Self::Fault(fault) => failed(fault),
        }
    }

    /// As an error of the engine; `place` makes a problem of the segment of what is wrong with the query.
    pub fn at(self, place: impl FnOnce(QueryError) -> Problem) -> BackendError {
        self.or(|fault| BackendError::Refused(Box::new(place(fault))))
    }
}
