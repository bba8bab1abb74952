//! Other engines, where this machine has them.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::{env, fs};

use polars::prelude::ParquetWriter;
use segtui::database::Origin;
use segtui::local::files::LocalDatabase;
use segtui::sql::Dialect;
use serde_json::{Value, json};
use tempfile::TempDir;

/// A Python that has the packages of `requirements.txt`. Where it is set, the engines must be there.
const PYTHON: &str = "SEGTUI_SQL_PYTHON";

/// A query and what it is to run on.
pub struct Job {
    pub database: usize,
    pub dialect: Dialect,
    pub sql: String,
}

/// What a query returns, each value as text.
#[derive(Debug, serde::Deserialize)]
pub struct Returned {
    pub columns: Vec<String>,
    pub rows: Vec<Vec<Option<String>>>,
}

/// The engines; `None` where they are missing, which is said.
pub struct Engines {
    python: PathBuf,
    postgres: PathBuf,
}

impl Engines {
    pub fn find() -> Option<Self> {
        let Some(python) = env::var_os(PYTHON) else {
            // Past the test runner, which keeps what tests that pass have printed.
            let said = format!("skipped: {PYTHON} names no Python with tests/sql/requirements.txt\n");
            io::stderr().write_all(said.as_bytes()).unwrap();
            return None;
        };
        let postgres = postgres().expect("PostgreSQL: apt-get install postgresql");
        Some(Self { python: python.into(), postgres })
    }

    /// The ids that each query returns, sorted, or the error.
    pub fn run(&self, databases: &[Arc<LocalDatabase>], jobs: &[Job]) -> Vec<Result<Vec<String>, String>> {
        let ids = |answer: Value| {
            let mut ids: Vec<String> = serde_json::from_value(answer).unwrap();
            ids.sort_unstable();
            ids
        };
        self.answers(databases, jobs, false).into_iter().map(|answer| answer.map(ids)).collect()
    }

    /// The rows that each query returns, or the error.
    pub fn rows(&self, databases: &[Arc<LocalDatabase>], jobs: &[Job]) -> Vec<Result<Returned, String>> {
        let rows = |answer: Value| serde_json::from_value(answer).unwrap();
        self.answers(databases, jobs, true).into_iter().map(|answer| answer.map(rows)).collect()
    }

    fn answers(
        &self,
        databases: &[Arc<LocalDatabase>],
        jobs: &[Job],
        rows: bool,
    ) -> Vec<Result<Value, String>> {
        let folders: Vec<TempDir> = databases.iter().map(|database| written(database)).collect();
        let needs_postgres = jobs.iter().any(|job| job.dialect == Dialect::Postgres);
        let queries = jobs
            .iter()
            .map(|job| json!({"database": job.database, "dialect": job.dialect.id(), "sql": job.sql, "rows": rows}));
        let work = json!({
            "postgres": needs_postgres.then_some(&self.postgres),
            "databases": folders.iter().map(TempDir::path).collect::<Vec<_>>(),
            "queries": queries.collect::<Vec<_>>(),
        });
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sql/run.py");
        let mut child = Command::new(&self.python)
            .arg(script)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(work.to_string().as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "the engines could not be started");
        let answers: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
        let answer = |answer: Value| match answer.get("error") {
            Some(error) => Err(error.as_str().unwrap().to_owned()),
            None => Ok(answer),
        };
        answers.into_iter().map(answer).collect()
    }
}

/// The folder of PostgreSQL's programs, of the newest version.
fn postgres() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").ok()?;
    let mut folders: Vec<PathBuf> = versions.flatten().map(|version| version.path().join("bin")).collect();
    folders.sort();
    folders.into_iter().rfind(|folder| folder.join("initdb").is_file())
}

/// The tables of a database as Parquet, with the types of the catalog.
fn written(database: &LocalDatabase) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let own = database.tables.iter().filter(|table| table.origin == Origin::Database);
    for table in own {
        let mut rows = database.frame(table).unwrap().clone().collect().unwrap();
        let file = fs::File::create(folder.path().join(format!("{}.parquet", table.name))).unwrap();
        ParquetWriter::new(file).finish(&mut rows).unwrap();
    }
    folder
}
