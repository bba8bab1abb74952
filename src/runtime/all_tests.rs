//! The tests of saved segments, one segment after another.

use std::path::PathBuf;
use std::sync::Arc;

use chrono::NaiveDate;

use super::failures::from_backend;
use super::questions::Asked;
use crate::app::event::Event;
use crate::backend::{BackendError, RunTests, Task, run_tests};
use crate::diagnostic::Diagnostic;
use crate::workspace::{Version, Workspace};

impl Asked<'_> {
    /// Runs the tests of segments as they are saved now; what comes of each goes to `sink`.
    pub(crate) fn test_segments(
        &self,
        segments: Vec<(String, PathBuf)>,
        as_of: NaiveDate,
        workspace: &Workspace,
        sink: &(dyn Fn(Event) + Sync),
    ) -> Option<Event> {
        for (id, path) in segments {
            if self.cancel.is_cancelled() {
                return None;
            }
            let (version, result) = match workspace.load_at(&path, &id) {
                Err(error) => (None, Err(Diagnostic::from(error))),
                Ok((segment, _)) => {
                    let version = Version::of(&segment);
                    let question = RunTests { segment: Arc::new(segment), as_of };
                    let result = match self.open() {
                        Err(closed) => Err(closed),
                        Ok(backend) => match run_tests(backend, &question, Task::new(self.cancel)) {
                            // Nobody waits for it; what has changed is told in place of it.
                            Err(BackendError::Cancelled | BackendError::Changed(_)) => return None,
                            result => result.map(Arc::new).map_err(from_backend),
                        },
                    };
                    (Some(version), result)
                }
            };
            sink(Event::SegmentTested { id, version, result });
        }
        Some(Event::SegmentsTested)
    }
}
