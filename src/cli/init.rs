//! `segtui init`: writes a first `database.toml` into a folder.

use std::path::{Path, PathBuf};

use serde_json::json;

use super::failure::Failure;
use super::out::Out;
use super::progress::Progress;
use super::session::Session;
use crate::backend::ReadTask;
use crate::file_system::{atomic, read_limited, reason};
use crate::runtime::open::draft_manifest;
use crate::ui::text::sanitize;

/// Write DIR/database.toml: what was found in the folder, and suggestions to choose from.
///
/// It is the only command that writes into the folder of a database, and it writes this one file. One that is there
/// already is left as it is.
#[derive(clap::Args, Debug)]
pub(super) struct Args {
    /// Folder of the database
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

/// The most bytes of a file that may still be blank.
const BLANK: u64 = 1 << 16;

pub(super) fn run(args: &Args, session: &Session, out: &Out) -> Result<(), Failure> {
    let folder = &args.folder;
    if session.common.read_only {
        return Err(Failure::usage("init writes, and --read-only writes nothing"));
    }
    let path = folder.join("database.toml");
    let is_blank = is_blank(&path);
    if is_blank == Some(false) {
        let help = format!(
            "`segtui tables --data {}` prints what would be suggested; or rename the file and run this again",
            folder.display()
        );
        let message = format!("{}: there is one already, which is left as it is", path.display());
        return Err(Failure::data(message).help(help));
    }
    let progress = Progress::new();
    let cancel = session.stop.cancel().clone();
    let task = ReadTask { report: &|what| progress.say(what), is_cancelled: &|| cancel.is_cancelled() };
    let draft = draft_manifest(folder, &session.cache, task)?;
    let text = draft.text.as_bytes();
    let written = if is_blank.is_some() { atomic::replace(&path, text) } else { atomic::create(&path, text) };
    written.map_err(|error| {
        Failure::data(format!("{}: cannot be written: {}", path.display(), reason(&error)))
            .help("make the folder writable, or copy it to where you may write")
    })?;
    if out.is_json() {
        return out.json(&json!({
            "path": path, "tables": draft.tables, "suggestions": draft.suggestions,
            "activation_id": draft.activation_id,
        }));
    }
    let plural = |count: usize, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
    let (tables, lines) = (plural(draft.tables, "table"), plural(draft.suggestions, "suggested line"));
    out.line(&format!("wrote {}: {tables}, {lines}", sanitize(&path.display().to_string())))?;
    let next = match draft.activation_id {
        Some(_) if draft.suggestions == 0 => "next: see whether it is right",
        Some(_) => "next: take away the # before the lines that are right",
        None => "next: say which column is the activation ID: take away the # before one of the lines `id`",
    };
    out.line(&format!("{next}, then open it: segtui {}", sanitize(&folder.display().to_string())))
}

/// Whether a file says nothing; `None` if there is none. What cannot be read may say anything.
fn is_blank(path: &Path) -> Option<bool> {
    path.symlink_metadata().ok()?;
    Some(read_limited(path, BLANK).is_ok_and(|bytes| bytes.trim_ascii().is_empty()))
}
