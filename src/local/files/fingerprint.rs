//! Texts that describe everything the content of a database depends on: what was worked out from it holds
//! as long as they are the same.
//!
//! They are compared as a whole and never read. Paths stand in them escaped, so that two of them are never
//! written alike.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;

use super::file_states::FileStates;
use super::manifest::Manifest;
use super::source_snapshot::SourceSnapshot;
use crate::database::{Content, Database, Table};
use crate::segment::Keyword;

/// What the content of a database and its tables was read from. By default there is nothing to tell it by.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fingerprints {
    database: Option<Arc<str>>,
    tables: BTreeMap<String, Arc<str>>,
    pub(super) snapshot: Option<Arc<SourceSnapshot>>,
}

impl Fingerprints {
    /// Of the database as a whole.
    pub fn database(&self) -> Option<&str> {
        self.database.as_deref()
    }

    /// Of one of its own tables.
    pub fn table(&self, name: &str) -> Option<&str> {
        self.tables.get(name).map(|text| &**text)
    }

    /// Those of a database that was just read.
    pub fn new(database: &Database, snapshot: SourceSnapshot) -> Self {
        let SourceSnapshot { manifest, files, .. } = &snapshot;
        let texts =
            database.tables.iter().filter_map(|table| Some((table.name.clone(), readable(table, files)?)));
        let tables: BTreeMap<String, Arc<str>> = texts.collect();
        let database = whole(database, manifest, &tables, files);
        Self { database: database.map(Arc::from), tables, snapshot: Some(Arc::new(snapshot)) }
    }
}

fn whole(
    database: &Database,
    manifest: &Manifest,
    tables: &BTreeMap<String, Arc<str>>,
    files: &FileStates,
) -> Option<String> {
    let folder = std::path::absolute(&database.folder).ok()?;
    let mut text = format!("database {folder:?} {:?}\n", database.default_id);
    // A String takes whatever is written to it.
    let _ = writeln!(text, "manifest {:?}\n{:?}", manifest.text(), database.roles);
    for table in &database.tables {
        match (tables.get(&table.name), &table.content) {
            (Some(table), _) => text.push_str(table),
            // A damaged table is a part of what the database is, too.
            (None, Err(error)) => {
                let _ = write!(text, "damaged {:?} {error:?}\n{}", table.name, files.of(&table.name)?);
            }
            (None, Ok(_)) => return None,
        }
    }
    Some(text)
}

fn readable(table: &Table, files: &FileStates) -> Option<Arc<str>> {
    let content = table.content.as_ref().ok()?;
    let mut text = format!("table {:?}\n{}", table.name, files.of(&table.name)?);
    for (id, column) in &table.id_columns {
        let _ = writeln!(text, "id {id:?} {column:?}");
    }
    columns(&mut text, content);
    for lookup in &content.lookups {
        let _ = writeln!(text, "lookup {lookup:?}");
        text.push_str(files.of(&lookup.table)?);
    }
    Some(Arc::from(text))
}

fn columns(text: &mut String, content: &Content) {
    for column in &content.columns {
        let _ = writeln!(text, "column {:?} {}", column.name, column.data_type.id());
    }
}
