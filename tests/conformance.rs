//! Every case of `conformance/cases.jsonl` on both copies of its database.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::NaiveDate;
use segtui::backend::{BackendError, Cancel, Insights, Money, Task};
use segtui::local::Engine;
use segtui::local::WorkspaceLists;
use segtui::local::files::LocalDatabase;
use segtui::local::files::{self};
use segtui::segment::{Lists, Problem, ProblemKind, Segment, Severity};
use segtui::workspace::Workspace;
use serde_json::Value;

/// How many cases this version passes; raise it when it evaluates more.
const PASSING: usize = 353;

/// The folder of the conformance database, or of one of its variants.
pub fn folder(variant: Option<&str>, format: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance");
    variant.map_or(root.clone(), |variant| root.join(variant)).join(format)
}

/// Opens one.
pub fn open(folder: &Path) -> Arc<LocalDatabase> {
    Arc::new(files::open(folder, &|_| {}).unwrap())
}

/// The segments and lists that cases refer to.
pub fn workspace() -> Arc<Workspace> {
    Arc::new(Workspace::new(folder(None, "workspace"), true))
}

/// What its segments refer to.
pub fn lists() -> Arc<dyn Lists> {
    Arc::new(WorkspaceLists::new(workspace()))
}

/// A segment and what it must give.
pub struct Case {
    pub name: String,
    pub db: Option<String>,
    pub as_of: NaiveDate,
    pub segment: Segment,
    pub expect: Value,
    expect_all: Option<Value>,
}

/// All cases.
pub fn cases() -> Vec<Case> {
    let text = std::fs::read_to_string(folder(None, "cases.jsonl")).unwrap();
    let case = |line: &str| {
        let case: Value = serde_json::from_str(line).unwrap();
        Case {
            name: case["name"].as_str().unwrap().to_owned(),
            db: case["db"].as_str().map(str::to_owned),
            as_of: case["as_of"].as_str().unwrap().parse().unwrap(),
            segment: Segment::from_json(&case["segment"].to_string()).unwrap(),
            expect: case["expect"].clone(),
            expect_all: case.get("expect_all").cloned(),
        }
    };
    text.lines().map(case).collect()
}

/// What this version does not evaluate in the segment, if anything.
fn unsupported(problems: &[Problem]) -> Option<&Problem> {
    problems.iter().find(|problem| problem.kind == ProblemKind::Unsupported)
}

fn insights(expected: &Value) -> Insights {
    let count = |key: &str| expected[key].as_u64();
    Insights {
        unique_customers: count("unique_customers").unwrap(),
        active_customers_1y: count("active_customers_1y"),
        revenue_1y: expected["revenue_1y"].as_f64().map(|revenue| Money((revenue * 100.0).round() as i64)),
        reachable_customers: count("reachable_customers"),
    }
}

/// Runs a case. `Ok(Some(reason))` if it is left for later.
fn run(case: &Case, engine: &Engine) -> Result<Option<String>, String> {
    let problems = engine.check(&case.segment, case.as_of).problems;
    if let Some(later) = unsupported(&problems) {
        return Ok(Some(later.diagnostic.message.clone()));
    }
    let cancel = Cancel::default();
    let members = engine.members(&case.segment, case.as_of, &cancel);
    if let Some(place) = case.expect.get("error_at") {
        return match members {
            Err(BackendError::Refused(problem)) if problem.diagnostic.place.to_string() == *place => Ok(None),
            other => Err(format!("error at {place}, not {other:?}")),
        };
    }
    let error = |error: BackendError| format!("{error} ({problems:?})");
    let expected: Vec<String> = serde_json::from_value(case.expect["members"].clone()).unwrap();
    let members = members.map_err(error)?;
    if members != expected {
        return Err(format!("members\n  {expected:?}, not\n  {members:?}"));
    }
    let evaluation = engine.evaluate_strictly(&case.segment, case.as_of, &cancel).map_err(error)?;
    let mut wanted = vec![("insights", insights(&case.expect), evaluation.insights)];
    wanted.extend(case.expect_all.as_ref().map(|all| ("all", insights(all), evaluation.all)));
    for (what, expected, found) in wanted {
        if expected != found {
            return Err(format!("{what}\n  {expected:?}, not\n  {found:?}"));
        }
    }
    let live = engine.evaluate(&case.segment, case.as_of, &cancel).map_err(error)?;
    if live.problems.iter().any(|problem| problem.severity == Severity::Error) {
        return Err(format!("live problems {:?}", live.problems));
    }
    Ok(None)
}

#[test]
fn every_case_that_this_version_evaluates_passes() {
    passes(&|engine| engine);
}

#[test]
fn every_case_passes_with_little_memory_and_with_none() {
    for bytes in [1 << 20, 0] {
        passes(&|engine| engine.with_budget(bytes));
    }
}

#[test]
fn every_case_passes_in_small_chunks() {
    passes(&|engine| engine.with_chunk_rows(4));
}

/// What is asked first is answered without what is made for later answers, and everything with it.
#[test]
fn every_case_passes_as_the_first_one_and_after_reading_ahead() {
    let mut failures = Vec::new();
    for case in cases() {
        let folder = folder(case.db.as_deref(), "parquet");
        let database = open(&folder);
        for chunk_rows in [16, 1 << 19] {
            let new = || {
                let engine = Engine::new(Arc::clone(&database)).with_workspace_files(workspace());
                engine.with_chunk_rows(chunk_rows)
            };
            let ready = new();
            // Where it fails, so does the answer.
            let id = ready.database().activation_id(&case.segment).to_owned();
            let _ = ready.read_ahead(&id, case.as_of, Task::new(&Cancel::default()));
            for (what, engine) in [("first", new()), ("ahead", ready)] {
                if let Err(failure) = run(&case, &engine) {
                    failures.push(format!("{} ({what}, {chunk_rows} rows): {failure}", case.name));
                }
            }
        }
    }
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n"));
}

/// Tables are in no order of their own: their rows say the same in the order of time, of customers, or in any.
#[test]
fn every_case_passes_whatever_the_order_of_rows() {
    for order in [RowOrder::Customer, RowOrder::Time, RowOrder::Any] {
        let places = tempfile::tempdir().unwrap();
        let mut engines: BTreeMap<Option<String>, Engine> = BTreeMap::new();
        let mut failures = Vec::new();
        for case in cases() {
            let engine = engines.entry(case.db.clone()).or_insert_with(|| {
                let place = places.path().join(case.db.as_deref().unwrap_or("main"));
                reordered(&folder(case.db.as_deref(), "csv"), &place, order);
                let engine = Engine::new(open(&place)).with_workspace_files(workspace());
                engine.with_chunk_rows(16)
            });
            if let Err(failure) = run(&case, engine) {
                failures.push(format!("{} ({order:?}): {failure}", case.name));
            }
        }
        assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n"));
    }
}

#[derive(Clone, Copy, Debug)]
enum RowOrder {
    Customer,
    Time,
    Any,
}

/// Copies a database of CSV with the rows of its tables in another order.
fn reordered(from: &Path, to: &Path, order: RowOrder) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let copy = to.join(path.file_name().unwrap());
        if path.extension().is_none_or(|extension| extension != "csv") {
            std::fs::copy(&path, copy).unwrap();
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let mut records = records(&text);
        let header = records.remove(0);
        let cells = |record: &str| -> Vec<String> {
            let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(record.as_bytes());
            let cells = reader.records().next().map(Result::unwrap).unwrap_or_default();
            cells.iter().map(str::to_owned).collect()
        };
        let at = |name: &str| cells(header).iter().position(|cell| cell.contains(name));
        let column = match order {
            RowOrder::Customer => at("amperity_id"),
            RowOrder::Time => at("datetime"),
            RowOrder::Any => None,
        };
        match column {
            Some(column) => records.sort_by_key(|record| cells(record).get(column).cloned()),
            None => records.sort_by_key(|record| blake3::hash(record.as_bytes()).to_hex().to_string()),
        }
        std::fs::write(copy, [header].into_iter().chain(records).collect::<String>()).unwrap();
    }
}

/// The records of a CSV text with their line ends; one may take several lines.
fn records(text: &str) -> Vec<&str> {
    let (mut records, mut start, mut is_quoted) = (Vec::new(), 0, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'"' => is_quoted = !is_quoted,
            b'\n' if !is_quoted => {
                records.push(text.get(start..=at).unwrap());
                start = at + 1;
            }
            _ => {}
        }
    }
    assert_eq!(start, text.len(), "a line end behind the last record");
    records
}

/// Runs all cases on engines that are set up so.
fn passes(set_up: &dyn Fn(Engine) -> Engine) {
    let mut engines: BTreeMap<PathBuf, Engine> = BTreeMap::new();
    let (mut failures, mut passed, mut later) = (Vec::new(), 0, BTreeMap::<String, usize>::new());
    for case in cases() {
        let mut outcomes = Vec::new();
        for format in ["parquet", "csv"] {
            let folder = folder(case.db.as_deref(), format);
            let engine = engines
                .entry(folder.clone())
                .or_insert_with(|| set_up(Engine::new(open(&folder)).with_workspace_files(workspace())));
            match run(&case, engine) {
                Ok(outcome) => outcomes.push(outcome),
                Err(failure) => failures.push(format!("{} ({format}): {failure}", case.name)),
            }
        }
        match outcomes.as_slice() {
            [None, None] => passed += 1,
            [Some(reason), Some(_)] => *later.entry(reason.clone()).or_default() += 1,
            _ => {}
        }
    }
    println!("{passed} cases pass, {} are left for later:", later.values().sum::<usize>());
    for (reason, count) in &later {
        println!("  {count:4}  {reason}");
    }
    assert!(failures.is_empty(), "{} failures:\n{}", failures.len(), failures.join("\n"));
    assert!(passed >= PASSING, "{passed} cases pass where {PASSING} did before");
}
