//! What files of the cache are called, and which files are its own.

use std::path::Path;

/// Ends the name of an entry.
pub const ENTRY: &str = "segtui-cache";
/// Ends the name of a large file, which an entry vouches for.
pub const LARGE: &str = "segtui-copy";
/// Begins and ends the name of a file that is being written.
pub const TEMPORARY: (&str, &str) = (".segtui-", ".tmp");
/// Held by whoever puts a large file in its place.
pub const LOCK: &str = ".segtui-lock";

/// What an entry is called: its kind, and which part of it where there are several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Name<'a> {
    /// For people.
    pub kind: &'a str,
    /// Each part is written and read by itself.
    pub part: Option<usize>,
}

impl<'a> From<&'a str> for Name<'a> {
    fn from(kind: &'a str) -> Self {
        Self { kind, part: None }
    }
}

impl<'a> From<&'a String> for Name<'a> {
    fn from(kind: &'a String) -> Self {
        Self { kind, part: None }
    }
}

/// How much of a name is kept for people who look into the folder.
const LONGEST: usize = 40;

/// The folder of a database: its name for people, and a number that tells it from others called the same.
pub fn of_database(folder: &Path) -> String {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    numbered(&name, folder.as_os_str().as_encoded_bytes())
}

/// How the names of all files of a kind begin. Two kinds may share one: entries say which kind they are.
pub fn stem(kind: &str) -> String {
    numbered(kind, kind.as_bytes())
}

/// The file of an entry.
pub fn entry(name: Name<'_>) -> String {
    let stem = stem(name.kind);
    match name.part {
        None => format!("{stem}.{ENTRY}"),
        Some(part) => format!("{stem}.{part}.{ENTRY}"),
    }
}

/// Whether a folder may be that of a database.
pub fn is_of_database(name: &str) -> bool {
    let number = name.rsplit_once('-').map(|(_, number)| number);
    number.is_some_and(|number| number.len() == 8 && number.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// What a file in the folder of a database is to the cache.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part<'a> {
    /// An entry, and how its name begins.
    Entry(&'a str),
    /// A large file, and how the name of its entry begins.
    Large(&'a str),
    /// A file that is being written, or was when the program ended.
    Temporary,
    /// The lock.
    Lock,
}

/// `None` for a file that is not the cache's.
pub fn part(name: &str) -> Option<Part<'_>> {
    let (begin, end) = TEMPORARY;
    if name == LOCK {
        return Some(Part::Lock);
    }
    if name.starts_with(begin) && name.ends_with(end) {
        return Some(Part::Temporary);
    }
    match name.rsplit_once('.')? {
        // STEM.segtui-cache, or STEM.PART.segtui-cache
        (rest, ENTRY) => Some(Part::Entry(rest.split_once('.').map_or(rest, |(stem, _)| stem))),
        // STEM.RANDOM.segtui-copy
        (rest, LARGE) => rest.rsplit_once('.').map(|(stem, _)| Part::Large(stem)),
        _ => None,
    }
}

fn numbered(name: &str, whole: &[u8]) -> String {
    let harmless = |letter: char| if letter.is_ascii_alphanumeric() || letter == '_' { letter } else { '-' };
    let name: String = name.chars().map(harmless).take(LONGEST).collect();
    format!("{name}-{:08x}", crc32fast::hash(whole))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_plain_and_tell_apart() {
        let [one, two] = ["/a/My shop", "/b/My shop"].map(|folder| of_database(Path::new(folder)));
        assert!(one.starts_with("My-shop-") && one != two && is_of_database(&one), "{one} {two}");
        assert!(is_of_database(&of_database(Path::new("/"))));
        let long = stem(&"ü/..\\".repeat(100));
        assert!(long.len() == LONGEST + 9 && !long.contains(['/', '\\', '.']), "{long}");
        for foreign in ["target", "a-b", "a-0123456", "a-0123456x"] {
            assert!(!is_of_database(foreign), "{foreign}");
        }
    }

    #[test]
    fn own_files_are_known_by_their_names() {
        let stem = stem("index");
        for part_of in [None, Some(12)] {
            let name = entry(Name { kind: "index", part: part_of });
            assert_eq!(part(&name), Some(Part::Entry(&stem)), "{name}");
        }
        assert_eq!(part(&format!("{stem}.x1Yz.{LARGE}")), Some(Part::Large(&stem)));
        assert_eq!(part(".segtui-a.tmp"), Some(Part::Temporary));
        assert_eq!(part(LOCK), Some(Part::Lock));
        for foreign in ["notes.txt", "a.parquet", "segtui-cache", "x.segtui-copy", ".segtui-a", "a.tmp"] {
            assert_eq!(part(foreign), None, "{foreign}");
        }
    }
}
