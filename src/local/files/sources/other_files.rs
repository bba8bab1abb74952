//! What stands in a folder beside the tables, looks like data, and is not read: people look for it otherwise.

use std::io::{self, Read};
use std::path::Path;

use super::file_names::{file_name, is_other_data, is_text, stem};
use super::table_files::TableSources;
use super::table_folder::{TableFolder, entries, holds_tables, is_key_and_value, is_table};
use crate::database::{Note, quoted_list};
use crate::diagnostic::Diagnostic;
use crate::file_system::open_regular;
use crate::local::files::manifest::{setting, toml_text};

/// What to say of a database's folder; of one that holds nothing else, nothing.
///
/// # Errors
/// The folder cannot be listed.
pub(crate) fn notes(folder: &Path, sources: &TableSources) -> io::Result<Vec<Note>> {
    let (mut files, mut texts, mut notes) = (Vec::new(), Vec::new(), Vec::new());
    for path in entries(folder)? {
        let name = file_name(&path);
        let mut taken = sources.values().flatten().flat_map(|source| &source.files);
        if name.starts_with('_')
            || taken.any(|file| file.starts_with(&path))
            || sources.contains_key(stem(&name))
        {
            continue;
        }
        if !path.is_dir() {
            if is_other_data(&name) && !is_table(&path, &name) {
                files.push(name);
            } else if is_text(&name) && has_columns(&path) {
                texts.push(name);
            }
        } else if is_key_and_value(&name) {
            notes.push(note(
                format!("folder {name:?} is left out: folders named KEY=VALUE make up a table below a folder of its name"),
                "make a folder with the name of the table, and move them into it",
            ));
        } else {
            notes.extend(folder_note(&path, &name)?);
        }
    }
    if !texts.is_empty() {
        let names = quoted_list(texts.iter().map(String::as_str));
        let looks = if texts.len() == 1 { "looks like a table" } else { "look like tables" };
        let named = texts.iter().take(MOST_NAMED).map(|name| {
            let table = name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem);
            setting(table, "file", &toml_text(name))
        });
        let help = named.collect::<Vec<_>>().join("\n");
        notes.push(note(format!("{names} {looks}, and of this name files are not read"), &help));
    }
    if !files.is_empty() {
        let (are, them) = if files.len() == 1 { ("is no table", "it") } else { ("are no tables", "them") };
        let names = quoted_list(files.iter().map(String::as_str));
        let message = format!("{names} {are}, and not read: segtui reads CSV and Parquet");
        notes.push(note(message, &format!("export {them} as CSV or Parquet")));
    }
    Ok(notes)
}

/// Of how many files it is said how to name them.
const MOST_NAMED: usize = 5;

/// Whether the first line of a text has something in it that separates columns.
fn has_columns(file: &Path) -> bool {
    let mut head = Vec::new();
    let read = open_regular(file).and_then(|file| file.take(1 << 12).read_to_end(&mut head));
    let line = head.split(|byte| matches!(byte, b'\n' | b'\r')).next().unwrap_or_default();
    read.is_ok() && line.iter().any(|byte| matches!(byte, b'\t' | b';' | b'|'))
}

/// Of a folder that is no table although it holds data.
fn folder_note(folder: &Path, name: &str) -> io::Result<Option<Note>> {
    let TableFolder { left_out, others, .. } = TableFolder::look(folder)?;
    // Below folders of keys people expect parts.
    let is_part = |path: &&std::path::PathBuf| path.parent().is_some_and(|parent| parent != folder);
    if let (true, Some(part)) = (left_out.is_empty(), others.iter().find(is_part)) {
        let part = file_name(part);
        let message = format!("folder {name:?} is no table: {part:?} is named neither .csv nor .parquet");
        return Ok(Some(note(message, "name its files so, if they are")));
    }
    let Some(first) = left_out.first() else { return Ok(None) };
    let inner = file_name(first);
    if first.is_dir() && holds_tables(first) {
        let message = format!(
            "folder {name:?} is no table: its files stand in folders of their own, such as {inner:?}, which are not \
             named KEY=VALUE"
        );
        return Ok(Some(note(message, &setting(name, "file", &toml_text(&format!("{name}/*"))))));
    }
    // Settings of programs stand in folders too.
    let is_settings = left_out.iter().all(|path| file_name(path).to_lowercase().ends_with(".json"));
    let message = format!("folder {name:?} is no table, and not read: {inner:?} is neither CSV nor Parquet");
    Ok((!is_settings).then(|| note(message, "export it as CSV or Parquet")))
}

fn note(message: String, help: &str) -> Note {
    Diagnostic::new(message).with_help(help).at(None)
}

/// Of a table's folder: files and folders in it that look like data and are no parts.
pub(super) fn left_out(table: &str, found: &TableFolder) -> Vec<Note> {
    let left_out = found.left_out.iter().chain(&found.others);
    let (folders, files): (Vec<_>, Vec<_>) = left_out.partition(|path| path.is_dir());
    let names = |paths: &[&std::path::PathBuf]| {
        let names: Vec<_> = paths.iter().map(|path| file_name(path)).collect();
        quoted_list(names.iter().map(String::as_str))
    };
    let mut notes = Vec::new();
    if !folders.is_empty() {
        let message = format!("folders in its folder are left out: {}, not named KEY=VALUE", names(&folders));
        let pattern = toml_text(&format!("{table}/*"));
        notes.push(note(message, &setting(table, "file", &pattern)));
    }
    if !files.is_empty() {
        let message = format!("files in its folder are left out, neither CSV nor Parquet: {}", names(&files));
        notes.push(note(
            message,
            "name them .csv or .parquet if they are, else export them so, or move them away",
        ));
    }
    notes
}
