//! What differs between a segment and an earlier revision of it, or another segment, and who joins and leaves by
//! each change.

use std::path::PathBuf;
use std::sync::Arc;

use crossterm::event::KeyEvent;

use crate::app::action::{Action, Context};
use crate::app::command::Command;
use crate::app::effect::{Effect, LoadReason};
use crate::app::event::{Event, SegmentFailure};
use crate::app::layer::{Check, Cx, Layer, Outcome, is_bound};
use crate::app::pick::{Item, Pick};
use crate::app::view::View;
use crate::backend::{CompareSteps, PageAnswer, PageQuestion, Step, StepComparison, WrongConditions};
use crate::diagnostic::Diagnostic;
use crate::segment::{Change, Difference, Segment, diff};
use crate::workspace::{History, Version};

/// What a segment is compared with.
#[derive(Clone, Debug, PartialEq)]
pub enum Other {
    /// What is saved of it.
    Saved(Arc<Segment>),
    /// A saved revision.
    Revision(Arc<Segment>),
    /// Another saved segment.
    Segment {
        /// Its id.
        id: String,
        /// Where it stood when it was listed.
        path: PathBuf,
    },
}

/// What differs, first of all from what.
#[derive(Clone, Debug)]
pub struct Differences {
    /// The id of the segment.
    id: String,
    /// Its name.
    pub name: String,
    /// The segment as it is now; while the list of segments lies below, once it is read.
    segment: Option<Arc<Segment>>,
    /// What is saved of it, where that is something else.
    saved: Option<Arc<Segment>>,
    /// Its revisions, once they are read, and what could not be.
    history: Option<Result<Arc<History>, Diagnostic>>,
    /// What it can be compared with.
    pub pick: Pick<Other>,
    /// What it is compared with.
    pub chosen: Option<Compared>,
    /// Where the file of the segment is, if it is not open.
    file: Option<PathBuf>,
}

/// What differs from something.
#[derive(Clone, Debug)]
pub struct Compared {
    /// What that is called.
    pub label: String,
    /// Where it comes from.
    other: Other,
    /// The changes, once both are read.
    pub found: Option<Result<Found, Diagnostic>>,
}

/// The changes and who joins and leaves by them.
#[derive(Clone, Debug)]
pub struct Found {
    /// The changes in the order in which they are applied.
    pub changes: Vec<Change>,
    steps: Vec<Arc<Segment>>,
    /// The change at the cursor.
    pub cursor: usize,
    request: Option<u64>,
    /// Who joins and leaves, once that is known.
    pub answer: Option<Result<StepComparison, SegmentFailure>>,
}

impl Differences {
    /// Of the open segment; `saved` is what is saved of it.
    pub(super) fn of_open(saved: Option<Arc<Segment>>, cx: &mut Cx<'_>) -> Outcome {
        let Some(segment) = cx.segment.clone() else { return Outcome::pass() };
        let saved = saved.filter(|saved| saved.definition != segment.definition);
        let (id, name) = (segment.id.clone(), segment.name.clone());
        Self::start(Self { segment: Some(segment), saved, ..Self::new(id, name) }, cx)
    }

    /// Of a saved segment that is not open.
    pub(super) fn of_saved(id: String, name: String, path: PathBuf, cx: &mut Cx<'_>) -> Outcome {
        let segments = vec![(id.clone(), path.clone())];
        cx.session.request(Effect::LoadSegments { segments });
        Self::start(Self { file: Some(path), ..Self::new(id, name) }, cx)
    }

    fn new(id: String, name: String) -> Self {
        let pick = Pick::new(Vec::new());
        Self { id, name, segment: None, saved: None, history: None, pick, chosen: None, file: None }
    }

    fn start(mut self, cx: &mut Cx<'_>) -> Outcome {
        cx.session.request(Effect::ListHistory { id: self.id.clone() });
        self.list(cx);
        Outcome::open(self)
    }

    /// Lists what the segment can be compared with: the latest first, then other segments.
    fn list(&mut self, cx: &Cx<'_>) {
        let mut items = Vec::new();
        if let Some(saved) = &self.saved {
            items.push(Item::new(Other::Saved(Arc::clone(saved)), "What is saved").detail(stamp(saved)));
        }
        let history = self.history.as_ref().and_then(|history| history.as_ref().ok());
        for revision in history.into_iter().flat_map(|history| history.revisions.iter().rev()) {
            let label = format!("Revision {}", revision.number);
            let saved = Arc::new(revision.segment.clone());
            let detail = stamp(&saved);
            items.push(Item::new(Other::Revision(saved), label).detail(detail));
        }
        if let Some(listing) = cx.session.workspace() {
            for entry in listing.segments.iter().filter(|entry| entry.id != self.id) {
                let other = Other::Segment { id: entry.id.clone(), path: entry.path.clone() };
                items.push(Item::new(other, listing.full_name(entry)).detail("segment"));
            }
        }
        let query = self.pick.query.text().to_owned();
        self.pick = if query.is_empty() { Pick::new(items) } else { Pick::searched(items, &query) };
    }

    /// Why the revisions are not there.
    #[must_use]
    pub fn history_failure(&self) -> Option<&Diagnostic> {
        self.history.as_ref().and_then(|history| history.as_ref().err())
    }

    /// Whether the revisions are still being read.
    #[must_use]
    pub fn is_reading(&self) -> bool {
        self.history.is_none()
    }

    fn choose(&mut self, cx: &mut Cx<'_>) {
        let Some(item) = self.pick.current() else { return };
        let (label, other) = (item.label.clone(), item.value.clone());
        if let Other::Segment { id, path } = &other {
            // Both at once, as the next reading of segments cancels the last.
            let own = self.file.clone().filter(|_| self.segment.is_none());
            let own = own.map(|path| (self.id.clone(), path));
            let segments = own.into_iter().chain([(id.clone(), path.clone())]).collect();
            cx.session.request(Effect::LoadSegments { segments });
        }
        self.chosen = Some(Compared { label, other, found: None });
        self.compare(None, cx);
    }

    /// Finds what differs as soon as both are there; `loaded` is the other segment once it is read.
    fn compare(&mut self, loaded: Option<Arc<Segment>>, cx: &mut Cx<'_>) {
        let (Some(b), Some(chosen)) = (self.segment.clone(), &mut self.chosen) else { return };
        let a = match (&chosen.other, &loaded) {
            (Other::Saved(a) | Other::Revision(a), _) | (Other::Segment { .. }, Some(a)) => Arc::clone(a),
            (Other::Segment { .. }, None) => return,
        };
        let Difference { changes, steps } = cx.view().with_schema(|schema| diff(&a, &b, schema));
        let mut found = Found { changes, steps, cursor: 0, request: None, answer: None };
        found.count(cx);
        chosen.found = Some(Ok(found));
    }

    fn found_mut(&mut self) -> Option<&mut Found> {
        self.chosen.as_mut()?.found.as_mut()?.as_mut().ok()
    }

    fn found(&self) -> Option<&Found> {
        self.chosen.as_ref()?.found.as_ref()?.as_ref().ok()
    }

    fn segments_loaded(&mut self, event: &Event, cx: &mut Cx<'_>) -> Outcome {
        let Event::SegmentsLoaded(loaded) = event else { return Outcome::pass() };
        let of = |wanted: &str| loaded.iter().find(|(id, _)| id == wanted).map(|(_, result)| result.clone());
        let other = self.chosen.as_ref().and_then(|chosen| match &chosen.other {
            Other::Segment { id, .. } => of(id),
            Other::Saved(_) | Other::Revision(_) => None,
        });
        let own = of(&self.id).filter(|_| self.segment.is_none());
        if other.is_none() && own.is_none() {
            return Outcome::pass();
        }
        let failure = [&own, &other].into_iter().flatten().find_map(|result| result.as_ref().err().cloned());
        if let (Some(failure), Some(chosen)) = (&failure, &mut self.chosen) {
            chosen.found = Some(Err(failure.clone()));
            return Outcome::stay();
        }
        if let Some(failure) = failure {
            cx.session.note(failure.message);
            return Outcome::close();
        }
        if let Some(Ok(own)) = own {
            self.segment = Some(own);
        }
        self.compare(other.and_then(Result::ok), cx);
        Outcome::stay()
    }

    /// Goes to the line that the change at the cursor is about.
    fn go_to_line(&self, cx: &mut Cx<'_>) -> Outcome {
        let Some(change) = self.found().and_then(|found| found.changes.get(found.cursor)) else {
            return Outcome::stay();
        };
        if let Some(path) = &self.file {
            let (id, name, path) = (self.id.clone(), self.name.clone(), path.clone());
            return Outcome::close().then_ask(Command::Load { id, name, path, reason: LoadReason::Edit });
        }
        match &change.place_b {
            Some(place) => Outcome::close().then_ask(Command::ShowLine(place.node().cloned())),
            None => {
                cx.session.note("this line is gone: there is no place to go to");
                Outcome::stay()
            }
        }
    }
}

impl Found {
    /// Asks who joins and leaves.
    fn count(&mut self, cx: &mut Cx<'_>) {
        let as_of = cx.session.as_of();
        let steps = self.steps.iter().map(|segment| Step { segment: Arc::clone(segment), as_of }).collect();
        let question = CompareSteps { steps, wrong: WrongConditions::LeaveOut };
        self.answer = None;
        self.request = cx.session.ask_page(PageQuestion::Steps(question));
    }
}

/// When and by whom something was saved.
fn stamp(segment: &Segment) -> String {
    match &segment.updated {
        Some(stamp) => format!("{} by {}", stamp.at, stamp.by),
        None => format!("revision {}", Version::of(segment).revision),
    }
}

impl Layer for Differences {
    fn contexts(&self) -> Vec<Context> {
        vec![if self.chosen.is_some() { Context::Differences } else { Context::Choose }]
    }

    fn check(&self, action: Action, _: View<'_>) -> Check {
        is_bound(action, &self.contexts())
    }

    fn perform(&mut self, action: Action, cx: &mut Cx<'_>) -> Outcome {
        if let Some(by) = action.step(cx.session.page()) {
            if self.chosen.is_none() {
                self.pick.step(by);
            } else if let Some(found) = self.found_mut() {
                let last = found.changes.len().saturating_sub(1);
                found.cursor = found.cursor.saturating_add_signed(by).min(last);
            }
            return Outcome::stay();
        }
        match action {
            Action::Accept if self.chosen.is_none() => self.choose(cx),
            Action::Accept => return self.go_to_line(cx),
            Action::Back if self.chosen.is_some() => self.chosen = None,
            Action::Back => return Outcome::close(),
            _ => return Outcome::pass(),
        }
        Outcome::stay()
    }

    fn type_key(&mut self, key: KeyEvent, _: &mut Cx<'_>) -> Outcome {
        if self.chosen.is_none() {
            self.pick.input(key);
        }
        Outcome::stay()
    }

    fn paste(&mut self, text: &str, _: &mut Cx<'_>) -> Outcome {
        if self.chosen.is_none() {
            self.pick.paste(text);
        }
        Outcome::stay()
    }

    fn receive(&mut self, event: &Event, cx: &mut Cx<'_>) -> Outcome {
        match event {
            Event::HistoryListed { id, result } if *id == self.id => {
                self.history = Some(result.clone());
                self.list(cx);
                Outcome::stay()
            }
            Event::SegmentsLoaded(_) => self.segments_loaded(event, cx),
            Event::PageAnswered { request, result } => match self.found_mut() {
                Some(found) if found.request == Some(*request) => {
                    found.answer = match result {
                        Ok(answer) => match &**answer {
                            PageAnswer::Steps(answer) => Some(Ok(answer.clone())),
                            _ => None,
                        },
                        Err(failure) => Some(Err(failure.clone())),
                    };
                    Outcome::stay()
                }
                _ => Outcome::pass(),
            },
            _ => Outcome::pass(),
        }
    }

    fn refresh(&mut self, cx: &mut Cx<'_>) {
        self.found_mut().into_iter().for_each(|found| found.count(cx));
    }

    fn shows_below(&self) -> bool {
        true
    }
}
