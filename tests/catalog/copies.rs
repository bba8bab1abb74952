//! CSV that is kept as Parquet in a cache.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, UNIX_EPOCH};

use segtui::backend::ReadTask;
use segtui::local::cache::CacheFolder;
use segtui::local::files::LocalDatabase;
use segtui::local::files::{OpenFilesError, open_with};

use super::*;

const ROWS: &str = "id,n,x,b,d,t,s\n007,5,0.1,true,2024-02-29,2024-02-29 12:00:00.25,\"\"\n8,,-1e300,,,,\n,7,,false,1969-12-31,1960-01-01 00:00:00.000001,é\n";

/// A database and a cache of its own.
struct Shop {
    data: TempDir,
    cache: TempDir,
}

impl Shop {
    fn new() -> Self {
        Self {
            data: folder(&[("t.csv", ROWS), ("database.toml", "id = \"id\"")]),
            cache: TempDir::new().unwrap(),
        }
    }

    fn cache(&self) -> Arc<CacheFolder> {
        Arc::new(CacheFolder::new(self.cache.path(), false))
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.data.path().join(name), text).unwrap();
    }

    /// Opens it through the cache, and says whether the rows were read from CSV.
    fn open(&self) -> (LocalDatabase, bool) {
        opened_with(self.data.path(), &self.cache())
    }

    /// All files of the cache that end so.
    fn files(&self, end: &str) -> Vec<PathBuf> {
        let folders = fs::read_dir(self.cache.path()).unwrap();
        let files = folders.flat_map(|folder| fs::read_dir(folder.unwrap().path()).unwrap());
        let files = files.map(|file| file.unwrap().path());
        files.filter(|path| path.to_string_lossy().ends_with(end)).collect()
    }

    fn copy(&self) -> PathBuf {
        let [copy] = self.files(".segtui-copy").try_into().unwrap();
        copy
    }
}

fn opened_with(folder: &Path, cache: &Arc<CacheFolder>) -> (LocalDatabase, bool) {
    let said = Mutex::new(Vec::new());
    let say = |what: &str| said.lock().unwrap().push(what.to_owned());
    let database = open_with(folder, Some(cache), ReadTask::uncancellable(&say)).unwrap();
    let said = said.into_inner().unwrap();
    (database, said.iter().any(|what| what.contains(".csv")))
}

/// Rows and columns of a table, or why there are none.
type Seen = Result<(DataFrame, Vec<String>), String>;

/// Everything that can be seen of a database's tables.
fn seen(database: &LocalDatabase) -> Vec<(String, Seen)> {
    let of = |table: &segtui::database::Table| {
        let content = table.content.as_ref().map_err(|error| format!("{error} {}", error.help_text()))?;
        let columns = content.columns.iter().map(|column| format!("{column:?} {:?}", content.files));
        Ok((rows(database, &table.name), columns.collect()))
    };
    database.tables.iter().map(|table| (table.name.clone(), of(table))).collect()
}

fn assert_same(one: &LocalDatabase, other: &LocalDatabase) {
    for ((name, one), (_, other)) in seen(one).iter().zip(&seen(other)) {
        match (one, other) {
            (Ok(one), Ok(other)) => {
                assert_eq!(one.0.schema(), other.0.schema(), "{name}");
                assert!(one.0.equals_missing(&other.0), "{name}\n{}\n{}", one.0, other.0);
                assert_eq!(one.1, other.1, "{name}");
            }
            _ => assert_eq!(one.as_ref().err(), other.as_ref().err(), "{name}"),
        }
    }
    assert_eq!(one.tables.len(), other.tables.len());
}

#[test]
fn a_database_is_the_same_without_with_and_after_conversion() {
    let shop = Shop::new();
    let plain = open(shop.data.path(), &|_| {}).unwrap();
    let (first, was_read) = shop.open();
    assert!(was_read);
    let (second, was_read) = shop.open();
    assert!(!was_read, "the copy is used");
    assert_same(&plain, &first);
    assert_same(&plain, &second);
    assert_eq!(plain.fingerprint(), second.fingerprint());
    assert_eq!(shop.files("").len(), 4, "copy, its entry, its notes and lock: {:?}", shop.files(""));
    assert_eq!(shop.cache().take_error(), None);
}

#[test]
fn the_conformance_databases_are_the_same_through_a_cache() {
    let cache = TempDir::new().unwrap();
    let mut folders = vec![conformance().join("csv"), conformance().join("typing")];
    for entry in fs::read_dir(conformance()).unwrap() {
        folders.push(entry.unwrap().path().join("csv"));
    }
    let mut found = 0;
    for folder in folders.iter().filter(|folder| folder.join("database.toml").is_file()) {
        let cache = Arc::new(CacheFolder::new(cache.path(), false));
        let plain = open(folder, &|_| {}).unwrap();
        let (first, was_read) = opened_with(folder, &cache);
        assert!(was_read, "{}", folder.display());
        assert_same(&plain, &first);
        let (second, was_read) = opened_with(folder, &cache);
        assert!(!was_read, "{}", folder.display());
        assert_same(&plain, &second);
        found += 1;
    }
    assert!(found >= 2, "{found}");
}

#[test]
fn rows_are_read_from_the_copy_afterwards() {
    let shop = Shop::new();
    let (first, _) = shop.open();
    // The rows are not in memory: without the copy there are none.
    fs::remove_file(shop.copy()).unwrap();
    assert!(first.read(first.table("t").unwrap(), &["n"]).is_err());
    // Opened again it is there again.
    let (second, was_read) = shop.open();
    assert!(was_read);
    assert_eq!(rows(&second, "t").height(), 3);
}

#[test]
fn a_changed_file_is_read_anew() {
    let shop = Shop::new();
    shop.open();
    let before = shop.copy();
    shop.write("t.csv", &ROWS.replace("0.1", "0.2"));
    let (changed, was_read) = shop.open();
    assert!(was_read);
    assert_eq!(column(&changed, "t", "x").f64().unwrap().get(0), Some(0.2));
    assert!(!before.exists() && shop.copy().exists(), "there is one copy of a table");
    assert!(!shop.open().1);
    // Its time alone is a change too.
    let file = fs::File::options().append(true).open(shop.data.path().join("t.csv")).unwrap();
    file.set_modified(UNIX_EPOCH + Duration::from_secs(1)).unwrap();
    assert!(shop.open().1);
}

#[test]
fn a_file_that_changes_again_at_once_is_read_anew() {
    let shop = Shop::new();
    for n in 0..10 {
        // Of the same size, and written within the same moment of the system's clock as far as may be.
        shop.write("t.csv", &format!("id,n\n1,{n}\n"));
        let (database, was_read) = shop.open();
        assert!(was_read);
        assert_eq!(column(&database, "t", "n").i64().unwrap().get(0), Some(n));
        assert!(!shop.open().1);
    }
}

#[test]
fn other_types_are_another_copy() {
    let shop = Shop::new();
    shop.open();
    shop.write("database.toml", "id = \"id\"\n[tables.t.types]\nn = \"string\"");
    let (stated, was_read) = shop.open();
    assert!(was_read);
    assert_eq!(texts(&stated, "t", "n"), [some("5"), None, some("7")]);
    assert!(!shop.open().1);
    // Ids are strings.
    shop.write("database.toml", "id = \"n\"");
    let (by_n, was_read) = shop.open();
    assert!(was_read);
    assert_eq!((type_of(&by_n, "t", "n"), type_of(&by_n, "t", "id")), (Type::String, Type::String));
    // A label changes nothing of the rows.
    shop.write("database.toml", "id = \"n\"\n[tables.t.columns]\nx = \"X!\"");
    assert!(!shop.open().1);
    shop.write("database.toml", "id = \"id\"\n[tables.t.types]\ns = \"integer\"");
    let (wrong, _) = shop.open();
    assert_eq!(wrong.table("t").unwrap().content.as_ref().map(|_| ()).unwrap_err().place.line, Some(4));
}

#[test]
fn damaged_copies_are_made_anew() {
    let shop = Shop::new();
    let plain = open(shop.data.path(), &|_| {}).unwrap();
    shop.open();
    let whole = fs::read(shop.copy()).unwrap();
    for at in (0..whole.len()).step_by(whole.len() / 23) {
        let mut flipped = whole.clone();
        flipped[at] ^= 0x40;
        for damaged in [whole[..at].to_vec(), flipped] {
            let copy = shop.copy();
            fs::write(&copy, damaged).unwrap();
            let (again, was_read) = shop.open();
            assert!(was_read, "at {at}");
            assert_same(&plain, &again);
        }
    }
    let entries: [_; 2] = shop.files(".segtui-cache").try_into().unwrap();
    for entry in entries {
        fs::write(entry, "nonsense").unwrap();
        let (again, was_read) = shop.open();
        assert!(was_read);
        assert_same(&plain, &again);
        assert!(!shop.open().1);
    }
    assert_eq!(shop.files(".segtui-copy").len(), 1);
}

#[test]
fn a_copy_that_is_damaged_while_it_is_open_is_an_error_and_not_another_number() {
    use segtui::app::event::SegmentFailure;
    use segtui::backend::{BackendError, Cancel};
    use segtui::local::Engine;
    let shop = Shop::new();
    let lines: String = (0..50_000).map(|row| format!("{row},{}\n", row * 7919 % 10_007)).collect();
    shop.write("t.csv", &format!("id,n\n{lines}"));
    let (database, _) = shop.open();
    let copy = shop.copy();
    let whole = fs::read(&copy).unwrap();
    fs::write(&copy, &whole[..whole.len() / 2]).unwrap();
    let engine = Engine::new(Arc::new(database));
    let counts = engine.table_counts("t", "id", engine.data_day(), &Cancel::default());
    let Err(error @ BackendError::Unreadable { .. }) = counts else { panic!("{counts:?}") };
    let SegmentFailure::Other(said) = SegmentFailure::from(error) else { panic!("not of the segment") };
    assert!(said.help_text().contains("open the database again"), "{said:?}");
    let (again, was_read) = shop.open();
    assert!(was_read);
    let engine = Engine::new(Arc::new(again));
    let counts = engine.table_counts("t", "id", engine.data_day(), &Cancel::default()).unwrap();
    assert_eq!(counts.rows, 50_000);
}

#[test]
fn where_nothing_can_be_written_rows_stay_in_memory() {
    let shop = Shop::new();
    let plain = open(shop.data.path(), &|_| {}).unwrap();
    let read_only = Arc::new(CacheFolder::new(shop.cache.path(), true));
    let (database, was_read) = opened_with(shop.data.path(), &read_only);
    assert!(was_read && fs::read_dir(shop.cache.path()).unwrap().next().is_none());
    assert_same(&plain, &database);
    assert_eq!(read_only.take_error(), None);
    // A copy that is there is used all the same.
    shop.open();
    let (database, was_read) = opened_with(shop.data.path(), &read_only);
    assert!(!was_read);
    assert_same(&plain, &database);

    let in_the_way = shop.data.path().join("database.toml");
    let blocked = Arc::new(CacheFolder::new(in_the_way, false));
    let (database, was_read) = opened_with(shop.data.path(), &blocked);
    assert!(was_read);
    assert_same(&plain, &database);
    assert!(blocked.take_error().unwrap().contains("cannot be written"));
}

#[test]
fn two_programs_at_once_do_not_disturb_each_other() {
    let shop = Shop::new();
    let plain = open(shop.data.path(), &|_| {}).unwrap();
    let databases: Vec<LocalDatabase> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..6).map(|_| scope.spawn(|| shop.open().0)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    for database in &databases {
        assert_same(&plain, database);
    }
    assert_eq!(shop.files(".segtui-copy").len(), 1);
    assert!(!shop.open().1);
}

#[test]
fn parts_packed_files_and_odd_tables_are_kept_too() {
    let text = "id,*,^a$,n\n1,x,y,\n";
    let files =
        [("p/1.csv", "id,n\n1,2\n"), ("p/2.csv", "n,id\n3,4\n"), ("none.csv", "id,n\n"), ("odd.csv", text)];
    let data = folder(&files);
    fs::write(data.path().join("z.csv.gz"), gzip(b"id,n\n1,2\n")).unwrap();
    fs::write(data.path().join("database.toml"), "id = \"id\"").unwrap();
    let cache = TempDir::new().unwrap();
    let open_it = || opened_with(data.path(), &Arc::new(CacheFolder::new(cache.path(), false)));
    let (first, was_read) = open_it();
    assert!(was_read);
    let (second, was_read) = open_it();
    assert!(!was_read);
    let plain = open(data.path(), &|_| {}).unwrap();
    for database in [&first, &second] {
        for table in ["p", "none", "z"] {
            assert!(rows(database, table).equals_missing(&rows(&plain, table)), "{table}");
        }
        let odd = database.table("odd").unwrap();
        assert_eq!(
            odd.columns().map(|column| column.name.as_str()).collect::<Vec<_>>(),
            ["id", "*", "^a$", "n"]
        );
        assert_eq!(database.read(odd, &["id"]).unwrap().height(), 1);
    }
    // Another part is another table.
    fs::write(data.path().join("p/3.csv"), "id,n\n5,6\n").unwrap();
    let (third, was_read) = open_it();
    assert!(was_read && rows(&third, "p").height() == 3);
}

/// So many rows that they are read in several runs.
fn many_rows() -> String {
    let lines: String = (0..300_000).map(|row| format!("{row},some text {row},0.5\n")).collect();
    format!("id,s,x\n{lines}")
}

#[test]
fn it_tells_how_far_it_is() {
    let shop = Shop::new();
    shop.write("t.csv", &many_rows());
    let said = Mutex::new(Vec::new());
    let say = |what: &str| said.lock().unwrap().push(what.to_owned());
    open_with(shop.data.path(), Some(&shop.cache()), ReadTask::uncancellable(&say)).unwrap();
    let said = said.into_inner().unwrap();
    let percents: Vec<u32> = said
        .iter()
        .filter_map(|what| what.strip_prefix("converting t.csv, ")?.strip_suffix('%')?.parse().ok())
        .collect();
    assert!(percents.len() > 10 && percents.contains(&100), "{percents:?}");
}

#[test]
fn it_stops_whenever_it_is_told_to_and_leaves_nothing_behind() {
    let shop = Shop::new();
    shop.write("t.csv", &many_rows());
    for asks in (0..).step_by(11) {
        let asked = AtomicUsize::new(0);
        let stop = || asked.fetch_add(1, Ordering::Relaxed) >= asks;
        match open_with(
            shop.data.path(),
            Some(&shop.cache()),
            ReadTask { report: &|_| {}, is_cancelled: &stop },
        ) {
            Err(OpenFilesError::Cancelled) => {
                assert_eq!(shop.files("copy").len() + shop.files("tmp").len(), 0)
            }
            other => {
                assert_eq!(rows(&other.unwrap(), "t").height(), 300_000);
                assert!(asks > 50, "{asks}");
                break;
            }
        }
    }
}

#[test]
fn a_file_that_changes_while_it_is_converted_is_noticed() {
    let shop = Shop::new();
    let text = many_rows();
    for cache in [Some(shop.cache()), None] {
        shop.write("t.csv", &text);
        let is_changed = AtomicBool::new(false);
        let say = |what: &str| {
            let is_half = what.contains(", 5") && what.ends_with('%');
            if is_half && !is_changed.swap(true, Ordering::Relaxed) {
                shop.write("t.csv", &text.replace("0.5", "0.6"));
            }
        };
        let database = open_with(shop.data.path(), cache.as_ref(), ReadTask::uncancellable(&say)).unwrap();
        let error = database.table("t").unwrap().content.as_ref().map(|_| ()).unwrap_err();
        assert_eq!(error.message, "has changed while it was read");
        assert!(database.changed().is_some() && shop.files("copy").is_empty());
    }
    let (database, was_read) = shop.open();
    assert!(was_read);
    assert_eq!(column(&database, "t", "x").f64().unwrap().max(), Some(0.6));
}
