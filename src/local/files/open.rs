//! Opens a folder as a database.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::sync::Arc;

use super::activation_id::{self, Headers, NoId};
use super::csv_copy::CopyLocation;
use super::file_states::FileStates;
use super::local_database::LocalDatabase;
use super::local_table::{LocalContent, LocalTable};
use super::manifest::{IdSection, Manifest};
use super::read_task::ReadError;
use super::source_snapshot::SourceSnapshot;
use super::sources::{self, TableSource, TableSources, discover, refuse_log};
use super::{Fingerprints, roles, table};
use crate::backend::ReadTask;
use crate::database::{ActivationId, Content, Database, DatabaseError, Note, Origin, Table, TableError};
use crate::diagnostic::Diagnostic;
use crate::file_system::reason;
use crate::local::cache::{CacheFolder, DatabaseCache};

/// Why a database is not open.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenFilesError {
    /// Nobody waits for it any more.
    #[error("the opening was stopped")]
    Cancelled,
    /// It cannot be opened.
    #[error(transparent)]
    Failed(#[from] DatabaseError),
}

/// Opens a folder of tables (`docs/reference/database.md`) without a cache: of Parquet only the footers are read, CSV is
/// read and typed as a whole and held in memory. `progress` is told what is being read.
///
/// # Errors
/// The folder does not exist or holds no table, the manifest is broken, or no column can be the
/// activation ID. A damaged table is no error here: it stands in the database with its reason.
pub fn open(folder: &Path, progress: &(dyn Fn(&str) + Sync)) -> Result<LocalDatabase, DatabaseError> {
    open_with(folder, None, ReadTask::uncancellable(progress)).map_err(|error| match error {
        OpenFilesError::Failed(error) => error,
        OpenFilesError::Cancelled => fault(folder, error.to_string(), "open it again"),
    })
}

/// Opens a folder of tables with a cache, in which CSV is kept as Parquet: it is read and typed only once,
/// and from then on read where it is kept, for as long as neither its files nor its stated types change.
///
/// # Errors
/// As [`open`]; the work was stopped.
pub fn open_with(
    folder: &Path,
    cache: Option<&Arc<CacheFolder>>,
    task: ReadTask<'_>,
) -> Result<LocalDatabase, OpenFilesError> {
    open_folder(folder, cache, task, &mut Err).map_err(|error| match error {
        OpenFilesError::Failed(error) => OpenFilesError::Failed(error.relative_to(folder)),
        OpenFilesError::Cancelled => OpenFilesError::Cancelled,
    })
}

/// The same. `in_doubt` is told why there is no activation ID by default, and decides whether that is an error.
///
/// # Errors
/// As [`open`]; the work was stopped.
pub(super) fn open_folder(
    folder: &Path,
    cache: Option<&Arc<CacheFolder>>,
    task: ReadTask<'_>,
    in_doubt: &mut dyn FnMut(DatabaseError) -> Result<(), DatabaseError>,
) -> Result<LocalDatabase, OpenFilesError> {
    let FolderFiles { manifest, named, sources, files, mut notes } = FolderFiles::look(folder)?;
    let headers: Headers = sources
        .iter()
        .map(|(name, source)| {
            let declared = manifest.values.id.as_deref().unwrap_or_default();
            let ids = activation_id::id_columns(&manifest, name, declared);
            (
                name.clone(),
                source.as_ref().ok().and_then(|source| table::header(name, source, &manifest, &ids).ok()),
            )
        })
        .collect();
    let type_of = |table: &str, column: &str| {
        let source = sources.get(table)?.as_ref().ok()?;
        table::column_type(table, source, &manifest, column)
    };
    let default_id = match activation_id::default_id(&manifest, &headers, &type_of) {
        Ok(id) => id,
        Err(NoId::Unknown(error)) => return Err(error.into()),
        Err(NoId::Doubt(error)) => {
            in_doubt(error)?;
            activation_id::USUAL.to_owned()
        }
    };
    notes.extend(activation_id::doubt_of_damaged(&manifest, &headers, &default_id));
    let cache = cache.map(|cache| cache.of(folder));
    let read = Reading { manifest: &manifest, default_id: &default_id, files: &files, cache, task };
    let tables = read.tables(&sources)?;
    let plain: Vec<Table> = tables.iter().map(|local| local.table.clone()).collect();
    let roles = roles::assign(&manifest, &plain)?;
    let values = &manifest.values;
    let mut database = Database {
        folder: folder.to_owned(),
        name: values.name.clone().unwrap_or_else(|| folder_name(folder)),
        as_of: values.as_of,
        currency: values.currency.clone().unwrap_or_else(|| "USD".to_owned()),
        default_id,
        ids: Vec::new(),
        tables: plain,
        roles,
        notes,
    };
    database.ids = values.ids.iter().map(|(column, words)| id_words(&database, column, words)).collect();
    let fingerprints = Fingerprints::new(&database, SourceSnapshot { manifest, sources: named, files });
    Ok(LocalDatabase::new(database, tables).with_fingerprints(fingerprints))
}

/// What stands in a folder.
struct FolderFiles {
    manifest: Manifest,
    /// The tables by the names of their files.
    named: TableSources,
    /// The same by their first bytes.
    sources: TableSources,
    files: FileStates,
    /// What is no table.
    notes: Vec<Note>,
}

impl FolderFiles {
    fn look(folder: &Path) -> Result<Self, DatabaseError> {
        if !folder.is_dir() {
            let message = if folder.exists() { "it is no folder" } else { "there is no such folder" };
            let help = "name a folder that holds .parquet or .csv files";
            return Err(fault(folder, message.to_owned(), help));
        }
        refuse_log(folder)?;
        let manifest = Manifest::read(folder)?;
        let unlisted = |error: io::Error| {
            fault(
                folder,
                format!("{}: the folder cannot be listed", reason(&error)),
                "make the folder readable",
            )
        };
        let named = discover(folder, &manifest).map_err(unlisted)?;
        let notes = sources::notes(folder, &named).map_err(unlisted)?;
        if named.is_empty() {
            let others: String = notes.iter().map(|note| format!("; {}", note.message)).collect();
            let help = "put tables into it: NAME.parquet, NAME.csv, or a folder NAME of such parts";
            return Err(fault(folder, format!("the folder holds no tables{others}"), help));
        }
        let files = FileStates::look(&named);
        let sources = sources::settle(&named);
        Ok(Self { manifest, named, sources, files, notes })
    }
}

/// What the tables of a database are read with.
struct Reading<'a> {
    manifest: &'a Manifest,
    default_id: &'a str,
    files: &'a FileStates,
    cache: Option<DatabaseCache>,
    task: ReadTask<'a>,
}

impl Reading<'_> {
    fn tables(&self, sources: &TableSources) -> Result<Vec<LocalTable>, OpenFilesError> {
        let mut contents: BTreeMap<String, Result<LocalContent, TableError>> = BTreeMap::new();
        for (name, source) in sources {
            if (self.task.is_cancelled)() {
                return Err(OpenFilesError::Cancelled);
            }
            (self.task.report)(&format!("reading {name}"));
            let content = match source
                .clone()
                .map_err(ReadError::from)
                .and_then(|source| self.content(name, &source))
            {
                Ok(content) => Ok(content),
                Err(ReadError::Damaged(error)) => Err(self.named(error)),
                Err(ReadError::Cancelled) => return Err(OpenFilesError::Cancelled),
            };
            contents.insert(name.clone(), content);
        }
        let finished = contents.iter().map(|(name, content)| {
            let notes = sources.get(name).and_then(|source| source.as_ref().ok());
            let notes = notes.map(|source| source.notes.clone()).unwrap_or_default();
            self.finished(name, notes, content, &contents)
        });
        Ok(finished.collect())
    }

    fn content(&self, name: &str, source: &TableSource) -> Result<LocalContent, ReadError> {
        let ids = activation_id::id_columns(self.manifest, name, self.default_id);
        let location = self.cache.as_ref().zip(self.files.of(name));
        let location = location.map(|(cache, files)| CopyLocation { cache, table: name, files });
        let needed = activation_id::needed_columns(self.manifest, name, self.default_id);
        table::read(name, source, self.manifest, (&ids, &needed), location.as_ref(), self.task)
    }

    /// An error with its file as it is called in the database.
    fn named(&self, error: TableError) -> TableError {
        error.relative_to(self.manifest.path.parent().unwrap_or(Path::new("")))
    }

    /// A table with what it looks up in the others, as the manifest wants it.
    fn finished(
        &self,
        name: &str,
        notes: Vec<Note>,
        content: &Result<LocalContent, TableError>,
        contents: &BTreeMap<String, Result<LocalContent, TableError>>,
    ) -> LocalTable {
        let values = self.manifest.table(name);
        let content = content.clone().and_then(|content| {
            let mut local = table::look_up(name, content, self.manifest, contents)?;
            table::label(name, &mut local.content, self.manifest)?;
            Ok(local)
        });
        let content = content.map_err(|error| self.named(error));
        let table = Table {
            name: name.to_owned(),
            label: values.label.unwrap_or_else(|| name.replace('_', " ")),
            hidden: values.hidden,
            origin: Origin::Database,
            notes,
            id_columns: values.id.into_iter().collect(),
            content: Ok(Content::default()),
        };
        LocalTable::new(table, content)
    }
}

/// The words that the manifest has for an activation ID, the missing ones made up.
fn id_words(database: &Database, column: &str, words: &IdSection) -> ActivationId {
    let made = database.words(column);
    let singular = words.singular.clone().unwrap_or(made.singular);
    let plural = words.plural.clone().unwrap_or_else(|| format!("{singular}s"));
    ActivationId { column: column.to_owned(), singular, plural }
}

fn folder_name(folder: &Path) -> String {
    // "." has no name of its own.
    let path = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn fault(folder: &Path, message: String, help: &str) -> DatabaseError {
    Diagnostic::new(message).with_help(help).in_file(folder)
}
