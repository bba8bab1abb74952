//! Texts of files, and where in them something is wrong.

use std::io;
use std::path::Path;

use super::error::{Damaged, WorkspaceError};
use super::limits;
use crate::file_system::read_limited;
use crate::segment::{DocumentError, Segment};

/// The text of a file of at most `limit` bytes; `None` if there is no such file.
pub(super) fn read(path: &Path, limit: u64) -> Result<Option<String>, WorkspaceError> {
    let bytes = match read_limited(path, limit) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        read => read.map_err(WorkspaceError::io("read", path))?,
    };
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Some(text)),
        Err(error) => {
            let valid = error.as_bytes().get(..error.utf8_error().valid_up_to()).unwrap_or_default();
            let (line, column) = position(&String::from_utf8_lossy(valid));
            Err(damaged(path, line, column, "this is not UTF-8").into())
        }
    }
}

/// A file as a segment.
pub(super) fn read_segment(path: &Path) -> Result<Segment, WorkspaceError> {
    let missing = || WorkspaceError::not_found("file", &path.display().to_string());
    let text = read(path, limits::SEGMENT)?.ok_or_else(missing)?;
    Ok(parse_segment(&text, path)?)
}

/// A text as a segment; `path` is where it came from.
pub(super) fn parse_segment(text: &str, path: &Path) -> Result<Segment, Damaged> {
    Segment::from_json(text).map_err(|error| match error {
        DocumentError::NotJson(error) => damaged(path, error.place.line, error.place.column, &error.message),
        DocumentError::NotASegment { at, key, message } => {
            let named = if key.is_empty() { String::new() } else { format!("{key}: ") };
            damaged(path, at.line, at.column, &format!("{named}{message}"))
        }
    })
}

pub(super) fn damaged(path: &Path, line: usize, column: usize, message: &str) -> Damaged {
    Damaged { path: path.to_owned(), line, column, message: message.to_owned(), is_unread: false }
}

/// Line and column after a text, counted from 1.
fn position(before: &str) -> (usize, usize) {
    let last = before.rsplit('\n').next().unwrap_or_default();
    (before.matches('\n').count() + 1, last.chars().count() + 1)
}
