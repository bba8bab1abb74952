//! The columns that are asked for beside the ids.

use std::collections::HashSet;

use crate::backend::{MemberColumn, RowPick};
use crate::cli::failure::Failure;
use crate::database::{Database, Table};

/// Finds the columns that are written as `TABLE.COLUMN`.
pub(super) fn find(
    written: &[String],
    database: &Database,
    activation_id: &str,
) -> Result<Vec<MemberColumn>, Failure> {
    let found = written.iter().map(|text| column(text, database)).collect::<Result<Vec<_>, _>>()?;
    let mut columns: Vec<MemberColumn> = Vec::new();
    for (table, column) in found {
        if table.id_column(activation_id).is_none() {
            let message =
                format!("table {:?} has no column {activation_id:?}, the activation ID", table.name);
            return Err(Failure::data(message).help("take columns of another table"));
        }
        let (table, column) = (table.name.clone(), column.to_owned());
        columns.push(MemberColumn { table, title: column.clone(), column, pick: RowPick::Only });
    }
    // A name that stands for two columns is written with its table.
    let mut seen = HashSet::from([activation_id]);
    let twice = columns.iter().filter(|column| !seen.insert(&column.column));
    let twice: HashSet<String> = twice.map(|column| column.column.clone()).collect();
    for column in columns.iter_mut().filter(|column| twice.contains(&column.column)) {
        column.title = format!("{}.{}", column.table, column.column);
    }
    let mut titles = HashSet::new();
    match columns.iter().find(|column| !titles.insert(column.title.as_str())) {
        Some(double) => Err(Failure::usage(format!("{} is asked for twice", double.title))),
        None => Ok(columns),
    }
}

/// Names may have points in them: the first split that names a table counts.
pub(in crate::cli) fn column<'a>(
    text: &str,
    database: &'a Database,
) -> Result<(&'a Table, &'a str), Failure> {
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
        return Err(error.clone().into());
    }
    match table.column(name) {
        Some(column) => Ok((table, &column.name)),
        None => Err(Failure::data(format!("table {:?} has no column {name:?}", table.name))
            .help("`segtui tables` shows what there is")),
    }
}
