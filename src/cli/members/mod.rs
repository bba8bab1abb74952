//! `segtui members`: the ids of a segment's customers, and columns about them.

mod columns;
mod format;
mod sink;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::json;

use super::failure::Failure;
use super::out::Out;
use super::session::{Opened, Session, named};
use crate::backend::{Cancel, Members, Task};
use crate::file_system::atomic;

use sink::{Format, Sink};

/// Whom to write, what and where.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// A path to a document, an id, or a name with folders (Churn/High_CLV)
    #[arg(value_name = "SEGMENT")]
    segment: String,
    /// File to write: .csv, .parquet or .jsonl, text also .gz or .zst [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Columns to add, of tables with one row for each id
    #[arg(long, value_name = "TABLE.COLUMN", value_delimiter = ',')]
    columns: Vec<String>,
}

pub(super) fn run(args: &Args, session: &Session, out: &mut Out) -> Result<(), Failure> {
    let format = match &args.output {
        Some(_) if session.common.read_only => {
            return Err(Failure::usage("--output writes, and --read-only writes nothing"));
        }
        Some(path) => Format::of(path)?,
        None if out.is_json() => Format::JSON_LINES,
        None => Format::CSV,
    };
    let opened = session.open()?;
    if let Some(path) = &args.output {
        keep_out_of_database(path, &opened)?;
    }
    let segment = session.finder().find(&args.segment)?;
    opened.note_circumstances(&segment, out);
    let id = opened.database.activation_id(&segment);
    let database = if args.columns.is_empty() { &opened.database } else { opened.with_workspace() };
    let columns = columns::find(&args.columns, database, id)?;
    let question = Members { segment: Arc::new(segment.clone()), as_of: opened.as_of, columns };
    let table = opened.backend.members(&question, Task::new(&Cancel::default()))?;
    let number = table.rows;
    match &args.output {
        None => format::write(&table, &mut Sink::standard(), format.shape)?,
        Some(path) => {
            let fail = |error: std::io::Error| {
                let failure = Failure::data(format!("cannot write {}: {error}", path.display()));
                failure.help("check the folder and the disk; nothing has changed")
            };
            let mut sink = Sink::file(path, format.packing).map_err(fail)?;
            format::write(&table, &mut sink, format.shape).map_err(fail)?;
            sink.finish(path).map_err(fail)?;
            if out.is_json() {
                let path = path.display().to_string();
                out.json(&json!({
                    "segment": named(&segment), "as_of": opened.as_of.to_string(),
                    "activation_id": id, "members": number, "path": path,
                }))?;
            } else {
                let people = opened.database.words(id).plural;
                let number = super::numbers::count(number as u64);
                out.note(&format!("{number} {people}, {}, in {}", opened.days(), path.display()));
            }
        }
    }
    Ok(())
}

/// Nothing ever writes into a database folder.
fn keep_out_of_database(path: &Path, opened: &Opened) -> Result<(), Failure> {
    let real = |path: &Path| std::fs::canonicalize(path).ok();
    match (real(&atomic::parent(path)), real(&opened.database.folder)) {
        (Some(folder), Some(database)) if folder.starts_with(&database) => {
            let message = format!("{} is in the database's folder, where nothing is written", path.display());
            Err(Failure::usage(message).help("choose another folder"))
        }
        _ => Ok(()),
    }
}
