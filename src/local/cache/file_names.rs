//! What files of the cache are called, and which files are its own.

use std::path::Path;

use crate::file_system::is_temporary;

/// Ends the name of an entry.
pub(crate) const ENTRY: &str = "segtui-cache";
/// Ends the name of a large file, which an entry vouches for.
pub(crate) const LARGE: &str = "segtui-copy";
/// Held by whoever puts a large file in its place.
pub(crate) const LOCK: &str = ".segtui-lock";

/// By what an entry is found: its kind, and which part of it where there are several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EntryKey<'a> {
    /// For people.
    pub kind: &'a str,
    /// Each part is written and read by itself.
    pub part: Option<usize>,
}

impl<'a> From<&'a str> for EntryKey<'a> {
    fn from(kind: &'a str) -> Self {
        Self { kind, part: None }
    }
}

impl<'a> From<&'a String> for EntryKey<'a> {
    fn from(kind: &'a String) -> Self {
        Self { kind, part: None }
    }
}

/// How many letters of a name stay for people who look into the folder.
const MAX_LETTERS: usize = 40;

/// The folder of a database: its name for people, and a number that tells it from others called the same.
pub(crate) fn database_folder(folder: &Path) -> String {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    with_checksum(&name, folder.as_os_str().as_encoded_bytes())
}

/// How the names of all files of a kind begin. Two kinds may share one: entries say which kind they are.
pub(crate) fn stem(kind: &str) -> String {
    with_checksum(kind, kind.as_bytes())
}

pub(crate) fn entry_file(key: EntryKey<'_>) -> String {
    let stem = stem(key.kind);
    match key.part {
        None => format!("{stem}.{ENTRY}"),
        Some(part) => format!("{stem}.{part}.{ENTRY}"),
    }
}

/// Whether a folder may be that of a database.
pub(crate) fn is_database_folder(name: &str) -> bool {
    let number = name.rsplit_once('-').map(|(_, number)| number);
    number.is_some_and(|number| number.len() == 8 && number.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// What a file in the folder of a database is to the cache.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FileKind<'a> {
    /// An entry, and how its name begins.
    Entry(&'a str),
    /// A large file, and how the name of its entry begins.
    Large(&'a str),
    /// A file that is being written, or was when the program ended.
    Temporary,
    Lock,
}

/// What a file is by its name; `None` for one that is not the cache's.
pub(crate) fn file_kind(name: &str) -> Option<FileKind<'_>> {
    if name == LOCK {
        return Some(FileKind::Lock);
    }
    if is_temporary(name.as_ref()) {
        return Some(FileKind::Temporary);
    }
    match name.rsplit_once('.')? {
        // STEM.segtui-cache, or STEM.PART.segtui-cache
        (rest, ENTRY) => Some(FileKind::Entry(rest.split_once('.').map_or(rest, |(stem, _)| stem))),
        // STEM.RANDOM.segtui-copy
        (rest, LARGE) => rest.rsplit_once('.').map(|(stem, _)| FileKind::Large(stem)),
        _ => None,
    }
}

fn with_checksum(name: &str, whole: &[u8]) -> String {
    let harmless = |letter: char| if letter.is_ascii_alphanumeric() || letter == '_' { letter } else { '-' };
    let name: String = name.chars().map(harmless).take(MAX_LETTERS).collect();
    format!("{name}-{:08x}", crc32fast::hash(whole))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_plain_and_tell_apart() {
        let [one, two] = ["/a/My shop", "/b/My shop"].map(|folder| database_folder(Path::new(folder)));
        assert!(one.starts_with("My-shop-") && one != two && is_database_folder(&one), "{one} {two}");
        assert!(is_database_folder(&database_folder(Path::new("/"))));
        let long = stem(&"ü/..\\".repeat(100));
        assert!(long.len() == MAX_LETTERS + 9 && !long.contains(['/', '\\', '.']), "{long}");
        for foreign in ["target", "a-b", "a-0123456", "a-0123456x"] {
            assert!(!is_database_folder(foreign), "{foreign}");
        }
    }

    #[test]
    fn own_files_are_known_by_their_names() {
        let stem = stem("index");
        for part in [None, Some(12)] {
            let name = entry_file(EntryKey { kind: "index", part });
            assert_eq!(file_kind(&name), Some(FileKind::Entry(&stem)), "{name}");
        }
        assert_eq!(file_kind(&format!("{stem}.x1Yz.{LARGE}")), Some(FileKind::Large(&stem)));
        assert_eq!(file_kind(".segtui-a.tmp"), Some(FileKind::Temporary));
        assert_eq!(file_kind(LOCK), Some(FileKind::Lock));
        for foreign in ["notes.txt", "a.parquet", "segtui-cache", "x.segtui-copy", ".segtui-a", "a.tmp"] {
            assert_eq!(file_kind(foreign), None, "{foreign}");
        }
    }
}
