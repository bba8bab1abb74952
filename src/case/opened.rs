//! A case that was unpacked.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tempfile::TempDir;

use super::document::{CaseDocument, DOCUMENT};
use super::error::{CaseError, damaged, refused};
use super::{answer, archive};
use crate::backend::{Backend, BackendError, Explain, Task};
use crate::diagnostic::Diagnostic;
use crate::file_system::{open_regular, read_limited, temporary_folder};
use crate::segment::Segment;

/// The most bytes of `case.json`.
const LARGEST: u64 = 100_000_000;

/// A case in a folder of its own, which is removed when it is dropped.
#[derive(Debug)]
pub(crate) struct OpenedCase {
    folder: TempDir,
    /// What it is of.
    pub document: CaseDocument,
}

/// Whether a path names a file that could be a case: a zip, by its name or its first bytes.
pub(crate) fn is_case(path: &Path) -> bool {
    if !path.is_file() {
        return false;
    }
    let is_named = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("zip"));
    let mut start = [0; 4];
    let mut begins = || open_regular(path).and_then(|mut file| file.read_exact(&mut start)).is_ok();
    is_named || (begins() && start == *b"PK\x03\x04")
}

impl OpenedCase {
    /// Unpacks a case into a folder that nobody else can read.
    ///
    /// # Errors
    /// It is no case, a damaged one, one with other files than it was made with, or from a newer version. Nothing is left behind.
    pub(crate) fn open(file: &Path) -> Result<Self, CaseError> {
        let folder = temporary_folder(&std::env::temp_dir().join("case")).map_err(|error| refused(&error))?;
        let files = archive::unpack(file, folder.path())?;
        let document = folder.path().join(DOCUMENT);
        if !document.is_file() {
            return Err(damaged("it has no case.json"));
        }
        let bytes = read_limited(&document, LARGEST).map_err(|error| refused(&error))?;
        let document = CaseDocument::parse(&bytes)?;
        document.verify(files)?;
        let opened = Self { folder, document };
        if !opened.database().is_dir() {
            return Err(damaged("it has no database"));
        }
        Ok(opened)
    }

    /// The folder of its tables.
    pub(crate) fn database(&self) -> PathBuf {
        // What stands in the way of a shorter path is not the case's.
        fs::canonicalize(self.folder.path())
            .unwrap_or_else(|_| self.folder.path().to_owned())
            .join("database")
    }

    /// The folder of its workspace.
    pub(crate) fn workspace(&self) -> PathBuf {
        self.database().with_file_name("workspace")
    }

    /// In what each of the answers of an engine on the case differs from the one that it was sent with; nothing if
    /// it is the same.
    ///
    /// # Errors
    /// As of every question; its segment is not in its workspace.
    pub(crate) fn differences(
        &self,
        backend: &dyn Backend,
        segment: Arc<Segment>,
        task: Task<'_>,
    ) -> Result<Vec<Vec<String>>, BackendError> {
        let CaseDocument { as_of, ids, answers, activation_id, .. } = &self.document;
        let explanation = backend.explain(&Explain { segment, as_of: *as_of, ids: ids.clone() }, task)?;
        if explanation.activation_id != *activation_id || explanation.customers.len() != answers.len() {
            let message = "the answers of the case are of other customers";
            return Err(BackendError::Missing(Diagnostic::new(message).with_help("have it made again")));
        }
        let now = explanation.customers.iter().map(answer::answer);
        Ok(answers.iter().zip(now).map(|(was, is)| answer::differences(was, &is)).collect())
    }
}
