//! Files that change while their database is open: an answer is of what was opened, or there is none.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use chrono::NaiveDate;
use polars::prelude::*;
use segtui::backend::ReadTask;
use segtui::backend::{BackendError, Cancel, Task};
use segtui::database::{Change, ChangeKind};
use segtui::diagnostic::Diagnostic;
use segtui::local::Engine;
use segtui::local::cache::CacheFolder;
use segtui::local::files::open_with;
use segtui::segment::{Ids, Lists, Query, Segment};
use serde_json::{Value, json};
use tempfile::TempDir;

const AS_OF: NaiveDate = NaiveDate::from_ymd_opt(2024, 2, 29).unwrap();
const ID: &str = "customer_id";

/// How a table is written, so that there is something to change it to.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Parquet,
    /// Read where it is.
    Csv,
    /// Read from a copy.
    CopiedCsv,
}

const KINDS: [Kind; 3] = [Kind::Parquet, Kind::Csv, Kind::CopiedCsv];

struct Shop {
    folder: TempDir,
    cache: Arc<CacheFolder>,
    kind: Kind,
}

impl Shop {
    /// With a table `t` of customers with these values, and a table `u` that stays as it is.
    fn new(kind: Kind, rows: &[(&str, i64)]) -> Self {
        let folder = TempDir::new().unwrap();
        fs::create_dir(folder.path().join("data")).unwrap();
        let cache = Arc::new(CacheFolder::new(folder.path().join("cache"), kind != Kind::CopiedCsv));
        let shop = Self { folder, cache, kind };
        fs::write(shop.path("u.csv"), "customer_id,y\n1,1\n2,2\n").unwrap();
        shop.write(rows);
        shop
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join("data").join(name)
    }

    fn file(&self) -> PathBuf {
        self.path(if self.kind == Kind::Parquet { "t.parquet" } else { "t.csv" })
    }

    /// As most programs write: beside it, then in its place.
    fn write(&self, rows: &[(&str, i64)]) {
        let replacement = self.path(".replacement");
        write(&replacement, self.kind, rows);
        fs::rename(replacement, self.file()).unwrap();
    }

    fn open(&self) -> Engine {
        let stop = || false;
        let work = ReadTask { report: &|_| {}, is_cancelled: &stop };
        let database = open_with(&self.folder.path().join("data"), Some(&self.cache), work).unwrap();
        Engine::new(Arc::new(database)).with_cache(self.cache.of(&self.folder.path().join("data")))
    }

    fn change(&self) -> BackendError {
        self.change_to(Some("t"), self.file(), ChangeKind::Changed)
    }

    fn change_to(&self, table: Option<&str>, file: PathBuf, kind: ChangeKind) -> BackendError {
        BackendError::Changed(Change { table: table.map(str::to_owned), file, kind })
    }
}

fn write(file: &Path, kind: Kind, rows: &[(&str, i64)]) {
    let (ids, values): (Vec<&str>, Vec<i64>) = rows.iter().copied().unzip();
    if kind == Kind::Parquet {
        let mut frame = df!(ID => ids, "x" => values).unwrap();
        ParquetWriter::new(File::create(file).unwrap()).finish(&mut frame).unwrap();
    } else {
        let rows: String = rows.iter().map(|(id, x)| format!("{id},{x}\n")).collect();
        fs::write(file, format!("{ID},x\n{rows}")).unwrap();
    }
}

fn segment(nodes: Value) -> Segment {
    let document = json!({
        "format": "segtui/segment", "version": 1, "id": "seg_1", "name": "n", "activation_id": ID,
        "include": {"match": "all", "of": nodes},
    });
    Segment::from_json(&document.to_string()).unwrap()
}

fn positive() -> Value {
    json!({"attribute": {"table": "t", "column": "x"}, "op": "is_greater_than", "value": 0})
}

fn members(engine: &Engine) -> Result<Vec<String>, BackendError> {
    engine.members(&segment(json!([positive()])), AS_OF, &Cancel::default())
}

#[test]
fn after_a_change_nothing_is_answered_until_it_is_opened_again() {
    for kind in KINDS {
        let shop = Shop::new(kind, &[("1", 1), ("2", 0)]);
        let engine = shop.open();
        assert_eq!(members(&engine).unwrap(), ["1"], "{kind:?}");
        assert_eq!(engine.change(), None);
        shop.write(&[("1", 0), ("2", 1), ("3", 1)]);
        let (all, cancel) = (segment(json!([positive()])), Cancel::default());
        let query = Query::parse("SELECT customer_id FROM u", AS_OF).unwrap();
        // Of whatever table: what is known of the database is of another time than what is read now.
        let refusals = [
            members(&engine).map(drop),
            engine.evaluate(&all, AS_OF, &cancel).map(drop),
            engine.evaluate_strictly(&segment(json!([])), AS_OF, &cancel).map(drop),
            engine.value_counts("u", "y", &all, None, AS_OF, &cancel).map(drop),
            engine.table_counts("u", ID, AS_OF, &cancel).map(drop),
            engine.count_ids(&["1".to_owned()], ID, &cancel).map(drop),
            engine.customers_of(&query, ID, &cancel).map(drop),
            engine.advise(&all, AS_OF, &cancel).map(drop),
            engine.check_with_rows(&all, AS_OF, &cancel).map(drop),
            engine.database_with_rows(["u"], AS_OF, &cancel).map(drop),
            engine.read_ahead(ID, AS_OF, Task::new(&cancel)),
            engine.check_unchanged(),
        ];
        for (number, refusal) in refusals.into_iter().enumerate() {
            assert_eq!(refusal, Err(shop.change()), "{kind:?} {number}");
        }
        assert_eq!(engine.change().unwrap().file, shop.file());
        assert_eq!(members(&shop.open()).unwrap(), ["2", "3"], "{kind:?}");
        assert_eq!(members(&engine), Err(shop.change()), "for good");
    }
}

/// Changes a file while it is asked for a list.
struct Meddler(Mutex<Option<Box<dyn FnOnce() + Send>>>);

impl Lists for Meddler {
    fn segment(&self, id: &str) -> Result<Arc<Segment>, Diagnostic> {
        Err(Diagnostic::new(id.to_owned()))
    }

    fn file(&self, _: &str, _: &str) -> Result<Ids, Diagnostic> {
        if let Some(meddle) = self.0.lock().unwrap().take() {
            meddle();
        }
        Ok(Ids::from(["1", "2", "3"].map(str::to_owned).to_vec()))
    }

    fn query(&self, path: &str) -> Result<String, Diagnostic> {
        self.segment(path).map(|_| String::new())
    }
}

#[test]
fn a_change_during_an_answer_leaves_no_answer() {
    let listed = json!({"list": {"file": "some.csv"}, "op": "is_member"});
    // With an index that is known already, and with all still to be read.
    for (kind, is_known) in KINDS.into_iter().flat_map(|kind| [(kind, true), (kind, false)]) {
        let shop = Shop::new(kind, &[("1", 1), ("2", 0)]);
        let (replacement, file) = (shop.path(".replacement"), shop.file());
        write(&replacement, kind, &[("1", 0), ("2", 1), ("3", 1)]);
        let meddle = Box::new(move || fs::rename(replacement, file).unwrap());
        let engine = shop.open().with_lists(Arc::new(Meddler(Mutex::new(Some(meddle)))));
        if is_known {
            engine.read_ahead(ID, AS_OF, Task::new(&Cancel::default())).unwrap();
        }
        let both = segment(json!([listed, positive()]));
        assert_eq!(engine.evaluate(&both, AS_OF, &Cancel::default()), Err(shop.change()), "{kind:?}");
        assert_eq!(members(&engine), Err(shop.change()), "{kind:?}");
        // Neither is what was read meanwhile kept for those who come after, in memory or in the cache.
        let after = shop.open().with_lists(Arc::new(Meddler(Mutex::new(None))));
        assert_eq!(after.members(&both, AS_OF, &Cancel::default()).unwrap(), ["2", "3"], "{kind:?}");
    }
}

#[test]
fn a_file_that_cannot_be_read_because_it_changes_has_changed() {
    let shop = Shop::new(Kind::Parquet, &[("1", 1), ("2", 0)]);
    let engine = shop.open();
    let file = shop.file();
    let meddle = Box::new(move || {
        fs::write(file.with_extension("half"), "PAR1").unwrap();
        fs::rename(file.with_extension("half"), file).unwrap();
    });
    let engine = engine.with_lists(Arc::new(Meddler(Mutex::new(Some(meddle)))));
    let both = segment(json!([{"list": {"file": "some.csv"}, "op": "is_member"}, positive()]));
    assert_eq!(engine.members(&both, AS_OF, &Cancel::default()), Err(shop.change()));
    // Half a file is a damaged table, and the other half is noticed too.
    let half = shop.open();
    assert!(half.database().table("t").unwrap().content.is_err());
    assert_eq!(half.check_unchanged(), Ok(()));
    shop.write(&[("1", 1)]);
    assert_eq!(half.check_unchanged(), Err(shop.change()));
}

#[test]
#[cfg(unix)]
fn the_same_size_and_time_of_writing_is_a_change_all_the_same() {
    for kind in KINDS {
        let shop = Shop::new(kind, &[("1", 1), ("2", 0)]);
        let engine = shop.open();
        assert_eq!(members(&engine).unwrap(), ["1"]);
        let before = fs::metadata(shop.file()).unwrap();
        shop.write(&[("1", 0), ("2", 1)]);
        let file = File::options().append(true).open(shop.file()).unwrap();
        file.set_modified(before.modified().unwrap()).unwrap();
        let after = fs::metadata(shop.file()).unwrap();
        assert_eq!((after.len(), after.modified().unwrap()), (before.len(), before.modified().unwrap()));
        assert_eq!(members(&engine), Err(shop.change()), "{kind:?}");
    }
}

#[test]
fn a_table_that_is_removed_has_changed() {
    for kind in KINDS {
        let shop = Shop::new(kind, &[("1", 1)]);
        let engine = shop.open();
        fs::remove_file(shop.file()).unwrap();
        assert_eq!(
            members(&engine),
            Err(shop.change_to(Some("t"), shop.file(), ChangeKind::Gone)),
            "{kind:?}"
        );
        let without = shop.open();
        assert_eq!(without.database().tables.len(), 1);
        assert_eq!(without.check_unchanged(), Ok(()));
        // It comes back as a table that is not known yet.
        shop.write(&[("1", 1)]);
        assert_eq!(without.check_unchanged(), Err(shop.change_to(Some("t"), shop.file(), ChangeKind::New)));
    }
}

#[test]
fn a_part_that_is_added_or_removed_is_a_change() {
    for folder in ["p", "p.csv"] {
        let shop = Shop::new(Kind::Csv, &[("1", 1)]);
        let [one, two] = ["1.csv", "2.csv"].map(|name| shop.path(folder).join(name));
        fs::create_dir(shop.path(folder)).unwrap();
        fs::write(&one, "customer_id,z\n1,1\n").unwrap();
        let engine = shop.open();
        for bookkeeping in ["_SUCCESS.csv", ".2.csv", "notes.txt"] {
            fs::write(shop.path(folder).join(bookkeeping), "x").unwrap();
            assert_eq!(engine.check_unchanged(), Ok(()), "{bookkeeping}");
        }
        fs::write(&two, "customer_id,z\n2,1\n").unwrap();
        assert_eq!(members(&engine), Err(shop.change_to(Some("p"), two.clone(), ChangeKind::New)));
        let engine = shop.open();
        assert_eq!(engine.database().table("p").unwrap().content.as_ref().unwrap().rows, Some(2));
        fs::remove_file(&one).unwrap();
        assert_eq!(members(&engine), Err(shop.change_to(Some("p"), one, ChangeKind::Gone)));
    }
}

#[test]
fn a_table_that_is_added_is_a_change() {
    let shop = Shop::new(Kind::Csv, &[("1", 1)]);
    let engine = shop.open();
    fs::create_dir(shop.path("empty")).unwrap();
    assert_eq!(engine.check_unchanged(), Ok(()));
    let part = shop.path("empty").join("1.csv");
    fs::write(&part, "customer_id,z\n1,1\n").unwrap();
    assert_eq!(engine.check_unchanged(), Err(shop.change_to(Some("empty"), part, ChangeKind::New)));
    // Beside another of its name, neither is a table.
    let engine = shop.open();
    fs::write(shop.path("t.parquet"), "").unwrap();
    assert_eq!(engine.check_unchanged(), Err(shop.change_to(Some("t"), shop.file(), ChangeKind::Changed)));
    let engine = shop.open();
    assert!(engine.database().table("t").unwrap().content.is_err());
    fs::remove_file(shop.path("t.parquet")).unwrap();
    assert_eq!(
        engine.check_unchanged(),
        Err(shop.change_to(Some("t"), shop.file(), ChangeKind::New)),
        "as a table"
    );
}

#[test]
fn files_are_found_where_the_manifest_says_and_so_is_the_manifest() {
    let shop = Shop::new(Kind::Csv, &[("1", 1)]);
    let manifest = shop.path("database.toml");
    let engine = shop.open();
    let text = "id = \"customer_id\"\n[tables.far]\nfile = \"far/*/*.csv\"\n";
    fs::write(&manifest, text).unwrap();
    assert_eq!(members(&engine), Err(shop.change_to(None, manifest.clone(), ChangeKind::New)));
    let engine = shop.open();
    assert_eq!(engine.check_unchanged(), Ok(()));
    assert!(engine.database().table("far").unwrap().content.is_err());
    fs::create_dir_all(shop.path("far/2026")).unwrap();
    assert_eq!(engine.check_unchanged(), Ok(()));
    let file = shop.path("far/2026/jan.csv");
    fs::write(&file, "customer_id,z\n1,1\n").unwrap();
    assert_eq!(engine.check_unchanged(), Err(shop.change_to(Some("far"), file, ChangeKind::New)));
    let engine = shop.open();
    // As long as before.
    fs::write(&manifest, text.replace("far/", "fur/")).unwrap();
    assert_eq!(members(&engine), Err(shop.change_to(None, manifest.clone(), ChangeKind::Changed)));
    let engine = shop.open();
    fs::remove_file(&manifest).unwrap();
    assert_eq!(members(&engine), Err(shop.change_to(None, manifest, ChangeKind::Gone)));
}

#[test]
fn what_is_no_part_of_a_table_is_no_change() {
    let shop = Shop::new(Kind::Csv, &[("1", 1)]);
    let engine = shop.open();
    fs::write(shop.path("notes.txt"), "x").unwrap();
    fs::read(shop.file()).unwrap();
    assert_eq!(members(&engine).unwrap(), ["1"]);
}

#[test]
fn a_cancelled_answer_is_cancelled_whatever_has_changed() {
    let shop = Shop::new(Kind::Csv, &[("1", 1)]);
    let (file, cancel) = (shop.file(), Cancel::default());
    let other = cancel.clone();
    let meddle = Box::new(move || {
        fs::write(file, "customer_id,x\n9,9\n").unwrap();
        other.cancel();
    });
    let engine = shop.open().with_lists(Arc::new(Meddler(Mutex::new(Some(meddle)))));
    let both = segment(json!([{"list": {"file": "some.csv"}, "op": "is_member"}, positive()]));
    assert_eq!(engine.evaluate(&both, AS_OF, &cancel), Err(BackendError::Cancelled));
    assert_eq!(members(&engine), Err(shop.change()), "the next one tells");
}
