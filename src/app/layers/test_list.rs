//! The tests of the open segment, and whether they hold of it as it is now.

use std::sync::Arc;

use super::choose::Choose;
use super::pages::Asked;
use super::test_form::TestForm;
use crate::app::action::{Action, Context};
use crate::app::command::Command;
use crate::app::event::{Event, SegmentFailure};
use crate::app::layer::{Check, Cx, Layer, Outcome, is_bound};
use crate::app::pick::Item;
use crate::app::test_kind::TestKind;
use crate::app::view::View;
use crate::backend::{PageAnswer, PageQuestion, RunTests, TestOutcome, TestReport};
use crate::segment::{Problem, Segment, SegmentTest};

/// The tests of the open segment.
#[derive(Clone, Debug, Default)]
pub struct TestList {
    /// The line of the cursor.
    pub cursor: usize,
    asked: Asked,
}

impl TestList {
    /// Why there are no results of the segment as it is now.
    #[must_use]
    pub fn failure(&self) -> Option<&SegmentFailure> {
        self.asked.failure()
    }

    /// What came of the tests of a document; nothing while that is worked out.
    #[must_use]
    pub fn report(&self, segment: &Segment) -> Option<&TestReport> {
        let Some(PageQuestion::Tests(RunTests { segment: tested, .. })) = self.asked.answered() else {
            return None;
        };
        match self.asked.answer() {
            Some(PageAnswer::Tests(report)) if self.asked.is_current() && **tested == *segment => {
                Some(report)
            }
            _ => None,
        }
    }

    /// What came of a test of a document.
    #[must_use]
    pub fn outcome(&self, segment: &Segment, index: usize) -> Option<&TestOutcome> {
        self.report(segment)?.outcomes.iter().find(|outcome| outcome.index == index)
    }

    /// The test at the cursor.
    fn current(&self, view: View<'_>) -> Option<Result<SegmentTest, Problem>> {
        view.segment?.tests.read().into_iter().nth(self.cursor)
    }

    /// A list of all kinds.
    fn choose_kind() -> Outcome {
        let item = |kind: &TestKind| Item::new(Command::NewTest(*kind), kind.title());
        let items = TestKind::ALL.iter().map(item).collect();
        Outcome::open(Choose::new("What must hold", items, None))
    }

    /// A list of the other segments of the workspace.
    fn choose_segment(kind: TestKind, index: Option<usize>, current: &str, cx: &mut Cx<'_>) -> Outcome {
        let own = cx.segment.as_ref().map(|segment| segment.id.clone()).unwrap_or_default();
        let Some(listing) = cx.session.workspace() else { return Outcome::stay() };
        let put = |id: &str| {
            let id = id.to_owned();
            let within = kind == TestKind::Within;
            let test = if within { SegmentTest::Within(id) } else { SegmentTest::Disjoint(id) };
            Command::PutTest { index, test: Box::new(test) }
        };
        let others = listing.segments.iter().filter(|entry| entry.id != own);
        let items: Vec<Item<Command>> =
            others.map(|entry| Item::new(put(&entry.id), listing.full_name(entry))).collect();
        if items.is_empty() {
            cx.session.note("there is no other segment in the workspace");
            return Outcome::stay();
        }
        Outcome::open(Choose::new(kind.title(), items, Some(&put(current))))
    }

    fn change(&self, cx: &mut Cx<'_>) -> Outcome {
        let index = Some(self.cursor);
        match self.current(cx.view()) {
            None => Self::choose_kind(),
            Some(Err(_)) => {
                cx.session.note("this test is not understood: mend it in the file, or delete it");
                Outcome::stay()
            }
            Some(Ok(SegmentTest::EveryLineCounts(flag))) => {
                let test = Box::new(SegmentTest::EveryLineCounts(!flag));
                Outcome::ask(Command::PutTest { index, test })
            }
            Some(Ok(SegmentTest::Disjoint(id))) => Self::choose_segment(TestKind::Disjoint, index, &id, cx),
            Some(Ok(SegmentTest::Within(id))) => Self::choose_segment(TestKind::Within, index, &id, cx),
            Some(Ok(test)) => match TestForm::change(self.cursor, &test) {
                Some(form) => Outcome::open(form),
                None => Outcome::stay(),
            },
        }
    }

    /// A test of a kind that was chosen.
    fn add(kind: TestKind, cx: &mut Cx<'_>) -> Outcome {
        match kind {
            TestKind::EveryLineCounts => {
                let test = Box::new(SegmentTest::EveryLineCounts(true));
                Outcome::ask(Command::PutTest { index: None, test })
            }
            TestKind::Disjoint | TestKind::Within => Self::choose_segment(kind, None, "", cx),
            _ => Outcome::open(TestForm::add(kind)),
        }
    }

    fn go_to(&mut self, line: usize, count: usize) {
        self.cursor = line.min(count.saturating_sub(1));
    }
}

impl Layer for TestList {
    fn contexts(&self) -> Vec<Context> {
        vec![Context::Tests]
    }

    fn check(&self, action: Action, view: View<'_>) -> Check {
        let newer = "a newer version of segtui wrote this segment: it is open read-only";
        match action {
            // The history is the editor's.
            Action::Undo | Action::Redo => Check::Pass,
            Action::AddTest | Action::EditTest | Action::DeleteTest
                if view.segment.is_some_and(|segment| segment.is_newer()) =>
            {
                Check::Disabled(newer.to_owned())
            }
            Action::EditTest | Action::DeleteTest => {
                Check::only_if(self.current(view).is_some(), "there is no test: a adds one")
            }
            _ => is_bound(action, &self.contexts()),
        }
    }

    fn perform(&mut self, action: Action, cx: &mut Cx<'_>) -> Outcome {
        let count = cx.segment.as_ref().map_or(0, |segment| segment.tests.len());
        if let Some(by) = action.step(cx.session.page()) {
            self.go_to(self.cursor.saturating_add_signed(by), count);
            return Outcome::stay();
        }
        match action {
            Action::AddTest => Self::choose_kind(),
            Action::EditTest => self.change(cx),
            Action::DeleteTest => Outcome::ask(Command::DeleteTest(self.cursor)),
            Action::Recount => {
                self.asked.invalidate();
                Outcome::stay()
            }
            Action::Back => Outcome::close(),
            _ => Outcome::pass(),
        }
    }

    fn receive(&mut self, event: &Event, cx: &mut Cx<'_>) -> Outcome {
        if !self.asked.receive(event) {
            return Outcome::pass();
        }
        // What came of unsaved edits is none of the list's.
        let listed =
            cx.segment.as_ref().and_then(|segment| cx.session.workspace()?.segment(&segment.id)?.tests);
        if let (Some(segment), Some(listed)) = (&cx.segment, listed)
            && let Some(report) = self.report(segment)
            && listed.version.is(segment)
        {
            cx.session.remembered.tests.put(&segment.id, listed.version, Ok(report.clone()));
        }
        Outcome::stay()
    }

    fn take(&mut self, command: &Command, cx: &mut Cx<'_>) -> Outcome {
        let count = cx.segment.as_ref().map_or(0, |segment| segment.tests.len());
        match command {
            Command::NewTest(kind) => return Self::add(*kind, cx),
            // The editor does it.
            Command::PutTest { index, .. } => self.cursor = index.unwrap_or(count),
            Command::DeleteTest(_) => self.go_to(self.cursor, count.saturating_sub(1)),
            _ => {}
        }
        Outcome::pass()
    }

    fn refresh(&mut self, _: &mut Cx<'_>) {
        self.asked.invalidate();
    }

    fn keep_up(&mut self, definition: u64, cx: &mut Cx<'_>) {
        let Some(segment) = cx.segment.clone() else { return };
        let count = segment.tests.len();
        self.go_to(self.cursor, count);
        if count > 0 {
            let question = RunTests { segment: Arc::clone(&segment), as_of: cx.session.as_of() };
            self.asked.ask(definition, PageQuestion::Tests(question), cx.session);
        }
    }

    fn shows_below(&self) -> bool {
        true
    }
}
