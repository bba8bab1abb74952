//! Errors of files on their way through polars: it has no room for a place and for what to do.

use std::io;
use std::path::Path;
use std::sync::Arc;

use polars::error::PolarsError;

use crate::database::TableError;

/// An error as polars passes it on.
pub(crate) fn carry(error: TableError) -> PolarsError {
    PolarsError::IO { error: Arc::new(io::Error::other(error)), msg: None }
}

/// The error that polars has passed on, if it is one of a file.
pub(crate) fn carried(error: &PolarsError) -> Option<&TableError> {
    match error {
        PolarsError::IO { error, .. } => error.get_ref()?.downcast_ref(),
        PolarsError::Context { error, .. } | PolarsError::ExprContext { error, .. } => carried(error),
        _ => None,
    }
}

/// Why the rows of a table cannot be had; `file` is one of its files.
pub(crate) fn table_error(file: &Path, error: &PolarsError) -> TableError {
    carried(error).cloned().unwrap_or_else(|| TableError::unreadable(file, error))
}
