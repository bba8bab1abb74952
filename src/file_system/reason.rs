//! Why an operation failed, in words for people.

use std::fs::Metadata;
use std::io;

/// The reason without the number that the system has for it.
pub(crate) fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    match text.split_once(" (os error ") {
        Some((words, _)) => words.to_owned(),
        None => text,
    }
}

/// A failure in one line, the reason first and what was being done after it.
pub(crate) fn reason_first(error: &anyhow::Error) -> String {
    let mut words: Vec<String> = error
        .chain()
        .map(|error| error.downcast_ref::<io::Error>().map_or_else(|| error.to_string(), reason))
        .collect();
    words.reverse();
    words.join(": ")
}

/// Why something that is there cannot be opened as a file; `None` for a regular file.
pub(super) fn not_a_file(metadata: &Metadata) -> Option<io::Error> {
    let kind = metadata.file_type();
    if kind.is_file() {
        return None;
    }
    if kind.is_dir() {
        return Some(io::Error::new(io::ErrorKind::IsADirectory, "it is a folder, not a file"));
    }
    let name = special(kind);
    Some(io::Error::new(io::ErrorKind::InvalidInput, format!("it is {name}, not a file")))
}

#[cfg(unix)]
fn special(kind: std::fs::FileType) -> &'static str {
    use std::os::unix::fs::FileTypeExt;
    if kind.is_fifo() {
        "a named pipe"
    } else if kind.is_socket() {
        "a socket"
    } else {
        "a device"
    }
}

#[cfg(not(unix))]
fn special(_: std::fs::FileType) -> &'static str {
    "a device"
}
