//! `database.toml`: what the files of a database cannot say.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use toml::de::{DeTable, DeValue};

use super::csv::CsvSettings;
use super::file_state::FileState;
use crate::database::Change;
use crate::database::DatabaseError;
use crate::database::did_you_mean;
pub(crate) use crate::database::{setting, toml_key, toml_text};
use crate::diagnostic::{Diagnostic, FileLine};
use crate::file_system::{read_limited, reason};
use crate::segment::{DataType, Keyword};

/// The manifest's name in the folder.
const FILE: &str = "database.toml";
/// The most bytes that are read of it.
const LARGEST: u64 = 10_000_000;

/// A manifest and where its parts stand.
#[derive(Debug, Default)]
pub(crate) struct Manifest {
    /// The file, whether or not it exists.
    pub path: PathBuf,
    /// What it says.
    pub values: ManifestValues,
    text: String,
    /// How the file was before it was read, if there was one.
    state: Option<FileState>,
}

/// The keys of a manifest.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ManifestValues {
    pub name: Option<String>,
    #[serde(default, deserialize_with = "day")]
    pub as_of: Option<NaiveDate>,
    #[serde(default, deserialize_with = "currency")]
    pub currency: Option<String>,
    pub id: Option<String>,
    /// Of all tables; what a table says itself goes before.
    #[serde(default)]
    pub csv: CsvSettings,
    /// Of all tables.
    pub parts: Option<Parts>,
    #[serde(default)]
    pub ids: BTreeMap<String, IdSection>,
    #[serde(default)]
    pub tables: BTreeMap<String, TableSection>,
    #[serde(default)]
    pub roles: RolesSection,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct IdSection {
    pub singular: Option<String>,
    pub plural: Option<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TableSection {
    pub file: Option<String>,
    pub label: Option<String>,
    #[serde(default)]
    pub hidden: bool,
    #[serde(default)]
    pub id: BTreeMap<String, String>,
    #[serde(default, deserialize_with = "types")]
    pub types: BTreeMap<String, DataType>,
    #[serde(default)]
    pub columns: BTreeMap<String, String>,
    #[serde(default)]
    pub lookups: Vec<LookupEntry>,
    #[serde(default)]
    pub csv: CsvSettings,
    pub parts: Option<Parts>,
}

/// Parts of one table that have other columns than the first; an error where nothing is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Parts {
    /// The table has the columns of all; those that a part lacks are NULL there.
    Union,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LookupEntry {
    pub table: String,
    pub on: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RolesSection {
    pub customers: Option<String>,
    pub orders: Option<String>,
    pub items: Option<String>,
    pub attributes: Option<String>,
    pub predicted: Option<String>,
    pub contact: Option<String>,
    #[serde(default)]
    pub items_columns: ItemsColumnsSection,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ItemsColumnsSection {
    pub order_id: Option<String>,
    pub order_datetime: Option<String>,
    pub item_revenue: Option<String>,
    pub item_quantity: Option<String>,
    pub is_return: Option<String>,
    pub is_cancellation: Option<String>,
}

/// What the reader of TOML says, and what to do, in words of ours where they are plainer.
fn explained(message: &str) -> (String, String) {
    if message.starts_with("duplicate key") {
        let help = "write all keys of a table below one [tables.NAME], and all settings of csv into one { }";
        return ("what is named on this line stands here twice".to_owned(), help.to_owned());
    }
    let known: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    if let (true, [unknown, known @ ..]) = (message.starts_with("unknown field"), known.as_slice()) {
        let near = did_you_mean(unknown, known.iter().copied());
        let help = near.unwrap_or_else(|| format!("the keys here are {}", known.join(", ")));
        return (format!("unknown field `{unknown}`"), help);
    }
    (message.to_owned(), "correct this line, or remove it".to_owned())
}

impl Manifest {
    /// Reads the manifest of a folder; a folder without one has an empty one.
    pub fn read(folder: &Path) -> Result<Self, DatabaseError> {
        let path = folder.join(FILE);
        let fault = |line, message: String, help: &str| {
            Diagnostic::new(message).with_help(help).at(FileLine { file: path.clone(), line })
        };
        let state = FileState::settled(&path).ok();
        let unreadable = |reason: &str| {
            let help = "make the file readable, as text in UTF-8, or remove it";
            fault(None, format!("cannot be read: {reason}"), help)
        };
        let text = match read_limited(&path, LARGEST) {
            Ok(bytes) => String::from_utf8(bytes).map_err(|_| unreadable("it is not UTF-8"))?,
            Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
            Err(error) => return Err(unreadable(&reason(&error))),
        };
        let values = toml::from_str(&text).map_err(|error| {
            let line = error.span().map(|span| line_at(&text, span.start));
            let (message, help) = explained(error.message());
            fault(line, message, &help)
        })?;
        Ok(Self { path, values, text, state })
    }

    /// Whether the file is another one than that which was read.
    pub fn changed(&self) -> Option<Change> {
        let kind = FileState::kind(self.state, &self.path)?;
        Some(Change { table: None, file: self.path.clone(), kind })
    }

    /// The file as it stands; empty where there is none.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What is said of a table, be it of all.
    pub fn table(&self, name: &str) -> TableSection {
        let values = self.values.tables.get(name).cloned().unwrap_or_default();
        TableSection {
            csv: values.csv.or(&self.values.csv),
            parts: values.parts.or(self.values.parts),
            ..values
        }
    }

    /// An error of the manifest at the key of this path: why the database cannot be opened, or a table not used.
    pub(crate) fn fault(&self, keys: &[&str], message: String, help: String) -> Diagnostic<FileLine> {
        Diagnostic::new(message)
            .with_help(help)
            .at(FileLine { file: self.path.clone(), line: self.line(keys) })
    }

    /// The line on which a key stands, or the last of its parents that has one.
    fn line(&self, keys: &[&str]) -> Option<u64> {
        let root = DeTable::parse(&self.text).ok()?;
        let (mut table, mut start) = (root.get_ref(), None);
        for key in keys {
            let Some((found, value)) = table.iter().find(|(name, _)| name.get_ref() == key) else {
                break;
            };
            start = Some(found.span().start);
            let DeValue::Table(inner) = value.get_ref() else {
                break;
            };
            table = inner;
        }
        start.map(|start| line_at(&self.text, start))
    }
}

/// The number of the line that holds a byte.
fn line_at(text: &str, byte: usize) -> u64 {
    text.bytes().take(byte).map(|byte| u64::from(byte == b'\n')).sum::<u64>() + 1
}

/// A day as text, or as TOML writes days itself.
fn day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<NaiveDate>, D::Error> {
    let text = match toml::Value::deserialize(deserializer)? {
        toml::Value::String(text) => text,
        other => other.to_string(),
    };
    let day = NaiveDate::parse_from_str(&text, "%Y-%m-%d");
    day.map(Some).map_err(|_| D::Error::custom(format!("{text:?} is no day; write it as \"2025-12-31\"")))
}

fn currency<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let code = String::deserialize(deserializer)?;
    if code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return Ok(Some(code));
    }
    Err(D::Error::custom(format!("{code:?} is no currency; write its ISO 4217 code, such as \"USD\"")))
}

fn types<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<String, DataType>, D::Error> {
    let words = BTreeMap::<String, String>::deserialize(deserializer)?;
    let typed = words.into_iter().map(|(column, word)| match DataType::from_id(&word) {
        Some(data_type) => Ok((column, data_type)),
        None => {
            let known: Vec<_> = DataType::ALL.iter().map(|data_type| data_type.id()).collect();
            Err(D::Error::custom(format!("{word:?} is no type; write one of {}", known.join(", "))))
        }
    });
    typed.collect()
}
