//! Writes cases: made, written beside their place, opened again to see that the answer is the same, and only then put
//! there.

use std::io::{self, Write as _};
use std::path::Path;
use std::sync::Arc;

use super::open::{LocalOpener, OpenBackend as _, OpenError};
use crate::backend::{Backend, BackendError, MakeCase, ReadTask, Task};
use crate::case::{CaseDocument, CaseError, OpenedCase, pack};
use crate::diagnostic::Diagnostic;
use crate::export::ExportFile;
use crate::file_system::{free_space, parent};
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
) -> Result<CaseDocument, SaveCaseError> {
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
    check(file.temporary_path(), question, task)?;
    file.finish()?;
    begun(None);
    Ok(packed.document)
}

/// Checks that a case gives the answer that it was made with.
fn check(file: &Path, question: &MakeCase, task: Task<'_>) -> Result<(), SaveCaseError> {
    let case = OpenedCase::open(file).map_err(SaveCaseError::Other)?;
    let backend = open_case(&case, task)?;
    let differences = case.differences(&*backend, Arc::clone(&question.segment), task)?;
    let Some(first) = differences.first() else { return Ok(()) };
    let message = format!("the case would give another answer: {first}");
    let help = "ask for other customers, or hide nothing";
    Err(SaveCaseError::Other(Diagnostic::new(message).with_help(help)))
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
