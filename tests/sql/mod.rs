//! SQL gives the same members as the engine, on the engines that it is written for: DuckDB and PostgreSQL
//! themselves, Trino and Spark through sqlglot on DuckDB.

mod cards;
mod embedded;
mod engines;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use chrono::NaiveDate;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngSeed, TestRunner};
use segtui::backend::{Cancel, Task};
use segtui::database::DatabaseView;
use segtui::local::Engine;
use segtui::local::WorkspaceLists;
use segtui::local::files::LocalDatabase;
use segtui::segment::{Lists, Segment, check};
use segtui::sql::{self, DateStyle, Dialect, ExportRequest};
use segtui::workspace::Workspace;

use crate::conformance::{cases, folder, lists, open};
use crate::slow::Slow;
use crate::slow::engine_against_slow::random_databases;
use crate::slow::strategy::{AS_OF, Words, segment, targets};
use engines::{Engines, Job};

/// A segment and its members.
struct Subject {
    name: String,
    database: usize,
    segment: Segment,
    lists: Arc<dyn Lists>,
    as_of: NaiveDate,
    members: Vec<String>,
}

impl Subject {
    /// The segment as SQL.
    fn sql(&self, database: &Arc<LocalDatabase>, dialect: Dialect, dates: DateStyle) -> String {
        let view = DatabaseView { database, activation_id: &self.segment.activation_id };
        let checked = check(&self.segment, &view, &*self.lists, self.as_of);
        let engine = Engine::new(Arc::clone(database)).with_lists(Arc::clone(&self.lists));
        let cancel = Cancel::default();
        let request = ExportRequest {
            segment: &self.segment,
            checked: &checked,
            view,
            as_of: self.as_of,
            backend: &engine,
            task: Task::new(&cancel),
        };
        sql::write(&request, dialect, dates)
            .unwrap_or_else(|problem| panic!("{} in {}: {problem:?}", self.name, dialect.title()))
    }

    /// The segment in every dialect, relative dates resolved and not.
    fn jobs(&self, database: &Arc<LocalDatabase>) -> Vec<(String, Job)> {
        let ways = Dialect::external()
            .flat_map(|dialect| [DateStyle::Resolved, DateStyle::Relative].map(|dates| (dialect, dates)));
        ways.map(|(dialect, dates)| {
            // The day on which the query runs.
            let today = format!("DATE '{}'", self.as_of);
            let sql = self.sql(database, dialect, dates).replace("CURRENT_DATE", &today);
            let name = format!("{} in {}, {dates:?}", self.name, dialect.title());
            (name, Job { database: self.database, dialect, sql })
        })
        .collect()
    }
}

/// What came of queries.
#[derive(Default)]
struct Outcome {
    right: usize,
    /// The engine could not reckon with the data, and said so.
    too_great: usize,
    wrong: Vec<String>,
}

/// Sums of amounts that no decimal holds fail, in the words of each engine.
fn is_too_great(error: &str) -> bool {
    error.contains("DECIMAL(38,9)") || error.contains("A field with precision 38, scale 9")
}

/// Runs all of them in every dialect; `None` where the engines are missing.
fn run(databases: &[Arc<LocalDatabase>], subjects: &[Subject]) -> Option<Outcome> {
    let engines = Engines::find()?;
    let (mut wanted, mut jobs) = (Vec::new(), Vec::new());
    for subject in subjects {
        for (name, job) in subject.jobs(&databases[subject.database]) {
            wanted.push((name, &subject.members));
            jobs.push(job);
        }
    }
    let answers = engines.run(databases, &jobs);
    assert_eq!(answers.len(), jobs.len());
    let mut outcome = Outcome::default();
    for (((name, members), answer), job) in wanted.into_iter().zip(answers).zip(jobs) {
        match answer {
            Ok(ids) if ids == *members => outcome.right += 1,
            Ok(ids) => outcome.wrong.push(format!("{name}: {members:?}, not {ids:?}\n{}", job.sql)),
            Err(error) if is_too_great(&error) => outcome.too_great += 1,
            Err(error) => outcome.wrong.push(format!("{name}: {error}\n{}", job.sql)),
        }
    }
    Some(outcome)
}

fn judge(outcome: Option<Outcome>, most_too_great: usize) {
    let Some(Outcome { right, too_great, wrong }) = outcome else { return };
    let first: Vec<&str> = wrong.iter().take(3).map(String::as_str).collect();
    assert!(wrong.is_empty(), "{} are wrong, the first:\n{}", wrong.len(), first.join("\n"));
    assert!(right > 0 && too_great <= most_too_great, "{right} are right, {too_great} failed");
}

/// Every case that has members.
fn of_conformance(format: &str) -> (Vec<Arc<LocalDatabase>>, Vec<Subject>) {
    let mut numbers: BTreeMap<PathBuf, usize> = BTreeMap::new();
    let (mut databases, mut subjects) = (Vec::new(), Vec::new());
    for case in cases() {
        let Some(members) = case.expect.get("members") else { continue };
        let folder = folder(case.db.as_deref(), format);
        let database = *numbers.entry(folder.clone()).or_insert_with(|| {
            databases.push(open(&folder));
            databases.len() - 1
        });
        subjects.push(Subject {
            database,
            members: serde_json::from_value(members.clone()).unwrap(),
            name: case.name,
            segment: case.segment,
            lists: lists(),
            as_of: case.as_of,
        });
    }
    (databases, subjects)
}

/// So many random segments on each of so many random databases.
fn random(databases: usize, segments: usize) -> (Vec<Arc<LocalDatabase>>, Vec<Subject>) {
    let config = Config { rng_seed: RngSeed::Fixed(11), failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new(config);
    let strategy = random_databases(segments);
    let (mut made, mut subjects) = (Vec::new(), Vec::new());
    for number in 0..databases {
        let (database, known, segments) = strategy.new_tree(&mut runner).unwrap().current();
        let lists: Arc<dyn Lists> = Arc::new(known);
        let slow = Slow::new(&database, "id", AS_OF()).with_lists(Arc::clone(&lists));
        subjects.extend(segments.into_iter().map(|segment| Subject {
            name: segment.to_json(),
            database: number,
            members: slow.members(&segment),
            segment,
            lists: Arc::clone(&lists),
            as_of: AS_OF(),
        }));
        made.push(database);
    }
    (made, subjects)
}

#[test]
fn every_case_has_its_members_in_every_dialect() {
    let (databases, subjects) = of_conformance("csv");
    judge(run(&databases, &subjects), 0);
}

#[test]
fn random_segments_have_the_same_members_in_every_dialect() {
    let (databases, subjects) = random(40, 8);
    let jobs = subjects.len() * Dialect::external().count() * 2;
    judge(run(&databases, &subjects), jobs / 8);
}

/// Values of all types, and texts that are awkward in SQL.
const KINDS: &str = "amperity_id,text,whole,part,flag,day,moment
C002,\"it's \"\"é\"\"\",5,0.1,true,2024-02-29,2024-01-01 10:00:00.5
C004,,,,,,
007,Σ \\,-3,1e-7,false,1990-01-01,2023-12-31 23:59:59
007,\"\",0,2.5,,2000-02-29,2024-02-29 00:00
nobody,\"a
b\",1,100000,true,2024-01-01,2024-01-01 00:00:00
";

#[test]
fn lists_that_are_tables_stand_as_values() {
    let place = tempfile::tempdir().unwrap();
    crate::flows::harness::put(&place.path().join("lists/kinds.csv"), KINDS);
    let workspace = Arc::new(Workspace::new(place.path(), true));
    let engine = Engine::new(open(&folder(None, "csv"))).with_workspace_files(workspace.clone());
    stands_as_values("lists/kinds", &engine, &(Arc::new(WorkspaceLists::new(workspace)) as Arc<dyn Lists>));
}

/// Numbers of all kinds, times, NULLs and somebody who is no customer.
const WORKED_OUT: &str = "SELECT amperity_id, MAX(answer) AS text, COUNT(*) AS number, AVG(rating) AS part,
    MAX(answered_on) AS day, CAST(MIN(answered_on) AS TIMESTAMP) AS moment, COUNT(*) > 1 AS flag
FROM Survey_Answers WHERE answered_on <= :as_of GROUP BY amperity_id
UNION ALL SELECT 'nobody' AS amperity_id, 'it''s' AS text, 1 AS number, 0.5 AS part, :as_of AS day,
    CAST(:as_of AS TIMESTAMP) AS moment, TRUE AS flag";

#[test]
fn queries_that_are_tables_stand_as_values() {
    let place = tempfile::tempdir().unwrap();
    crate::flows::harness::put(&place.path().join("queries/kinds.sql"), WORKED_OUT);
    let workspace = Arc::new(Workspace::new(place.path(), true));
    let lists: Arc<dyn Lists> = Arc::new(WorkspaceLists::new(workspace));
    let engine = Engine::new(open(&folder(None, "csv"))).with_lists(Arc::clone(&lists));
    stands_as_values("queries/kinds", &engine, &lists);
}

/// Random segments that ask of this table of the workspace.
fn stands_as_values(table: &str, engine: &Engine, lists: &Arc<dyn Lists>) {
    let database = engine.database_with_rows([table], AS_OF(), &Cancel::default()).unwrap();
    let slow = Slow::new(&database, "amperity_id", AS_OF());
    let of_table = targets(&slow).into_iter().filter(|target| target.table() == table);
    let strategy = segment(&Words { targets: of_table.collect(), items: None, lists: Vec::new() });
    let config = Config { rng_seed: RngSeed::Fixed(11), failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new(config);
    let mut subjects = Vec::new();
    for _ in 0..40 {
        let mut segment = strategy.new_tree(&mut runner).unwrap().current();
        segment.activation_id = "amperity_id".to_owned();
        let members = slow.members(&segment);
        assert_eq!(engine.members(&segment, AS_OF(), &Cancel::default()).unwrap(), members);
        let (name, lists) = (segment.to_json(), Arc::clone(lists));
        subjects.push(Subject { name, database: 0, segment, lists, as_of: AS_OF(), members });
    }
    let jobs = subjects.len() * Dialect::external().count() * 2;
    judge(run(&[database], &subjects), jobs / 8);
}
