//! `segtui sql`: a segment as SQL.

use serde_json::json;

use super::failure::Failure;
use super::out::Out;
use super::session::Session;
use crate::diagnostic::Diagnostic;
use crate::local::Cancel;
use crate::local::files::{DatabaseView, text_rows};
use crate::segment::{Query, Severity};
use crate::sql::{self, DateStyle, Dialect, ExportRequest};

/// What to write.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// A path to a document, an id, or a name with folders (Churn/High_CLV)
    #[arg(value_name = "SEGMENT")]
    segment: String,
    /// For which engine: duckdb, trino, spark or postgres
    #[arg(long, value_parser = dialect)]
    dialect: Dialect,
    /// Leave relative dates relative to the day on which the query runs
    #[arg(long)]
    relative_dates: bool,
}

pub(super) fn run(args: &Args, session: &Session, out: &Out) -> Result<(), Failure> {
    let opened = session.open()?;
    let segment = session.finder().find(&args.segment)?;
    opened.note_circumstances(&segment, out);
    let (checked, database) = opened.engine.check_with_rows(&segment, opened.as_of, &Cancel::default())?;
    if let Some(problem) = checked.problems.iter().find(|problem| problem.severity == Severity::Error) {
        return Err(problem.into());
    }
    let dates = if args.relative_dates { DateStyle::Relative } else { DateStyle::Resolved };
    let lists = session.workspace();
    let activation_id = opened.database.activation_id(&segment);
    let ids = |query: &Query| {
        let ids = opened.engine.customers_of(query, activation_id, &Cancel::default());
        ids.map_err(Diagnostic::from)
    };
    let request = ExportRequest {
        segment: &segment,
        checked: &checked,
        view: DatabaseView { database: &database, activation_id },
        as_of: opened.as_of,
        lists: &lists,
        ids: &ids,
        rows: &text_rows,
    };
    let sql = sql::write(&request, args.dialect, dates);
    opened.engine.check_files()?;
    let sql = sql.map_err(|problem| Failure::from(&problem))?;
    if out.is_json() {
        let as_of = opened.as_of.to_string();
        return out.json(&json!({"sql": sql, "dialect": args.dialect.id(), "as_of": as_of}));
    }
    out.line(sql.trim_end())
}

fn dialect(text: &str) -> Result<Dialect, String> {
    let known = || Dialect::external();
    let named = known().find(|dialect| dialect.id() == text);
    named.ok_or_else(|| format!("write one of {}", known().map(Dialect::id).collect::<Vec<_>>().join(", ")))
}
