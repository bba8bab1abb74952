//! How large files may be that are read as a whole. Larger ones are none of ours, or would fill the memory.

use super::error::WorkspaceError;

/// A segment, and a revision of it.
pub(super) const SEGMENT: u64 = 64_000_000;
/// A draft has a segment in it, without blanks but in other words perhaps.
pub(super) const DRAFT: u64 = 2 * SEGMENT;
/// A saved query.
pub(super) const QUERY: u64 = 16_000_000;
/// What is said of a workspace, a folder, something deleted.
pub(super) const RECORD: u64 = 1_000_000;

/// # Errors
/// A text would be so large that it could not be read again.
pub(super) fn check(text: &str, limit: u64) -> Result<(), WorkspaceError> {
    if text.len() as u64 <= limit {
        return Ok(());
    }
    let message = format!("it would be a file of more than {} MB, the most that is read", limit / 1_000_000);
    Err(WorkspaceError::invalid(message, "put long lists of values into a file of the workspace's lists"))
}
