//! Opens a folder as a database.

use std::collections::BTreeMap;
use std::path::Path;

use super::discover::{Sources, discover};
use super::ids::{self, Headers};
use super::manifest::{IdWords, Manifest};
use super::{ActivationId, Content, Database, DatabaseError, Origin, Table, TableError, roles, table};

/// Opens a folder of tables (`database.md`). Of Parquet only the footers are read, CSV is read and
/// typed as a whole. `progress` is told what is being read.
///
/// # Errors
/// The folder does not exist or holds no table, the manifest is broken, or no column can be the
/// activation ID. A damaged table is no error here: it stands in the database with its reason.
pub fn open(folder: &Path, progress: &(dyn Fn(&str) + Sync)) -> Result<Database, DatabaseError> {
    if !folder.is_dir() {
        let message = if folder.exists() { "is no folder" } else { "does not exist" };
        return Err(fault(folder, message.to_owned(), "name a folder that holds .parquet or .csv files"));
    }
    let manifest = Manifest::read(folder)?;
    let sources = discover(folder, &manifest)
        .map_err(|error| fault(folder, format!("cannot be listed: {error}"), "make the folder readable"))?;
    if sources.is_empty() {
        let help = "put tables into it: NAME.parquet, NAME.csv, or a folder NAME of such parts";
        return Err(fault(folder, "holds no tables".to_owned(), help));
    }
    let headers: Headers = sources
        .iter()
        .map(|(name, source)| {
            (name.clone(), source.as_ref().ok().and_then(|source| table::header(source).ok()))
        })
        .collect();
    let default_id = ids::default_id(&manifest, &headers)?;
    let tables = tables(&sources, &manifest, &default_id, progress);
    let roles = roles::assign(&manifest, &tables)?;
    let says = &manifest.says;
    let mut database = Database {
        folder: folder.to_owned(),
        name: says.name.clone().unwrap_or_else(|| folder_name(folder)),
        as_of: says.as_of,
        currency: says.currency.clone().unwrap_or_else(|| "USD".to_owned()),
        default_id,
        ids: Vec::new(),
        tables,
        roles,
    };
    database.ids = says.ids.iter().map(|(column, words)| id_words(&database, column, words)).collect();
    Ok(database)
}

fn tables(
    sources: &Sources,
    manifest: &Manifest,
    default_id: &str,
    progress: &(dyn Fn(&str) + Sync),
) -> Vec<Table> {
    let mut contents: BTreeMap<String, Result<Content, TableError>> = BTreeMap::new();
    for (name, source) in sources {
        progress(&format!("reading {name}"));
        let ids = ids::id_columns(manifest, name, default_id);
        let content = source.clone().and_then(|source| table::read(name, &source, manifest, &ids));
        contents.insert(name.clone(), content);
    }
    let finished = contents.iter().map(|(name, content)| {
        let says = manifest.table(name);
        let content = content.clone().and_then(|content| {
            let mut content = table::look_up(name, content, manifest, &contents)?;
            table::label(name, &mut content, manifest)?;
            Ok(content)
        });
        Table {
            name: name.clone(),
            label: says.label.unwrap_or_else(|| name.replace('_', " ")),
            hidden: says.hidden,
            origin: Origin::Database,
            id_columns: says.id.into_iter().collect(),
            content,
        }
    });
    finished.collect()
}

/// The words that the manifest has for an activation ID, the missing ones made up.
fn id_words(database: &Database, column: &str, words: &IdWords) -> ActivationId {
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
    DatabaseError { path: folder.to_owned(), line: None, message, help: help.to_owned() }
}
