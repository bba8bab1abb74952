//! `case.json`: what a case is of, and the answer that was given.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::error::{CaseError, damaged};
use crate::diagnostic::Diagnostic;

/// Its file.
pub(super) const DOCUMENT: &str = "case.json";
/// What the format is called.
pub(super) const FORMAT: &str = "segtui/case";
/// The version of it that is written, and the newest that is read.
pub(super) const VERSION: u64 = 1;

/// What a case is of, and the answer that was given.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub(crate) struct CaseDocument {
    pub format: String,
    pub version: u64,
    /// The version of the program that made it.
    pub segtui: String,
    pub segment: CaseSegment,
    /// The day of evaluation.
    pub as_of: NaiveDate,
    pub activation_id: String,
    pub ids: Vec<String>,
    pub database: CaseDatabase,
    /// One for each id.
    pub answers: Vec<Value>,
    pub hidden: Vec<CaseColumn>,
    /// Every other file of it.
    pub files: Vec<FileStamp>,
}

/// The segment of a case, which stands in its workspace.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub(crate) struct CaseSegment {
    pub id: String,
    pub name: String,
}

/// The database that a case was made of.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub(crate) struct CaseDatabase {
    pub name: String,
    pub fingerprint: Option<String>,
}

/// A column that was hidden.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub(crate) struct CaseColumn {
    pub table: String,
    pub column: String,
    /// Whether other values stand in for its own; otherwise it was left out.
    pub replaced: bool,
}

/// By what a file is known again.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub(crate) struct FileStamp {
    pub path: String,
    pub bytes: u64,
    /// BLAKE3, in hexadecimal digits.
    pub hash: String,
}

impl FileStamp {
    pub(super) fn new(path: &str, bytes: u64, hash: blake3::Hash) -> Self {
        Self { path: path.to_owned(), bytes, hash: hash.to_hex().to_string() }
    }
}

impl CaseDocument {
    /// Reads one. What comes from a newer version is said to.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, CaseError> {
        let value: Value = serde_json::from_slice(bytes).map_err(|_| damaged("its case.json is no JSON"))?;
        if value.get("format").and_then(Value::as_str) != Some(FORMAT) {
            return Err(damaged("its case.json is of something else"));
        }
        match value.get("version").and_then(Value::as_u64) {
            Some(version) if version > VERSION => {
                let message = format!("it was made by a newer version of segtui (its format is {version})");
                return Err(Diagnostic::new(message).with_help("update segtui"));
            }
            Some(VERSION) => {}
            _ => return Err(damaged("its case.json has no version")),
        }
        serde_json::from_value(value)
            .map_err(|error| damaged(format!("its case.json is incomplete: {error}")))
    }

    /// Checks that these are the files that it was made with.
    pub(super) fn verify(&self, found: Vec<FileStamp>) -> Result<(), CaseError> {
        let wrong =
            |path: &str, what: &str| Err(damaged(format!("{:?} {what}", crate::diagnostic::shortened(path))));
        let mut found: BTreeMap<String, FileStamp> =
            found.into_iter().map(|stamp| (stamp.path.clone(), stamp)).collect();
        found.remove(DOCUMENT);
        for file in &self.files {
            match found.remove(&file.path) {
                Some(stamp) if stamp == *file => {}
                Some(_) => return wrong(&file.path, "is not as it was when the case was made"),
                None => return wrong(&file.path, "is missing"),
            }
        }
        found.keys().next().map_or(Ok(()), |path| wrong(path, "is not of the case"))
    }

    /// As it is written.
    pub(super) fn to_json(&self) -> Vec<u8> {
        let mut bytes = serde_json::to_vec_pretty(self).unwrap_or_default();
        bytes.push(b'\n');
        bytes
    }
}
