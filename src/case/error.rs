//! What is wrong with a file that should be a case.

use std::io;

use crate::diagnostic::Diagnostic;
use crate::file_system::reason;

/// Why a case cannot be opened, and what to do.
pub(crate) type CaseError = Diagnostic<()>;

/// It is no case, or a damaged one.
pub(super) fn damaged(message: impl Into<String>) -> CaseError {
    Diagnostic::new(message).with_help("have it made again with `segtui case`, and sent once more")
}

/// The system refuses.
pub(super) fn refused(error: &io::Error) -> CaseError {
    let help = "see that the file can be read, and that there is room for temporary files";
    Diagnostic::new(format!("{}: the case cannot be unpacked", reason(error))).with_help(help)
}
