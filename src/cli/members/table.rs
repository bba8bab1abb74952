//! Members with columns of tables that have one row for each of them.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use polars::prelude::{Column as Series, DataFrame, IdxCa, IdxSize, PolarsError};

use super::super::failure::Failure;
use crate::cli::session::Opened;
use crate::local::Cancel;
use crate::local::files::{Database, Table, id_texts};

/// A column to add.
#[derive(Clone, Debug)]
pub(super) struct Wanted<'a> {
    table: &'a Table,
    column: &'a str,
    id: &'a str,
    /// What it is called in the answer.
    title: String,
}

/// The database with the rows of the tables whose columns are written as `TABLE.COLUMN`.
pub(super) fn database(written: &[String], opened: &Opened) -> Result<Arc<Database>, Failure> {
    if written.is_empty() {
        return Ok(Arc::clone(&opened.database));
    }
    let all = opened.with_workspace();
    let tables = written.iter().map(|text| column(text, all).map(|(table, _)| table.name.as_str()));
    let tables = tables.collect::<Result<Vec<_>, _>>()?;
    Ok(opened.engine.database_with_rows(tables, opened.as_of, &Cancel::default())?)
}

/// Finds the columns that are written as `TABLE.COLUMN`.
pub(super) fn columns<'a>(
    written: &[String],
    database: &'a Database,
    activation_id: &str,
) -> Result<Vec<Wanted<'a>>, Failure> {
    let mut wanted: Vec<Wanted> = Vec::new();
    for text in written {
        let (table, column) = column(text, database)?;
        let id = table.id_column(activation_id).ok_or_else(|| {
            let message =
                format!("table {:?} has no column {activation_id:?}, the activation ID", table.name);
            Failure::data(message).help("take columns of another table")
        })?;
        wanted.push(Wanted { table, column, id, title: column.to_owned() });
    }
    // A name that stands for two columns is written with its table.
    let mut seen = HashSet::from([activation_id]);
    let twice: HashSet<String> = wanted
        .iter()
        .filter(|wanted| !seen.insert(wanted.column))
        .map(|wanted| wanted.column.to_owned())
        .collect();
    for wanted in &mut wanted {
        if twice.contains(wanted.column) {
            wanted.title = format!("{}.{}", wanted.table.name, wanted.column);
        }
    }
    let mut titles = HashSet::new();
    match wanted.iter().find(|wanted| !titles.insert(wanted.title.as_str())) {
        Some(double) => Err(Failure::usage(format!("{} is asked for twice", double.title))),
        None => Ok(wanted),
    }
}

/// Names may have points in them: the first split that names a table counts.
fn column<'a>(text: &str, database: &'a Database) -> Result<(&'a Table, &'a str), Failure> {
    let mut splits = text.match_indices('.').filter_map(|(point, _)| {
        let (table, column) = text.split_at_checked(point)?;
        Some((database.table(table)?, column.strip_prefix('.')?))
    });
    let Some((table, name)) = splits.next() else {
        let tables = database.tables.iter().filter(|table| !table.is_refused());
        let names: Vec<&str> = tables.map(|table| table.name.as_str()).collect();
        let failure = Failure::data(format!("{text:?} names no column of a table"));
        return Err(failure.help(format!("write TABLE.COLUMN; the tables are {}", names.join(", "))));
    };
    if let Err(error) = &table.content {
        return Err(Failure::data(error.to_string()).help(error.help.clone()));
    }
    match table.column(name) {
        Some(column) => Ok((table, &column.name)),
        None => Err(Failure::data(format!("table {:?} has no column {name:?}", table.name))
            .help("`segtui tables` shows what there is")),
    }
}

/// A table of the members, in their order, with the columns.
pub(super) fn join(
    members: Vec<String>,
    wanted: &[Wanted],
    database: &Database,
    activation_id: &str,
) -> Result<DataFrame, Failure> {
    let positions: HashMap<&str, usize> =
        members.iter().enumerate().map(|(position, id)| (id.as_str(), position)).collect();
    let mut columns: Vec<Option<Series>> = vec![None; wanted.len()];
    for table in &database.tables {
        let of_table = || wanted.iter().enumerate().filter(|(_, wanted)| wanted.table.name == table.name);
        let names: Vec<&str> = of_table().map(|(_, wanted)| wanted.column).collect();
        let (Some((_, first)), Ok(content)) = (of_table().next(), &table.content) else { continue };
        let mut read = names.clone();
        read.push(first.id);
        read.sort_unstable();
        read.dedup();
        let frame = content.read(&read).map_err(|error| unreadable(table, &error))?;
        let rows = rows(&frame, first.id, &names, &positions, table)?;
        for (position, wanted) in of_table() {
            let taken = frame.column(wanted.column).and_then(|column| column.take(&rows));
            let mut taken = taken.map_err(|error| unreadable(table, &error))?;
            taken.rename(wanted.title.as_str().into());
            if let Some(column) = columns.get_mut(position) {
                *column = Some(taken);
            }
        }
    }
    let ids = Series::new(activation_id.into(), &members);
    let height = members.len();
    let columns = std::iter::once(ids).chain(columns.into_iter().flatten()).collect();
    DataFrame::new(height, columns).map_err(|error| Failure::data(error.to_string()))
}

/// For each member the row of a table, if there is one. Several rows must agree.
fn rows(
    frame: &DataFrame,
    id: &str,
    names: &[&str],
    positions: &HashMap<&str, usize>,
    table: &Table,
) -> Result<IdxCa, Failure> {
    let fail = |error: PolarsError| unreadable(table, &error);
    let ids = frame.column(id).and_then(id_texts).map_err(fail)?;
    let mut rows: Vec<Option<IdxSize>> = vec![None; positions.len()];
    for (row, id) in ids.iter().enumerate() {
        let Some((id, slot)) = id.and_then(|id| Some((id, rows.get_mut(*positions.get(id)?)?))) else {
            continue;
        };
        let row = IdxSize::try_from(row).map_err(|_| Failure::data("the table is too long"))?;
        let Some(first) = *slot else {
            *slot = Some(row);
            continue;
        };
        for name in names {
            let column = frame.column(name).map_err(fail)?;
            if column.get(first as usize).map_err(fail)? != column.get(row as usize).map_err(fail)? {
                let message =
                    format!("table {:?} has several rows for {id:?}, which differ in {name:?}", table.name);
                let failure = Failure::data(message);
                return Err(failure.help("take columns of a table with one row for each id"));
            }
        }
    }
    Ok(rows.into_iter().collect())
}

fn unreadable(table: &Table, error: &PolarsError) -> Failure {
    Failure::data(format!("table {:?} cannot be read: {error}", table.name))
}
