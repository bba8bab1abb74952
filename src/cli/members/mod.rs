//! `segtui members`: the ids of a segment's customers, and columns about them.

pub(super) mod columns;
pub(super) mod target;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::json;

use super::failure::Failure;
use super::out::Out;
use super::session::{Opened, Session, named};
use super::stop::Stop;
use crate::backend::{MemberTable, Members};
use crate::diagnostic::Diagnostic;
use crate::export::{Format, Packer, check_space, owner_of_folder, write_rows};
use crate::file_system::reason;
use crate::workspace::Workspace;

use target::{Destination, Target};

/// Whom to write, what and where.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// A path to a document, an id, or a name with folders (Churn/High_CLV)
    #[arg(value_name = "SEGMENT")]
    segment: String,
    /// File to write: .csv, .parquet or .jsonl, text also .gz or .zst; or a pipe [default: standard output]
    ///
    /// A file that is there is replaced, once the new one is complete. If anything goes wrong it is as it was.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Columns to add: T.C, T.C:latest, T.C:first, T.C:latest(DATE), T.C:first(DATE), T:rows
    ///
    /// T.C is for a table with one row for each id: several that differ are an error. Of several rows :first and :latest
    /// take one by the order of the file, or by a column of dates (NULL is last for :first, and first for :latest; ties by
    /// the order of the file). T:rows is how many there are.
    #[arg(long, value_name = "TABLE.COLUMN", value_delimiter = ',')]
    columns: Vec<String>,
    /// Send control characters to a terminal as they are
    #[arg(long)]
    raw: bool,
}

pub(super) fn run(args: &Args, session: &Session, out: &mut Out) -> Result<(), Failure> {
    let destination = match &args.output {
        None => Destination::Standard,
        Some(path) => Destination::of(path).map_err(|error| not_written(path, &error))?,
    };
    let path = args.output.as_deref().unwrap_or(Path::new("standard output"));
    let format = match &destination {
        Destination::Standard if out.is_json() => Format::JSON_LINES,
        Destination::Standard => Format::CSV,
        _ if session.common.read_only => {
            return Err(Failure::usage("--output writes, and --read-only writes nothing"));
        }
        Destination::Stream(_) => Format::of(path).unwrap_or(Format::CSV),
        Destination::File(_) => Format::of(path).map_err(unknown_ending)?,
    };
    let opened = session.open()?;
    if let Destination::File(path) = &destination {
        keep_out_of_folders(path, &opened, &session.workspace())?;
    }
    let segment = session.finder().find(&args.segment)?;
    opened.note_circumstances(&segment, out);
    let id = opened.database.activation_id(&segment);
    let database = if args.columns.is_empty() { &opened.database } else { opened.with_workspace() };
    let columns = columns::find(&args.columns, database, id)?;
    let question = Members {
        segment: Arc::new(segment.clone()),
        as_of: opened.as_of,
        columns,
        sort: None,
        search: None,
    };
    let table = opened.backend.members(&question, opened.task())?;
    let written = write(&table, &destination, format, args.raw, &session.stop);
    written.map_err(|error| match (&destination, error.kind()) {
        _ if session.stop.cancel().is_cancelled() => Failure::stopped(),
        (Destination::Standard, _) => error.into(),
        (Destination::Stream(_), io::ErrorKind::BrokenPipe) => {
            let message = format!("the reader has gone: {} is not written to its end", path.display());
            Failure::data(message).help("run the command again with a reader that stays")
        }
        _ => not_written(path, &error),
    })?;
    if destination == Destination::Standard {
        return Ok(());
    }
    if out.is_json() {
        return out.json(&json!({
            "segment": named(&segment), "as_of": opened.as_of.to_string(), "activation_id": id,
            "members": table.rows, "path": path.display().to_string(),
        }));
    }
    let people = opened.database.words(id).plural;
    let number = super::numbers::count(table.rows as u64);
    out.note(&format!("{number} {people}, {}, in {}", opened.days(), path.display()));
    Ok(())
}

fn write(
    table: &MemberTable,
    destination: &Destination,
    format: Format,
    raw: bool,
    stop: &Stop,
) -> io::Result<()> {
    if let Destination::File(path) = destination {
        check_space(table, path, format)?;
    }
    let mut packer = Packer::new(Target::open(destination, raw, stop)?, format.packing)?;
    write_rows(table, &mut packer, format.shape, &|_| Ok(()))?;
    packer.finish()?.finish()
}

fn not_written(path: &Path, error: &io::Error) -> Failure {
    let failure = Failure::data(format!("{}: {} is not written", reason(error), path.display()));
    failure.help("check the folder and the disk; a file that was there before is as it was")
}

fn unknown_ending(Diagnostic { message, help, .. }: Diagnostic) -> Failure {
    Failure::usage(message).help(help.unwrap_or_default())
}

/// Nothing ever writes into a database folder, and only the workspace into its own.
fn keep_out_of_folders(path: &Path, opened: &Opened, workspace: &Workspace) -> Result<(), Failure> {
    match owner_of_folder(path, &opened.database, workspace) {
        None => Ok(()),
        Some(owner) => {
            let message = format!("{} is in {owner}", path.display());
            Err(Failure::usage(message).help("choose another folder"))
        }
    }
}
