//! Databases: what opens, as what, and what is said of folders that are damaged.

mod copies;
mod dialects;
mod fingerprints;
mod foreign;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use polars::prelude::*;
use segtui::database::{DatabaseError, DatabaseView, TableError};
use segtui::local::files::LocalDatabase;
use segtui::local::files::open;
use segtui::segment::{DataType as Type, Keyword, Schema as _};
use tempfile::TempDir;

/// A folder of files.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

fn open_files(files: &[(&str, &str)]) -> Result<LocalDatabase, DatabaseError> {
    open(folder(files).path(), &|_| {})
}

fn opened(files: &[(&str, &str)]) -> LocalDatabase {
    open_files(files).unwrap()
}

/// Why the table `t` of a database cannot be used.
fn damage(files: &[(&str, &str)]) -> TableError {
    let database = opened(files);
    database.table("t").unwrap().content.as_ref().map(|content| content.columns.clone()).unwrap_err().clone()
}

fn type_of(database: &LocalDatabase, table: &str, column: &str) -> Type {
    database.table(table).unwrap().column(column).unwrap_or_else(|| panic!("no {column}")).data_type
}

fn rows(database: &LocalDatabase, table: &str) -> DataFrame {
    let content = database.table(table).unwrap().content.as_ref().unwrap();
    let names: Vec<_> = content.columns.iter().map(|column| column.name.as_str()).collect();
    let table = database.table(table).unwrap();
    let frame = database.read(table, &names).unwrap();
    assert_eq!(Some(frame.height() as u64), content.rows);
    assert!(database.frame(table).unwrap().clone().collect().unwrap().equals_missing(&frame));
    frame
}

fn column(database: &LocalDatabase, table: &str, column: &str) -> Series {
    rows(database, table).column(column).unwrap().as_materialized_series().clone()
}

fn texts(database: &LocalDatabase, table: &str, name: &str) -> Vec<Option<String>> {
    column(database, table, name).str().unwrap().iter().map(|text| text.map(str::to_owned)).collect()
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

fn conformance() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance")
}

fn write_parquet(path: &Path, mut frame: DataFrame) {
    ParquetWriter::new(fs::File::create(path).unwrap())
        .with_row_group_size(Some(3))
        .finish(&mut frame)
        .unwrap();
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn columns_are_typed_by_their_values_however_packed() {
    let source = conformance().join("typing");
    let expected: serde_json::Value =
        serde_json::from_slice(&fs::read(source.join("expected.json")).unwrap()).unwrap();
    for packing in ["", ".gz", ".zst"] {
        let target = TempDir::new().unwrap();
        fs::copy(source.join("database.toml"), target.path().join("database.toml")).unwrap();
        for table in ["types", "traps"] {
            let bytes = fs::read(source.join(format!("{table}.csv"))).unwrap();
            let packed = match packing {
                ".gz" => gzip(&bytes),
                ".zst" => zstd::encode_all(bytes.as_slice(), 1).unwrap(),
                _ => bytes,
            };
            fs::write(target.path().join(format!("{table}.csv{packing}")), packed).unwrap();
        }
        let database = open(target.path(), &|_| {}).unwrap();
        for (table, columns) in expected.as_object().unwrap() {
            let content = database.table(table).unwrap().content.as_ref().unwrap();
            let found: Vec<_> =
                content.columns.iter().map(|column| (column.name.as_str(), column.data_type.id())).collect();
            let columns: Vec<_> = columns
                .as_object()
                .unwrap()
                .iter()
                .map(|(name, data_type)| (name.as_str(), data_type.as_str().unwrap()))
                .collect();
            assert_eq!(found, columns, "{table}{packing}");
        }
        assert_eq!(texts(&database, "types", "quoted_empty"), [some(""), some("x"), None]);
        assert_eq!(texts(&database, "traps", "line"), [some("a\nb"), some("say \"hi\"")]);
        let zoned = column(&database, "types", "at_zone");
        let ten = 1_709_200_800_000_000;
        assert_eq!(
            zoned.datetime().unwrap().physical().iter().collect::<Vec<_>>(),
            [Some(ten), Some(ten), None]
        );
    }
}

#[test]
fn parquet_and_csv_hold_the_same() {
    let [parquet, csv] = ["parquet", "csv"].map(|copy| open(&conformance().join(copy), &|_| {}).unwrap());
    assert_eq!((parquet.name.as_str(), parquet.default_id.as_str()), ("nasty", "amperity_id"));
    assert_eq!(parquet.as_of, csv.as_of);
    let names =
        |database: &LocalDatabase| database.tables.iter().map(|table| table.name.clone()).collect::<Vec<_>>();
    assert_eq!(names(&parquet), names(&csv));
    assert_eq!(names(&parquet).len(), 6);
    for table in names(&parquet) {
        let (left, right) = (rows(&parquet, &table), rows(&csv, &table));
        assert!(left.equals_missing(&right), "{table}\n{left:?}\n{right:?}");
    }
}

#[test]
fn databases_open_without_any_of_their_tables() {
    for variant in fs::read_dir(conformance().join("variants")).unwrap() {
        for copy in ["parquet", "csv"] {
            let folder = variant.as_ref().unwrap().path().join(copy);
            let database = open(&folder, &|_| {}).unwrap();
            assert_eq!(database.default_id, "amperity_id");
            assert!(database.tables.iter().all(|table| table.content.is_ok()), "{}", folder.display());
        }
    }
}

#[test]
fn opening_writes_nothing() {
    let listing = |folder: &Path| {
        let entries = fs::read_dir(folder).unwrap().map(|entry| {
            let entry = entry.unwrap();
            (entry.file_name(), entry.metadata().unwrap().modified().unwrap())
        });
        entries.collect::<std::collections::BTreeMap<_, _>>()
    };
    for copy in ["parquet", "csv"] {
        let folder = conformance().join(copy);
        let before = listing(&folder);
        open(&folder, &|_| {}).unwrap();
        assert_eq!(listing(&folder), before);
    }
}

#[test]
fn folders_that_are_no_database_are_refused() {
    let missing = open(Path::new("/no/such/folder"), &|_| {}).unwrap_err();
    assert_eq!(missing.to_string(), "there is no such folder (/no/such/folder)");
    assert_eq!(open_files(&[("notes.txt", "x")]).unwrap_err().message, "the folder holds no tables");
}

#[test]
fn the_activation_id_has_a_default() {
    let id = |files: &[(&str, &str)]| open_files(files).map(|database| database.default_id.clone());
    assert_eq!(id(&[("a.csv", "customer_id,amperity_id\n")]).unwrap(), "amperity_id");
    assert_eq!(id(&[("a.csv", "customer_id,x\n"), ("b.csv", "x\n")]).unwrap(), "customer_id");
    assert_eq!(id(&[("a.csv", "who,x\n"), ("b.csv", "y,who\n")]).unwrap(), "who");
    assert_eq!(id(&[("a.csv", "who,x\n"), ("database.toml", "id = \"x\"")]).unwrap(), "x");
    let unclear = id(&[("a.csv", "who,x\n"), ("b.csv", "x,who,z\n")]).unwrap_err();
    assert!(unclear.help_text().ends_with("candidates are \"who\", \"x\""), "{}", unclear.help_text());
    let day = opened(&[("a.csv", "who\n"), ("database.toml", "as_of = 2025-12-31")]).as_of.unwrap();
    assert_eq!(day.to_string(), "2025-12-31");
    let mistyped = id(&[("a.csv", "who,x\n"), ("database.toml", "name = \"n\"\nid = \"whoo\"")]).unwrap_err();
    assert_eq!((mistyped.place.line, mistyped.help_text()), (Some(2), "did you mean \"who\"?"));
}

#[test]
fn ids_are_strings_in_csv() {
    let database = opened(&[
        ("a.csv", "customer_id,household,n\n1,1,1\n"),
        ("b.csv", "who,n\n1,1\n"),
        ("database.toml", "[ids.household]\n[tables.b]\nid = { customer_id = \"who\" }"),
    ]);
    for (table, name) in [("a", "customer_id"), ("a", "household"), ("b", "who")] {
        assert_eq!(type_of(&database, table, name), Type::String, "{name}");
    }
    assert_eq!(type_of(&database, "a", "n"), Type::Integer);
    assert_eq!(database.table("b").unwrap().id_column("customer_id"), Some("who"));
    assert_eq!(database.ids[0].plural, "households");
}

#[test]
fn a_broken_manifest_names_its_line() {
    let line = |manifest: &str| {
        let error = open_files(&[("t.csv", "amperity_id\n"), ("database.toml", manifest)]).unwrap_err();
        assert!(error.place.file.ends_with("database.toml"), "{error}");
        (error.place.line, format!("{}: {}", error.message, error.help_text()))
    };
    let (at, message) = line("name = \"x\"\n\n[tables.t]\nlable = \"T\"\n");
    assert_eq!(at, Some(4));
    assert_eq!(message, "unknown field `lable`: did you mean \"label\"?");
    assert!(line("[tables.t]\n[tables.t]\n").1.contains("below one [tables.NAME]"));
    assert_eq!(line("name = \"x\"\nas_of = 5").0, Some(2));
    assert_eq!(line("\nas_of = \"2025-02-30\"").0, Some(2));
    assert_eq!(line("currency = \"dollars\"").0, Some(1));
    assert_eq!(line("\n\n[tables.t]\ntypes = { a = \"text\" }").0, Some(4));
    assert_eq!(line("name = \"x").0, Some(1));
    assert_eq!(line("[roles]\nitems = \"uit\"").0, Some(2));
    assert_eq!(line("[roles]\nitems = \"t\"\n[roles.items_columns]\nis_return = \"r\"").0, Some(4));
}

#[test]
fn a_table_that_is_named_and_not_there_says_so() {
    let database =
        opened(&[("cust.csv", "amperity_id\n"), ("database.toml", "[tables.custt]\nhidden = true")]);
    let error = database.table("custt").unwrap().content.as_ref().err().unwrap();
    assert_eq!((error.place.line, error.help_text()), (Some(1), "did you mean \"cust\"?"));
    let database = opened(&[("a.csv", "amperity_id\n"), ("database.toml", "[tables.t]\nfile = \"b/*.csv\"")]);
    let error = database.table("t").unwrap().content.as_ref().err().unwrap();
    assert!(error.place.line == Some(2) && error.message.contains("b/*.csv"), "{error}");
}

#[test]
fn damaged_csv_names_its_line() {
    let line = |text: &str| {
        let error = damage(&[("t.csv", text), ("u.csv", "amperity_id\n")]);
        assert!(error.place.file.ends_with("t.csv") && error.help.is_some());
        (error.place.line.unwrap(), error.message)
    };
    assert_eq!(line("amperity_id,b\n1,2\n\"x\ny\",2\n1\n").0, 5);
    assert_eq!(line("amperity_id,b\n1,2,3\n"), (2, "3 fields, where the header has 2".to_owned()));
    assert_eq!(line("amperity_id,b\n1,\"2\n").0, 2);
    let twice = "two columns are named \"amperity_id\", which is an ID".to_owned();
    assert_eq!(line("amperity_id,b,amperity_id\n"), (1, twice));
    assert_eq!(line(""), (1, "the file is empty".to_owned()));

    let bad = folder(&[("u.csv", "amperity_id\n")]);
    fs::write(bad.path().join("t.csv"), b"amperity_id,b\n1,2\n\xff,3\n").unwrap();
    fs::write(bad.path().join("cut.csv.gz"), &gzip(b"amperity_id,b\n1,2\n")[..20]).unwrap();
    let database = open(bad.path(), &|_| {}).unwrap();
    let error = |table: &str| database.table(table).unwrap().content.as_ref().err().unwrap().clone();
    assert_eq!((error("t").place.line, error("t").message.as_str()), (Some(3), "a character is not UTF-8"));
    assert!(error("cut").message.ends_with("the file cannot be read"));
    assert!(database.table("u").unwrap().content.is_ok());
}

#[test]
fn csv_is_read_exactly() {
    let text = "\u{feff}amperity_id,a b,,n\r\n\"x\r\ny\",\"\",\"q\"\"\",\"\"\r\n\r\n 7,é,,5\r\n";
    let database = opened(&[("t.csv", text)]);
    assert_eq!(texts(&database, "t", "amperity_id"), [some("x\r\ny"), some(" 7")]);
    assert_eq!(texts(&database, "t", "a b"), [some(""), some("é")]);
    assert_eq!(texts(&database, "t", "column_3"), [some("q\""), None]);
    assert_eq!(column(&database, "t", "n").i64().unwrap().iter().collect::<Vec<_>>(), [None, Some(5)]);
    let empty = opened(&[("t.csv", "amperity_id,x")]);
    assert_eq!(rows(&empty, "t").height(), 0);
}

#[test]
fn long_csv_keeps_its_rows_and_finds_late_faults() {
    // More than one chunk, with line breaks in quotes throughout.
    let mut text = "amperity_id,n,note\n".to_owned();
    for row in 0..600_000 {
        text.push_str(&format!("C{row},{row},\"a\nb,\"\"{row}\"\n"));
    }
    let database = opened(&[("t.csv", &text)]);
    let numbers = column(&database, "t", "n");
    assert!(numbers.i64().unwrap().iter().eq((0..600_000).map(Some)));
    text.push_str("x,1.5,\n");
    assert_eq!(type_of(&opened(&[("t.csv", &text)]), "t", "n"), Type::Decimal);
    text.push_str("x,1\n");
    assert_eq!(damage(&[("t.csv", &text)]).place.line, Some(1_200_003));
}

#[test]
fn stated_types_count() {
    let manifest = "[tables.t.types]\nzip = \"integer\"\nday = \"datetime\"\nn = \"string\"";
    let text = "amperity_id,zip,day,n\n1,02134,2024-01-01,7\n";
    let database = opened(&[("t.csv", text), ("database.toml", manifest)]);
    assert_eq!(column(&database, "t", "zip").i64().unwrap().get(0), Some(2134));
    assert_eq!(type_of(&database, "t", "day"), Type::Datetime);
    assert_eq!(texts(&database, "t", "n"), [some("7")]);
    let misfit = format!("{text}2,x1,,\n");
    let error = damage(&[("t.csv", &misfit), ("database.toml", manifest)]);
    assert_eq!(error.place.line, Some(3));
    assert!(error.message.contains("\"x1\""), "{error}");
    let unknown = damage(&[("t.csv", text), ("database.toml", "[tables.t.types]\nzipp = \"string\"")]);
    assert_eq!((unknown.place.line, unknown.help_text()), (Some(2), "did you mean \"zip\"?"));
}

#[test]
fn folders_and_patterns_hold_parts() {
    let database = opened(&[
        ("t/2.csv", "n,amperity_id\n3,c\n"),
        ("t/1.csv", "amperity_id,n\na,1\nb,2\n"),
        ("t/_SUCCESS", ""),
        ("t/_x.csv", "junk\n"),
        ("odd/x.csv", "amperity_id\nz\n"),
        ("database.toml", "[tables.named]\nfile = \"odd/*.csv\"\nlabel = \"Named\"\nhidden = true"),
    ]);
    assert_eq!(column(&database, "t", "n").i64().unwrap().to_vec(), [Some(1), Some(2), Some(3)]);
    assert_eq!(texts(&database, "t", "amperity_id"), [some("a"), some("b"), some("c")]);
    let names: Vec<_> = database.tables.iter().map(|table| table.name.as_str()).collect();
    assert_eq!(names, ["named", "t"]);
    assert!(database.tables[0].hidden && database.tables[0].label == "Named");

    let error = damage(&[("t/1.csv", "amperity_id,n\n"), ("t/2.csv", "amperity_id,m\n")]);
    assert!(error.place.file.ends_with("2.csv"));
    assert_eq!(error.message, "has other columns than 1.csv: it lacks \"n\" and adds \"m\"");
    let twice = damage(&[("t.csv", "amperity_id\n"), ("t.csv.gz", ""), ("u.csv", "amperity_id\n")]);
    assert!(twice.message.contains("more than once"), "{twice}");
}

#[test]
fn parquet_types_are_normalised() {
    let folder = TempDir::new().unwrap();
    let utc = 1_709_200_800_000i64; // 2024-02-29T10:00Z
    let paris = TimeZone::opt_try_new(Some("Europe/Paris")).unwrap();
    let stamp = |name: &str, unit, zone, value: i64| {
        let values = Int64Chunked::from_slice(name.into(), &[value; 4]).into_datetime(unit, zone);
        Column::from(values.into_series())
    };
    let categories = Series::new("cat".into(), ["a", "b", "a", "b"])
        .cast(&DataType::from_categories(Categories::global()))
        .unwrap();
    let frame = DataFrame::new(
        4,
        vec![
            Column::new("amperity_id".into(), [1i32, 2, 3, 4]),
            Column::new("u64".into(), [1u64, 2, 3, 4]),
            Column::new("i8".into(), [Some(1i8), None, Some(-3), Some(4)]),
            Column::new("f32".into(), [Some(0.5f32), Some(f32::NAN), None, Some(f32::INFINITY)]),
            Column::new("f64".into(), [f64::NAN, 1.0, 2.0, 3.0]),
            Column::from(Series::new("dec".into(), [1i64, 2, 3, 4]).cast(&DataType::Decimal(10, 2)).unwrap()),
            Column::from(categories),
            Column::full_null("nothing".into(), 4, &DataType::Null),
            stamp("ms", TimeUnit::Milliseconds, None, utc),
            stamp("ns", TimeUnit::Nanoseconds, None, utc * 1_000_000),
            stamp("zoned", TimeUnit::Milliseconds, paris, utc),
            Column::new(
                "list".into(),
                [
                    Series::new("".into(), [1i64]),
                    Series::new("".into(), [1i64]),
                    Series::new("".into(), [1i64]),
                    Series::new("".into(), [1i64]),
                ],
            ),
            Column::new("bytes".into(), [b"a".as_slice(), b"b", b"c", b"d"]),
        ],
    )
    .unwrap();
    write_parquet(&folder.path().join("t[1]*.parquet"), frame.clone());
    let database = open(folder.path(), &|_| {}).unwrap();
    let found = rows(&database, "t[1]*");
    let expected: Vec<(&str, DataType)> = vec![
        ("amperity_id", DataType::Int64),
        ("u64", DataType::Int64),
        ("i8", DataType::Int64),
        ("f32", DataType::Float64),
        ("f64", DataType::Float64),
        ("dec", DataType::Decimal(38, 2)),
        ("cat", DataType::String),
        ("nothing", DataType::String),
        ("ms", DataType::Datetime(TimeUnit::Microseconds, None)),
        ("ns", DataType::Datetime(TimeUnit::Microseconds, None)),
        ("zoned", DataType::Datetime(TimeUnit::Microseconds, None)),
        // Nobody says that they are texts, but they are.
        ("bytes", DataType::String),
    ];
    let stored: Vec<_> =
        found.columns().iter().map(|column| (column.name().as_str(), column.dtype().clone())).collect();
    assert_eq!(stored, expected);
    let floats = |name: &str| found.column(name).unwrap().f64().unwrap().to_vec();
    assert_eq!(floats("f32"), [Some(0.5), None, None, Some(f64::INFINITY)]);
    assert_eq!(floats("f64"), [None, Some(1.0), Some(2.0), Some(3.0)]);
    for name in ["ms", "ns", "zoned"] {
        let times = found.column(name).unwrap().datetime().unwrap().physical().get(0);
        assert_eq!(times, Some(utc * 1000), "{name}");
    }
    // Numbers beyond 64 bits signed are still exact ids.
    let great = TempDir::new().unwrap();
    let hashes = Column::new("amperity_id".into(), [u64::MAX, 7]);
    write_parquet(&great.path().join("t.parquet"), DataFrame::new(2, vec![hashes]).unwrap());
    let ids = texts(&open(great.path(), &|_| {}).unwrap(), "t", "amperity_id");
    assert_eq!(ids, [some("18446744073709551615"), some("7")]);

    // Only what is asked for is read.
    let frame = database.frame(&database.tables[0]).unwrap().clone();
    let plan = frame.filter(col("i8").gt(lit(0))).select([col("f64")]).describe_optimized_plan();
    let plan = plan.unwrap();
    assert!(plan.contains("PROJECT 2/12 COLUMNS"), "{plan}");

    // Parts may differ in the width of types and the order of columns, not in type.
    let parts = TempDir::new().unwrap();
    fs::create_dir(parts.path().join("t")).unwrap();
    let part = |name: &str, columns: Vec<Column>| {
        write_parquet(&parts.path().join("t").join(name), DataFrame::new(2, columns).unwrap());
    };
    part(
        "1.parquet",
        vec![Column::new("amperity_id".into(), ["a", "b"]), Column::new("n".into(), [1i32, 2])],
    );
    part(
        "2.parquet",
        vec![Column::new("n".into(), [3i64, 4]), Column::new("amperity_id".into(), ["c", "d"])],
    );
    let database = open(parts.path(), &|_| {}).unwrap();
    assert_eq!(column(&database, "t", "n").i64().unwrap().to_vec(), [Some(1), Some(2), Some(3), Some(4)]);
    part(
        "3.parquet",
        vec![Column::new("n".into(), [3.0, 4.0]), Column::new("amperity_id".into(), ["c", "d"])],
    );
    let database = open(parts.path(), &|_| {}).unwrap();
    let error = database.tables[0].content.as_ref().err().unwrap();
    assert_eq!(error.message, "column \"n\" is decimal, but integer in 1.parquet");
}

#[test]
fn parquet_takes_stated_types() {
    let folder = TempDir::new().unwrap();
    let frame = DataFrame::new(
        3,
        vec![
            Column::new("amperity_id".into(), ["a", "b", "c"]),
            Column::new("day".into(), [Some("2024-02-29"), None, Some("")]),
            Column::new("postal".into(), [Some(2134.0), None, Some(1.5)]),
        ],
    );
    write_parquet(&folder.path().join("t.parquet"), frame.unwrap());
    let manifest = folder.path().join("database.toml");
    fs::write(&manifest, "[tables.t.types]\nday = \"date\"\npostal = \"string\"").unwrap();
    let database = open(folder.path(), &|_| {}).unwrap();
    assert_eq!(texts(&database, "t", "postal"), [some("2134"), None, some("1.5")]);
    let days = column(&database, "t", "day");
    assert_eq!(days.date().unwrap().physical().iter().collect::<Vec<_>>(), [Some(19782), None, None]);
    fs::write(&manifest, "[tables.t.types]\npostal = \"integer\"").unwrap();
    let database = open(folder.path(), &|_| {}).unwrap();
    let error = database.tables[0].content.as_ref().err().unwrap();
    assert!(error.message.contains("\"1.5\" in column \"postal\", row 3"), "{error}");
}

#[test]
fn parquet_cut_short_disables_only_its_table() {
    let folder = folder(&[("u.csv", "amperity_id\n1\n")]);
    let whole = fs::read(conformance().join("parquet/Customer_360.parquet")).unwrap();
    fs::write(folder.path().join("t.parquet"), &whole[..whole.len() / 2]).unwrap();
    fs::write(folder.path().join("nothing.parquet"), []).unwrap();
    let database = open(folder.path(), &|_| {}).unwrap();
    for table in ["t", "nothing"] {
        let error = database.table(table).unwrap().content.as_ref().err().unwrap();
        assert!(error.place.file.ends_with(format!("{table}.parquet")));
        assert!(error.message.ends_with("the file cannot be read") && error.help.is_some(), "{error}");
    }
    assert!(database.table("u").unwrap().content.is_ok());
    let view = DatabaseView { database: &database, activation_id: "amperity_id" };
    assert!(view.column_type("t", "city").unwrap_err().message.contains("t.parquet"));
}

#[test]
fn lookups_add_columns_and_keep_rows() {
    let items = "amperity_id,product_id,name\na,2,own\nb,9,own\nc,1,own\nd,,own\ne,2,own\n";
    let manifest = "[tables.t]\nlookups = [ { table = \"products\", on = \"product_id\" } ]\n\
                    columns = { colour = \"Shade\" }";
    let products = "product_id,name,colour,listed\n1,x,red,2024-01-01\n2,y,,2024-02-02\n,z,blue,\n,z,blue,\n";
    let database = opened(&[("t.csv", items), ("products.csv", products), ("database.toml", manifest)]);
    assert_eq!(texts(&database, "t", "colour"), [None, None, some("red"), None, None]);
    assert_eq!(texts(&database, "t", "name"), vec![some("own"); 5]);
    let listed = column(&database, "t", "listed");
    let days: Vec<_> = listed.date().unwrap().physical().iter().collect();
    assert_eq!(days, [Some(19755), None, Some(19723), None, Some(19755)]);
    assert_eq!(database.table("t").unwrap().column("colour").unwrap().label, "Shade");
    assert_eq!(rows(&database, "t").height(), 5);
    let frame = database.frame(database.table("t").unwrap()).unwrap().clone();
    let red = frame.filter(col("colour").eq(lit("red"))).select([col("amperity_id")]);
    assert_eq!(red.collect().unwrap().column("amperity_id").unwrap().str().unwrap().get(0), Some("c"));

    let twice = format!("{products}2,y,,\n");
    let error = damage(&[("t.csv", items), ("products.csv", &twice), ("database.toml", manifest)]);
    assert!(
        error.place.file.ends_with("products.csv") && error.message.contains("\"2\" stands twice"),
        "{error}"
    );
    let codes = products.replace("1,x", "A1,x");
    let error = damage(&[("t.csv", items), ("products.csv", &codes), ("database.toml", manifest)]);
    assert!(error.message.contains("is integer here, but string"), "{error}");
    let error = damage(&[("t.csv", items), ("product.csv", products), ("database.toml", manifest)]);
    assert_eq!((error.place.line, error.help_text()), (Some(2), "did you mean \"product\"?"));
}

#[test]
fn roles_go_by_standard_names_and_by_manifest() {
    let database = opened(&[
        ("customers.csv", "amperity_id\n"),
        ("merged-customers.csv", "amperity_id\n"),
        ("predicted clv.csv", "amperity_id\n"),
        ("baskets.csv", "amperity_id,basket_id,when\na,1,2024-01-01\n"),
        (
            "database.toml",
            "[roles]\nitems = \"baskets\"\n[roles.items_columns]\norder_id = \"basket_id\"\norder_datetime = \"when\"",
        ),
    ]);
    let roles = &database.roles;
    assert_eq!(roles.customers.as_deref(), Some("merged-customers"));
    assert_eq!(roles.predicted.as_deref(), Some("predicted clv"));
    assert_eq!(roles.orders, None);
    let view = DatabaseView { database: &database, activation_id: "amperity_id" };
    assert_eq!(view.items_table().unwrap(), "baskets");
}

#[test]
fn the_view_says_what_is_missing() {
    let database = opened(&[
        ("Customer_360.csv", "amperity_id,city\na,b\n"),
        ("stores.csv", "store\n1\n"),
        ("Unified_Itemized_Transactions.csv", "amperity_id,order_id,order_datetime\na,1,yesterday\n"),
        ("database.toml", "currency = \"EUR\"\n[tables.Customer_360]\nlabel = \"People\"\nhidden = true"),
    ]);
    let view = DatabaseView { database: &database, activation_id: "amperity_id" };
    assert_eq!(view.activation_id(), Ok(()));
    assert_eq!(view.column_type("Customer_360", "city"), Ok(Type::String));
    let help = |table, column| view.column_type(table, column).unwrap_err().help.unwrap();
    assert_eq!(help("customer360", "city"), "did you mean \"Customer_360\"?");
    assert_eq!(help("Customer_360", "citty"), "did you mean \"city\"?");
    let without = view.column_type("stores", "store").unwrap_err();
    assert!(without.message.contains("has no column \"amperity_id\""), "{without}");
    let items = view.items_table().unwrap_err();
    assert!(items.message.contains("purchases need a date or datetime"), "{items}");
    assert_eq!((view.table_label("Customer_360"), view.currency()), ("People".to_owned(), "EUR".to_owned()));
    let other = DatabaseView { database: &database, activation_id: "emale" };
    assert_eq!(other.activation_id().unwrap_err().help_text(), "use one of \"amperity_id\"");
}
#[test]
fn no_damage_to_a_footer_is_more_than_an_error() {
    let whole = fs::read(conformance().join("parquet/Customer_360.parquet")).unwrap();
    let folder = folder(&[("u.csv", "amperity_id\n1\n")]);
    let mut random = fastrand::Rng::with_seed(5);
    for _ in 0..300 {
        let mut bytes = whole.clone();
        let at = bytes.len() - 8 - random.usize(0..3000);
        bytes[at] = random.u8(..);
        fs::write(folder.path().join("t.parquet"), &bytes).unwrap();
        let database = open(folder.path(), &|_| {}).unwrap();
        assert!(database.table("u").unwrap().content.is_ok());
    }
}
