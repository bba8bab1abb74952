//! Uploaded files that are tables of their own: those with more columns than the ids. They are looked at
//! anew for every answer, and read again only when they have changed.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::csv::CsvSettings;
use super::key_columns::KeyColumns;
use super::local_table::{LocalContent, LocalTable};
use super::manifest::Manifest;
use super::sources::{FileFormat, TableSource, format_of, stem};
use super::{csv, csv_copy, parquet, table};
use crate::backend::ReadTask;
use crate::backend::{ListFile, WorkspaceFiles};
use crate::database::{Content, Database, Origin, Table, TableError};
use crate::diagnostic::Diagnostic;
use crate::segment::DataType;

/// How the name of a table begins that is an uploaded file.
const LISTS: &str = "lists/";

/// The uploaded files as tables, each kept for as long as its file stays as it is.
pub(crate) struct ListTables {
    files: Arc<dyn WorkspaceFiles>,
    known: Mutex<HashMap<ListFile, Known>>,
}

/// What a file holds; `None` if it is no table.
type Known = Option<ReadContent>;
/// The rows and columns of a file, or why it cannot be read.
type ReadContent = Result<LocalContent, TableError>;

impl ListTables {
    /// Those of `files`. Reads nothing yet.
    pub fn new(files: Arc<dyn WorkspaceFiles>) -> Self {
        Self { files, known: Mutex::default() }
    }

    /// The tables as their files are now, next to those of a database whose activation IDs are strings in
    /// them too.
    pub(crate) fn tables_for(&self, database: &Database) -> Vec<LocalTable> {
        let files = self.files.list_files();
        // No lock is held while a file is read.
        let before = self.known().clone();
        let mut known = HashMap::new();
        let mut by_name: BTreeMap<String, Vec<(ListFile, ReadContent)>> = BTreeMap::new();
        for file in files {
            let content = before.get(&file).cloned().unwrap_or_else(|| read(&file, database));
            known.insert(file.clone(), content.clone());
            if let Some(content) = content {
                let name = format!("{LISTS}{}", stem(&file.path));
                by_name.entry(name).or_default().push((file, content));
            }
        }
        *self.known() = known;
        by_name.into_iter().map(|(name, files)| one(name, files, database)).collect()
    }

    fn known(&self) -> MutexGuard<'_, HashMap<ListFile, Known>> {
        // Entries are whole or not there, whatever a panicking thread was about.
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The table of this name, which one file should be.
fn one(name: String, mut files: Vec<(ListFile, ReadContent)>, database: &Database) -> LocalTable {
    let version = version(files.iter().map(|(file, _)| file));
    let paths: Vec<String> = files.iter().map(|(file, _)| file.path.clone()).collect();
    let content = match files.pop() {
        Some((_, content)) if files.is_empty() => content,
        last => Err(Diagnostic::new(format!(
            "the table {name:?} is in the lists more than once: {}",
            paths.join(", ")
        ))
        .with_help("give one of them another name")
        .in_file(last.map(|(file, _)| file.file).unwrap_or_default())),
    };
    let table = Table {
        label: database.label_for(&name),
        name,
        hidden: false,
        id_columns: Vec::new(),
        origin: Origin::List(version),
        notes: Vec::new(),
        content: Ok(Content::default()),
    };
    LocalTable::new(table, content)
}

/// A number that is another one when a file is.
fn version<'a>(files: impl Iterator<Item = &'a ListFile>) -> u64 {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    files.for_each(|file| file.hash(&mut hasher));
    hasher.finish()
}

/// A file without a readable first line is a list that says so itself where it is used.
fn read(file: &ListFile, database: &Database) -> Known {
    let source = TableSource::of_file(&file.file, format_of(&file.file)?).ok()?;
    let names = table::header("", &source, &Manifest::default(), &BTreeSet::new()).ok()?;
    (names.len() > 1).then(|| content(&source, database))
}

fn content(source: &TableSource, database: &Database) -> ReadContent {
    match source.format {
        FileFormat::Csv => {
            let ids = database.activation_ids();
            let types = ids.iter().map(|id| (id.column.clone(), DataType::String)).collect();
            let ids = ids.iter().map(|id| id.column.as_str()).collect();
            let settings = CsvSettings::default();
            let wanted = csv::CsvRequest {
                table: None,
                files: &source.files,
                types: &types,
                ids: &ids,
                settings: &settings,
                parts: None,
                keys: None,
            };
            let scan = csv_copy::read(&wanted, None, ReadTask::uncancellable(&|_| {}))?;
            Ok(LocalContent::of_scan(scan, &source.files))
        }
        FileFormat::Parquet => {
            let scan = parquet::scan(&source.files, parquet::Union::default(), &KeyColumns::default())?;
            Ok(LocalContent::of_scan(scan, &source.files))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::path::PathBuf;

    use crate::local::files::LocalDatabase;
    use crate::segment::Segment;

    struct Folder(tempfile::TempDir);

    impl WorkspaceFiles for PathBuf {
        fn list_files(&self) -> Vec<ListFile> {
            let mut files: Vec<ListFile> = fs::read_dir(self)
                .unwrap()
                .map(|entry| {
                    let entry = entry.unwrap();
                    let metadata = entry.metadata().unwrap();
                    let path = entry.file_name().into_string().unwrap();
                    ListFile {
                        path,
                        file: entry.path(),
                        bytes: metadata.len(),
                        modified: metadata.modified().ok(),
                    }
                })
                .collect();
            files.sort_by(|one, other| one.path.cmp(&other.path));
            files
        }

        fn segment(&self, _: &str) -> Result<Arc<Segment>, Diagnostic> {
            panic!("only files are looked for")
        }

        fn list_file(&self, path: &str) -> Result<PathBuf, Diagnostic> {
            Ok(self.join(path))
        }

        fn queries(&self) -> Vec<String> {
            Vec::new()
        }

        fn query(&self, _: &str) -> Result<String, Diagnostic> {
            panic!("only files are looked for")
        }
    }

    impl Folder {
        fn new() -> Self {
            let folder = Self(tempfile::tempdir().unwrap());
            folder.write("data/Customers.csv", "customer_id,city\n007,Rome\n");
            folder.write("lists/vip.csv", "customer_id,tier,points\n007,Gold,5\n8,,\n");
            folder
        }

        fn write(&self, name: &str, content: &str) {
            let path = self.0.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        }

        fn database(&self) -> LocalDatabase {
            crate::local::files::open(&self.0.path().join("data"), &|_| {}).unwrap()
        }

        fn tables(&self) -> ListTables {
            ListTables::new(Arc::new(self.0.path().join("lists")))
        }
    }

    fn types(table: &Table) -> Vec<(&str, DataType)> {
        table.columns().map(|column| (column.name.as_str(), column.data_type)).collect()
    }

    #[test]
    fn a_file_with_more_columns_than_the_ids_is_a_table() {
        let folder = Folder::new();
        folder.write("lists/only.csv", "customer_id\n007\n");
        folder.write("lists/plain.txt", "a,b\n007,1\n");
        folder.write("lists/broken.csv", "customer_id,x\n1\n");
        folder.write("lists/customers.csv", "customer_id,x\n1,2\n");
        let tables = folder.tables().tables_for(&folder.database());
        let names: Vec<(&str, &str)> =
            tables.iter().map(|table| (table.table.name.as_str(), table.table.label.as_str())).collect();
        let expected =
            [("lists/broken", "broken"), ("lists/customers", "lists/customers"), ("lists/vip", "vip")];
        assert_eq!(names, expected);
        let Err(error) = &tables[0].table.content else { panic!("{:?}", tables[0].table) };
        assert_eq!(error.place.line, Some(2));
        let expected =
            [("customer_id", DataType::String), ("tier", DataType::String), ("points", DataType::Integer)];
        assert_eq!(types(&tables[2].table), expected);
    }

    #[test]
    fn two_files_of_one_name_are_told_apart_by_nobody() {
        let folder = Folder::new();
        folder.write("lists/vip.CSV", "customer_id,x\n1,2\n");
        let tables = folder.tables().tables_for(&folder.database());
        let Err(error) = &tables[0].table.content else { panic!("{:?}", tables[0].table) };
        assert!(error.message.ends_with("more than once: vip.CSV, vip.csv"), "{error}");
    }

    #[test]
    fn a_changed_file_is_another_table() {
        let folder = Folder::new();
        let (database, tables) = (folder.database(), folder.tables());
        let first = tables.tables_for(&database);
        assert_eq!(tables.tables_for(&database)[0].table.key(), first[0].table.key());
        folder.write("lists/vip.csv", "customer_id,tier\n007,Gold\n");
        let second = tables.tables_for(&database);
        assert_ne!(second[0].table.key(), first[0].table.key());
        assert_eq!(types(&second[0].table).len(), 2);
        let both = database.with_workspace_tables(&first).with_workspace_tables(&second);
        assert_eq!(both.tables.len(), 2);
        assert!(
            both.table_by_key(&first[0].table.key()).is_none()
                && both.table_by_key(&second[0].table.key()).is_some()
        );
        fs::remove_file(folder.0.path().join("lists/vip.csv")).unwrap();
        assert!(tables.tables_for(&database).is_empty());
    }
}
