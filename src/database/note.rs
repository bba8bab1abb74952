//! What was noticed about files that open all the same.

use crate::diagnostic::Diagnostic;

/// Something left out, renamed or detected (`docs/reference/files.md`): what, and the line for `database.toml`
/// that changes it, where there is one. Its place is the column that it is about; `None` where it is about the
/// table or the database as a whole.
pub type Note = Diagnostic<Option<String>>;
