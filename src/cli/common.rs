//! What every command takes.

use std::path::PathBuf;

use crate::budget::Budget;
use crate::segment::TypedDay;

/// What every command takes.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Common {
    /// Folder of the database, or a case [env: SEGTUI_DATA] [default: the one used last, else the demo]
    #[arg(long, value_name = "DIR", global = true)]
    pub(super) data: Option<PathBuf>,
    /// Folder of the workspace [env: SEGTUI_WORKSPACE] [default: in the user's data folder]
    #[arg(long, value_name = "DIR", global = true)]
    pub(super) workspace: Option<PathBuf>,
    /// Day of evaluation: a date, or words counted from the data's own day ("3 months ago", "start of month")
    /// [default: the data's own day, else today]
    #[arg(long, value_name = "YYYY-MM-DD", global = true)]
    pub(super) as_of: Option<TypedDay>,
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
