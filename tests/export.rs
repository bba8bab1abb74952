//! Members are written to files by the program: every format says what the members are, and what goes wrong leaves what
//! was there.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use chrono::NaiveDate;
use polars::prelude::{AnyValue, ParquetReader, SerReader, TimeUnit};
use segtui::app::effect::Effect;
use segtui::app::event::{Event, ExportFailure};
use segtui::backend::{
    Backend, Cancel, ColumnValues, MemberColumn, MemberTable, Members, RowPick, SortBy, Task,
};
use segtui::export::Format;
use segtui::local::Engine;
use segtui::runtime::open::LocalOpener;
use segtui::runtime::services::Services;
use segtui::segment::{Number, Segment};
use segtui::workspace::{DraftStore, Workspace};
use serde_json::Value;
use tempfile::TempDir;

use crate::conformance::{folder, open};
use crate::flows::harness::stamp;

const AS_OF: NaiveDate = NaiveDate::from_ymd_opt(2024, 2, 29).unwrap();

/// A program with an open database.
struct Program {
    place: TempDir,
    services: Services,
    database: PathBuf,
}

impl Program {
    fn new(read_only: bool) -> Self {
        let place = TempDir::new().unwrap();
        let workspace = Workspace::new(place.path().join("workspace"), read_only);
        fs::create_dir_all(place.path().join("workspace/segments")).unwrap();
        let drafts = DraftStore::new(place.path().join("drafts"), "run", read_only);
        let opener = Arc::new(LocalOpener::new(workspace.clone()));
        let services = Services::new(workspace, drafts, opener, stamp);
        let database = folder(None, "parquet");
        let opened = services.perform(Effect::OpenDatabase(database.clone()), &Cancel::default(), &|_| {});
        assert!(matches!(opened, Some(Event::Opened { result: Ok(_), .. })));
        Self { place, services, database }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.place.path().join(name)
    }

    /// What comes of an export, and how far it was told to be.
    fn export(
        &self,
        file: &Path,
        overwrite: bool,
        cancel: &Cancel,
    ) -> (Result<u64, ExportFailure>, Vec<u64>) {
        let told = Mutex::new(Vec::new());
        let question = Box::new(question());
        let (database, file) = (self.database.clone(), file.to_owned());
        let effect = Effect::Export { database, question, file: file.clone(), overwrite };
        let event = self.services.perform(effect, cancel, &|event| {
            if let Event::ExportProgress { file: of, rows, total } = event {
                assert_eq!(of, file);
                told.lock().unwrap().push(rows);
                assert!(total.is_none_or(|total| rows <= total));
                // Somebody cancels as soon as rows are written.
                if file.file_name().unwrap() == "cancelled.csv" && total.is_some() {
                    cancel.cancel();
                }
            }
        });
        match event {
            Some(Event::Exported { file: of, result }) => {
                assert_eq!(of, file);
                (result, told.into_inner().unwrap())
            }
            other => panic!("{other:?}"),
        }
    }

    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.place.path()).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.retain(|name| name != "workspace" && name != "drafts");
        names.sort();
        names
    }
}

/// Everybody, with a column of each type and each way to pick.
fn question() -> Members {
    let column = |table: &str, column: &str, pick: RowPick| MemberColumn {
        table: table.to_owned(),
        column: column.to_owned(),
        title: format!("{table}.{column} {pick:?}"),
        pick,
    };
    let items = "Unified_Itemized_Transactions";
    Members {
        segment: Arc::new(Segment::new("seg_all", "All", "amperity_id")),
        as_of: AS_OF,
        columns: vec![
            column("Customer_360", "city", RowPick::First(None)),
            column("Customer_360", "points", RowPick::First(None)),
            column("Customer_360", "birthdate", RowPick::Latest(None)),
            column(items, "order_datetime", RowPick::Latest(Some("order_datetime".to_owned()))),
            column(items, "item_revenue", RowPick::First(None)),
            column(items, "is_return", RowPick::Latest(None)),
            column(items, "", RowPick::Count),
        ],
        sort: Some(SortBy { column: 4, is_descending: true }),
        search: None,
    }
}

fn members() -> MemberTable {
    let engine = Engine::new(open(&folder(None, "parquet")));
    Backend::members(&engine, &question(), Task::new(&Cancel::default())).unwrap()
}

/// Every value as a JSON value; `None` for NULL.
fn cells(table: &MemberTable) -> Vec<Vec<Option<Value>>> {
    fn each<T: Clone>(values: &[Option<T>], value: impl Fn(T) -> Value) -> Vec<Option<Value>> {
        values.iter().map(|cell| cell.clone().map(&value)).collect()
    }
    let columns: Vec<Vec<Option<Value>>> = table
        .columns
        .iter()
        .map(|column| match &column.values {
            ColumnValues::String(values) => each(values, Value::from),
            ColumnValues::Integer(values) => each(values, Value::from),
            ColumnValues::Decimal(values) => each(values, Value::from),
            ColumnValues::Exact { parts, decimals } => each(parts, |parts| double(parts, *decimals)),
            ColumnValues::Boolean(values) => each(values, Value::from),
            ColumnValues::Date(values) => each(values, |days| {
                Value::from((NaiveDate::default() + chrono::Duration::days(days.into())).to_string())
            }),
            ColumnValues::Datetime(values) => each(values, |micros| {
                let instant = chrono::DateTime::from_timestamp_micros(micros).unwrap();
                Value::from(instant.format("%Y-%m-%dT%H:%M:%S%.fZ").to_string())
            }),
        })
        .collect();
    (0..table.rows).map(|row| columns.iter().map(|column| column[row].clone()).collect()).collect()
}

fn double(parts: i128, decimals: u32) -> Value {
    Value::from(Number::text_of_parts(parts, decimals).parse::<f64>().unwrap())
}

fn text(path: &Path) -> String {
    let (file, mut text) = (File::open(path).unwrap(), String::new());
    let read = match path.extension().unwrap().to_str().unwrap() {
        "gz" => flate2::read::GzDecoder::new(file).read_to_string(&mut text),
        "zst" => zstd::stream::read::Decoder::new(file).unwrap().read_to_string(&mut text),
        _ => { file }.read_to_string(&mut text),
    };
    read.unwrap();
    text
}

/// The fields of a CSV text; what is nothing at all is `None`.
fn csv(text: &str) -> Vec<Vec<Option<String>>> {
    let (mut rows, mut row) = (Vec::new(), Vec::new());
    let mut letters = text.chars().peekable();
    while letters.peek().is_some() {
        let mut field = String::new();
        let is_quoted = letters.next_if_eq(&'"').is_some();
        while let Some(letter) = letters.next_if(|letter| is_quoted || !",\n".contains(*letter)) {
            if is_quoted && letter == '"' && letters.next_if_eq(&'"').is_none() {
                break;
            }
            field.push(letter);
        }
        row.push((is_quoted || !field.is_empty()).then_some(field));
        if letters.next() == Some('\n') {
            rows.push(std::mem::take(&mut row));
        }
    }
    rows
}

fn parquet(path: &Path) -> (Vec<String>, Vec<Vec<Option<Value>>>) {
    let frame = ParquetReader::new(File::open(path).unwrap()).finish().unwrap();
    let names: Vec<String> = frame.get_column_names().iter().map(|name| name.to_string()).collect();
    let value = |value: AnyValue<'_>| match value {
        AnyValue::Null => None,
        AnyValue::String(text) => Some(Value::from(text)),
        AnyValue::Int64(number) => Some(Value::from(number)),
        AnyValue::Float64(number) => Some(Value::from(number)),
        AnyValue::Boolean(value) => Some(Value::from(value)),
        AnyValue::Date(days) => {
            Some(Value::from((NaiveDate::default() + chrono::Duration::days(days.into())).to_string()))
        }
        AnyValue::Datetime(micros, TimeUnit::Microseconds, None) => {
            let instant = chrono::DateTime::from_timestamp_micros(micros).unwrap();
            Some(Value::from(instant.format("%Y-%m-%dT%H:%M:%S%.fZ").to_string()))
        }
        AnyValue::Decimal(parts, _, scale) => Some(double(parts, u32::try_from(scale).unwrap())),
        other => panic!("{other:?}"),
    };
    let row =
        |row: usize| names.iter().map(|name| value(frame.column(name).unwrap().get(row).unwrap())).collect();
    let rows = (0..frame.height()).map(row).collect();
    (names, rows)
}

#[test]
fn every_format_says_what_the_members_are() {
    let program = Program::new(false);
    let expected = members();
    let (names, rows): (Vec<String>, _) =
        (expected.columns.iter().map(|column| column.name.clone()).collect(), cells(&expected));
    assert!(rows.len() > 5 && rows.iter().flatten().any(Option::is_none));
    for ending in Format::ENDINGS {
        let file = program.path(&format!("out.{ending}"));
        let (result, told) = program.export(&file, false, &Cancel::default());
        assert_eq!(result, Ok(rows.len() as u64), "{ending}");
        assert_eq!(told[..2], [0, 0], "{ending}");
        if ending.starts_with("csv") {
            let text_of = |cell: &Option<Value>| {
                cell.as_ref().map(|cell| cell.as_str().map_or_else(|| cell.to_string(), str::to_owned))
            };
            let mut lines = csv(&text(&file));
            let header: Vec<_> = lines.remove(0).into_iter().flatten().collect();
            let rows: Vec<Vec<_>> = rows.iter().map(|row| row.iter().map(text_of).collect()).collect();
            assert_eq!((header, lines), (names.clone(), rows), "{ending}");
        } else if ending.starts_with("jsonl") {
            let lines: Vec<BTreeMap<String, Value>> =
                text(&file).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
            let row = |row: &Vec<Option<Value>>| -> BTreeMap<String, Value> {
                names.iter().cloned().zip(row.iter().map(|cell| cell.clone().unwrap_or_default())).collect()
            };
            assert_eq!(lines, rows.iter().map(row).collect::<Vec<_>>(), "{ending}");
        } else {
            assert_eq!(parquet(&file), (names.clone(), rows.clone()));
        }
    }
    let files = Format::ENDINGS.map(|ending| format!("out.{ending}"));
    assert_eq!(program.names(), files);
}

#[test]
fn what_is_there_is_overwritten_only_when_asked() {
    let program = Program::new(false);
    let file = program.path("out.csv");
    fs::write(&file, "old").unwrap();
    let (result, told) = program.export(&file, false, &Cancel::default());
    assert_eq!((result, told.len(), text(&file).as_str()), (Err(ExportFailure::Exists), 0, "old"));
    assert!(program.export(&file, true, &Cancel::default()).0.is_ok());
    assert!(text(&file).starts_with("amperity_id,"));
    assert_eq!(program.names(), ["out.csv"]);
}

#[test]
fn a_cancelled_export_leaves_what_was_there() {
    let program = Program::new(false);
    let file = program.path("cancelled.csv");
    assert_eq!(program.export(&file, false, &Cancel::default()).0, Err(ExportFailure::Cancelled));
    assert!(program.names().is_empty());
    fs::write(&file, "old").unwrap();
    assert_eq!(program.export(&file, true, &Cancel::default()).0, Err(ExportFailure::Cancelled));
    assert_eq!((program.names(), text(&file).as_str()), (vec!["cancelled.csv".to_owned()], "old"));
}

#[test]
fn nothing_is_exported_where_nothing_is_written() {
    let program = Program::new(false);
    let refused = |program: &Program, file: &Path| match program.export(file, true, &Cancel::default()).0 {
        Err(ExportFailure::Other(failure)) => failure.message,
        other => panic!("{other:?}"),
    };
    let inside = program.database.join("out.csv");
    assert!(refused(&program, &inside).ends_with("is in the database's folder, where nothing is written"));
    let own = program.path("workspace/segments/out.csv");
    assert!(refused(&program, &own).contains("is in a folder of the workspace"));
    assert!(refused(&program, &program.path("out.txt")).starts_with("the ending of "));
    assert!(refused(&program, &program.path("no/out.csv")).contains("is not written"));
    fs::create_dir(program.path("folder.csv")).unwrap();
    assert!(refused(&program, &program.path("folder.csv")).starts_with("it is a folder, not a file: "));
    #[cfg(unix)]
    {
        let link = program.path("link.csv");
        std::os::unix::fs::symlink(&inside, &link).unwrap();
        assert!(refused(&program, &link).contains("the database's folder"));
    }
    assert!(!inside.exists() && !own.exists());
    let read_only = Program::new(true);
    let message = refused(&read_only, &read_only.path("out.csv"));
    assert_eq!(message, "nothing is exported in read-only mode");
    assert!(read_only.names().is_empty());
}
