//! What is in a folder of this machine, for the file browser.

use std::fs;
use std::io;
use std::path::Path;

use crate::app::event::FolderEntry;
use crate::backend::Cancel;
use crate::diagnostic::Diagnostic;
use crate::file_system::reason;

/// Folders first, then files, each by name without regard to case. What is neither, such as a device,
/// is left out. `None` if it was cancelled.
pub(crate) fn list_folder(folder: &Path, cancel: &Cancel) -> Option<Result<Vec<FolderEntry>, Diagnostic>> {
    let failed = |error: &io::Error| {
        Diagnostic::new(format!("{}: cannot read {}", reason(error), folder.display()))
            .with_help("choose another folder")
    };
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) => return Some(Err(failed(&error))),
    };
    let mut found = Vec::new();
    for entry in entries {
        if cancel.is_cancelled() {
            return None;
        }
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => return Some(Err(failed(&error))),
        };
        // Through symbolic links.
        let Ok(metadata) = fs::metadata(entry.path()) else { continue };
        if metadata.is_dir() || metadata.is_file() {
            found.push(FolderEntry {
                name: entry.file_name().to_string_lossy().into_owned(),
                path: entry.path(),
                is_folder: metadata.is_dir(),
                bytes: if metadata.is_dir() { 0 } else { metadata.len() },
            });
        }
    }
    found.sort_by_cached_key(|entry| (!entry.is_folder, entry.name.to_lowercase(), entry.name.clone()));
    Some(Ok(found))
}
