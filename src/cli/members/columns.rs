//! The columns that are asked for beside the ids.

use std::collections::{HashMap, HashSet};

use crate::backend::{MemberColumn, RowPick};
use crate::cli::failure::Failure;
use crate::database::{Database, Table};

/// Finds the columns that are written as `TABLE.COLUMN`, with or without the row that counts, or as `TABLE:rows`.
pub(super) fn find(
    written: &[String],
    database: &Database,
    activation_id: &str,
) -> Result<Vec<MemberColumn>, Failure> {
    let found = written.iter().map(|text| parse(text, database)).collect::<Result<Vec<_>, _>>()?;
    for Found { table, .. } in &found {
        if table.id_column(activation_id).is_none() {
            let message =
                format!("table {:?} has no column {activation_id:?}, the activation ID", table.name);
            return Err(Failure::data(message).help("take columns of another table"));
        }
    }
    let titles = titles(written, &found, activation_id)?;
    let columns = found.into_iter().zip(titles).map(|(found, title)| {
        let (table, column) = (found.table.name.clone(), found.column.to_owned());
        MemberColumn { table, column, title, pick: found.pick }
    });
    Ok(columns.collect())
}

/// A column as it was asked for.
struct Found<'a> {
    table: &'a Table,
    /// Empty where rows are counted.
    column: &'a str,
    pick: RowPick,
}

/// The shortest titles of which no two are the same: the name of the column, that with its table, or all as it is written.
fn titles(written: &[String], found: &[Found<'_>], activation_id: &str) -> Result<Vec<String>, Failure> {
    let forms = |(text, found): (&String, &Found<'_>)| {
        let with_table = format!("{}.{}", found.table.name, found.column);
        match found.pick {
            RowPick::Count => [text.clone(), text.clone(), text.clone()],
            _ => [found.column.to_owned(), with_table, text.clone()],
        }
    };
    let forms: Vec<[String; 3]> = written.iter().zip(found).map(forms).collect();
    let mut counts: HashMap<(usize, &str), usize> = HashMap::new();
    for forms in &forms {
        for (form, title) in forms.iter().enumerate() {
            *counts.entry((form, title)).or_default() += 1;
        }
    }
    let mut taken = HashSet::from([activation_id.to_owned()]);
    forms
        .iter()
        .map(|forms| {
            let is_alone = |(form, title): &(usize, &String)| {
                counts.get(&(*form, title.as_str())) == Some(&1) && !taken.contains(title.as_str())
            };
            let title = forms.iter().enumerate().find(is_alone).map(|(_, title)| title.clone());
            taken.extend(title.clone());
            title.ok_or_else(|| {
                let [.., text] = forms;
                Failure::usage(format!("{text} is asked for twice"))
            })
        })
        .collect()
}

/// Names may have colons in them: a column that is called so counts first.
fn parse<'a>(text: &str, database: &'a Database) -> Result<Found<'a>, Failure> {
    let plain = column(text, database);
    let Some((before, pick)) = text.rsplit_once(':').filter(|_| plain.is_err()) else {
        return plain.map(|(table, column)| Found { table, column, pick: RowPick::Only });
    };
    if pick == "rows" {
        return match database.table(before) {
            Some(table) => {
                table.content.as_ref().map_err(|error| Failure::from(error.clone()))?;
                Ok(Found { table, column: "", pick: RowPick::Count })
            }
            None => Err(no_column(text, database)),
        };
    }
    let (word, by) = match pick.strip_suffix(')').and_then(|pick| pick.split_once('(')) {
        Some((word, by)) => (word, Some(by)),
        None => (pick, None),
    };
    let by = by.map(str::to_owned);
    let pick = match word {
        "first" => RowPick::First(by),
        "latest" => RowPick::Latest(by),
        // It is no pick: what is wrong is the column.
        _ => return plain.map(|(table, column)| Found { table, column, pick: RowPick::Only }),
    };
    let (table, column) = column(before, database)?;
    Ok(Found { table, column, pick })
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
    let Some((table, name)) = splits.next() else { return Err(no_column(text, database)) };
    if let Err(error) = &table.content {
        return Err(error.clone().into());
    }
    match table.column(name) {
        Some(column) => Ok((table, &column.name)),
        None => Err(Failure::data(format!("table {:?} has no column {name:?}", table.name))
            .help("`segtui tables` shows what there is")),
    }
}

fn no_column(text: &str, database: &Database) -> Failure {
    let tables = database.tables.iter().filter(|table| !table.is_refused());
    let names: Vec<&str> = tables.map(|table| table.name.as_str()).collect();
    let failure = Failure::data(format!("{text:?} names no column of a table"));
    failure.help(format!("write TABLE.COLUMN; the tables are {}", names.join(", ")))
}
