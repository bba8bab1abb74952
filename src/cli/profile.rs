//! `segtui profile`: what tables and columns hold.

use serde_json::{Map, Value, json};

use super::failure::Failure;
use super::numbers;
use super::out::Out;
use super::page;
use super::progress::Progress;
use super::session::{Opened, Session};
use super::sheet::{self, Align};
use crate::backend::{ColumnProfile, ProfileTable, TableProfile, Task};
use crate::database::{Database, Table, did_you_mean};
use crate::segment::{DataType, Keyword, Number};
use crate::ui::text::{fit, sanitize};

/// How wide a value may be in a table for people.
const VALUE_WIDTH: usize = 40;

/// Show what tables and columns hold: how full they are, how many different values, the most frequent ones
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Tables and columns [default: all tables, hidden ones too]
    #[arg(value_name = "TABLE[.COLUMN]")]
    of: Vec<String>,
    /// How many of the most frequent values of each column are listed
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(0..=100_000))]
    top: u32,
}

/// A table that is asked for, and which of its columns; all of them if none is named.
struct Asked<'a> {
    table: &'a Table,
    columns: Option<Vec<String>>,
}

pub(super) fn run(args: &Args, session: &Session, out: &mut Out) -> Result<(), Failure> {
    let opened = session.open()?;
    let asked = asked(&args.of, opened.with_workspace())?;
    let progress = Progress::new();
    let mut found = Vec::with_capacity(asked.len());
    for Asked { table, columns } in asked {
        let question = ProfileTable {
            table: table.name.clone(),
            columns,
            activation_id: opened.database.default_id.clone(),
            as_of: opened.as_of,
            top: usize::try_from(args.top).unwrap_or(usize::MAX),
        };
        let profile = match &table.content {
            Err(error) => Err(Failure::from(error.clone())),
            Ok(_) => {
                let say = |at: crate::backend::Progress<'_>| {
                    progress.say(&format!("looking into {}, {}%", at.table, at.percent()));
                };
                let task = Task { cancel: opened.task().cancel, progress: &say };
                opened.backend.profile_table(&question, task).map_err(Failure::from)
            }
        };
        found.push((table, question.columns, profile));
    }
    drop(progress);
    // What was asked for by name, or cannot be told of any table, is no answer without it.
    if let Some(failure) = found.iter().find_map(|(table, _, profile)| {
        let is_expected = args.of.is_empty() && table.content.is_err();
        profile.as_ref().err().filter(|_| !is_expected)
    }) {
        return Err(failure.clone());
    }
    if out.is_json() {
        let tables = found.iter().map(|(table, _, profile)| match profile {
            Ok(profile) => table_json(profile),
            Err(failure) => damaged_json(table, failure),
        });
        let tables: Vec<Value> = tables.collect();
        return out.json(&json!({
            "database": opened.database.name, "as_of": opened.as_of.to_string(),
            "activation_id": opened.database.default_id, "tables": tables,
        }));
    }
    out.line(&heading(&opened))?;
    for (table, columns, profile) in &found {
        out.line("")?;
        match profile {
            Ok(profile) => out.line(&table_text(profile, &opened, columns.is_some()))?,
            Err(failure) => out.line(&format!("{}\n  ✗ {}", sanitize(&table.name), failure.diagnostic))?,
        }
    }
    Ok(())
}

/// The tables that are named, each once.
fn asked<'a>(of: &[String], database: &'a Database) -> Result<Vec<Asked<'a>>, Failure> {
    if of.is_empty() {
        let tables = database.tables.iter().filter(|table| !table.is_refused());
        return Ok(tables.map(|table| Asked { table, columns: None }).collect());
    }
    let mut asked: Vec<Asked<'_>> = Vec::new();
    for text in of {
        let (table, column) = table_and_column(text, database)?;
        match asked.iter_mut().find(|known| known.table.name == table.name) {
            Some(known) => match (column, &mut known.columns) {
                (Some(column), Some(columns)) => columns.push(column),
                (None, columns) => *columns = None,
                (Some(_), None) => {}
            },
            None => asked.push(Asked { table, columns: column.map(|column| vec![column]) }),
        }
    }
    Ok(asked)
}

/// Names may have points in them: a table as a whole counts first, then the first split that names one.
fn table_and_column<'a>(text: &str, database: &'a Database) -> Result<(&'a Table, Option<String>), Failure> {
    if let Some(table) = database.table(text) {
        return Ok((table, None));
    }
    let mut splits = text.match_indices('.').filter_map(|(point, _)| {
        let (table, column) = text.split_at_checked(point)?;
        Some((database.table(table)?, column.strip_prefix('.')?))
    });
    let Some((table, name)) = splits.next() else {
        let table = text.split_once('.').map_or(text, |(table, _)| table);
        let near = did_you_mean(table, database.tables.iter().map(|table| table.name.as_str()));
        let help = near.unwrap_or_else(|| "`segtui tables` shows what there is".to_owned());
        return Err(Failure::data(format!("there is no table {table:?}")).help(help));
    };
    if let Err(error) = &table.content {
        return Err(error.clone().into());
    }
    if table.column(name).is_none() {
        let near = did_you_mean(name, table.columns().map(|column| column.name.as_str()));
        let help = near.unwrap_or_else(|| "`segtui tables` shows what there is".to_owned());
        return Err(Failure::data(format!("table {:?} has no column {name:?}", table.name)).help(help));
    }
    Ok((table, Some(name.to_owned())))
}

fn table_json(table: &TableProfile) -> Value {
    let columns: Vec<Value> = table.profile.iter().map(column_json).collect();
    json!({
        "name": table.name, "rows": table.rows, "columns": table.columns, "customers": table.customers,
        "rows_without_id": table.rows_without_id, "orphan_rows": table.orphan_rows,
        "most_rows": table.most_rows, "files": table.files, "bytes": table.bytes,
        "newest_day": table.newest_day.map(|day| day.to_string()), "profile": columns,
    })
}

/// A table that cannot be read has a name and the reason.
fn damaged_json(table: &Table, failure: &Failure) -> Value {
    let keys = ["rows", "columns", "customers", "rows_without_id", "orphan_rows", "most_rows"];
    let mut fields = page::fields([("name", table.name.as_str().into())]);
    fields.extend(keys.map(|key| (key.to_owned(), Value::Null)));
    fields.extend(page::fields([
        ("files", json!([])),
        ("bytes", Value::Null),
        ("newest_day", Value::Null),
        ("profile", json!([])),
        ("error", failure.diagnostic.to_string().into()),
    ]));
    Value::Object(fields)
}

fn column_json(column: &ColumnProfile) -> Value {
    let end = |end: &Option<String>| match (end, column.data_type) {
        (None, _) => Value::Null,
        // A number for programs; infinity is none.
        (Some(text), DataType::Integer | DataType::Decimal) => {
            text.parse().map_or(Value::Null, Value::Number)
        }
        (Some(text), _) => text.as_str().into(),
    };
    let top: Vec<Value> = column
        .top
        .iter()
        .map(|top| json!({"value": top.value, "rows": top.rows, "customers": top.customers}))
        .collect();
    let mut fields: Map<String, Value> = page::fields([
        ("name", column.name.as_str().into()),
        ("type", column.data_type.id().into()),
        ("non_null", column.non_null.into()),
        ("blank", column.blank.into()),
        ("distinct", column.distinct.into()),
        ("min", end(&column.min)),
        ("max", end(&column.max)),
    ]);
    fields.extend(page::fields([("mean", page::number_json(column.mean)), ("top", top.into())]));
    Value::Object(fields)
}

fn heading(opened: &Opened) -> String {
    let id = &opened.database.default_id;
    let people = opened.database.words(id).plural;
    format!("{}, {}, {people} by {}", sanitize(&opened.database.name), opened.days(), sanitize(id))
}

fn table_text(table: &TableProfile, opened: &Opened, with_values: bool) -> String {
    let people = opened.database.words(&opened.database.default_id).plural;
    let mut parts = vec![format!("{} rows", numbers::count(table.rows))];
    let mut part = |count: Option<u64>, what: &str| {
        parts.extend(count.map(|count| format!("{} {what}", numbers::count(count))));
    };
    part(table.customers, &format!("{people} with a row"));
    part(table.rows_without_id.filter(|rows| *rows > 0), "rows without an id");
    part(table.orphan_rows.filter(|rows| *rows > 0), "orphan rows");
    part(table.most_rows.filter(|rows| *rows > 1), "rows at most of one");
    parts.extend(table.newest_day.map(|day| format!("newest day {day}")));
    let mut text = format!("{}\n  {}", sanitize(&table.name), parts.join(", "));
    let files = match table.files.as_slice() {
        [] => String::new(),
        [file] => sanitize(file),
        [file, others @ ..] => format!("{} and {} more files", sanitize(file), others.len()),
    };
    if !files.is_empty() {
        text.push_str(&format!("\n  {files}, {} bytes", numbers::count(table.bytes)));
    }
    if let Some(note) = &table.would_match {
        text.push_str(&format!("\n  ! {}\n    {}", sanitize(&note.message), sanitize(note.help_text())));
    }
    let headings = ["", "TYPE", "COMPLETE", "BLANK", "DISTINCT", "UNIQUE", "MEAN", "MIN", "MAX"];
    let mut rows = vec![headings.map(str::to_owned).to_vec()];
    rows.extend(table.profile.iter().map(column_cells));
    let sides = [Align::Left, Align::Left].into_iter().chain([Align::Right; 5]);
    let sides: Vec<Align> = sides.chain([Align::Left; 2]).collect();
    text.push_str(&format!("\n{}", sheet::set(&rows, &sides)));
    for column in table.profile.iter().filter(|_| with_values) {
        text.push_str(&format!("\n\n{}", values_text(column, &people)));
    }
    text
}

fn column_cells(column: &ColumnProfile) -> Vec<String> {
    let short = |text: &Option<String>| fit(&sanitize(text.as_deref().unwrap_or_default()), VALUE_WIDTH);
    vec![
        format!("  {}", column.name),
        column.data_type.id().to_owned(),
        share(column.non_null, column.rows),
        numbers::count(column.blank),
        numbers::count(column.distinct),
        share(column.distinct, column.rows),
        column.mean.as_ref().map(Number::to_string).unwrap_or_default(),
        short(&column.min),
        short(&column.max),
    ]
}

fn values_text(column: &ColumnProfile, people: &str) -> String {
    let heads = [column.name.clone(), "ROWS".to_owned(), "%".to_owned(), people.to_uppercase()];
    let mut rows = vec![heads.to_vec()];
    for value in &column.top {
        rows.push(vec![
            fit(&sanitize(&value.value), VALUE_WIDTH),
            numbers::count(value.rows),
            share(value.rows, column.rows),
            value.customers.map(numbers::count).unwrap_or_default(),
        ]);
    }
    let others = column.distinct.saturating_sub(column.top.len() as u64);
    let mut text = sheet::set(&rows, &[Align::Left, Align::Right, Align::Right, Align::Right]);
    // Points in time are listed by day.
    if others > 0 && column.data_type != DataType::Datetime {
        text.push_str(&format!("\n… and {} more values", numbers::count(others)));
    }
    text
}

/// Of no rows there is no share.
fn share(part: u64, whole: u64) -> String {
    match whole {
        0 => page::NONE.to_owned(),
        _ => {
            let [part, whole] = [part, whole].map(|rows| i64::try_from(rows).unwrap_or(i64::MAX));
            numbers::share(part, whole)
        }
    }
}
