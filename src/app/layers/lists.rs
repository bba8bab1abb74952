//! The list picker: the segments, files and queries that can serve as customer lists.

use std::collections::HashMap;
use std::sync::Arc;

use crossterm::event::KeyEvent;

use super::browse::Browse;
use crate::app::action::{Action, Context};
use crate::app::available_lists::{AvailableLists, ListChoice, ListKind};
use crate::app::command::Command;
use crate::app::effect::{Effect, Previewed};
use crate::app::event::{Event, ListPreview};
use crate::app::layer::{Cx, Layer, Outcome};
use crate::app::message::Message;
use crate::app::pick::Pick;
use crate::app::prompt::EditTarget;
use crate::diagnostic::Diagnostic;
use crate::segment::{ListOperator, ListSource};
use crate::workspace::{Entry, Listing, Stored};

/// The list picker.
#[derive(Clone, Debug)]
pub struct Lists {
    /// What the list is for.
    pub target: EditTarget,
    /// Whether its customers are wanted.
    pub op: ListOperator,
    /// Which kind is shown.
    pub kind: ListKind,
    /// What there is of that kind.
    pub pick: Pick<ListChoice>,
    /// What was found out about those that the cursor has been on.
    pub previews: HashMap<ListSource, Result<Arc<ListPreview>, Diagnostic>>,
    /// The list that the condition names now.
    before: Option<ListSource>,
    from: AvailableLists,
}

impl Lists {
    /// Offers the lists of a kind.
    #[must_use]
    pub fn new(target: EditTarget, op: ListOperator, kind: ListKind, from: AvailableLists) -> Self {
        let pick = Pick::new(Vec::new());
        let mut lists = Self { target, op, kind, pick, previews: HashMap::new(), before: None, from };
        lists.show(kind);
        lists
    }

    /// Starts at the list that a condition names now, or where there is none of that name at the one
    /// that was probably meant.
    #[must_use]
    pub fn at(self, source: &ListSource) -> Self {
        let mut lists = Self { before: Some(source.clone()), ..self };
        lists.show(ListKind::from_source(source));
        lists
    }

    /// What the workspace holds has changed.
    fn set_listing(&mut self, listing: &Arc<Listing>) {
        self.from.listing = Arc::clone(listing);
        let (query, current) = (self.pick.query.clone(), self.current().cloned());
        self.pick = Pick::searched(self.from.items(self.kind), query.text());
        self.pick.go_to(|choice| Some(choice) == current.as_ref());
    }

    /// Goes to the next or the previous kind.
    fn turn(&mut self, forward: bool) {
        self.show(self.kind.next(forward));
    }

    fn show(&mut self, kind: ListKind) {
        self.kind = kind;
        self.pick = Pick::new(self.from.items(kind));
        self.pick.go_to(|choice| matches!(choice, ListChoice::Source(_)));
        let Some(before) = self.before.clone().filter(|before| ListKind::from_source(before) == kind) else {
            return;
        };
        let suggested = self.from.suggest(&before).unwrap_or(before);
        self.pick.go_to(|choice| *choice == ListChoice::Source(suggested.clone()));
    }

    /// What the cursor is on.
    #[must_use]
    pub fn current(&self) -> Option<&ListChoice> {
        self.pick.current().map(|item| &item.value)
    }

    /// The list that the cursor is on.
    #[must_use]
    pub fn source(&self) -> Option<&ListSource> {
        match self.current()? {
            ListChoice::Source(source) => Some(source),
            ListChoice::Upload => None,
        }
    }

    /// The segment that the cursor is on.
    #[must_use]
    pub fn entry(&self) -> Option<&Entry> {
        match self.source()? {
            ListSource::Segment(id) => self.from.listing.segment(id),
            ListSource::File(_) | ListSource::Query(_) => None,
        }
    }

    /// The file that the cursor is on.
    #[must_use]
    pub fn stored(&self) -> Option<&Stored> {
        let listing = &self.from.listing;
        match self.source()? {
            ListSource::Segment(_) => None,
            ListSource::File(path) => listing.lists.iter().find(|stored| stored.path == *path),
            ListSource::Query(path) => listing.queries.iter().find(|stored| stored.path == *path),
        }
    }
}

impl Lists {
    /// The picker, at the list that a condition names now.
    pub(super) fn open(
        target: EditTarget,
        op: ListOperator,
        kind: ListKind,
        current: Option<&ListSource>,
        cx: &mut Cx<'_>,
    ) -> Outcome {
        let Some(available) = AvailableLists::new(cx.view()) else { return Outcome::stay() };
        let lists = Self::new(target, op, kind, available);
        let lists = match current {
            Some(source) => lists.at(source),
            None => lists,
        };
        // What was added beside the program is offered too.
        cx.session.request(Effect::ListSegments);
        lists.request_preview(cx);
        Outcome::open(lists)
    }

    /// Finds out about the list at the cursor.
    fn request_preview(&self, cx: &mut Cx<'_>) {
        if let Some(source) = self.source().filter(|source| !self.previews.contains_key(source)) {
            let effect = cx.view().preview_list(Previewed::Stored(source.clone()));
            cx.session.effects.extend(effect);
        }
    }

    fn accept(&self, cx: &mut Cx<'_>) -> Outcome {
        let Some(item) = self.pick.current() else { return Outcome::stay() };
        if let Some(reason) = &item.disabled {
            cx.session.notify(Message::note(format!("{}: {reason}", item.label)));
            return Outcome::stay();
        }
        match &item.value {
            ListChoice::Source(source) => Outcome::ask(Command::SetList {
                target: self.target.clone(),
                op: self.op,
                source: source.clone(),
            }),
            ListChoice::Upload => Browse::open(self.target.clone(), self.op, cx),
        }
    }
}

impl Layer for Lists {
    fn contexts(&self) -> Vec<Context> {
        vec![Context::Lists]
    }

    fn perform(&mut self, action: Action, cx: &mut Cx<'_>) -> Outcome {
        match action {
            Action::Accept => return self.accept(cx),
            Action::NextField | Action::PreviousField => self.turn(action == Action::NextField),
            Action::Back => return Outcome::close(),
            _ => match action.step(cx.session.page()) {
                Some(by) => self.pick.step(by),
                None => return Outcome::pass(),
            },
        }
        self.request_preview(cx);
        Outcome::stay()
    }

    fn type_key(&mut self, key: KeyEvent, cx: &mut Cx<'_>) -> Outcome {
        self.pick.input(key);
        self.request_preview(cx);
        Outcome::stay()
    }

    fn paste(&mut self, text: &str, cx: &mut Cx<'_>) -> Outcome {
        self.pick.paste(text);
        self.request_preview(cx);
        Outcome::stay()
    }

    fn receive(&mut self, event: &Event, cx: &mut Cx<'_>) -> Outcome {
        match event {
            // What is offered is what there is.
            Event::Listed(_) => {
                if let Some(listing) = cx.session.workspace() {
                    self.set_listing(listing);
                }
                if cx.is_top {
                    self.request_preview(cx);
                }
            }
            Event::ListPreviewed { of: Previewed::Stored(source), result } => {
                self.previews.insert(source.clone(), result.clone());
            }
            _ => {}
        }
        Outcome::pass()
    }

    fn refresh(&mut self, cx: &mut Cx<'_>) {
        self.previews.clear();
        self.request_preview(cx);
    }
}
