//! What ARCHITECTURE.md names in backticks: files and folders, and types.

use std::collections::BTreeSet;

use super::tokens::tokens;

/// The names in backticks, each with its line, counted from 1, and the folder that the line is about, if it is a
/// row of the map.
fn names(text: &str) -> Vec<(usize, Option<&str>, &str)> {
    let mut names = Vec::new();
    let mut is_code = false;
    for (at, line) in text.lines().enumerate() {
        is_code ^= line.starts_with("```");
        if is_code {
            continue;
        }
        let inner = || line.split('`').skip(1).step_by(2);
        let folder = inner().next().filter(|first| line.starts_with("| `") && first.ends_with('/'));
        names.extend(inner().map(|name| (at + 1, folder, name)));
    }
    names
}

/// The paths that look like files or folders and are none: neither of `src/`, nor of the repository, nor of the
/// folder that their row of the map is about.
pub fn missing_paths(text: &str, exists: &impl Fn(&str) -> bool) -> Vec<String> {
    let looks_so = |name: &str| {
        (name.ends_with(".rs") || name.contains('/'))
            && !name.starts_with('/')
            && name.chars().all(|letter| letter.is_ascii_lowercase() || "0123456789_-./".contains(letter))
    };
    let paths = names(text).into_iter().filter(|(.., name)| looks_so(name));
    let missing = paths.filter(|(_, folder, name)| {
        let in_folder = folder.map(|folder| format!("src/{folder}{name}"));
        !exists(&format!("src/{name}")) && !exists(name) && !in_folder.is_some_and(|path| exists(&path))
    });
    missing.map(|(line, _, name)| format!("ARCHITECTURE.md:{line}: there is no {name}")).collect()
}

/// The types, and the paths that begin with one, of which no source names a part.
pub fn missing_types<'a>(text: &str, sources: impl Iterator<Item = &'a str>) -> Vec<String> {
    let known: BTreeSet<String> = sources
        .flat_map(|source| tokens(source).into_iter().filter_map(|token| token.ident().map(str::to_owned)))
        .collect();
    let looks_so = |name: &str| {
        name.starts_with(|letter: char| letter.is_ascii_uppercase())
            && name.contains(|letter: char| letter.is_ascii_lowercase())
            && name.chars().all(|letter| letter.is_ascii_alphanumeric() || "_:".contains(letter))
    };
    let types = names(text).into_iter().filter(|(.., name)| looks_so(name));
    let missing = types.filter(|(.., name)| !name.split("::").all(|part| known.contains(part)));
    missing.map(|(line, _, name)| format!("ARCHITECTURE.md:{line}: there is no {name}")).collect()
}
