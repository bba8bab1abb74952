//! What polars has to say, as an error of the backend.

use std::path::Path;

use polars::error::PolarsError;

use crate::backend::BackendError;
use crate::local::files::carried;

/// Puts the name of a table to what polars has to say.
pub(crate) fn unreadable(table: &str) -> impl Fn(PolarsError) -> BackendError {
    move |error| match carried(&error) {
        Some(carried) => {
            let message = format!("{}: {}", file_name(&carried.place.file, table), carried.message);
            BackendError::Unreadable { table: table.to_owned(), message, help: carried.help.clone() }
        }
        None => BackendError::Unreadable { table: table.to_owned(), message: error.to_string(), help: None },
    }
}

/// A file of a table as its database has it: in its folder, or in one of the table's.
fn file_name(file: &Path, table: &str) -> String {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    match file.parent().and_then(Path::file_name).filter(|folder| *folder == table) {
        Some(_) => format!("{table}/{name}"),
        None => name.into_owned(),
    }
}
