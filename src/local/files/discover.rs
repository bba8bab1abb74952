//! Which files make up which table.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};

use super::manifest::Manifest;
use crate::database::TableError;
use crate::database::did_you_mean;
use crate::diagnostic::Diagnostic;

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FileFormat {
    Parquet,
    /// CSV, plain or packed.
    Csv,
}

/// The files of one table, all of one format, in the order of its rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TableSource {
    /// At least one.
    pub files: Vec<PathBuf>,
    pub format: FileFormat,
}

/// Every table that a folder and its manifest name, by name.
pub(crate) type TableSources = BTreeMap<String, Result<TableSource, TableError>>;

const EXTENSIONS: [(&str, FileFormat); 4] = [
    (".parquet", FileFormat::Parquet),
    (".csv", FileFormat::Csv),
    (".csv.gz", FileFormat::Csv),
    (".csv.zst", FileFormat::Csv),
];

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
            let source = only_source(&name, places);
            (name, source)
        })
        .collect();
    for (name, values) in &manifest.values.tables {
        let (message, help) = match (&values.file, stated.get(name)) {
            (Some(_), Some(files)) if !files.is_empty() => {
                sources.insert(name.clone(), source(name, files.clone()));
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
}

/// The tables that a folder holds by the names of its files and folders.
fn in_folder(folder: &Path) -> io::Result<BTreeMap<String, Vec<Candidate>>> {
    let mut found: BTreeMap<String, Vec<Candidate>> = BTreeMap::new();
    for path in entries(folder)? {
        let Some(name) = path.file_name().map(|name| name.to_string_lossy().into_owned()) else {
            continue;
        };
        let typed = stem_and_format(&name);
        let (stem, files) = if path.is_dir() {
            // Spark names the folders that it writes like files.
            (typed.map_or(name.as_str(), |(stem, _)| stem), parts(&path)?)
        } else if let Some((stem, _)) = typed {
            (stem, vec![path.clone()])
        } else {
            continue;
        };
        if !files.is_empty() {
            found.entry(stem.to_owned()).or_default().push(Candidate { path, files });
        }
    }
    Ok(found)
}

/// The parts within a folder. What begins with `_` or `.` is somebody's bookkeeping. A part that is no file is an
/// error of its table, which would else lack its rows.
fn parts(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut parts = entries(folder)?;
    parts.retain(|path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        !name.starts_with('_') && stem_and_format(&name).is_some() && !path.is_dir()
    });
    Ok(parts)
}

/// What stands in a folder, hidden entries left out, in order of name.
fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths = std::fs::read_dir(folder)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<io::Result<Vec<_>>>()?;
    paths.retain(|path| !path.file_name().unwrap_or_default().to_string_lossy().starts_with('.'));
    paths.sort();
    Ok(paths)
}

fn stem_and_format(name: &str) -> Option<(&str, FileFormat)> {
    EXTENSIONS.iter().find_map(|(extension, format)| {
        let (stem, end) = name.split_at_checked(name.len().checked_sub(extension.len())?)?;
        (end.eq_ignore_ascii_case(extension) && !stem.is_empty()).then_some((stem, *format))
    })
}

/// How a file is written, by its name.
pub(crate) fn format_of(file: &Path) -> Option<FileFormat> {
    let name = file.file_name()?.to_string_lossy();
    stem_and_format(&name).map(|(_, format)| format)
}

/// The name of a table file without what says how it is written.
pub(crate) fn stem(name: &str) -> &str {
    stem_and_format(name).map_or(name, |(stem, _)| stem)
}

/// The source that files of one format are.
fn source(name: &str, files: Vec<PathBuf>) -> Result<TableSource, TableError> {
    let formats: Vec<_> = files.iter().map(|file| format_of(file)).collect();
    let fault =
        |file: &PathBuf, message, help: &str| Err(Diagnostic::new(message).with_help(help).in_file(file));
    for (file, format) in files.iter().zip(&formats) {
        match format {
            None => {
                let message = "is neither Parquet nor CSV".to_owned();
                return fault(file, message, "name it .parquet, .csv, .csv.gz or .csv.zst");
            }
            Some(_) if formats.first() != Some(format) => {
                let message = format!("table {name:?} has Parquet and CSV files");
                return fault(file, message, "keep the files of one format");
            }
            Some(_) => {}
        }
    }
    let format = formats.into_iter().next().flatten().unwrap_or(FileFormat::Parquet);
    Ok(TableSource { files, format })
}

/// The source of a table that may stand in the folder more than once.
fn only_source(name: &str, mut places: Vec<Candidate>) -> Result<TableSource, TableError> {
    let names: Vec<_> = places.iter().map(|place| place.path.file_name().unwrap_or_default()).collect();
    if names.len() > 1 {
        let names: Vec<_> = names.iter().map(|name| name.to_string_lossy()).collect();
        return Err(Diagnostic::new(format!(
            "table {name:?} stands here more than once: {}",
            names.join(", ")
        ))
        .with_help("keep one of them, or name the file of each table in database.toml")
        .in_file(places.first().map(|place| place.path.clone()).unwrap_or_default()));
    }
    source(name, places.pop().map(|place| place.files).unwrap_or_default())
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
                    let name = path.file_name().unwrap_or_default().to_string_lossy();
                    matches_pattern(&letters, &name.chars().collect::<Vec<_>>())
                }));
            } else if path.join(step).exists() {
                next.push(path.join(step));
            }
        }
        paths = next;
    }
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() { files.extend(parts(&path)?) } else { files.push(path) }
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
    fn names_lose_their_extension() {
        assert_eq!(stem_and_format("a.b.csv.gz"), Some(("a.b", FileFormat::Csv)));
        assert_eq!(stem_and_format("A.PARQUET"), Some(("A", FileFormat::Parquet)));
        for name in ["a.txt", "database.toml", ".csv", "é.c"] {
            assert_eq!(stem_and_format(name), None, "{name}");
        }
    }

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
