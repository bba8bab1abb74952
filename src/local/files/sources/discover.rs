//! Which files make up which table.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};

use super::file_names::{file_name, stem_and_format, unnamed_stem};
use super::other_files::left_out;
use super::table_files::{TableSource, TableSources};
use super::table_folder::{TableFolder, entries, is_key_and_value, is_table, refuse_log};
use crate::database::{Note, TableError, did_you_mean};
use crate::diagnostic::Diagnostic;
use crate::file_system::reason;
use crate::local::files::manifest::Manifest;

/// Finds the tables of a folder.
///
/// # Errors
/// The folder cannot be listed.
pub(crate) fn discover(folder: &Path, manifest: &Manifest) -> io::Result<TableSources> {
    let mut found = in_folder(folder)?;
    let mut stated = BTreeMap::new();
    for (name, values) in &manifest.values.tables {
        if let Some(pattern) = &values.file {
            stated.insert(name, matching(folder, pattern)?);
        }
    }
    // A file that the manifest gives to a table is no table of its own.
    let taken: BTreeSet<_> = stated.values().flatten().collect();
    for places in found.values_mut() {
        places.retain(|place| !place.files.iter().any(|file| taken.contains(file)));
    }
    found.retain(|_, places| !places.is_empty());
    let names: Vec<_> = found.keys().cloned().collect();
    let mut sources: TableSources = found
        .into_iter()
        .map(|(name, places)| {
            let source = only_source(folder, &name, places);
            (name, source)
        })
        .collect();
    for (name, values) in &manifest.values.tables {
        let (message, help) = match (&values.file, stated.get(name)) {
            (Some(_), Some(files)) if !files.is_empty() => {
                sources.insert(name.clone(), TableSource::new(folder, files.clone(), Vec::new()));
                continue;
            }
            (Some(pattern), _) => (format!("no Parquet or CSV file is {pattern:?}"), None),
            (None, _) if sources.contains_key(name) => continue,
            (None, _) => {
                let near = did_you_mean(name, names.iter().map(String::as_str));
                (format!("no file or folder is named {name:?}"), near)
            }
        };
        let keys: &[&str] = if values.file.is_some() { &["tables", name, "file"] } else { &["tables", name] };
        let help = help.unwrap_or_else(|| "add the file, name it with `file`, or remove this".to_owned());
        sources.insert(name.clone(), Err(manifest.fault(keys, message, help)));
    }
    Ok(sources)
}

/// A file or folder that is a table by its name.
struct Candidate {
    path: PathBuf,
    /// The file, or the parts in the folder.
    files: Vec<PathBuf>,
    /// What is left out of the folder.
    notes: Vec<Note>,
    /// Why it is no table although it looks like one.
    error: Option<TableError>,
}

/// The tables that a folder holds by the names of its files and folders.
fn in_folder(folder: &Path) -> io::Result<BTreeMap<String, Vec<Candidate>>> {
    let mut found: BTreeMap<String, Vec<Candidate>> = BTreeMap::new();
    for path in entries(folder)? {
        let name = file_name(&path);
        let typed = stem_and_format(&name).map(|(stem, _)| stem);
        let (stem, candidate) = if path.is_dir() {
            if is_key_and_value(&name) {
                continue;
            }
            // Spark names the folders that it writes like files.
            let stem = typed.unwrap_or(&name);
            // A folder that cannot be listed takes no other table along.
            let (content, error) = match TableFolder::look(&path) {
                Ok(content) => (content, refuse_log(&path).err()),
                Err(error) => (TableFolder::default(), Some(TableError::unreadable(&path, &reason(&error)))),
            };
            let notes = left_out(stem, &content);
            (stem, Candidate { path: path.clone(), files: content.parts, notes, error })
        } else if is_table(&path, &name) {
            let stem = typed.or_else(|| unnamed_stem(&name)).unwrap_or(&name);
            (
                stem,
                Candidate { path: path.clone(), files: vec![path.clone()], notes: Vec::new(), error: None },
            )
        } else {
            continue;
        };
        if !candidate.files.is_empty() || candidate.error.is_some() {
            found.entry(stem.to_owned()).or_default().push(candidate);
        }
    }
    Ok(found)
}

/// The source of a table that may stand in the folder more than once.
fn only_source(folder: &Path, name: &str, mut places: Vec<Candidate>) -> Result<TableSource, TableError> {
    if places.len() > 1 {
        let names: Vec<_> = places.iter().map(|place| file_name(&place.path)).collect();
        return Err(Diagnostic::new(format!(
            "table {name:?} stands here more than once: {}",
            names.join(", ")
        ))
        .with_help("keep one of them, or name the file of each table in database.toml")
        .in_file(places.first().map(|place| place.path.clone()).unwrap_or_default()));
    }
    match places.pop() {
        Some(Candidate { error: Some(error), .. }) => Err(error),
        Some(Candidate { files, notes, .. }) => TableSource::new(folder, files, notes),
        None => TableSource::new(folder, Vec::new(), Vec::new()),
    }
}

/// The table files that a path of the manifest means: a file, a folder of parts, or a pattern with
/// `*` and `?` in any of its steps.
fn matching(folder: &Path, pattern: &str) -> io::Result<Vec<PathBuf>> {
    let mut paths = vec![folder.to_owned()];
    for step in pattern.split('/').filter(|step| !step.is_empty()) {
        let mut next = Vec::new();
        for path in paths.iter().filter(|path| path.is_dir()) {
            if step.contains(['*', '?']) {
                let letters: Vec<char> = step.chars().collect();
                next.extend(entries(path)?.into_iter().filter(|path| {
                    let name = file_name(path);
                    let is_data = path.is_dir() || is_table(path, &name);
                    is_data && matches_pattern(&letters, &name.chars().collect::<Vec<_>>())
                }));
            } else if path.join(step).exists() {
                next.push(path.join(step));
            }
        }
        paths = next;
    }
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() { files.extend(TableFolder::look(&path)?.parts) } else { files.push(path) }
    }
    Ok(files)
}

/// Whether a name matches a pattern: `*` is any letters, `?` any one, all others are themselves. Own code: to the
/// crate globset `[`, `{` and `\` are syntax too, which names of files may hold, and `?` is a byte.
fn matches_pattern(pattern: &[char], name: &[char]) -> bool {
    match (pattern, name) {
        ([], []) => true,
        (['*', rest @ ..], _) => {
            matches_pattern(rest, name)
                || matches!(name, [_, shorter @ ..] if matches_pattern(pattern, shorter))
        }
        (['?', rest @ ..], [_, shorter @ ..]) => matches_pattern(rest, shorter),
        ([letter, rest @ ..], [first, shorter @ ..]) => letter == first && matches_pattern(rest, shorter),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_fit() {
        let matches_pattern = |pattern: &str, name: &str| {
            matches_pattern(&pattern.chars().collect::<Vec<_>>(), &name.chars().collect::<Vec<_>>())
        };
        assert!(matches_pattern("*.parquet", "part-1.parquet"));
        assert!(matches_pattern("p?rt*", "pärt"));
        assert!(!matches_pattern("*.parquet", "part.csv"));
        assert!(!matches_pattern("a?", "a"));
    }
}
