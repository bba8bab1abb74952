//! Edits of the tests of the open segment, and the number that changes of it are measured from.

use std::sync::Arc;

use super::state::Editor;
use crate::app::session::Session;
use crate::segment::{Segment, SegmentTest, SegmentTests, Severity};

impl Editor {
    /// A test is complete: a new one, or one in the place of another.
    pub(super) fn put_test(&mut self, index: Option<usize>, test: &SegmentTest, session: &mut Session) {
        let is_same = |index: usize| {
            self.segment().tests.read().get(index).is_some_and(|known| known.as_ref().ok() == Some(test))
        };
        // What says the same is not written in another way.
        if index.is_some_and(is_same) {
            return;
        }
        self.change_tests(
            |tests| match index {
                Some(index) => tests.with_changed(index, test),
                None => tests.with(test),
            },
            session,
        );
    }

    /// Makes one edit of the tests.
    pub(super) fn change_tests(
        &mut self,
        change: impl FnOnce(&SegmentTests) -> Option<SegmentTests>,
        session: &mut Session,
    ) {
        let edited = self.edit(|segment| {
            segment.tests = change(&segment.tests)?;
            Some(())
        });
        match edited {
            Some(()) => self.definition_changed(session),
            None => session.note("\"tests\" of this document is no list of tests: mend the file"),
        }
    }

    /// Writes the members, where they are known, as what changes are measured from: on its way to be saved. Numbers of
    /// another definition, of a part of it, or on another day than the data's own are none to measure from.
    pub(crate) fn measure_changes(&mut self, session: &mut Session) {
        let Some(numbers) = self.live.evaluation.as_ref().filter(|_| self.is_current()) else { return };
        let evaluation = &numbers.evaluation;
        let is_whole = evaluation.problems.iter().all(|problem| problem.severity != Severity::Error);
        if !is_whole || evaluation.as_of != session.data_day() {
            return;
        }
        let tests = self.segment.tests.measured_from(evaluation.insights.unique_customers);
        if tests != self.segment.tests {
            self.segment = Arc::new(Segment { tests, ..(*self.segment).clone() });
            // Should the program end before it hears of the save, the draft is what was saved.
            self.keep_draft(session);
        }
    }
}
