//! What queries returned, and the rows of the workspace's tables, as they stand beside the tables of a case.

use std::path::Path;
use std::sync::Arc;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::files::parquet;
use crate::backend::{BackendError, CaseFile};
use crate::database::{Content, Origin, Table};
use crate::file_system::read_limited;
use crate::local::engine::Engine;
use crate::local::error::unreadable;
use crate::local::files::{LocalDatabase, LocalTable, read_parquet};
use crate::local::frozen_queries::FrozenQueries;
use crate::segment::Query;

/// The file, and the folder of the rows, in the folder of the tables.
const FILE: &str = ".frozen.json";
const FOLDER: &str = ".frozen";
/// The most bytes that are read of the file.
const LARGEST: u64 = 100_000_000;

/// The file in a folder that says what queries returned cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{FILE} cannot be used: {0}")]
pub struct FrozenFileError(String);

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Frozen {
    /// On which day the queries ran.
    day: NaiveDate,
    queries: Vec<FrozenQuery>,
    tables: Vec<FrozenTable>,
}

#[derive(Deserialize, Serialize)]
struct FrozenQuery {
    text: String,
    ids: Vec<String>,
}

/// A table of the workspace.
#[derive(Deserialize, Serialize)]
struct FrozenTable {
    name: String,
    label: String,
    is_query: bool,
    file: String,
}

/// The files of what does not run in a case.
pub(super) fn files(cut: &Engine, day: NaiveDate) -> Result<Vec<CaseFile>, BackendError> {
    let (mut files, mut tables) = (Vec::new(), Vec::new());
    for table in cut.database.workspace_tables() {
        let Ok(Content { rows: Some(_), columns, .. }) = &table.content else { continue };
        let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
        let frame = cut.database.read(table, &names).map_err(unreadable(&table.name))?;
        let file = format!("{}.parquet", tables.len() + 1);
        let path = format!("database/{FOLDER}/{file}");
        files.push(CaseFile { path, bytes: parquet(&table.name, frame)? });
        let is_query = matches!(table.origin, Origin::Query(_));
        tables.push(FrozenTable { name: table.name.clone(), label: table.label.clone(), is_query, file });
    }
    let queries = cut.frozen.iter().flat_map(|frozen| frozen.iter());
    let query =
        |(query, ids): (&Query, &[String])| FrozenQuery { text: query.text().to_owned(), ids: ids.to_vec() };
    let mut queries: Vec<FrozenQuery> = queries.map(query).collect();
    queries.sort_by(|one, other| one.text.cmp(&other.text));
    let mut bytes = serde_json::to_vec_pretty(&Frozen { day, queries, tables }).unwrap_or_default();
    bytes.push(b'\n');
    files.push(CaseFile { path: format!("database/{FILE}"), bytes });
    Ok(files)
}

impl Engine {
    /// An engine for a database in a folder: of a case it has what queries have returned, and runs none.
    ///
    /// # Errors
    /// What stands there cannot be used.
    pub fn of_folder(database: LocalDatabase, folder: &Path) -> Result<Self, FrozenFileError> {
        let failed = |error: &dyn ToString| FrozenFileError(error.to_string());
        let file = folder.join(FILE);
        if !file.exists() {
            return Ok(Self::new(Arc::new(database)));
        }
        let bytes = read_limited(&file, LARGEST).map_err(|error| failed(&error))?;
        let frozen: Frozen = serde_json::from_slice(&bytes).map_err(|error| failed(&error))?;
        let mut queries = Vec::new();
        for FrozenQuery { text, ids } in frozen.queries {
            let query = Query::parse(&text, frozen.day);
            queries.push((query.map_err(|error| FrozenFileError(error.diagnostic.message))?, ids));
        }
        let tables = frozen.tables.iter().map(|table| table.read(folder)).collect::<Result<Vec<_>, _>>()?;
        let database = if tables.is_empty() { database } else { database.with_workspace_tables(&tables) };
        let engine = Self::new(Arc::new(database));
        Ok(Self { frozen: Some(Arc::new(FrozenQueries::new(queries))), ..engine })
    }
}

impl FrozenTable {
    fn read(&self, folder: &Path) -> Result<LocalTable, FrozenFileError> {
        let is_plain = self.file.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '.');
        if !is_plain || self.file.starts_with('.') {
            return Err(FrozenFileError(format!("{:?} is no file of it", self.file)));
        }
        let content = read_parquet(&folder.join(FOLDER).join(&self.file));
        let content = content.map_err(|error| FrozenFileError(error.to_string()))?;
        let table = Table {
            name: self.name.clone(),
            label: self.label.clone(),
            hidden: false,
            id_columns: Vec::new(),
            origin: if self.is_query { Origin::Query(0) } else { Origin::List(0) },
            notes: Vec::new(),
            content: Ok(Content::default()),
        };
        Ok(LocalTable::new(table, Ok(content)))
    }
}
