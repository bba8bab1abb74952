//! `segtui sql`: a segment as SQL.

use serde_json::json;

use super::failure::Failure;
use super::out::Out;
use super::session::Session;
use crate::database::DatabaseView;
use crate::segment::Severity;
use crate::sql::{self, DateStyle, Dialect, ExportRequest};

/// What to write.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// A path to a document, an id, or a name with folders (Churn/High_CLV)
    #[arg(value_name = "SEGMENT")]
    segment: String,
    #[arg(long, help = dialect_help(), value_parser = dialect)]
    dialect: Dialect,
    /// Leave relative dates relative to the day on which the query runs
    #[arg(long)]
    relative_dates: bool,
}

pub(super) fn run(args: &Args, session: &Session, out: &Out) -> Result<(), Failure> {
    let opened = session.open()?;
    let segment = session.finder().find(&args.segment)?;
    opened.note_circumstances(&segment, out);
    let task = opened.task();
    let (checked, database) = opened.backend.check_readable(&segment, opened.as_of, task)?;
    if let Some(problem) = checked.problems.iter().find(|problem| problem.severity == Severity::Error) {
        return Err(problem.into());
    }
    let dates = if args.relative_dates { DateStyle::Relative } else { DateStyle::Resolved };
    let request = ExportRequest {
        segment: &segment,
        checked: &checked,
        view: DatabaseView { database: &database, activation_id: opened.database.activation_id(&segment) },
        as_of: opened.as_of,
        backend: &*opened.backend,
        task,
    };
    let sql = sql::write(&request, args.dialect, dates);
    opened.backend.check_unchanged()?;
    let sql = sql.map_err(|problem| Failure::from(&problem))?;
    if out.is_json() {
        let as_of = opened.as_of.to_string();
        return out.json(&json!({"sql": sql, "dialect": args.dialect.id(), "as_of": as_of}));
    }
    out.program_text(sql.trim_end())
}

fn dialect_help() -> String {
    let mut names: Vec<&str> = Dialect::external().map(Dialect::id).collect();
    let last = names.pop().unwrap_or_default();
    format!("For which engine: {} or {last}", names.join(", "))
}

fn dialect(text: &str) -> Result<Dialect, String> {
    let known = || Dialect::external();
    let named = known().find(|dialect| dialect.id() == text);
    named.ok_or_else(|| format!("write one of {}", known().map(Dialect::id).collect::<Vec<_>>().join(", ")))
}
