//! Members with columns of tables that have one row for each of them.

use std::collections::HashMap;

use polars::prelude::{Column, DataFrame, DataType, IdxCa, IdxSize, PolarsError, PolarsResult};

use super::engine::Engine;
use super::files::{LocalDatabase, id_texts};
use crate::backend::{BackendError, Cancel, ColumnValues, MemberColumn, MemberTable, Members, ValueColumn};
use crate::database::Table;
use crate::diagnostic::Diagnostic;

impl Engine {
    /// The ids of the members, sorted by code point, with columns about them.
    ///
    /// # Errors
    /// As [`Engine::members`]; [`BackendError::Data`] if a table has no such column or activation ID, or several
    /// rows for a member, which differ.
    pub(crate) fn member_table(
        &self,
        question: &Members,
        cancel: &Cancel,
    ) -> Result<MemberTable, BackendError> {
        let Members { segment, as_of, columns, .. } = question;
        let tables = columns.iter().map(|column| column.table.as_str());
        let database = self.database_with_rows(tables, *as_of, cancel)?;
        let members = self.members(segment, *as_of, cancel)?;
        let activation_id = self.database.activation_id(segment);
        let table = join(members, columns, &database, activation_id)?;
        // The columns were read after the members.
        self.check_unchanged()?;
        Ok(table)
    }
}

/// A table of the members, in their order, with the columns in theirs.
fn join(
    members: Vec<String>,
    columns: &[MemberColumn],
    database: &LocalDatabase,
    activation_id: &str,
) -> Result<MemberTable, BackendError> {
    let positions: HashMap<&str, usize> =
        members.iter().enumerate().map(|(position, id)| (id.as_str(), position)).collect();
    let mut rows_of: HashMap<&str, (DataFrame, IdxCa)> = HashMap::new();
    let mut joined = Vec::with_capacity(columns.len());
    for column in columns {
        let table = table(database, &column.table)?;
        let (frame, rows) = match rows_of.entry(&column.table) {
            std::collections::hash_map::Entry::Occupied(known) => known.into_mut(),
            std::collections::hash_map::Entry::Vacant(free) => {
                let of_table = columns.iter().filter(|other| other.table == column.table);
                let names: Vec<&str> = of_table.map(|other| other.column.as_str()).collect();
                free.insert(read(table, &names, database, activation_id, &positions)?)
            }
        };
        let taken = frame.column(&column.column).and_then(|values| values.take(rows));
        let values = taken.and_then(|taken| values(&taken)).map_err(|error| unreadable(table, &error))?;
        joined.push(ValueColumn { name: column.title.clone(), values });
    }
    drop(positions);
    let rows = members.len();
    let ids = ColumnValues::String(members.into_iter().map(Some).collect());
    let ids = ValueColumn { name: activation_id.to_owned(), values: ids };
    Ok(MemberTable { columns: std::iter::once(ids).chain(joined).collect(), rows })
}

fn table<'a>(database: &'a LocalDatabase, name: &str) -> Result<&'a Table, BackendError> {
    database.table(name).ok_or_else(|| {
        BackendError::Missing(
            Diagnostic::new(format!("there is no table {name:?}")).with_help("choose another table"),
        )
    })
}

/// Some columns of a table, and for each member its row there.
fn read(
    table: &Table,
    names: &[&str],
    database: &LocalDatabase,
    activation_id: &str,
    positions: &HashMap<&str, usize>,
) -> Result<(DataFrame, IdxCa), BackendError> {
    let id = table.id_column(activation_id).ok_or_else(|| {
        BackendError::Data(
            Diagnostic::new(format!(
                "table {:?} has no column {activation_id:?}, the activation ID",
                table.name
            ))
            .with_help("take columns of another table"),
        )
    })?;
    let mut wanted = names.to_vec();
    wanted.push(id);
    wanted.sort_unstable();
    wanted.dedup();
    let frame = database.read(table, &wanted).map_err(|error| unreadable(table, &error))?;
    let rows = rows(&frame, id, names, positions, table)?;
    Ok((frame, rows))
}

/// For each member the row of a table, if there is one. Several rows must agree.
fn rows(
    frame: &DataFrame,
    id: &str,
    names: &[&str],
    positions: &HashMap<&str, usize>,
    table: &Table,
) -> Result<IdxCa, BackendError> {
    let fail = |error: PolarsError| unreadable(table, &error);
    let ids = frame.column(id).and_then(id_texts).map_err(fail)?;
    let mut rows: Vec<Option<IdxSize>> = vec![None; positions.len()];
    for (row, id) in ids.iter().enumerate() {
        let Some((id, slot)) = id.and_then(|id| Some((id, rows.get_mut(*positions.get(id)?)?))) else {
            continue;
        };
        let row = IdxSize::try_from(row)
            .map_err(|_| BackendError::Data(Diagnostic::new("the table is too long")))?;
        let Some(first) = *slot else {
            *slot = Some(row);
            continue;
        };
        for name in names {
            let column = frame.column(name).map_err(fail)?;
            if column.get(first as usize).map_err(fail)? != column.get(row as usize).map_err(fail)? {
                return Err(BackendError::Data(
                    Diagnostic::new(format!(
                        "table {:?} has several rows for {id:?}, which differ in {name:?}",
                        table.name
                    ))
                    .with_help("take columns of a table with one row for each id"),
                ));
            }
        }
    }
    Ok(rows.into_iter().collect())
}

/// The values of a column of one of the types that tables have.
fn values(column: &Column) -> PolarsResult<ColumnValues> {
    Ok(match column.dtype() {
        DataType::String => {
            ColumnValues::String(column.str()?.iter().map(|text| text.map(str::to_owned)).collect())
        }
        DataType::Int64 => ColumnValues::Integer(column.i64()?.iter().collect()),
        DataType::Float64 => ColumnValues::Decimal(column.f64()?.iter().collect()),
        DataType::Decimal(_, scale) => ColumnValues::Exact {
            parts: column.decimal()?.physical().iter().collect(),
            decimals: u32::try_from(*scale).unwrap_or(u32::MAX),
        },
        DataType::Boolean => ColumnValues::Boolean(column.bool()?.iter().collect()),
        DataType::Date => ColumnValues::Date(column.date()?.physical().iter().collect()),
        DataType::Datetime(..) => ColumnValues::Datetime(column.datetime()?.physical().iter().collect()),
        other => polars::prelude::polars_bail!(ComputeError: "columns of type {other} are not read"),
    })
}

fn unreadable(table: &Table, error: &PolarsError) -> BackendError {
    BackendError::Data(Diagnostic::new(format!("table {:?} cannot be read: {error}", table.name)))
}
