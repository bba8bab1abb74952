//! Texts of files, and where in them something is wrong.

use std::io;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use super::error::{Damaged, WorkspaceError};
use super::limits;
use super::names::ENDING;
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
            let damaged = damaged(path, line, column, "this is not UTF-8");
            let help = if is_segment(path) { damaged.help } else { "save it as UTF-8".to_owned() };
            Err(Damaged { help, ..damaged }.into())
        }
    }
}

/// A file as a segment.
pub(super) fn read_segment(path: &Path) -> Result<Segment, WorkspaceError> {
    let missing = || WorkspaceError::not_found("file", &path.display().to_string());
    let text = read(path, limits::SEGMENT)?.ok_or_else(missing)?;
    Ok(parse_segment(&text, path)?)
}

/// From how many bytes on documents are taken apart one after another: that takes many times their size, and
/// the list, a preview and the editor may all ask at once.
const LARGE: usize = 1 << 20;

/// Held by whoever takes a large document apart.
static LARGE_DOCUMENT: Mutex<()> = Mutex::new(());

/// A text as a segment; `path` is where it came from.
pub(super) fn parse_segment(text: &str, path: &Path) -> Result<Segment, Damaged> {
    let _alone = (text.len() >= LARGE).then(|| LARGE_DOCUMENT.lock().unwrap_or_else(PoisonError::into_inner));
    Segment::from_json(text).map_err(|error| match error {
        DocumentError::NotJson(error) => damaged(path, error.place.line, error.place.column, &error.message),
        DocumentError::NotASegment { at, key, message } => {
            let named = if key.is_empty() { String::new() } else { format!("{key}: ") };
            damaged(path, at.line, at.column, &format!("{named}{message}"))
        }
    })
}

pub(super) fn damaged(path: &Path, line: usize, column: usize, message: &str) -> Damaged {
    let help = match is_segment(path) {
        true => "correct the file, or take an older one from history/ or version control",
        false => "correct the file",
    };
    let (message, help) = (message.to_owned(), help.to_owned());
    Damaged { path: path.to_owned(), line, column, message, help, is_unread: false }
}

/// Whether a file is named as segments are, of which there are older ones.
fn is_segment(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().ends_with(ENDING))
}

/// Line and column after a text, counted from 1.
fn position(before: &str) -> (usize, usize) {
    let last = before.rsplit('\n').next().unwrap_or_default();
    (before.matches('\n').count() + 1, last.chars().count() + 1)
}
