//! One table: its rows as the files have them, then as the manifest wants them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use polars::prelude::Expr;

use super::carried_error::table_error;
use super::csv_copy::{self, CopyLocation};
use super::key_columns::KeyColumns;
use super::local_table::LocalContent;
use super::lookups::{self, LookupFault};
use super::manifest::{LookupEntry, Manifest};
use super::read_task::ReadError;
use super::sources::{FileFormat, TableSource};
use super::{cast, csv, parquet};
use crate::backend::ReadTask;
use crate::database::did_you_mean;
use crate::database::{Column, Content, Lookup, Note, TableError};
use crate::diagnostic::{Diagnostic, shortened};
use crate::segment::{DataType, Keyword};

/// The names of a table's columns, without reading its rows. Of those that cannot be used only `ids` are among them.
pub fn header(
    name: &str,
    source: &TableSource,
    manifest: &Manifest,
    ids: &BTreeSet<&str>,
) -> Result<Vec<String>, TableError> {
    let mut header = names(name, source, manifest, ids)?;
    let keys: Vec<_> = source.keys.names.iter().filter(|key| !header.contains(key)).cloned().collect();
    header.extend(keys);
    Ok(header)
}

/// The names of the columns in the files.
fn names(
    name: &str,
    source: &TableSource,
    manifest: &Manifest,
    ids: &BTreeSet<&str>,
) -> Result<Vec<String>, TableError> {
    if source.format == FileFormat::Csv {
        return with_request(name, source, manifest, csv::header);
    }
    let Some((first, others)) = source.files.split_first() else {
        return Ok(Vec::new());
    };
    // The first part may be empty.
    let names = |file: &PathBuf| parquet::header(file, ids);
    names(first).or_else(|error| others.iter().find_map(|file| names(file).ok()).ok_or(error))
}

/// Asks something of CSV files for which no types are needed.
fn with_request<T>(
    name: &str,
    source: &TableSource,
    manifest: &Manifest,
    ask: impl FnOnce(&csv::CsvRequest<'_>) -> T,
) -> T {
    let (values, types, ids) = (manifest.table(name), BTreeMap::new(), BTreeSet::new());
    ask(&csv::CsvRequest {
        table: Some(name),
        files: &source.files,
        types: &types,
        ids: &ids,
        settings: &values.csv,
        parts: values.parts,
        keys: None,
    })
}

/// The type of a column, for CSV as its first rows look.
pub fn column_type(name: &str, source: &TableSource, manifest: &Manifest, column: &str) -> Option<DataType> {
    let stated = manifest.table(name).types.get(column).copied();
    stated.or_else(|| match source.format {
        FileFormat::Csv => with_request(name, source, manifest, |wanted| csv::first_type(wanted, column)),
        FileFormat::Parquet => {
            let scan =
                parquet::scan(&source.files, parquet::Union::default(), &KeyColumns::default()).ok()?;
            scan.columns.into_iter().find_map(|(name, data_type)| (name == column).then_some(data_type))
        }
    })
}

/// What becomes of columns that stand in the files and in the names of their folders: the folders count.
///
/// # Errors
/// Such a column is an ID, which nothing may replace.
fn keys_in_files(
    name: &str,
    source: &TableSource,
    manifest: &Manifest,
    ids: &BTreeSet<&str>,
) -> Result<Vec<Note>, TableError> {
    let (Some(first), false) = (source.files.first(), source.keys.names.is_empty()) else {
        return Ok(Vec::new());
    };
    let in_files = names(name, source, manifest, ids)?;
    let twice = source.keys.names.iter().filter(|key| in_files.contains(key));
    let notes = twice.map(|key| {
        if ids.contains(key.as_str()) {
            let message =
                format!("the ID {:?} stands in the files and in the names of their folders", shortened(key));
            let help = "rename the column in the files, or the folders";
            return Err(Diagnostic::new(message).with_help(help).in_file(first));
        }
        let message = format!(
            "{:?} of the files is left out: the names of the folders, KEY=VALUE, say it too, and these count",
            shortened(key)
        );
        Ok(Diagnostic::new(message).at(Some(key.clone())))
    });
    notes.collect()
}

/// The content of a table without what it looks up. `ids` are the columns that CSV has as strings, and those without
/// which the table cannot be used, if it has them; `location` says where its copy is, if anywhere.
pub fn read(
    name: &str,
    source: &TableSource,
    manifest: &Manifest,
    (ids, needed): (&BTreeSet<&str>, &BTreeSet<&str>),
    location: Option<&CopyLocation<'_>>,
    task: ReadTask<'_>,
) -> Result<LocalContent, ReadError> {
    let values = manifest.table(name);
    let mut types: BTreeMap<String, DataType> =
        ids.iter().map(|id| ((*id).to_owned(), DataType::String)).collect();
    types.extend(values.types.clone());
    let keys = KeyColumns::new(source, &types)?;
    let notes = keys_in_files(name, source, manifest, ids)?;
    let scan = match source.format {
        FileFormat::Csv => {
            check_settings(name, &values.csv, manifest)?;
            let wanted = csv::CsvRequest {
                table: Some(name),
                files: &source.files,
                types: &types,
                ids,
                settings: &values.csv,
                parts: values.parts,
                keys: Some(&keys).filter(|keys| !keys.is_empty()),
            };
            csv_copy::read(&wanted, location, task)?
        }
        FileFormat::Parquet => {
            let union = parquet::Union { table: Some(name), is_declared: values.parts.is_some() };
            let scan = parquet::scan(&source.files, union, &keys)?;
            if let Some(column) = scan.left_out.iter().find(|column| needed.contains(column.name.as_str())) {
                return Err(unusable_id(column, source).into());
            }
            scan
        }
    };
    let left_out = scan.left_out.clone();
    let mut local = LocalContent::of_scan(scan, &source.files);
    local.notes.splice(0..0, notes);
    for column in values.types.keys().chain(values.id.values()) {
        if !local.content.columns.iter().any(|known| known.name == *column) {
            let (section, key) = match values.id.iter().find(|(_, mapped)| *mapped == column) {
                Some((id, _)) if !values.types.contains_key(column) => ("id", id),
                _ => ("types", column),
            };
            let keys = ["tables", name, section, key];
            let error = match left_out.iter().find(|left_out| left_out.name == *column) {
                Some(left_out) => manifest.fault(&keys, left_out.to_string(), "remove this".to_owned()),
                None => unknown_column(manifest, &keys, name, column, &local.content),
            };
            return Err(error.into());
        }
    }
    if source.format == FileFormat::Parquet {
        restate(&mut local, &values.types, source)?;
    }
    Ok(local)
}

/// An ID is never replaced by another, nor left out.
fn unusable_id(column: &parquet::LeftOut, source: &TableSource) -> TableError {
    Diagnostic::new(format!("the ID {column}, which cannot be an ID"))
        .with_help("write it as a string or a whole number")
        .in_file(source.files.first().cloned().unwrap_or_default())
}

/// Whether what is declared of the values of a CSV table goes together.
fn check_settings(name: &str, settings: &csv::CsvSettings, manifest: &Manifest) -> Result<(), TableError> {
    csv::ValueRules::check(&settings.values).map_err(|(message, help)| {
        let own = manifest.values.tables.get(name);
        let is_own = own.is_some_and(|own| own.csv != csv::CsvSettings::default());
        let keys = ["tables", name, "csv"];
        let keys = if is_own { keys.as_slice() } else { keys.get(2..).unwrap_or_default() };
        manifest.fault(keys, message, help.to_owned())
    })
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
            let read = local.frame.read(&[column.name.as_str()]);
            let checked = read.and_then(|frame| cast::cast_column(frame.column(&column.name)?, *stated));
            if let Err(error) = checked.map_err(|error| table_error(&file, &error))? {
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
            LookupFault::Unreadable(error) => table_error(&file(), &error),
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
