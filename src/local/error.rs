//! What polars has to say, as an error of the backend.

use polars::error::PolarsError;

use crate::backend::BackendError;

/// Puts the name of a table to what polars has to say.
pub(crate) fn unreadable(table: &str) -> impl Fn(PolarsError) -> BackendError {
    move |error| BackendError::Unreadable { table: table.to_owned(), message: error.to_string() }
}
