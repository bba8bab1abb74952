//! Texts that say what a database was read from.

use std::time::{Duration, UNIX_EPOCH};

use segtui::local::files::LocalTable;

use super::*;

const MANIFEST: &str = "id = \"id\"\n[tables.t]\nlookups = [{ table = \"p\", on = \"p\" }]\n";

fn shop() -> TempDir {
    let files = [("t.csv", "id,p,n\n1,a,5\n"), ("p.csv", "p,price\na,3\n"), ("u.csv", "id,x\n1,2\n")];
    folder(&[&files[..], &[("database.toml", MANIFEST)]].concat())
}

fn taken(folder: &TempDir) -> (Option<String>, Vec<Option<String>>) {
    let database = open(folder.path(), &|_| {}).unwrap();
    let tables = ["p", "t", "u"].map(|table| database.table_fingerprint(table).map(str::to_owned));
    (database.fingerprint().map(str::to_owned), tables.to_vec())
}

/// Which of the tables p, t and u have another fingerprint after a change; the database always has.
fn changed(change: impl Fn(&Path)) -> [bool; 3] {
    let shop = shop();
    let before = taken(&shop);
    assert_eq!(taken(&shop), before, "the same while nothing changes");
    assert!(before.0.is_some() && before.1.iter().all(Option::is_some));
    change(shop.path());
    let after = taken(&shop);
    assert_ne!(after.0, before.0);
    std::array::from_fn(|at| after.1[at] != before.1[at])
}

fn write(name: &'static str, text: &'static str) -> impl Fn(&Path) {
    move |folder| fs::write(folder.join(name), text).unwrap()
}

#[test]
fn a_fingerprint_changes_with_all_that_the_content_depends_on() {
    assert_eq!(changed(write("t.csv", "id,p,n\n1,a,55\n")), [false, true, false], "its file");
    assert_eq!(changed(write("p.csv", "p,price\na,33\n")), [true, true, false], "a lookup's file");
    let touched = |folder: &Path| {
        let file = fs::File::options().append(true).open(folder.join("u.csv")).unwrap();
        file.set_modified(UNIX_EPOCH + Duration::new(5, 7)).unwrap();
    };
    assert_eq!(changed(touched), [false, false, true], "its time alone");
    let renamed = |folder: &Path| {
        fs::rename(folder.join("u.csv"), folder.join("u.CSV")).unwrap();
    };
    assert_eq!(changed(renamed), [false, false, true], "its name alone");
    let more = |text: &str| format!("{MANIFEST}{text}");
    let manifest =
        |text: String| move |folder: &Path| fs::write(folder.join("database.toml"), &text).unwrap();
    assert_eq!(changed(manifest(more("types = { n = \"string\" }"))), [false, true, false], "a type");
    assert_eq!(changed(manifest(more("id = { id = \"p\" }"))), [false, true, false], "its id");
    assert_eq!(changed(manifest(more("label = \"T\""))), [false; 3], "a label is the database's only");
    assert_eq!(
        changed(manifest(format!("currency = \"EUR\"\n{MANIFEST}"))),
        [false; 3],
        "so is the currency"
    );
}

#[test]
fn a_damaged_table_has_none_and_is_a_part_of_the_databases() {
    let twice = [("x.csv", "customer_id\n1\n"), ("x.parquet", "")];
    let files = [("t.csv", "customer_id,n\n1,5\n"), ("bad.csv", "customer_id,n\n1\n")];
    let bad = folder(&[files, twice].concat());
    let database = open(bad.path(), &|_| {}).unwrap();
    assert!(database.table_fingerprint("t").is_some());
    assert!(["bad", "x", "nothing"].iter().all(|name| database.table_fingerprint(name).is_none()));
    let before = database.fingerprint().unwrap().to_owned();
    fs::write(bad.path().join("bad.csv"), "customer_id,n\n1,2\n").unwrap();
    let repaired = open(bad.path(), &|_| {}).unwrap();
    assert_ne!(repaired.fingerprint().unwrap(), before);
    assert!(repaired.table_fingerprint("bad").is_some());
}

#[test]
fn lists_are_no_part_of_it() {
    let shop = shop();
    let database = open(shop.path(), &|_| {}).unwrap();
    let other = folder(&[("l.csv", "customer_id,x\n1,2\n")]);
    let tables = open(other.path(), &|_| {}).unwrap().tables.clone();
    let list: Vec<_> = tables.into_iter().map(|table| LocalTable { table, frame: None }).collect();
    assert_eq!(database.with_workspace_tables(&list).fingerprint(), database.fingerprint());
}
