//! Every case of `conformance/cases.jsonl` on both copies of its database.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::NaiveDate;
use segtui::backend::{BackendError, Cancel, Insights, Money};
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
