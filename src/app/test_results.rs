//! What came of the tests of saved segments in this run of the program, and the run of all of them that is under way.

use std::collections::HashMap;

use chrono::NaiveDate;

use crate::backend::TestReport;
use crate::diagnostic::Diagnostic;
use crate::workspace::{Entry, Version};

/// The results of tests, each of a document as it was.
#[derive(Clone, Debug, Default)]
pub(crate) struct TestResults {
    by_id: HashMap<String, (Version, Result<TestReport, Diagnostic>)>,
    /// How many of how many segments have been tested, while all are.
    pub running: Option<(usize, usize)>,
}

impl TestResults {
    /// Takes what came of a saved segment.
    pub(crate) fn put(&mut self, id: &str, version: Version, result: Result<TestReport, Diagnostic>) {
        self.by_id.insert(id.to_owned(), (version, result));
    }

    /// What came of a listed segment as it is now; nothing if it was not tested, was another one then, or was tested on
    /// another day.
    #[must_use]
    pub(crate) fn of(&self, entry: &Entry, as_of: NaiveDate) -> Option<&Result<TestReport, Diagnostic>> {
        let tests = entry.tests.as_ref()?;
        let (version, result) = self.by_id.get(&entry.id)?;
        let is_of_day = result.as_ref().map_or(true, |report| report.as_of == as_of);
        (*version == tests.version && is_of_day).then_some(result)
    }

    /// Nothing that is known holds any more: of other data, or on another day.
    pub(crate) fn forget(&mut self) {
        *self = Self::default();
    }
}
