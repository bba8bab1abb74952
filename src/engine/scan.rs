//! Reading columns of a table piece by piece.

use polars::prelude::{DataFrame, col};

use super::{Cancel, EngineError};
use crate::catalog::{Database, Table};

/// How many rows are read at a time: between two reads the work can be cancelled.
const ROWS_AT_A_TIME: u64 = 1 << 20;

/// Reads some columns of a table and hands them on in pieces, each with the number of its first row.
pub fn scan(
    table: &Table,
    columns: &[&str],
    cancel: &Cancel,
    mut piece: impl FnMut(usize, &DataFrame) -> Result<(), EngineError>,
) -> Result<(), EngineError> {
    let unreadable = EngineError::unreadable(&table.name);
    let content = table
        .content
        .as_ref()
        .map_err(|error| EngineError::Unreadable { table: table.name.clone(), message: error.to_string() })?;
    let mut names = columns.to_vec();
    names.sort_unstable();
    names.dedup();
    let selected: Vec<_> = names.into_iter().map(col).collect();
    let Some(total) = content.rows else {
        let message = "its query has not run".to_owned();
        return Err(EngineError::Unreadable { table: table.name.clone(), message });
    };
    let mut first = 0;
    while first < total {
        cancel.check()?;
        let wanted = ROWS_AT_A_TIME.min(total - first);
        let rows = content.frame.clone().select(selected.clone()).slice(to_offset(first), to_rows(wanted));
        let frame = rows.collect().map_err(&unreadable)?;
        if frame.height() as u64 != wanted {
            return Err(EngineError::Unreadable {
                table: table.name.clone(),
                message: "it has changed since it was opened; open the database again".to_owned(),
            });
        }
        cancel.check()?;
        piece(to_row(first), &frame)?;
        first += wanted;
    }
    Ok(())
}

/// A readable table of a database and its column that holds the activation ID.
pub fn table_and_id<'a>(
    database: &'a Database,
    key: &str,
    activation_id: &str,
) -> Result<(&'a Table, &'a str), EngineError> {
    let missing = |message: String, help: &str| EngineError::Missing { message, help: help.to_owned() };
    let table = database
        .table_by_key(key)
        .ok_or_else(|| missing(format!("there is no table {key:?}"), "choose another table"))?;
    let name = &table.name;
    if let Err(error) = &table.content {
        return Err(missing(format!("table {name:?} cannot be used: {error}"), &error.help));
    }
    let id = table.id_column(activation_id).ok_or_else(|| {
        missing(format!("table {name:?} has no column {activation_id:?}"), "choose another activation ID")
    })?;
    Ok((table, id))
}

fn to_offset(row: u64) -> i64 {
    i64::try_from(row).unwrap_or(i64::MAX)
}

fn to_rows(rows: u64) -> polars::prelude::IdxSize {
    polars::prelude::IdxSize::try_from(rows).unwrap_or(polars::prelude::IdxSize::MAX)
}

fn to_row(row: u64) -> usize {
    usize::try_from(row).unwrap_or(usize::MAX)
}
