//! Folders and files as other tools write them.

use std::sync::Arc;

use segtui::backend::ReadTask;
use segtui::backend::{Cancel, CountTable};
use segtui::database::ChangeKind;
use segtui::local::Engine;
use segtui::local::files::draft_manifest;

use super::*;

fn write(folder: &TempDir, name: &str, bytes: &[u8]) {
    let path = folder.path().join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

fn messages(notes: &[segtui::database::Note]) -> Vec<String> {
    notes.iter().map(|note| note.message.clone()).collect()
}

fn integers(database: &LocalDatabase, table: &str, name: &str) -> Vec<Option<i64>> {
    column(database, table, name).i64().unwrap().iter().collect()
}

/// Parts of three years with so many rows each, the last without a year.
fn years(extension: &str) -> TempDir {
    let shop = folder(&[("customers.csv", "customer_id\n1\n2\n3\n")]);
    for (year, ids) in
        [("2023", vec![1, 2, 3]), ("2024", vec![2]), ("__HIVE_DEFAULT_PARTITION__", vec![3, 3])]
    {
        let name = format!("orders/year={year}/store=New%20Ulm/part-0.{extension}");
        if extension == "csv" {
            let rows: String = ids.iter().map(|id| format!("{id},{}\n", id * 10)).collect();
            write(&shop, &name, format!("customer_id,total\n{rows}").as_bytes());
        } else {
            let total: Vec<i64> = ids.iter().map(|id| id * 10).collect();
            fs::create_dir_all(shop.path().join(&name).parent().unwrap()).unwrap();
            write_parquet(&shop.path().join(&name), df!("customer_id" => ids, "total" => total).unwrap());
        }
    }
    shop
}

#[test]
fn keys_of_folders_are_columns() {
    for extension in ["csv", "parquet"] {
        let shop = years(extension);
        let database = open(shop.path(), &|_| {}).unwrap();
        let orders = database.table("orders").unwrap();
        assert!(orders.notes.is_empty() && database.notes.is_empty());
        assert_eq!(type_of(&database, "orders", "year"), Type::Integer);
        assert_eq!(
            integers(&database, "orders", "year"),
            [Some(2023), Some(2023), Some(2023), Some(2024), None, None],
            "{extension}"
        );
        assert_eq!(integers(&database, "orders", "total"), [10, 20, 30, 20, 30, 30].map(Some));
        assert_eq!(texts(&database, "orders", "store"), vec![some("New Ulm"); 6]);
        // Rows are read a part at a time, which may begin within any file.
        let frame = database.frame(orders).unwrap();
        for first in 0..6 {
            let slice = frame.clone().select([col("year"), col("total")]).slice(first, 2).collect().unwrap();
            let whole = frame.clone().select([col("year"), col("total")]).collect().unwrap();
            assert!(slice.equals_missing(&whole.slice(first, 2)), "{extension} {first}");
        }
    }
}

#[test]
fn new_parts_in_folders_of_keys_are_noticed() {
    let shop = years("csv");
    let database = open(shop.path(), &|_| {}).unwrap();
    assert_eq!(database.changed(), None);
    write(&shop, "orders/year=2025/store=Graz/part-0.csv", b"customer_id,total\n1,1\n");
    let change = database.changed().unwrap();
    assert_eq!((change.table.as_deref(), change.kind), (Some("orders"), ChangeKind::New));
    assert!(change.file.ends_with("year=2025/store=Graz/part-0.csv"));
}

#[test]
fn a_key_that_is_in_the_files_too_is_said() {
    let shop = folder(&[
        ("customers.csv", "customer_id\n1\n"),
        ("orders/year=2024/a.csv", "year,customer_id\nx,1\n"),
        ("orders/year=2025/a.csv", "customer_id,year\n1,y\n"),
    ]);
    let database = open(shop.path(), &|_| {}).unwrap();
    let orders = database.table("orders").unwrap();
    assert_eq!(integers(&database, "orders", "year"), [Some(2024), Some(2025)]);
    assert_eq!(orders.columns().count(), 2);
    assert_eq!(orders.notes[0].place.as_deref(), Some("year"));
    assert!(orders.notes[0].message.contains("the names of the folders"), "{}", orders.notes[0]);
    write(&shop, "orders/year=2024/a.csv", b"year,customer_id\nx,1\n");
    write(&shop, "database.toml", b"[tables.orders]\nid = { customer_id = \"year\" }");
    let database = open(shop.path(), &|_| {}).unwrap();
    let error = database.table("orders").unwrap().content.as_ref().map(|_| ()).unwrap_err();
    assert!(error.message.contains("the ID \"year\""), "{error}");
}

#[test]
fn unlike_folders_of_keys_are_an_error() {
    let error = damage(&[
        ("t/year=2024/month=01/a.csv", "amperity_id\n1\n"),
        ("t/year=2025/a.csv", "amperity_id\n1\n"),
        ("u.csv", "amperity_id\n1\n"),
    ]);
    assert!(error.message.contains("not alike") && error.message.contains("year=2024/month=01"), "{error}");
    assert!(error.place.file.ends_with("t/year=2025/a.csv"));
}

#[test]
fn tables_with_a_log_are_refused_by_name() {
    for (log, name) in [
        ("t/_delta_log/0.json", "Delta"),
        ("t/metadata/v2.metadata.json", "Iceberg"),
        ("t/.hoodie/hoodie.properties", "Hudi"),
    ] {
        for part in ["t/a.csv", "t/data/a.csv", "t/y=1/a.csv"] {
            for manifest in ["", "[tables.t]\nfile = \"t/*/*.csv\"", "[tables.t]\nfile = \"t\""] {
                let files = [
                    (log, "{}"),
                    (part, "amperity_id\n1\n"),
                    ("u.csv", "amperity_id\n1\n"),
                    ("database.toml", manifest),
                ];
                if manifest.contains('*') && part == "t/a.csv"
                    || manifest.ends_with("\"t\"") && part == "t/data/a.csv"
                {
                    continue;
                }
                let error = damage(&files);
                assert!(error.message.contains(name), "{log} {part} {manifest}: {error}");
            }
        }
        let inner = folder(&[(log, "{}"), ("t/a.csv", "amperity_id\n1\n")]);
        let error = open(&inner.path().join("t"), &|_| {}).unwrap_err();
        assert!(error.message.contains(name), "{error}");
    }
}

#[test]
fn first_bytes_go_before_names() {
    let text = "amperity_id,n\na,1\nb,2\n";
    let shop = TempDir::new().unwrap();
    write(&shop, "plain.csv.gz", text.as_bytes());
    write(&shop, "gzip.csv", &gzip(text.as_bytes()));
    write(&shop, "zstd.tsv", &zstd::encode_all(text.as_bytes(), 1).unwrap());
    write(&shop, "nameless.gz", &gzip(text.as_bytes()));
    let mut parquet = Vec::new();
    let mut frame = df!("amperity_id" => ["a", "b"], "n" => [1i64, 2]).unwrap();
    ParquetWriter::new(&mut parquet).finish(&mut frame).unwrap();
    for name in ["parquet.csv", "parq.parq", "hive/000000_0", "hive/000001_0"] {
        write(&shop, name, &parquet);
    }
    let database = open(shop.path(), &|_| {}).unwrap();
    for table in ["plain", "gzip", "zstd", "nameless", "parquet", "parq"] {
        assert_eq!(integers(&database, table, "n"), [Some(1), Some(2)], "{table}");
    }
    assert_eq!(integers(&database, "hive", "n"), [1, 2, 1, 2].map(Some));
    assert!(database.notes.is_empty(), "{:?}", database.notes);
}

#[test]
fn what_is_no_table_says_what_it_is() {
    for (bytes, what) in [
        (
            &b"PK\x03\x04\x14\0\x06\0\x08\0\0\0!\0\0\0\0\0\0\0\0\0\0\0\0\0\x13\0\0\0[Content_Types].xml"[..],
            "Excel",
        ),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 3\n", "Git LFS"),
        (b"<!DOCTYPE html><html></html>", "HTML"),
        (b"[{\"amperity_id\": 1}]", "JSON"),
        (b"Obj\x01\x02", "Avro"),
    ] {
        let shop = folder(&[("u.csv", "amperity_id\n1\n")]);
        write(&shop, "t.csv", bytes);
        let database = open(shop.path(), &|_| {}).unwrap();
        let error = database.table("t").unwrap().content.as_ref().map(|_| ()).unwrap_err();
        assert!(error.message.contains(what) && error.place.file.ends_with("t.csv"), "{error}");
        assert!(error.help.is_some());
        write(&shop, "t.csv", b"amperity_id\n1\n");
        assert_eq!(database.changed().unwrap().table.as_deref(), Some("t"), "what replaces it is noticed");
    }
}

#[test]
fn other_data_is_named_once() {
    let database = opened(&[
        ("t.csv", "amperity_id\n1\n"),
        ("items.xlsx", ""),
        ("events.jsonl", ""),
        ("readme.md", ""),
        ("logo.png", ""),
        ("words.txt", "some words, and more\n"),
        ("workspace/workspace.json", "{}"),
    ]);
    assert_eq!(
        messages(&database.notes),
        ["\"events.jsonl\", \"items.xlsx\" are no tables, and not read: segtui reads CSV and Parquet"]
    );
    let text = opened(&[("t.csv", "amperity_id\n1\n"), ("orders.txt", "amperity_id\tn\n1\t2\n")]);
    assert_eq!(text.notes[0].help_text(), "[tables.orders]\nfile = \"orders.txt\"");
    let nested = opened(&[("t.csv", "amperity_id\n1\n"), ("u/2024/a.csv", "amperity_id\n1\n")]);
    assert!(nested.notes[0].message.contains("\"u\" is no table"), "{}", nested.notes[0]);
    assert_eq!(nested.notes[0].help_text(), "[tables.u]\nfile = \"u/*\"");
    let above = [("year=2024/a.csv", "amperity_id\n1\n")];
    assert!(open_files(&above).unwrap_err().message.contains("\"year=2024\" is left out"));
    let taken = opened(&[
        ("t.csv", "amperity_id\n1\n"),
        ("u/2024/a.csv", "amperity_id\n1\n"),
        ("database.toml", nested.notes[0].help_text()),
    ]);
    assert!(taken.notes.is_empty() && rows(&taken, "u").height() == 1);
    for clean in ["parquet", "csv"] {
        let database = open(&conformance().join(clean), &|_| {}).unwrap();
        assert!(database.notes.is_empty() && database.tables.iter().all(|table| table.notes.is_empty()));
    }
}

#[test]
fn doubt_about_the_id_is_refused_with_candidates() {
    let refused = |files: &[(&str, &str)]| open_files(files).unwrap_err();
    let id = refused(&[("customers.csv", "id,name\n1,a\n"), ("orders.csv", "id,user_id\n1,1\n")]);
    assert!(id.message.contains("\"id\", may mean something else in each"), "{id}");
    assert_eq!(
        id.help_text(),
        "id = \"user_id\"\nor\n[tables.customers]\nid = { customer_id = \"id\" }\n[tables.orders]\n\
         id = { customer_id = \"user_id\" }\n# candidates are \"user_id\", \"id\", \"name\""
    );
    for name in ["ID", "Name", "key", "index", "ROW", "value"] {
        let [a, b] = ["a", "b"].map(|other| format!("{name},{other}\n1,2\n"));
        refused(&[("a.csv", &a), ("b.csv", &b)]);
        assert_eq!(open_files(&[("a.csv", &format!("{name}\n1\n"))]).unwrap().default_id, name, "one table");
    }
    for (values, what) in [("1.5", "decimal"), ("2024-01-31", "date"), ("true", "boolean")] {
        let tables = ["a", "b"].map(|other| format!("at,{other}\n{values},2\n"));
        let error = refused(&[("a.csv", &tables[0]), ("b.csv", &tables[1])]);
        assert!(error.message.contains(&format!("is a {what}")), "{error}");
    }
    let many: String = (0..30).map(|at| format!("{}{at},", "x".repeat(990))).collect();
    let long = refused(&[("a.csv", &format!("{many}z\n")), ("b.csv", "y\n")]);
    assert!(long.to_string().len() + long.help_text().len() < 1500, "{}", long.help_text());
}

#[test]
fn a_damaged_table_may_have_had_the_id() {
    let database = opened(&[("a.csv", "\"x\n"), ("b.csv", "customer_id\n1\n")]);
    assert!(database.notes[0].message.contains("\"a\" cannot be read"), "{:?}", database.notes);
    assert_eq!(database.notes[0].help_text(), "id = \"customer_id\"");
    let declared = opened(&[
        ("a.csv", "\"x\n"),
        ("b.csv", "customer_id\n1\n"),
        ("database.toml", "id = \"customer_id\""),
    ]);
    assert!(declared.notes.is_empty());
}

fn unmatched(customers: &str, orders: &str) -> Option<segtui::database::Note> {
    let shop = folder(&[
        ("customers.csv", &format!("customer_id\n{customers}\n")),
        ("orders.csv", &format!("customer_id,n\n{orders}\n")),
    ]);
    let database = open(shop.path(), &|_| {}).unwrap();
    let question = CountTable {
        table: "orders".to_owned(),
        activation_id: "customer_id".to_owned(),
        as_of: chrono::NaiveDate::from_ymd_opt(2024, 1, 1).unwrap(),
    };
    Engine::new(Arc::new(database)).unmatched_ids(&question, &Cancel::default()).unwrap()
}

#[test]
fn ids_that_nobody_has_are_said_with_what_would_meet() {
    for (customers, orders, would) in [
        ("1\n2\n3", "1.0,5\n2.0,5\n,5\n1.0,6\n9.0,1", "without \".0\" at the end 2 of 3 would meet"),
        ("1\n2", " 1,5\n2 ,5", "without blanks around them 2 of 2 would meet"),
        ("A1\nb2", "a1,5\nB2,5", "in small letters 2 of 2 would meet"),
        ("007", "7,5", "without leading zeros 1 of 1 would meet"),
    ] {
        let note = unmatched(customers, orders).unwrap();
        assert!(
            note.message.starts_with("none of its ids is of a customer") && note.message.ends_with(would),
            "{note}"
        );
        assert_eq!(note.place.as_deref(), Some("customer_id"));
    }
    let other = unmatched("1\n2\n3", "x,5\ny,5\nz,5").unwrap();
    assert!(
        other.message.ends_with("\"x\", \"y\", those of the customers are such as \"1\", \"2\""),
        "{other}"
    );
    assert_eq!(unmatched("1\n2", "1,5\nx,5"), None, "some meet");
    assert_eq!(unmatched("1\n2", ",5"), None, "there are none");
}

#[test]
fn keys_of_the_manifest_are_checked_with_their_line() {
    for (text, line, says) in [
        ("name = \"x\"\ncvs = {}", 2, "cvs"),
        ("[tables.t]\ncsv = { header = 3 }", 2, "header is true, false or a list of names"),
        ("[tables.t]\ncsv = { date = 3 }", 2, "a text or a list of texts"),
        ("[tables.t]\n\ncsv = { seperator = \";\" }", 3, "seperator"),
        ("[tables.t]\ncsv = { separator = \";;\" }", 2, "no separator"),
        ("[tables.t]\ncsv = { encoding = \"latin-99\" }", 2, "no encoding"),
        ("[tables.t]\nparts = \"all\"", 2, "union"),
        ("[tables.t]\ncsv = { bad_lines = \"keep\" }", 2, "skip"),
    ] {
        let error = open_files(&[("t.csv", "amperity_id\n"), ("database.toml", text)]).unwrap_err();
        assert_eq!(error.place.line, Some(line), "{text}: {error}");
        assert!(error.message.contains(says), "{text}: {error}");
    }
}

fn draft(folder: &TempDir) -> segtui::local::files::ManifestDraft {
    draft_manifest(folder.path(), None, ReadTask::uncancellable(&|_| {})).unwrap()
}

#[test]
fn a_drafted_manifest_changes_nothing() {
    let shop = folder(&[
        ("Customers.csv", "customer_id,city\n1,a\n"),
        ("my \"orders\"/2024/a.csv", "customer_id,total\n1,2\n"),
        ("items/a.csv", "customer_id,total\n1,2\n"),
        ("items/old/a.csv", "customer_id,total\n1,2\n"),
        ("notes.xlsx", ""),
        ("broken.csv", "customer_id\n\"1\n"),
    ]);
    let before = open(shop.path(), &|_| {}).unwrap();
    let draft = draft(&shop);
    assert_eq!((draft.tables, draft.activation_id.as_deref()), (3, Some("customer_id")), "{}", draft.text);
    assert!(draft.suggestions >= 2, "{}", draft.text);
    write(&shop, "database.toml", draft.text.as_bytes());
    let after = open(shop.path(), &|_| {}).unwrap();
    assert_eq!(
        (&after.name, &after.default_id, &after.tables, format!("{:?}", after.roles), &after.notes),
        (&before.name, &before.default_id, &before.tables, format!("{:?}", before.roles), &before.notes)
    );
    assert!(draft.text.contains("# file = \"items/*\""), "{}", draft.text);
    let unknown = "# tables.'my \"orders\"'.file = 'my \"orders\"/*'";
    assert!(draft.text.contains(unknown), "{}", draft.text);
    take_each_line(&shop, &draft.text);
}

#[test]
fn a_manifest_is_drafted_where_the_id_is_in_doubt() {
    let shop = folder(&[("customers.csv", "id,name\n1,a\n"), ("orders.csv", "id,user_id\n1,1\n")]);
    let refused = open(shop.path(), &|_| {}).unwrap_err();
    let draft = draft(&shop);
    assert_eq!((draft.activation_id, draft.suggestions), (None, 3), "{}", draft.text);
    write(&shop, "database.toml", draft.text.as_bytes());
    assert_eq!(open(shop.path(), &|_| {}).unwrap_err().message, refused.message);
    let chosen = draft.text.replace("# id.customer_id", "id.customer_id");
    write(&shop, "database.toml", chosen.as_bytes());
    let database = open(shop.path(), &|_| {}).unwrap();
    assert_eq!(database.default_id, "customer_id");
    take_each_line(&shop, &draft.text);
}

#[test]
fn an_id_is_not_settled_while_a_table_is_damaged() {
    let shop =
        folder(&[("customers.csv", "version https://git-lfs.github.com/spec/v1\n"), ("o.csv", "who\n1\n")]);
    let draft = draft(&shop);
    assert!(draft.text.contains("# id = \"who\"") && !draft.text.contains("\nid ="), "{}", draft.text);
    write(&shop, "database.toml", draft.text.as_bytes());
    write(&shop, "customers.csv", b"customer_id,who\n1,1\n");
    assert_eq!(open(shop.path(), &|_| {}).unwrap().default_id, "customer_id");
}

/// Every suggested line can be taken by itself.
fn take_each_line(shop: &TempDir, text: &str) {
    for line in text.lines().filter(|line| line.starts_with("# ") && line.contains(" = ")) {
        write(shop, "database.toml", text.replacen(line, line.strip_prefix("# ").unwrap(), 1).as_bytes());
        if let Err(error) = open(shop.path(), &|_| {}) {
            assert!(
                error.message.contains("no column says") || error.message.contains("TABLE"),
                "{line}: {error}"
            );
        }
    }
}

#[test]
fn a_title_or_a_bad_line_makes_no_table_of_one_column() {
    for (text, line, help) in [
        ("Customers 2024\nid;name;total\n1;Ada;12\n2;Bo;13\n", 1, "skip = 1"),
        ("Customers\n\nid\tname\n1\tAda\n2\tBo\n", 1, "skip = 2"),
        (&format!("id;b\n{}3;z;1\n", "1;2\n".repeat(11)), 13, "bad_lines = \"skip\""),
    ] {
        let database = opened(&[("t.csv", text), ("u.csv", "customer_id\n1\n")]);
        let error = database.table("t").unwrap().content.as_ref().unwrap_err();
        assert_eq!(error.place.line, Some(line), "{error}");
        assert!(error.help_text().contains(help), "{error}: {}", error.help_text());
    }
    // Texts may hold whatever they like.
    for text in ["customer_id\na;b\nc\nd\n", "customer_id\na\nb\nc;d;e\n"] {
        let database = opened(&[("t.csv", text)]);
        assert!(database.tables[0].notes.is_empty() && rows(&database, "t").width() == 1, "{text}");
    }
}

#[test]
fn files_beside_parts_are_told_of() {
    let part = "customer_id\n1\n";
    let note = |files: &[(&str, &str)]| {
        let database = opened(files);
        let notes = database.tables.iter().flat_map(|table| &table.notes).chain(&database.notes);
        notes.map(|note| note.message.clone()).collect::<Vec<_>>().join("\n")
    };
    for other in ["t/a.txt", "t/c.csv.bak", "t/g.csv.part", "t/e"] {
        let name = other.strip_prefix("t/").unwrap();
        assert!(note(&[("t/b.csv", part), (other, part)]).contains(name), "{other}");
    }
    assert!(note(&[("u.csv", part), ("t/k=1/part-0", part)]).contains("part-0"));
    assert_eq!(note(&[("t/b.csv", part), ("t/README.txt", "x"), ("t/_SUCCESS", ""), ("t/x.md", "x")]), "");
}

#[test]
fn names_of_columns_are_made_up_in_no_time_and_told_of_in_short() {
    let database = opened(&[
        ("t.csv", &format!("customer_id{}\n1{}\n", ",".repeat(20_000), ",2".repeat(20_000))),
        ("u.csv", &format!("customer_id{}\n1{}\n", ",c".repeat(20_000), ",2".repeat(20_000))),
    ]);
    for table in &database.tables {
        assert_eq!(table.columns().count(), 20_001);
        assert!((2..=30).contains(&table.notes.len()), "{}", table.notes.len());
    }
}

#[test]
fn a_part_that_is_read_otherwise_is_told_of() {
    let error = |parts: [&str; 2]| {
        let database = opened(&[("t/a.csv", parts[0]), ("t/b.csv", parts[1]), ("u.csv", "customer_id\n1\n")]);
        database.table("t").unwrap().content.clone().unwrap_err()
    };
    let headless = error(["customer_id,a\n1,2\n2,3\n", "3,4\n5,6\n"]);
    assert!(headless.help_text().contains("names of the columns above it"), "{}", headless.help_text());
    let lacking = error(["customer_id,a\n1,2\n", "customer_id\n3\n"]);
    assert_eq!(lacking.help_text(), "[tables.t]\nparts = \"union\"");
    let united = opened(&[
        ("t/a.csv", "customer_id,a\n1,2\n"),
        ("t/b.csv", "customer_id;a\n3;4\n"),
        ("database.toml", "[tables.t]\nparts = \"union\"\ncsv = { separator = \",\" }\n"),
    ]);
    assert!(united.tables[0].notes.iter().any(|note| note.help_text().contains("separator = \";\"")));
}
