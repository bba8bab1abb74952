//! `segtui cache`: what is kept in the cache folder, and removing it.

use std::path::PathBuf;
use std::time::SystemTime;

use chrono::{DateTime, SecondsFormat, Utc};
use clap::Subcommand;
use serde_json::{Value, json};

use super::failure::Failure;
use super::numbers;
use super::out::Out;
use super::session::Session;
use super::sheet::{self, Align};
use crate::file_system::reason;
use crate::local::cache::DatabaseUsage;
use crate::ui::number::bytes;
use crate::ui::text::sanitize;

#[derive(clap::Args, Debug)]
pub(super) struct Args {
    #[command(subcommand)]
    what: Option<What>,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Remove what is kept; it is made again when it is needed
    Clear {
        /// Folder of the only database of which it is removed [default: that of --data, else all of them]
        #[arg(value_name = "DATABASE")]
        database: Option<PathBuf>,
    },
}

pub(super) fn run(args: &Args, session: &Session, out: &Out) -> Result<(), Failure> {
    match &args.what {
        None => show(session, out),
        Some(What::Clear { database }) => clear(database.clone(), session, out),
    }
}

fn show(session: &Session, out: &Out) -> Result<(), Failure> {
    let folder = session.cache.path();
    let databases = session.cache.usage().map_err(|error| {
        let message = format!("{}: the cache folder {} cannot be listed", reason(&error), folder.display());
        Failure::data(message).help("make it readable, or remove it")
    })?;
    let total = databases.iter().map(DatabaseUsage::bytes).sum();
    if out.is_json() {
        let databases: Vec<Value> = databases.iter().map(describe).collect();
        return out.json(&json!({
            "folder": folder.display().to_string(), "bytes": total, "databases": databases,
        }));
    }
    let count = match databases.len() {
        0 => return out.line(&format!("nothing is kept in {}", sanitize(&folder.display().to_string()))),
        1 => "1 database".to_owned(),
        several => format!("{} databases", numbers::count(several as u64)),
    };
    let total = format!("{count}, {} in {}", bytes(total), sanitize(&folder.display().to_string()));
    out.line(&total)?;
    let mut rows = vec![[String::new(), "SIZE".to_owned(), "LAST USED".to_owned()].to_vec()];
    for database in &databases {
        let name = database.database.display().to_string();
        rows.push(vec![name, bytes(database.bytes()), time(database.last_used())]);
        for kind in &database.kinds {
            rows.push(vec![format!("  {}", kind.kind), bytes(kind.bytes), time(kind.last_used)]);
        }
    }
    out.line(&sheet::set(&rows, &[Align::Left, Align::Right, Align::Left]))
}

fn clear(database: Option<PathBuf>, session: &Session, out: &Out) -> Result<(), Failure> {
    if session.common.read_only {
        return Err(Failure::usage("cache clear removes files, and --read-only leaves them as they are"));
    }
    // Somebody who names a database does not mean all of them.
    let database = database.or_else(|| session.common.data.clone());
    let removed = session.cache.clear(database.as_deref()).map_err(|error| {
        let folder = session.cache.path().display();
        let message = format!("{}: the cache folder {folder} cannot be cleared", reason(&error));
        Failure::data(message).help("make it writable, or remove it")
    })?;
    if out.is_json() {
        return out.json(&json!({"removed": {"files": removed.files, "bytes": removed.bytes}}));
    }
    out.line(&match removed.files {
        0 => "nothing was kept".to_owned(),
        1 => format!("removed 1 file, {}", bytes(removed.bytes)),
        files => format!("removed {} files, {}", numbers::count(files), bytes(removed.bytes)),
    })
}

fn describe(usage: &DatabaseUsage) -> Value {
    let kinds: Vec<Value> = usage
        .kinds
        .iter()
        .map(|kind| json!({"kind": kind.kind, "bytes": kind.bytes, "last_used": at(kind.last_used)}))
        .collect();
    json!({
        "database": usage.database.display().to_string(), "folder": usage.folder.display().to_string(),
        "bytes": usage.bytes(), "last_used": at(usage.last_used()), "kinds": kinds,
    })
}

/// For programs, in UTC.
fn at(time: Option<SystemTime>) -> Option<String> {
    time.map(|time| DateTime::<Utc>::from(time).to_rfc3339_opts(SecondsFormat::Secs, true))
}

/// For people.
fn time(time: Option<SystemTime>) -> String {
    let text = |time| DateTime::<Utc>::from(time).format("%Y-%m-%d %H:%M UTC").to_string();
    time.map(text).unwrap_or_default()
}
