//! What every command takes.

use std::path::PathBuf;

use chrono::NaiveDate;

use crate::budget::Budget;

/// What every command takes.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Common {
    /// Folder of the database, or a case [env: SEGTUI_DATA] [default: the one used last, else the demo]
    #[arg(long, value_name = "DIR", global = true)]
    pub(super) data: Option<PathBuf>,
    /// Folder of the workspace [env: SEGTUI_WORKSPACE] [default: in the user's data folder]
    #[arg(long, value_name = "DIR", global = true)]
    pub(super) workspace: Option<PathBuf>,
    /// Day at which relative dates are resolved [default: the day of the data, else today]
    #[arg(long, value_name = "YYYY-MM-DD", global = true, value_parser = day)]
    pub(super) as_of: Option<NaiveDate>,
    /// Memory to keep what was read in: 512MB, 2GB, 25% [env: SEGTUI_MEMORY] [default: settings.toml, else 25%]
    #[arg(long, value_name = "SIZE", global = true)]
    pub(super) memory: Option<Budget>,
    /// Print JSON, one object a line
    #[arg(long, global = true)]
    pub(super) json: bool,
    /// Write nothing at all, anywhere
    #[arg(long, global = true)]
    pub(super) read_only: bool,
}

/// Reads a day.
pub(super) fn day(text: &str) -> Result<NaiveDate, String> {
    let is_plain = text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    let parsed = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().filter(|_| is_plain);
    parsed.ok_or_else(|| "write a day as YYYY-MM-DD".to_owned())
}
