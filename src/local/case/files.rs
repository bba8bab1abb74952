//! The tables of a case, and its manifest.

use std::collections::BTreeSet;

use polars::prelude::{DataFrame, ParquetWriter};

use super::hide::Hiding;
use super::lookups::{self, LookupRows};
use super::manifest::{self, WrittenTable};
use crate::backend::{BackendError, CaseFile};
use crate::database::{Database, Origin, Table};
use crate::local::engine::Engine;
use crate::local::error::unreadable;
use crate::local::view::View;
use crate::segment::DataType;

/// The folder of the tables.
const FOLDER: &str = "database";

/// The tables with the rows of the customers, those that they look up in with the keys in use, and the manifest.
pub(super) fn database(
    view: &View<'_>,
    hidden: &Engine,
    hiding: &Hiding,
) -> Result<Vec<CaseFile>, BackendError> {
    let mut frames = Vec::new();
    for table in &hidden.database.tables {
        let Ok(content) = &table.content else { continue };
        if table.origin == Origin::Database && content.rows.is_some() {
            let all: Vec<&str> = content.columns.iter().map(|column| column.name.as_str()).collect();
            let frame = hidden.database.read(table, &all).map_err(unreadable(&table.name))?;
            frames.push((table, frame));
        }
    }
    let looked_up = lookups::rows(view, &frames, hiding)?;
    let (mut files, mut written, mut names) = (Vec::new(), Vec::new(), Names::default());
    for (table, frame) in frames {
        let own: Vec<&LookupRows> =
            looked_up.iter().filter(|rows| rows.tables.contains(&table.name)).collect();
        let lookups = table.content.iter().flat_map(|content| &content.lookups);
        let lookups = lookups.filter(|lookup| own.iter().any(|rows| rows.table == lookup.table));
        let lookups: Vec<_> = lookups.cloned().collect();
        let joined =
            |name: &str| lookups.iter().any(|lookup| lookup.columns.iter().any(|column| column == name));
        let kept: Vec<String> = frame
            .get_column_names()
            .into_iter()
            .map(|name| name.to_string())
            .filter(|name| !joined(name))
            .collect();
        let frame = frame.select(kept).map_err(unreadable(&table.name))?;
        let entry = put(&mut files, &mut names, table, frame)?;
        written.push(WrittenTable { lookups, ..entry });
    }
    for rows in &looked_up {
        if written.iter().all(|written| written.table.name != rows.table)
            && let Some(table) = view.database.table(&rows.table)
        {
            written.push(put(&mut files, &mut names, table, rows.frame.clone())?);
        }
    }
    let plain: &Database = &view.database;
    let text = manifest::text(plain, view.activation_id, view.engine.data_day, &written);
    files.push(CaseFile { path: format!("{FOLDER}/database.toml"), bytes: text.into_bytes() });
    Ok(files)
}

fn put<'a>(
    files: &mut Vec<CaseFile>,
    names: &mut Names,
    table: &'a Table,
    frame: DataFrame,
) -> Result<WrittenTable<'a>, BackendError> {
    let typed = |name: &polars::prelude::PlSmallStr| Some((name.to_string(), table.column(name)?.data_type));
    let columns: Vec<(String, DataType)> = frame.get_column_names().into_iter().filter_map(typed).collect();
    let file = names.file(&table.name);
    files.push(CaseFile { path: format!("{FOLDER}/{file}"), bytes: parquet(&table.name, frame)? });
    Ok(WrittenTable { table, file, columns, lookups: Vec::new() })
}

/// Rows as a Parquet file.
pub(super) fn parquet(table: &str, mut frame: DataFrame) -> Result<Vec<u8>, BackendError> {
    let mut bytes = Vec::new();
    ParquetWriter::new(&mut bytes).finish(&mut frame).map_err(unreadable(table))?;
    Ok(bytes)
}

/// The names of files, of which no two are the same in any system.
#[derive(Default)]
struct Names(BTreeSet<String>);

impl Names {
    fn file(&mut self, table: &str) -> String {
        let is_plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-');
        let begins = table.starts_with(|letter: char| letter.is_ascii_alphanumeric());
        // On Windows some short names are devices.
        let own = (begins && (5..=100).contains(&table.len()) && table.chars().all(is_plain))
            .then(|| format!("{table}.parquet"));
        let mut numbered = (1..).map(|number| format!("table-{number}.parquet"));
        let mut free = own.into_iter().chain(&mut numbered);
        free.find(|name| self.0.insert(name.to_lowercase())).unwrap_or_default()
    }
}
