//! Texts that describe everything the content of a database depends on: what was worked out from it holds
//! as long as they are the same.
//!
//! They are compared as a whole and never read. Paths stand in them escaped, so that two of them are never
//! written alike.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs::{self, Metadata};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::discover::{Source, Sources};
use super::manifest::Manifest;
use super::{Content, Database, Table, TableError};
use crate::segment::Word;

/// Two changes within so short a time may be given the same time by the system.
const TICK: Duration = Duration::from_millis(20);

/// What the content of a database and its tables was read from. By default there is nothing to tell it by.
#[derive(Clone, Debug, Default)]
pub struct Fingerprints {
    database: Option<Arc<str>>,
    tables: BTreeMap<String, Arc<str>>,
}

/// The files of each table as they were before they were read; `None` where the system does not say. Of a
/// table whose files make no sense there are none.
#[derive(Debug, Default)]
pub struct Files(BTreeMap<String, Option<String>>);

impl Database {
    /// All that the content of the database depends on: files with their sizes and times, the manifest, the
    /// tables with their columns and types, the roles. It was taken before anything was read. `None` if it
    /// cannot be told. The workspace's lists are no part of it.
    #[must_use]
    pub fn fingerprint(&self) -> Option<&str> {
        self.fingerprints.database.as_deref()
    }

    /// All that the rows of one of the database's own tables depend on, which is less: its files, those of
    /// tables in which it looks up, its columns, their types, and which of them are ids. `None` if it cannot
    /// be told, and for a table that cannot be read.
    #[must_use]
    pub fn table_fingerprint(&self, name: &str) -> Option<&str> {
        self.fingerprints.tables.get(name).map(|text| &**text)
    }
}

impl Files {
    /// Looks at the files of all tables.
    pub fn look(sources: &Sources) -> Self {
        let look = |source: &Result<Source, TableError>| match source {
            Ok(source) => files(&source.files),
            Err(_) => Some(String::new()),
        };
        Self(sources.iter().map(|(name, source)| (name.clone(), look(source))).collect())
    }

    /// Those of one table.
    pub fn of(&self, table: &str) -> Option<&str> {
        self.0.get(table)?.as_deref()
    }
}

/// Files as they are now, in order. `None` where the system does not say. A change that comes after this
/// returns always makes them other ones: where a file changed just now, it waits for a moment.
pub fn files(files: &[PathBuf]) -> Option<String> {
    files.iter().map(|path| file_state(path)).collect()
}

/// One file as it is now, likewise.
pub fn file_state(path: &Path) -> Option<String> {
    let metadata = fs::metadata(path).ok()?;
    let (modified, path) = (metadata.modified().ok()?, std::path::absolute(path).ok()?);
    let changed = changed(&metadata).unwrap_or(modified);
    if let Ok(age) = SystemTime::now().duration_since(changed)
        && let Some(left) = TICK.checked_sub(age)
    {
        std::thread::sleep(left);
    }
    let (written, changed) = (nanoseconds(modified), nanoseconds(changed));
    Some(format!("file {path:?} {} bytes {written} {changed}\n", metadata.len()))
}

/// Since 1970.
fn nanoseconds(time: SystemTime) -> i128 {
    let signed = |nanoseconds: u128| i128::try_from(nanoseconds).unwrap_or(i128::MAX);
    match time.duration_since(UNIX_EPOCH) {
        Ok(since) => signed(since.as_nanos()),
        Err(before) => -signed(before.duration().as_nanos()),
    }
}

/// When content or anything about the file changed: programs that copy files set the time of writing as they
/// like, but not this one.
#[cfg(unix)]
fn changed(metadata: &Metadata) -> Option<SystemTime> {
    use std::os::unix::fs::MetadataExt;
    let seconds = Duration::from_secs(u64::try_from(metadata.ctime()).ok()?);
    let rest = Duration::from_nanos(u64::try_from(metadata.ctime_nsec()).ok()?);
    UNIX_EPOCH.checked_add(seconds + rest)
}

#[cfg(not(unix))]
fn changed(_: &Metadata) -> Option<SystemTime> {
    None
}

impl Fingerprints {
    /// Those of a database that was just read from `files`.
    pub fn new(database: &Database, manifest: &Manifest, files: &Files) -> Self {
        let texts =
            database.tables.iter().filter_map(|table| Some((table.name.clone(), readable(table, files)?)));
        let tables: BTreeMap<String, Arc<str>> = texts.collect();
        let database = whole(database, manifest, &tables, files);
        Self { database: database.map(Arc::from), tables }
    }
}

fn whole(
    database: &Database,
    manifest: &Manifest,
    tables: &BTreeMap<String, Arc<str>>,
    files: &Files,
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

fn readable(table: &Table, files: &Files) -> Option<Arc<str>> {
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
