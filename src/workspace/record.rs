//! Small JSON files with a format and a version, whose unknown keys are kept.

use std::path::Path;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use super::error::WorkspaceError;
use super::{limits, text};
use crate::file_system::atomic;
use crate::segment::{Segment, parse_json};

pub(super) const WORKSPACE: &str = "segtui/workspace";
pub(super) const FOLDER: &str = "segtui/folder";
pub(super) const TRASH: &str = "segtui/trash";
pub(super) const DRAFT: &str = "segtui/draft";

/// The newest version of each that this program writes.
const VERSION: u64 = 1;

/// One such file.
#[derive(Clone, Debug)]
pub(super) struct Record(Map<String, Value>);

impl Record {
    pub(super) fn new(format: &str) -> Self {
        let mut record = Self(Map::new());
        record.set("format", format).set("version", VERSION);
        record
    }

    /// Reads a record; `None` if there is no such file.
    pub(super) fn read(path: &Path, format: &str) -> Result<Option<Self>, WorkspaceError> {
        let limit = if format == DRAFT { limits::DRAFT } else { limits::RECORD };
        let Some(text) = text::read(path, limit)? else { return Ok(None) };
        let value = parse_json(&text)
            .map_err(|error| text::damaged(path, error.place.line, error.place.column, &error.message))?;
        match value {
            // Written by hand it may go without.
            Value::Object(map) if map.get("format").is_none_or(|named| named == format) => {
                Ok(Some(Self(map)))
            }
            _ => {
                Err(text::damaged(path, 1, 1, &format!("this is no object of the format {format:?}")).into())
            }
        }
    }

    /// # Errors
    /// A newer program wrote it.
    pub(super) fn writable(&self, path: &Path) -> Result<(), WorkspaceError> {
        match self.0.get("version").and_then(Value::as_u64) {
            Some(version) if version > VERSION => {
                Err(WorkspaceError::Newer { path: path.to_owned(), version })
            }
            _ => Ok(()),
        }
    }

    pub(super) fn write(&self, path: &Path) -> Result<(), WorkspaceError> {
        let text = format!("{:#}\n", Value::Object(self.0.clone()));
        limits::check(&text, limits::RECORD)?;
        atomic::replace(path, text.as_bytes()).map_err(WorkspaceError::io("write", path))
    }

    /// Writes it, with a document under a key, so that nobody else can read it.
    pub(super) fn write_private(
        &self,
        path: &Path,
        key: &str,
        document: &Segment,
    ) -> Result<(), WorkspaceError> {
        // Its size must not depend on the blanks of the file that was opened; nothing in it fails to be written.
        let record = WithDocument { record: &self.0, key, document };
        let text = serde_json::to_string(&record).unwrap_or_default() + "\n";
        limits::check(&text, limits::DRAFT)?;
        let written = atomic::replace_private(path, text.as_bytes());
        written.map_err(WorkspaceError::io("write", path))
    }

    pub(super) fn text(&self, key: &str) -> Option<&str> {
        self.0.get(key).and_then(Value::as_str)
    }

    pub(super) fn value(&self, key: &str) -> Option<&Value> {
        self.0.get(key)
    }

    pub(super) fn set(&mut self, key: &str, value: impl Into<Value>) -> &mut Self {
        self.0.insert(key.to_owned(), value.into());
        self
    }
}

/// A record and, after its keys, a document, which is not copied: it may be large.
struct WithDocument<'a> {
    record: &'a Map<String, Value>,
    key: &'a str,
    document: &'a Segment,
}

impl Serialize for WithDocument<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.record.len() + 1))?;
        for (key, value) in self.record {
            map.serialize_entry(key, value)?;
        }
        map.serialize_entry(self.key, self.document)?;
        map.end()
    }
}
