//! Writes members to a file.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::{Duration, Instant, SystemTime};

use super::failures::from_backend;
use super::open_backends::EventSink;
use super::questions::Asked;
use crate::app::event::{Event, ExportFailure};
use crate::backend::{Backend, BackendError, Cancel, MemberTable, Members, Task};
use crate::diagnostic::Diagnostic;
use crate::export::{ExportFile, Format, Packer, check_space, follow, owner_of_folder, write_rows};
use crate::file_system::{parent, reason, remove_abandoned};
use crate::workspace::Workspace;

/// How often it is told how far an export is.
const PACE: Duration = Duration::from_millis(100);

/// An export that is asked for.
pub(super) struct Export<'a> {
    pub workspace: &'a Workspace,
    pub question: &'a Members,
    pub file: PathBuf,
    pub overwrite: bool,
}

impl Export<'_> {
    /// Performs it; how far it is goes to `sink`, and that the data has changed since `started`.
    pub(super) fn perform(&self, asked: Asked<'_>, started: Instant, sink: EventSink<'_>) -> Event {
        let result = asked.open().map_err(ExportFailure::Other).and_then(|backend| {
            let written = self.write(backend, asked.cancel, sink);
            if let Some(change) = backend.change() {
                let (database, change) = (asked.folder.clone(), change.clone());
                sink(Event::FileChanged { database, change, at: started.elapsed() });
            }
            written
        });
        Event::Exported { file: self.file.clone(), result }
    }

    fn write(
        &self,
        backend: &dyn Backend,
        cancel: &Cancel,
        sink: EventSink<'_>,
    ) -> Result<u64, ExportFailure> {
        let format = Format::of(&self.file).map_err(ExportFailure::Other)?;
        let path = self.check_place(backend)?;
        self.report(0, None, sink);
        let table = backend.members(self.question, Task::new(cancel)).map_err(|error| match error {
            BackendError::Cancelled => ExportFailure::Cancelled,
            error => ExportFailure::Other(from_backend(error)),
        })?;
        self.write_table(&table, &path, format, cancel, sink).map_err(|error| match error.kind() {
            _ if cancel.is_cancelled() => ExportFailure::Cancelled,
            io::ErrorKind::AlreadyExists => ExportFailure::Exists,
            _ => ExportFailure::Other(self.not_written(&error)),
        })?;
        Ok(table.rows as u64)
    }

    /// Where the file will be, once nothing is in the way of writing there.
    fn check_place(&self, backend: &dyn Backend) -> Result<PathBuf, ExportFailure> {
        if self.workspace.is_read_only() {
            let message = "nothing is exported in read-only mode";
            let failure = Diagnostic::new(message).with_help("start segtui without --read-only");
            return Err(ExportFailure::Other(failure));
        }
        let path = follow(&self.file).map_err(|error| ExportFailure::Other(self.not_written(&error)))?;
        if let Some(owner) = owner_of_folder(&path, backend.database(), self.workspace) {
            let message = format!("{} is in {owner}", self.file.display());
            return Err(ExportFailure::Other(Diagnostic::new(message).with_help("choose another folder")));
        }
        // Whether it is a file is seen when it is opened.
        if !self.overwrite && path.is_file() {
            return Err(ExportFailure::Exists);
        }
        Ok(path)
    }

    fn write_table(
        &self,
        table: &MemberTable,
        path: &Path,
        format: Format,
        cancel: &Cancel,
        sink: EventSink<'_>,
    ) -> io::Result<()> {
        check_space(table, path, format)?;
        // One that was killed leaves a part, which may be of customers.
        remove_abandoned(&parent(path), 0, SystemTime::now());
        let mut packer = Packer::new(ExportFile::create(path, self.overwrite, cancel)?, format.packing)?;
        let last = Mutex::new(None::<Instant>);
        let progress = |rows: usize| {
            cancel.check().map_err(io::Error::other)?;
            // Poisoned or not, it is when it was last told.
            let mut last = last.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            if last.is_none_or(|last| last.elapsed() >= PACE) {
                *last = Some(Instant::now());
                self.report(rows as u64, Some(table.rows as u64), sink);
            }
            Ok(())
        };
        write_rows(table, &mut packer, format.shape, &progress)?;
        packer.finish()?.finish()
    }

    fn report(&self, rows: u64, total: Option<u64>, sink: EventSink<'_>) {
        sink(Event::ExportProgress { file: self.file.clone(), rows, total });
    }

    fn not_written(&self, error: &io::Error) -> Diagnostic {
        Diagnostic::new(format!("{}: {} is not written", reason(error), self.file.display()))
            .with_help("choose another place, or check the folder and the disk; what was there is as it was")
    }
}
