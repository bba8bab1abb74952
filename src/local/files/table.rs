//! One table: its rows as the files have them, then as the manifest wants them.

use std::collections::{BTreeMap, BTreeSet};

use polars::prelude::{Expr, col};

use super::csv_copy::{self, CopyLocation};
use super::discover::{FileFormat, TableSource};
use super::local_table::LocalContent;
use super::lookups::{self, LookupFault};
use super::manifest::{LookupEntry, Manifest};
use super::read_task::ReadError;
use super::{cast, csv, parquet};
use crate::backend::ReadTask;
use crate::database::did_you_mean;
use crate::database::{Column, Content, Lookup, TableError};
use crate::diagnostic::Diagnostic;
use crate::segment::{DataType, Keyword};

/// The names of a table's columns, without reading its rows.
pub fn header(name: &str, source: &TableSource, manifest: &Manifest) -> Result<Vec<String>, TableError> {
    match source.format {
        FileFormat::Csv => {
            let (values, types, ids) = (manifest.table(name), BTreeMap::new(), BTreeSet::new());
            csv::header(&csv::CsvRequest {
                table: Some(name),
                files: &source.files,
                types: &types,
                ids: &ids,
                settings: &values.csv,
                parts: values.parts,
            })
        }
        FileFormat::Parquet => {
            let Some(first) = source.files.first() else {
                return Ok(Vec::new());
            };
            let scan = parquet::scan(std::slice::from_ref(first))?;
            Ok(scan.columns.into_iter().map(|(name, _)| name).collect())
        }
    }
}

/// The content of a table without what it looks up. `ids` are the columns that CSV has as strings; `kept`
/// says where its copy is, if anywhere.
pub fn read(
    name: &str,
    source: &TableSource,
    manifest: &Manifest,
    ids: &BTreeSet<&str>,
    location: Option<&CopyLocation<'_>>,
    task: ReadTask<'_>,
) -> Result<LocalContent, ReadError> {
    let values = manifest.table(name);
    let mut local = match source.format {
        FileFormat::Csv => {
            let mut types: BTreeMap<String, DataType> =
                ids.iter().map(|id| ((*id).to_owned(), DataType::String)).collect();
            types.extend(values.types.clone());
            let wanted = csv::CsvRequest {
                table: Some(name),
                files: &source.files,
                types: &types,
                ids,
                settings: &values.csv,
                parts: values.parts,
            };
            LocalContent::of_scan(csv_copy::read(&wanted, location, task)?, &source.files)
        }
        FileFormat::Parquet => LocalContent::of_scan(parquet::scan(&source.files)?, &source.files),
    };
    for column in values.types.keys().chain(values.id.values()) {
        if !local.content.columns.iter().any(|known| known.name == *column) {
            let (section, key) = match values.id.iter().find(|(_, mapped)| *mapped == column) {
                Some((id, _)) if !values.types.contains_key(column) => ("id", id),
                _ => ("types", column),
            };
            let keys = ["tables", name, section, key];
            return Err(unknown_column(manifest, &keys, name, column, &local.content).into());
        }
    }
    if source.format == FileFormat::Parquet {
        restate(&mut local, &values.types, source)?;
    }
    Ok(local)
}

/// Gives columns of a Parquet table their stated types, after checking that every value fits.
fn restate(
    local: &mut LocalContent,
    types: &BTreeMap<String, DataType>,
    source: &TableSource,
) -> Result<(), TableError> {
    let file = source.files.first().cloned().unwrap_or_default();
    let mut retyped = Vec::new();
    for column in local.content.columns.to_mut() {
        let Some(stated) = types.get(&column.name).filter(|stated| **stated != column.data_type) else {
            continue;
        };
        // Anything has a text, so only the other types need a look at the values.
        if *stated != DataType::String {
            let read = local.frame.clone().select([col(column.name.as_str())]).collect();
            let checked = read.and_then(|frame| cast::cast_column(frame.column(&column.name)?, *stated));
            if let Err(error) = checked.map_err(|error| TableError::unreadable(&file, &error))? {
                let (value, row, name) = (error.value, error.row, &column.name);
                return Err(Diagnostic::new(format!(
                    "{value:?} in column {name:?}, row {row}, is no {}",
                    stated.id()
                ))
                .with_help(format!("correct the value, or the type of {name:?} in database.toml"))
                .in_file(file));
            }
        }
        column.data_type = *stated;
        retyped.push(cast::cast_expr(&column.name, *stated));
    }
    if !retyped.is_empty() {
        local.frame = local.frame.clone().with_columns(retyped);
    }
    Ok(())
}

/// Adds the columns that a table looks up in others. `tables` holds those without their own lookups.
pub(crate) fn look_up(
    name: &str,
    local: LocalContent,
    manifest: &Manifest,
    tables: &BTreeMap<String, Result<LocalContent, TableError>>,
) -> Result<LocalContent, TableError> {
    let LocalContent { mut content, mut frame, notes } = local;
    let mut joined: Vec<Expr> = Vec::new();
    for lookup in &manifest.table(name).lookups {
        let LookupEntry { table, on } = lookup.clone();
        let mut columns = Vec::new();
        for (column, expression) in looked_up(name, &content, lookup, manifest, tables)? {
            columns.push(column.name.clone());
            content.columns.to_mut().push(column);
            joined.push(expression);
        }
        content.lookups.push(Lookup { table, on, columns });
    }
    if !joined.is_empty() {
        frame = frame.with_columns(joined);
    }
    Ok(LocalContent { content, frame, notes })
}

fn looked_up(
    name: &str,
    content: &Content,
    lookup: &LookupEntry,
    manifest: &Manifest,
    tables: &BTreeMap<String, Result<LocalContent, TableError>>,
) -> Result<Vec<(Column, Expr)>, TableError> {
    let keys = ["tables", name, "lookups"];
    let LookupEntry { table, on } = lookup;
    let fault = |message, help: String| manifest.fault(&keys, message, help);
    let other = match tables.get(table) {
        Some(Ok(other)) => other,
        Some(Err(error)) => {
            let message = format!("the lookup table {table:?} cannot be used: {error}");
            return Err(fault(message, error.help_text().to_owned()));
        }
        None => {
            let near = did_you_mean(table, tables.keys().map(String::as_str));
            let help = near.unwrap_or_else(|| "name a table of this database".to_owned());
            return Err(fault(format!("there is no table {table:?} to look up in"), help));
        }
    };
    let find = |content: &Content, table: &str| {
        let column = content.columns.iter().find(|column| column.name == *on).cloned();
        column.ok_or_else(|| unknown_column(manifest, &keys, table, on, content))
    };
    let (own, key) = (find(content, name)?, find(&other.content, table)?);
    if own.data_type != key.data_type {
        let (own, key) = (own.data_type.id(), key.data_type.id());
        let message = format!("{on:?} is {own} here, but {key} in the lookup table {table:?}");
        return Err(fault(message, format!("give both the same type with types = {{ {on} = \"string\" }}")));
    }
    lookups::columns(other, &key, &content.columns).map_err(|error| {
        let file = || other.content.files.first().cloned().unwrap_or_default();
        match error {
            LookupFault::Twice(key) => Diagnostic::new(format!(
                "the key {key:?} stands twice in column {on:?}, in which {name:?} looks up"
            ))
            .with_help(format!("keep one row of {table:?} for each {on:?}"))
            .in_file(file()),
            LookupFault::Type(data_type) => fault(
                format!("{on:?} is {}, which cannot be a key", data_type.id()),
                "look up by a string, integer, date or datetime".to_owned(),
            ),
            LookupFault::Unreadable(error) => TableError::unreadable(&file(), &error),
        }
    })
}

/// Gives columns the labels that the manifest has for them.
pub fn label(name: &str, content: &mut Content, manifest: &Manifest) -> Result<(), TableError> {
    for (column, label) in manifest.table(name).columns {
        match content.columns.to_mut().iter_mut().find(|known| known.name == column) {
            Some(known) => known.label = label,
            None => {
                let keys = ["tables", name, "columns", &column];
                return Err(unknown_column(manifest, &keys, name, &column, content));
            }
        }
    }
    Ok(())
}

fn unknown_column(
    manifest: &Manifest,
    keys: &[&str],
    table: &str,
    column: &str,
    content: &Content,
) -> TableError {
    let near = did_you_mean(column, content.columns.iter().map(|known| known.name.as_str()));
    let help = near.unwrap_or_else(|| "name a column of the table, or remove this".to_owned());
    manifest.fault(keys, format!("table {table:?} has no column {column:?}"), help)
}
