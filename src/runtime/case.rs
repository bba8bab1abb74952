//! Writes cases: made, written beside their place, opened again to see that the answer is the same, and only then put
//! there.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::Value;

use super::failures::from_backend;
use super::open::{LocalOpener, OpenBackend as _, OpenError};
use super::questions::Asked;
use crate::app::event::{Event, ExportFailure};
use crate::backend::{Backend, BackendError, Cancel, MakeCase, ReadTask, Task};
use crate::case::{CaseError, OpenedCase, PackedCase, default_name, pack};
use crate::diagnostic::Diagnostic;
use crate::export::{ExportFile, follow, owner_of_folder};
use crate::file_system::{free_space, parent, reason};
use crate::segment::Segment;
use crate::workspace::Workspace;

/// Why there is no case.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SaveCaseError {
    /// It cannot be made.
    #[error(transparent)]
    Backend(#[from] BackendError),
    /// It cannot be written.
    #[error(transparent)]
    Write(#[from] io::Error),
    /// It was made, and gives no answer, or another one.
    #[error("{}", .0.message)]
    Other(CaseError),
}

/// Makes a case and writes it; `begun` is told where it is until it is complete.
///
/// # Errors
/// It cannot be made or written, or gives another answer. Then nothing is there, or what was there before.
pub(crate) fn save_case(
    backend: &dyn Backend,
    question: &MakeCase,
    (path, overwrite): (&Path, bool),
    begun: &dyn Fn(Option<&Path>),
    task: Task<'_>,
) -> Result<PackedCase, SaveCaseError> {
    let packed = pack(backend, question, task)?;
    // It is unpacked to be looked at, as well.
    if let Ok(Some(free)) = free_space(&parent(path))
        && free < packed.size().saturating_mul(2)
    {
        let message = "the disk has too little room for the case";
        return Err(io::Error::new(io::ErrorKind::StorageFull, message).into());
    }
    let mut file = ExportFile::create(path, overwrite, task.cancel)?;
    begun(Some(file.temporary_path()));
    packed.write(&mut file)?;
    file.flush()?;
    check(file.temporary_path(), &packed.segment, task)?;
    file.finish()?;
    begun(None);
    Ok(packed)
}

/// Checks that a case gives the answer that it was made with.
fn check(file: &Path, segment: &Arc<Segment>, task: Task<'_>) -> Result<(), SaveCaseError> {
    let case = OpenedCase::open(file).map_err(SaveCaseError::Other)?;
    let backend = open_case(&case, task)?;
    let differences = case.differences(&*backend, Arc::clone(segment), task)?;
    let Some(first) = differences.iter().flatten().next() else { return Ok(()) };
    let message = format!("the case would give another answer: {first}");
    let help = "ask for other customers, or hide nothing";
    Err(SaveCaseError::Other(Diagnostic::new(message).with_help(help)))
}

/// What is said of a case that is opened: what it is of, and whether its answer is the same as when it was made.
pub(super) fn notice(case: &OpenedCase) -> String {
    let document = &case.document;
    let is_customer = |answer: &&Value| answer.get("standing").and_then(Value::as_str) == Some("customer");
    let whom = match document.answers.iter().filter(is_customer).count() {
        1 => "1 customer".to_owned(),
        many => format!("{many} customers"),
    };
    let mut hidden: Vec<&str> = document.hidden.iter().map(|hidden| hidden.column.as_str()).collect();
    hidden.sort_unstable();
    hidden.dedup();
    let hidden = if hidden.is_empty() { String::new() } else { format!("; hidden: {}", hidden.join(", ")) };
    let cancel = Cancel::default();
    let same = match differences(case, Task::new(&cancel)) {
        Ok(differences) if differences.iter().all(Vec::is_empty) => "the answer is the same as when",
        Ok(_) => "the answer is not the same (segtui explain FILE.zip says more) as when",
        Err(_) => "whether the answer is the same cannot be told (segtui explain FILE.zip says more) as when",
    };
    let (as_of, segtui) = (document.as_of, &document.segtui);
    format!("a case of {whom} as of {as_of}; {same} segtui {segtui} made it{hidden}")
}

/// In what the answers of a case differ from those that it was made with.
fn differences(case: &OpenedCase, task: Task<'_>) -> Result<Vec<Vec<String>>, SaveCaseError> {
    let workspace = Workspace::new(case.workspace(), true);
    let found = workspace.load(&case.document.segment.id);
    let (segment, _) = found.map_err(|error| SaveCaseError::Other(Diagnostic::new(error.to_string())))?;
    let backend = open_case(case, task)?;
    Ok(case.differences(&*backend, Arc::new(segment), task)?)
}

/// An engine on a case.
fn open_case(case: &OpenedCase, task: Task<'_>) -> Result<Arc<dyn Backend>, SaveCaseError> {
    let opener = LocalOpener::new(Workspace::new(case.workspace(), true));
    let is_cancelled = || task.cancel.is_cancelled();
    let read = ReadTask { report: &|_| {}, is_cancelled: &is_cancelled };
    opener.open(&case.database(), read).map_err(|error| match error {
        OpenError::Stopped => SaveCaseError::Backend(BackendError::Cancelled),
        other => SaveCaseError::Other(Diagnostic::new(other.to_string())),
    })
}

/// A case that the program is to write.
pub(super) struct CaseFile<'a> {
    pub workspace: &'a Workspace,
    pub question: MakeCase,
    /// Without one it is called by the segment and the customer.
    pub file: Option<PathBuf>,
    /// Where it is then; without one, where the program was started.
    pub folder: Option<PathBuf>,
    pub overwrite: bool,
}

impl CaseFile<'_> {
    /// Writes it, and says what came of it.
    pub fn perform(self, asked: Asked<'_>) -> Event {
        let file = self.file.clone().unwrap_or_else(|| {
            let folder = self.folder.clone().or_else(|| std::env::current_dir().ok()).unwrap_or_default();
            folder.join(default_name(&self.question.segment, &self.question.ids))
        });
        let result = asked
            .open()
            .map_err(ExportFailure::Other)
            .and_then(|backend| self.write(backend, &file, Task::new(asked.cancel)));
        Event::CaseWritten { question: Box::new(self.question), file, result }
    }

    /// Of each id that is no customer's what it is.
    fn write(
        &self,
        backend: &dyn Backend,
        file: &Path,
        task: Task<'_>,
    ) -> Result<Vec<String>, ExportFailure> {
        let other =
            |message: String, help: &str| ExportFailure::Other(Diagnostic::new(message).with_help(help));
        if self.workspace.is_read_only() {
            let message = "no case is written in read-only mode".to_owned();
            return Err(other(message, "start segtui without --read-only"));
        }
        let not_written = |error: &io::Error| {
            let message = format!("{}: {} is not written", reason(error), file.display());
            other(
                message,
                "choose another place, or check the folder and the disk; what was there is as it was",
            )
        };
        let path = follow(file).map_err(|error| not_written(&error))?;
        if let Some(owner) = owner_of_folder(&path, backend.database(), self.workspace) {
            return Err(other(format!("{} is in {owner}", file.display()), "choose another folder"));
        }
        let saved = save_case(backend, &self.question, (&path, self.overwrite), &|_| {}, task);
        saved.map(|packed| packed.strangers).map_err(|error| match error {
            _ if task.cancel.is_cancelled() => ExportFailure::Cancelled,
            SaveCaseError::Write(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                ExportFailure::Exists
            }
            SaveCaseError::Write(error) => not_written(&error),
            SaveCaseError::Backend(error) => ExportFailure::Other(from_backend(error)),
            SaveCaseError::Other(error) => ExportFailure::Other(error),
        })
    }
}
