//! The themes of a person's own.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::diagnostic::Diagnostic;
use crate::file_system::{read_limited, reason};
use crate::ui::theme::{ThemeSource, Themes};

/// The most bytes of a theme.
const LARGEST: u64 = 1_000_000;
/// The most themes that are read.
const MOST: usize = 200;

/// Reads the themes in a folder (`NAME.toml`), and what is wrong with files that cannot be read.
pub(crate) fn read_themes(folder: &Path) -> (Themes, Vec<Diagnostic>) {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return (Themes::default(), Vec::new()),
        Err(error) => return (Themes::default(), vec![unreadable(&reason(&error), folder)]),
    };
    let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    files.retain(|file| file.extension().is_some_and(|ending| ending == "toml"));
    files.sort();
    files.truncate(MOST);
    let (mut own, mut problems) = (Vec::new(), Vec::new());
    for file in files {
        let read = read_limited(&file, LARGEST).map_err(|error| reason(&error).to_string());
        match read.and_then(|bytes| String::from_utf8(bytes).map_err(|_| "this is not UTF-8".to_owned())) {
            Ok(text) => {
                let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
                own.push(ThemeSource { name, title: file.display().to_string(), text });
            }
            Err(why) => problems.push(unreadable(&why, &file)),
        }
    }
    (Themes::new(own), problems)
}

fn unreadable(why: &str, path: &Path) -> Diagnostic {
    Diagnostic::new(format!("{why}: cannot read the theme {}", path.display()))
        .with_help("make the file readable, as text in UTF-8, or remove it; the other themes hold")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn themes_are_read_from_a_folder_and_what_cannot_be_read_is_told() {
        let folder = tempfile::tempdir().unwrap();
        assert!(read_themes(&folder.path().join("none")).1.is_empty());
        fs::write(folder.path().join("own.toml"), "inherits = \"light\"").unwrap();
        fs::write(folder.path().join("bad.toml"), b"\xff").unwrap();
        fs::write(folder.path().join("notes.txt"), "no theme").unwrap();
        fs::create_dir(folder.path().join("folder.toml")).unwrap();
        let (themes, problems) = read_themes(folder.path());
        assert!(themes.is_own("own") && !themes.is_own("bad") && !themes.is_own("notes"));
        assert_eq!(problems.len(), 2, "{problems:?}");
        assert!(problems[0].message.starts_with("this is not UTF-8: cannot read the theme "), "{problems:?}");
    }
}
