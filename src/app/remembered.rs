//! What is remembered from one open segment to the next, as long as the program runs.

use std::collections::HashMap;
use std::path::PathBuf;

use super::exports::Exporting;
use crate::backend::MemberColumn;

/// What is remembered from one open segment to the next.
#[derive(Clone, Debug, Default)]
pub(crate) struct Remembered {
    /// The columns of the customers, by the database's folder and the activation ID.
    pub columns: HashMap<(PathBuf, String), Vec<MemberColumn>>,
    /// The folder that something was exported to last.
    pub export_folder: Option<PathBuf>,
    /// The export that is under way.
    pub export: Option<Exporting>,
}
