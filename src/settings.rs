//! `settings.toml` in the person's config folder: what holds for every run, unless the command line or the
//! environment says otherwise.

use std::io::ErrorKind;
use std::path::Path;

use serde::{Deserialize, Deserializer};

use crate::budget::{Budget, InvalidBudget};
use crate::diagnostic::Diagnostic;
use crate::file_system::{read_limited, reason};

/// The most bytes that are read.
const LARGEST: u64 = 1_000_000;

/// What the file says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Settings {
    /// How much memory is kept for answers.
    #[serde(deserialize_with = "parse_memory")]
    pub memory: Option<Budget>,
    /// How many bytes of the cache folder are kept.
    #[serde(deserialize_with = "parse_size")]
    pub cache: Option<u64>,
}

/// Why nothing of the file holds.
pub(crate) type SettingsError = Diagnostic;

impl Settings {
    /// Reads a file; where there is none, nothing is said.
    ///
    /// # Errors
    /// It cannot be read, or something in it is no setting. That is to be told, and the defaults hold.
    pub fn read(file: &Path) -> Result<Self, SettingsError> {
        let invalid = |reason: &str, line: Option<usize>, help: &str| {
            let line = line.map(|line| format!(", line {line}")).unwrap_or_default();
            Diagnostic::new(format!("{reason}: {}{line}", file.display()))
                .with_help(format!("{help}; until then the defaults hold"))
        };
        let unreadable =
            |reason: &str| invalid(reason, None, "make the file readable, as text in UTF-8, or remove it");
        let text = match read_limited(file, LARGEST) {
            Ok(bytes) => String::from_utf8(bytes).map_err(|_| unreadable("this is not UTF-8"))?,
            Err(cause) if cause.kind() == ErrorKind::NotFound => return Ok(Self::default()),
            Err(cause) => return Err(unreadable(&format!("{}: cannot read the settings", reason(&cause)))),
        };
        toml::from_str(&text).map_err(|error| {
            let before = error.span().and_then(|span| text.get(..span.start));
            let line = before.map(|before| before.matches('\n').count() + 1);
            // It may be long where what stands there is.
            let message = error.message().lines().next().unwrap_or_default();
            invalid(message, line, "write memory = \"2GB\" (or 25%) or cache = \"10GB\", or remove the line")
        })
    }
}

fn parse_memory<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Budget>, D::Error> {
    match toml::Value::deserialize(deserializer)? {
        toml::Value::String(text) => text.parse().map(Some).map_err(|_: InvalidBudget| invalid_size(&text)),
        other => Err(invalid_size(&other)),
    }
}

fn parse_size<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    match toml::Value::deserialize(deserializer)? {
        toml::Value::String(text) => match text.parse() {
            Ok(Budget::Bytes(bytes)) => Ok(Some(bytes)),
            Ok(Budget::Percent(_)) | Err(InvalidBudget) => Err(invalid_size(&text)),
        },
        other => Err(invalid_size(&other)),
    }
}

fn invalid_size<E: serde::de::Error>(written: &dyn std::fmt::Display) -> E {
    E::custom(format!("{:?} is no size", written.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn read(text: &str) -> Result<Settings, SettingsError> {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("settings.toml"), text).unwrap();
        Settings::read(&folder.path().join("settings.toml"))
    }

    #[test]
    fn what_is_written_holds() {
        assert_eq!(read("").unwrap(), Settings::default());
        assert_eq!(read("# later\n").unwrap(), Settings::default());
        assert_eq!(read("memory = \"2GB\"").unwrap().memory, Some(Budget::Bytes(2_000_000_000)));
        assert_eq!(read("memory = '10 %' # little").unwrap().memory, Some(Budget::Percent(10)));
        assert_eq!(read("cache = \"1GiB\"").unwrap().cache, Some(1 << 30));
        assert_eq!(Settings::read(Path::new("no/such/settings.toml")).unwrap(), Settings::default());
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line_and_what_to_write() {
        for (text, line, message) in [
            ("memory = \"lots\"", 1, "\"lots\" is no size"),
            ("\n\nmemory = 2", 3, "\"2\" is no size"),
            ("memory = [\n\"2GB\"]", 1, "is no size"),
            ("# so\nmemroy = \"2GB\"", 2, "unknown field `memroy`, expected `memory` or `cache`"),
            ("[memory]\nof = 1", 1, "is no size"),
            ("memory = \"1GB\"\nmemory = \"2GB\"", 2, "duplicate key"),
            ("cache = \"10%\"", 1, "\"10%\" is no size"),
            ("memory = 2GB", 1, ""),
            ("\nmemory", 2, ""),
        ] {
            let error = read(text).unwrap_err();
            let end = format!("settings.toml, line {line}");
            assert!(error.message.contains(message) && error.message.ends_with(&end), "{text}: {error}");
            assert!(!error.message.starts_with(": "), "{text}: {error}");
            assert!(error.help_text().contains("memory = \"2GB\""), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("settings.toml");
        fs::create_dir(&file).unwrap();
        let error = Settings::read(&file).unwrap_err();
        assert!(error.message.starts_with("it is a folder, not a file: "), "{error}");
        fs::remove_dir(&file).unwrap();
        fs::write(&file, b"memory = \"\xff\"").unwrap();
        assert!(Settings::read(&file).unwrap_err().help_text().contains("UTF-8"));
    }
}
