//! What is said after a panic: where the edits are, and how to report it.

use std::path::PathBuf;
use std::sync::OnceLock;

/// The folder in which edits are kept, once that is known; none where nothing is written.
static DRAFTS: OnceLock<Option<PathBuf>> = OnceLock::new();

/// Tells where edits are kept.
pub(super) fn drafts_are_in(folder: Option<PathBuf>) {
    // There is one run in a process.
    let _ = DRAFTS.set(folder);
}

/// What is said below the reason.
pub(super) fn advice() -> String {
    let drafts = DRAFTS.get().map(|folder| match folder {
        Some(folder) => format!(
            "Unsaved edits are kept in {}: segtui offers them when it is started again.\n",
            folder.display()
        ),
        None => "Nothing was written, as --read-only asks: unsaved edits are lost.\n".to_owned(),
    });
    format!(
        "\n{}This is a defect of segtui. Please report the lines above and what you did last; if it depends on the data, \
         segtui case SEGMENT ID... -o FILE.zip writes the part that can be sent (--hide leaves columns out).",
        drafts.unwrap_or_default()
    )
}
