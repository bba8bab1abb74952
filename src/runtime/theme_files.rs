//! The themes of a person's own, and the file that remembers which theme was chosen.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::diagnostic::Diagnostic;
use crate::file_system::{atomic, create_folders, parent, read_limited, reason};
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

/// The file that remembers which theme was chosen.
#[derive(Clone, Debug)]
pub(crate) struct ThemeFile(PathBuf);

impl ThemeFile {
    /// The one at this path.
    #[must_use]
    pub(crate) fn new(path: PathBuf) -> Self {
        Self(path)
    }

    /// The name in it, if there is one.
    #[must_use]
    pub(crate) fn read(&self) -> Option<String> {
        let text = String::from_utf8(read_limited(&self.0, LARGEST).ok()?).ok()?;
        Some(text.trim().to_owned()).filter(|name| !name.is_empty())
    }

    /// Remembers a name.
    ///
    /// # Errors
    /// The file system refuses.
    pub(crate) fn keep(&self, name: &str) -> Result<(), Diagnostic> {
        let written = create_folders(&parent(&self.0))
            .and_then(|()| atomic::replace_private(&self.0, format!("{name}\n").as_bytes()));
        written.map_err(|error| {
            Diagnostic::new(format!(
                "{}: the theme is not remembered in {}",
                reason(&error),
                self.0.display()
            ))
            .with_help("check the folder; it stays until the end")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chosen_theme_is_remembered() {
        let folder = tempfile::tempdir().unwrap();
        let file = ThemeFile::new(folder.path().join("state/theme"));
        assert_eq!(file.read(), None);
        file.keep("light").unwrap();
        assert_eq!(file.read().as_deref(), Some("light"));
        let refused = ThemeFile::new(folder.path().join("state/theme/x")).keep("dark").unwrap_err();
        assert!(refused.message.contains("the theme is not remembered"), "{refused}");
    }

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
