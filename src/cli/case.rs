//! `segtui case`: all that is needed to repeat the answer for some customers elsewhere, in one file.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::json;

use super::failure::Failure;
use super::out::Out;
use super::session::{Session, named};
use crate::backend::MakeCase;
use crate::case::default_name;
use crate::export::{follow, owner_of_folder};
use crate::file_system::reason;
use crate::runtime::{SaveCaseError, save_case};

/// Whom the case is of, and where it goes.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// A path to a document, an id, or a name with folders (Churn/High_CLV)
    #[arg(value_name = "SEGMENT")]
    segment: String,
    /// Ids of customers as they stand in the data
    #[arg(value_name = "ID", required = true, allow_negative_numbers = true)]
    ids: Vec<String>,
    /// The file [default: case-SEGMENT-ID.zip in this folder]
    #[arg(short, long, value_name = "FILE.zip")]
    output: Option<PathBuf>,
    /// Columns that are not for others, as COLUMN or TABLE.COLUMN: left out, or replaced where they are looked at
    #[arg(long, value_name = "COLUMN,...", value_delimiter = ',')]
    hide: Vec<String>,
}

pub(super) fn run(args: &Args, session: &Session, out: &mut Out) -> Result<(), Failure> {
    if session.common.read_only {
        let failure = Failure::usage("a case is written, and --read-only writes nothing");
        return Err(failure.help("leave --read-only out"));
    }
    let opened = session.open()?;
    let segment = Arc::new(session.finder().find(&args.segment)?);
    opened.note_circumstances(&segment, out);
    let named_by_us = PathBuf::from(default_name(&segment, &args.ids));
    let output = args.output.as_ref().unwrap_or(&named_by_us);
    if !output.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("zip")) {
        let failure = Failure::usage(format!("{} does not end in .zip", output.display()));
        return Err(failure.help("name it FILE.zip"));
    }
    let path = follow(output).map_err(|error| not_written(output, &error))?;
    if let Some(owner) = owner_of_folder(&path, &opened.database, &session.workspace()) {
        let failure = Failure::usage(format!("{} is in {owner}", path.display()));
        return Err(failure.help("choose another folder"));
    }
    let ids = distinct(&args.ids);
    let question =
        MakeCase { segment: Arc::clone(&segment), as_of: opened.as_of, ids, hide: args.hide.clone() };
    // What was named is replaced, as by every command; what we name ourselves replaces nothing.
    let place = (path.as_path(), args.output.is_some());
    let begun = |unfinished: Option<&Path>| session.stop.note_unfinished(unfinished);
    let saved = save_case(&*opened.backend, &question, place, &begun, opened.task());
    let packed = saved.map_err(|error| match error {
        _ if session.stop.cancel().is_cancelled() => Failure::stopped(),
        SaveCaseError::Backend(error) => error.into(),
        SaveCaseError::Write(error) => not_written(&path, &error),
        SaveCaseError::Other(error) => Failure::data(error.message).help(error.help.unwrap_or_default()),
    })?;
    packed.strangers.iter().for_each(|stranger| out.note(stranger));
    let document = packed.document;
    let hidden = document.hidden.iter();
    if out.is_json() {
        let hidden = hidden.map(
            |hidden| json!({"table": hidden.table, "column": hidden.column, "replaced": hidden.replaced}),
        );
        return out.json(&json!({
            "segment": named(&segment), "as_of": opened.as_of.to_string(), "activation_id": document.activation_id,
            "ids": question.ids, "hidden": hidden.collect::<Vec<_>>(), "path": path.display().to_string(),
        }));
    }
    for hidden in hidden {
        let how = if hidden.replaced { "is replaced" } else { "is left out" };
        out.note(&format!("{}.{} {how}", hidden.table, hidden.column));
    }
    let whom =
        if question.ids.len() == 1 { "one id".to_owned() } else { format!("{} ids", question.ids.len()) };
    out.note(&format!("the case of {whom}, {}, is in {}", opened.days(), path.display()));
    Ok(())
}

/// Each id once, in order.
fn distinct(ids: &[String]) -> Vec<String> {
    let mut seen = std::collections::HashSet::new();
    ids.iter().filter(|id| seen.insert(*id)).cloned().collect()
}

fn not_written(path: &Path, error: &io::Error) -> Failure {
    let failure = Failure::data(format!("{}: {} is not written", reason(error), path.display()));
    failure.help(
        "check the folder and the disk, or name the file with --output; what was there before is as it was",
    )
}
