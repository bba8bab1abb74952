//! Paths of files as people paste and type them.

use std::path::{Component, Path, PathBuf, is_separator};

/// A pasted path without what terminals and file managers put around it.
pub(crate) fn parse_pasted(text: &str) -> String {
    let text = text.trim();
    let inside = ['"', '\''].iter().find_map(|quote| text.strip_prefix(*quote)?.strip_suffix(*quote));
    match (inside, text.strip_prefix("file://")) {
        (Some(inside), _) => inside.to_owned(),
        (None, Some(path)) => unescaped(path, '%'),
        // As a shell would write it; elsewhere it is what separates folders.
        (None, None) if cfg!(unix) => unescaped(text, '\\'),
        (None, None) => text.to_owned(),
    }
}

/// Undoes `\x` or `%20`.
fn unescaped(text: &str, escape: char) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(escape) {
        bytes.extend_from_slice(before.as_bytes());
        let hex = after.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match (escape, hex) {
            ('%', Some(byte)) => {
                bytes.push(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            ('%', None) => {
                bytes.push(b'%');
                rest = after;
            }
            _ => {
                let mut letters = after.chars();
                let mut buffer = [0; 4];
                bytes.extend(
                    letters
                        .next()
                        .map(|letter| letter.encode_utf8(&mut buffer).as_bytes().to_vec())
                        .unwrap_or_default(),
                );
                rest = letters.as_str();
            }
        }
    }
    bytes.extend_from_slice(rest.as_bytes());
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

/// The folder that a typed path means: `~` stands for the home folder, and what does not begin at the top begins in
/// `from`.
pub(crate) fn typed_folder(text: &str, from: &Path, home: Option<&Path>) -> PathBuf {
    let of_home = text.strip_prefix('~').filter(|rest| rest.is_empty() || rest.starts_with(is_separator));
    let folder = match (of_home, home) {
        (Some(rest), Some(home)) => home.join(rest.trim_start_matches(is_separator)),
        _ => from.join(text),
    };
    tidy(&folder)
}

/// Without `.` and `..`, as far as names say.
pub(crate) fn tidy(path: &Path) -> PathBuf {
    let mut tidy = PathBuf::new();
    for step in path.components() {
        match step {
            Component::CurDir => {}
            Component::ParentDir => drop(tidy.pop()),
            other => tidy.push(other),
        }
    }
    tidy
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typed_folder_begins_where_it_says() {
        let typed = |text: &str| typed_folder(text, Path::new("/start"), Some(Path::new("/home/ana")));
        assert_eq!(typed("~"), Path::new("/home/ana"));
        assert_eq!(typed("~/a/../b"), Path::new("/home/ana/b"));
        assert_eq!(typed("~b"), Path::new("/start/~b"));
        assert_eq!(typed("/tmp/"), Path::new("/tmp"));
    }

    #[test]
    fn paths_come_in_many_wrappings() {
        assert_eq!(parse_pasted(" '/a b/c.csv' \n"), "/a b/c.csv");
        assert_eq!(parse_pasted("\"/a/c.csv\""), "/a/c.csv");
        assert_eq!(parse_pasted("file:///a%20b/%C3%A9.csv"), "/a b/é.csv");
        assert_eq!(parse_pasted("file:///100%/x"), "/100%/x");
        if cfg!(unix) {
            assert_eq!(parse_pasted("/a\\ b/c.csv"), "/a b/c.csv");
        }
    }
}
