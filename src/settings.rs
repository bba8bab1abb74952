//! `settings.toml` in the person's config folder: what holds for every run, unless the command line or the
//! environment says otherwise. One table has all settings: name, type, default and what it is for.

use std::io::ErrorKind;
use std::path::Path;

use toml::de::DeValue;

use crate::budget::{Budget, InvalidBudget};
use crate::diagnostic::{Diagnostic, shortened};
use crate::file_system::{read_limited, reason};
use crate::toml_text::{self, TextError};

/// The most bytes that are read.
const LARGEST: u64 = 1_000_000;

/// What is wrong with the file.
pub(crate) type SettingsError = Diagnostic;

/// Declares the settings with their row of the table. A new one is one line: its name, its type, the default as the file
/// has it, the function that reads it, and what it is for.
macro_rules! settings {
    ($($name:ident: $type:ty = $default:literal, $read:path, $doc:literal;)+) => {
        /// What the file says, with the defaults for all else.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct Settings { $(#[doc = $doc] pub $name: $type,)+ }

        /// The table of settings.
        const SETTINGS: &[Setting] = &[
            $(Setting {
                name: stringify!($name), default: $default, doc: $doc,
                set: |settings, value| { settings.$name = $read(value)?; Ok(()) },
            }),+
        ];

        impl Default for Settings {
            fn default() -> Self {
                let mut settings = Self { $($name: <$type>::default()),+ };
                settings.take(&defaults());
                settings
            }
        }
    };
}

settings! {
    memory: Budget = "\"25%\"", read_memory,
        "How much memory is kept for answers: 512MB, 2GB, or 25% of this machine's memory.";
    cache: u64 = "\"10GB\"", read_size,
        "How much of the disk the cache folder takes at most.";
    theme: String = "\"auto\"", read_string,
        "The theme of the screen: a name, or auto for the one chosen last (ctrl-t), else the one for this terminal.";
    ascii: bool = "false", read_switch,
        "Whether frames, bars and marks are drawn in ASCII.";
}

/// A row of the table.
struct Setting {
    name: &'static str,
    /// As the file has it.
    default: &'static str,
    doc: &'static str,
    /// Takes a value, or says what is wrong with it.
    set: fn(&mut Settings, &DeValue<'_>) -> Result<(), String>,
}

/// A whole file that says nothing but the defaults, with what each setting is for.
#[must_use]
pub(crate) fn defaults() -> String {
    let setting = |setting: &Setting| {
        let Setting { name, default, doc, .. } = setting;
        format!("# {doc}\n{name} = {default}\n")
    };
    SETTINGS.iter().map(setting).collect::<Vec<_>>().join("\n")
}

impl Settings {
    /// Reads a file. What is right in it holds; for the rest the defaults do, and what is wrong is to be told.
    #[must_use]
    pub(crate) fn read(file: &Path) -> (Self, Vec<SettingsError>) {
        let text = match read_text(file) {
            Ok(text) => text,
            Err(error) => return (Self::default(), vec![error]),
        };
        let mut settings = Self::default();
        let errors = settings.take(&text);
        (settings, errors.iter().map(|error| toml_text::in_file(error, file)).collect())
    }

    /// Takes what a text says, as far as it is right.
    fn take(&mut self, text: &str) -> Vec<TextError> {
        let (table, mut errors) = toml_text::parse(text);
        for (name, value) in &table {
            let word = name.get_ref().as_ref();
            let Some(setting) = SETTINGS.iter().find(|setting| setting.name == word) else {
                let near = toml_text::did_you_mean(word, SETTINGS.iter().map(|setting| setting.name));
                let help = near.unwrap_or_else(|| "segtui settings prints all of them".to_owned());
                let message = format!("there is no setting {:?}", shortened(word));
                errors.push(Diagnostic::new(message).with_help(help).at(toml_text::place(text, name.span())));
                continue;
            };
            if let Err(message) = (setting.set)(self, value.get_ref()) {
                let (name, default) = (setting.name, setting.default);
                let help = format!("write {name} = {default}, which holds until then");
                errors
                    .push(Diagnostic::new(message).with_help(help).at(toml_text::place(text, value.span())));
            }
        }
        toml_text::one_a_line(errors)
    }
}

/// The text of a file of the config folder; empty where there is none.
///
/// # Errors
/// It cannot be read.
pub(crate) fn read_text(file: &Path) -> Result<String, Diagnostic> {
    let unreadable = |reason: &str| {
        let help = "make the file readable, as text in UTF-8, or remove it; until then the defaults hold";
        Diagnostic::new(reason).in_file(file).with_place_in_message().with_help(help)
    };
    match read_limited(file, LARGEST) {
        Ok(bytes) => String::from_utf8(bytes).map_err(|_| unreadable("this is not UTF-8")),
        Err(cause) if cause.kind() == ErrorKind::NotFound => Ok(String::new()),
        Err(cause) => Err(unreadable(&format!("{}: cannot read this", reason(&cause)))),
    }
}

fn read_memory(value: &DeValue<'_>) -> Result<Budget, String> {
    let text = read_string(value)?;
    text.parse().map_err(|InvalidBudget| format!("{:?} is no size", shortened(&text)))
}

fn read_size(value: &DeValue<'_>) -> Result<u64, String> {
    match read_memory(value)? {
        Budget::Bytes(bytes) => Ok(bytes),
        Budget::Percent(percent) => Err(format!("{percent}% is no size in bytes")),
    }
}

fn read_switch(value: &DeValue<'_>) -> Result<bool, String> {
    match value {
        DeValue::Boolean(is_on) => Ok(*is_on),
        other => Err(format!("this is {}, not true or false", toml_text::kind(other))),
    }
}

fn read_string(value: &DeValue<'_>) -> Result<String, String> {
    match value {
        DeValue::String(text) => Ok(text.clone().into_owned()),
        other => Err(format!("this is {}, not a text in quotes", toml_text::kind(other))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn read(text: &str) -> (Settings, Vec<SettingsError>) {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("settings.toml"), text).unwrap();
        Settings::read(&folder.path().join("settings.toml"))
    }

    #[test]
    fn the_printed_defaults_are_the_defaults() {
        assert_eq!(read(&defaults()), (Settings::default(), Vec::new()));
        assert_eq!(Settings::default().memory, Budget::default());
        for setting in SETTINGS {
            let mut settings = Settings::default();
            let errors = settings.take(&format!("{} = {}", setting.name, setting.default));
            assert!(errors.is_empty() && settings == Settings::default(), "{}: {errors:?}", setting.name);
        }
    }

    #[test]
    fn what_is_written_holds() {
        assert_eq!(read(""), (Settings::default(), Vec::new()));
        assert_eq!(read("# later\n"), (Settings::default(), Vec::new()));
        assert_eq!(read("memory = \"2GB\"").0.memory, Budget::Bytes(2_000_000_000));
        assert_eq!(read("memory = '10 %' # little").0.memory, Budget::Percent(10));
        assert_eq!(read("cache = \"1GiB\"").0.cache, 1 << 30);
        assert_eq!(Settings::read(Path::new("no/such/settings.toml")), (Settings::default(), Vec::new()));
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place_and_what_to_write() {
        for (text, place, message, help) in [
            ("memory = \"lots\"", (1, 10), "\"lots\" is no size", "write memory = \"25%\""),
            ("\n\nmemory = 2", (3, 10), "this is a number, not a text", "write memory = \"25%\""),
            ("memory = [\n\"2GB\"]", (1, 10), "this is a list", "write memory"),
            ("# so\nmemroy = \"2GB\"", (2, 1), "there is no setting \"memroy\"", "did you mean memory?"),
            ("xyz = 1", (1, 1), "there is no setting \"xyz\"", "segtui settings"),
            ("[memory]\nof = 1", (1, 1), "this is a table", "write memory"),
            ("memory = \"1GB\"\nmemory = \"2GB\"", (2, 1), "duplicate key", ""),
            ("cache = \"10%\"", (1, 9), "10% is no size in bytes", "write cache = \"10GB\""),
            ("memory = 2GB", (1, 10), "", ""),
            ("\nmemory", (2, 7), "", ""),
        ] {
            let (_, errors) = read(text);
            let [error] = &errors[..] else { panic!("{text}: {errors:?}") };
            let end = format!("settings.toml, line {}, column {})", place.0, place.1);
            assert!(error.message.contains(message) && error.message.ends_with(&end), "{text}: {error}");
            assert!(!error.message.starts_with(" ("), "{text}: {error}");
            assert!(error.help_text().contains(help), "{text}: {}", error.help_text());
        }
    }

    #[test]
    fn what_is_right_holds_beside_what_is_wrong() {
        let (settings, errors) = read("memroy = 1\ncache = \"1GB\"\nmemory = \"lots\"\n= 2\n");
        assert_eq!(settings, Settings { cache: 1_000_000_000, ..Settings::default() });
        assert_eq!(errors.len(), 3, "{errors:?}");
    }

    #[test]
    fn what_cannot_be_read_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("settings.toml");
        fs::create_dir(&file).unwrap();
        let told = || Settings::read(&file).1.pop().unwrap();
        assert!(told().message.starts_with("it is a folder, not a file: "), "{}", told());
        fs::remove_dir(&file).unwrap();
        fs::write(&file, b"memory = \"\xff\"").unwrap();
        assert!(told().help_text().contains("UTF-8"));
    }
}
