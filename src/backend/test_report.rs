//! What came of the tests of a segment.

use std::sync::Arc;

use chrono::NaiveDate;

use crate::segment::Segment;

/// The tests of a segment, as they stand in its document.
#[derive(Clone, Debug, PartialEq)]
pub struct RunTests {
    /// The segment. The first condition that is wrong is why there is no answer.
    pub segment: Arc<Segment>,
    /// The day of evaluation.
    pub as_of: NaiveDate,
}

/// What came of the tests of a segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TestReport {
    /// The day at which relative dates were resolved.
    pub as_of: NaiveDate,
    /// How many members there are.
    pub members: u64,
    /// One for each test, in the order of the document.
    pub outcomes: Vec<TestOutcome>,
}

/// What came of a test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TestOutcome {
    /// Its position in the document.
    pub index: usize,
    /// Whether it holds.
    pub passed: bool,
    /// What it requires, in words.
    pub words: String,
    /// What came; of one that does not hold what was expected, too.
    pub message: String,
    /// The ids that are at fault, at most [`MOST_IDS`].
    pub ids: Vec<String>,
}

/// How many ids that are at fault are named at most.
pub const MOST_IDS: usize = 20;

impl TestReport {
    /// How many tests do not hold.
    #[must_use]
    pub fn failed(&self) -> usize {
        self.outcomes.iter().filter(|outcome| !outcome.passed).count()
    }

    /// Whether all tests hold.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.failed() == 0
    }
}
