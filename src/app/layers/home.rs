//! The list of segments: the folder tree, found by name.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crossterm::event::KeyEvent;

use super::confirm::Confirm;
use super::differences::Differences;
use super::save_as::SaveAs;
use crate::app::action::{Action, Context};
use crate::app::command::{Command, Naming};
use crate::app::effect::{Effect, LoadReason};
use crate::app::event::Event;
use crate::app::field::Field;
use crate::app::fuzzy;
use crate::app::layer::{Check, Cx, Layer, Outcome};
use crate::app::message::Message;
use crate::app::session::Session;
use crate::app::view::View;
use crate::diagnostic::Diagnostic;
use crate::segment::Segment;
use crate::workspace::{Damaged, Entry, Folder, Listing, Version};

/// What is said of every file that cannot be read.
pub const DAMAGED: &str = "This file cannot be read and is left as it is";

/// The list of segments.
#[derive(Clone, Debug, Default)]
pub struct Home {
    /// What is searched for.
    pub find: Field,
    /// Whether keys go into the search.
    pub finding: bool,
    /// Folders whose content is not shown, by id.
    pub folded: HashSet<String>,
    /// The line of the cursor.
    pub cursor: usize,
    /// Documents that were read for the preview, by id.
    pub previews: HashMap<String, Result<Arc<Segment>, Diagnostic>>,
}

/// A line of the list.
#[derive(Clone, Debug, PartialEq)]
pub enum HomeRow<'a> {
    /// A folder.
    Folder {
        /// Folders around it.
        depth: usize,
        /// The folder.
        folder: &'a Folder,
        /// Whether its content is shown.
        open: bool,
    },
    /// A segment.
    Segment {
        /// Folders around it.
        depth: usize,
        /// The segment.
        entry: &'a Entry,
    },
    /// A file that cannot be read.
    Damaged(&'a Damaged),
}

impl Home {
    /// The lines of the list: a tree, or what matches the search, the best first.
    #[must_use]
    pub fn rows<'a>(&self, listing: Option<&'a Listing>) -> Vec<HomeRow<'a>> {
        let Some(listing) = listing else { return Vec::new() };
        let query = self.find.text().trim();
        let mut rows = Vec::new();
        if query.is_empty() {
            self.branch(listing, None, 0, &mut rows);
        } else {
            let names: Vec<String> = listing.segments.iter().map(|entry| listing.full_name(entry)).collect();
            let found = fuzzy::search(query, names.iter().map(String::as_str));
            let found = found.into_iter().filter_map(|index| listing.segments.get(index));
            rows.extend(found.map(|entry| HomeRow::Segment { depth: 0, entry }));
            let names: Vec<String> = listing.damaged.iter().map(Damaged::file_name).collect();
            let found = fuzzy::search(query, names.iter().map(String::as_str));
            rows.extend(
                found.into_iter().filter_map(|index| listing.damaged.get(index)).map(HomeRow::Damaged),
            );
            return rows;
        }
        rows.extend(listing.damaged.iter().map(HomeRow::Damaged));
        rows
    }

    fn branch<'a>(
        &self,
        listing: &'a Listing,
        parent: Option<&str>,
        depth: usize,
        rows: &mut Vec<HomeRow<'a>>,
    ) {
        for folder in listing.folders.iter().filter(|folder| folder.parent.as_deref() == parent) {
            let open = !self.folded.contains(&folder.id);
            rows.push(HomeRow::Folder { depth, folder, open });
            if open {
                self.branch(listing, Some(&folder.id), depth + 1, rows);
            }
        }
        let inside = listing.segments.iter().filter(|entry| entry.folder.as_deref() == parent);
        rows.extend(inside.map(|entry| HomeRow::Segment { depth, entry }));
    }

    /// The segment at the cursor.
    #[must_use]
    pub fn selected(&self, listing: Option<&Listing>) -> Option<Entry> {
        match self.rows(listing).get(self.cursor) {
            Some(HomeRow::Segment { entry, .. }) => Some((*entry).clone()),
            _ => None,
        }
    }

    fn step(&mut self, listing: Option<&Listing>, by: isize) {
        let count = self.rows(listing).len();
        self.cursor = self.cursor.saturating_add_signed(by).min(count.saturating_sub(1));
    }

    /// Folds or unfolds the folder at the cursor; folding a segment goes to its folder.
    fn fold(&mut self, listing: Option<&Listing>, fold: bool) {
        let rows = self.rows(listing);
        let (id, open) = match rows.get(self.cursor) {
            Some(HomeRow::Folder { folder, open, .. }) => (folder.id.clone(), *open),
            Some(HomeRow::Segment { depth, .. }) if fold && *depth > 0 => {
                let above = rows.iter().take(self.cursor);
                self.cursor =
                    above.into_iter().rposition(|row| matches!(row, HomeRow::Folder { .. })).unwrap_or(0);
                return;
            }
            _ => return,
        };
        match (fold, open) {
            (true, true) => drop(self.folded.insert(id)),
            (false, false) => drop(self.folded.remove(&id)),
            (true, false) | (false, true) => {}
        }
    }

    /// Opens the folder at the cursor, or closes it.
    fn toggle_folder(&mut self, listing: Option<&Listing>) {
        if let Some(HomeRow::Folder { open, .. }) = self.rows(listing).get(self.cursor) {
            let open = *open;
            self.fold(listing, open);
        }
    }

    /// Puts the cursor on a segment, opening the folders around it.
    pub(crate) fn go_to(&mut self, listing: Option<&Listing>, id: &str) {
        let Some(entry) = listing.and_then(|listing| listing.segment(id)) else { return };
        for folder in listing.into_iter().flat_map(|listing| listing.folders_to(entry.folder.as_deref())) {
            self.folded.remove(&folder.id);
        }
        let rows = self.rows(listing);
        let at = rows.iter().position(|row| matches!(row, HomeRow::Segment { entry, .. } if entry.id == id));
        self.cursor = at.unwrap_or(self.cursor);
    }

    /// What of a segment the preview shows.
    pub(crate) fn previewed(&self, id: &str) -> Option<Version> {
        self.previews.get(id)?.as_ref().ok().map(|segment| Version::of(segment.as_ref()))
    }

    /// Reads the segment at the cursor for the preview beside the list.
    pub(crate) fn request_preview(&self, session: &mut Session) {
        let entry = self.selected(session.workspace().map(|listing| &**listing));
        if let Some(entry) = entry.filter(|entry| !self.previews.contains_key(&entry.id)) {
            let reason = LoadReason::Preview;
            session.request(Effect::Load { id: entry.id, path: entry.path, reason });
        }
    }

    fn load(&mut self, listing: Option<&Listing>, reason: LoadReason) -> Outcome {
        match self.selected(listing) {
            Some(Entry { id, name, path, .. }) => {
                self.finding = false;
                Outcome::ask(Command::Load { id, name, path, reason })
            }
            None => match self.rows(listing).get(self.cursor) {
                Some(HomeRow::Damaged(damaged)) => Outcome::open(about(damaged)),
                _ => {
                    self.toggle_folder(listing);
                    Outcome::stay()
                }
            },
        }
    }

    fn rename(&self, listing: &Listing, cx: &mut Cx<'_>) -> Outcome {
        match self.selected(Some(listing)) {
            Some(entry) => {
                let naming = Naming::Rename { id: entry.id };
                let form = SaveAs::for_segment(naming, "", None, listing);
                Outcome::open(form.in_database(&entry.database, entry.status, listing))
            }
            None => {
                cx.session.note("put the cursor on a segment to rename it");
                Outcome::stay()
            }
        }
    }

    /// Why no customers can be explained.
    fn explain_disabled_reason(&self, session: &Session) -> Option<String> {
        let has_segment = self.selected(session.workspace().map(|listing| &**listing)).is_some();
        let reason = (!has_segment).then(|| "put the cursor on a segment to explain customers".to_owned());
        session.no_database_reason().or(reason)
    }

    /// Why no tests can be run.
    fn tests_disabled_reason(&self, session: &Session) -> Option<String> {
        let has_tests = tested(session).next().is_some();
        let reason = (!has_tests).then(|| "no segment has tests; T in a segment adds some".to_owned());
        session.no_database_reason().or(reason)
    }

    /// The search ends.
    fn stop_finding(&mut self) {
        self.finding = false;
        self.find = Field::default();
    }
}

/// The segments that have tests.
fn tested(session: &Session) -> impl Iterator<Item = &Entry> {
    let entries = session.workspace().into_iter().flat_map(|listing| &listing.segments);
    entries.filter(|entry| entry.tests.is_some())
}

/// Runs the tests of all segments, or stops that.
fn run_tests(session: &mut Session) {
    if session.remembered.tests.running.take().is_some() {
        session.request(Effect::StopTests);
        return session.note("stopped; what was tested is marked");
    }
    let segments: Vec<_> = tested(session).map(|entry| (entry.id.clone(), entry.path.clone())).collect();
    let Some(database) = session.database_folder() else { return };
    session.remembered.tests.running = Some((0, segments.len()));
    let as_of = session.as_of();
    session.request(Effect::TestSegments { database, segments, as_of });
}

/// What came of the tests of all segments.
fn summary(session: &Session) -> String {
    let (tests, as_of) = (&session.remembered.tests, session.as_of());
    let results: Vec<_> = tested(session).filter_map(|entry| tests.of(entry, as_of)).collect();
    let wrong = results.iter().filter(|result| !matches!(result, Ok(report) if report.passed())).count();
    match (results.len(), wrong) {
        (1, 0) => "the tests of 1 segment hold".to_owned(),
        (1, _) => "tests of 1 segment fail".to_owned(),
        (all, 0) => format!("the tests of all {all} segments hold"),
        (all, wrong) => format!("tests fail in {wrong} of {all} segments"),
    }
}

/// All that there is to say of a file that cannot be read.
fn about(damaged: &Damaged) -> Confirm {
    let lines = vec![damaged.message_with_line(), damaged.path.display().to_string(), damaged.help.clone()];
    Confirm::new(DAMAGED, lines, vec![('c', "Close", Command::Cancel)])
}

impl Layer for Home {
    fn contexts(&self) -> Vec<Context> {
        match self.finding {
            true => vec![Context::HomeFind],
            false => vec![Context::Home, Context::Screen],
        }
    }

    fn check(&self, action: Action, view: View<'_>) -> Check {
        match action {
            Action::Rename if view.session.read_only => {
                Check::Disabled("nothing is saved in read-only mode".to_owned())
            }
            Action::Explain => Check::unless(self.explain_disabled_reason(view.session)),
            Action::RunTests => Check::unless(self.tests_disabled_reason(view.session)),
            Action::Up
            | Action::Down
            | Action::PageUp
            | Action::PageDown
            | Action::Top
            | Action::Bottom
            | Action::Left
            | Action::Right
            | Action::Open
            | Action::Overview
            | Action::Rename
            | Action::ShowDifferences
            | Action::Find
            | Action::Back => Check::Enabled,
            _ => Check::Pass,
        }
    }

    /// What is done with the list itself is named before what is done in a segment.
    fn hints(&self) -> Vec<(Action, &'static str)> {
        vec![(Action::Explain, "")]
    }

    fn perform(&mut self, action: Action, cx: &mut Cx<'_>) -> Outcome {
        let listing = cx.session.workspace().cloned();
        let list = listing.as_deref();
        match action {
            Action::Open => return self.load(list, LoadReason::Edit),
            Action::Overview => return self.load(list, LoadReason::Overview),
            Action::Explain => return self.load(list, LoadReason::Explain),
            Action::ShowDifferences => {
                return match self.selected(list) {
                    Some(Entry { id, name, path, .. }) => Differences::of_saved(id, name, path, cx),
                    None => {
                        cx.session.note("put the cursor on a segment to compare it");
                        Outcome::stay()
                    }
                };
            }
            Action::Rename => return self.rename(list.unwrap_or(&Listing::default()), cx),
            Action::RunTests => {
                run_tests(cx.session);
                return Outcome::stay();
            }
            Action::Find => {
                self.finding = true;
                return Outcome::stay();
            }
            Action::Left | Action::Right => self.fold(list, action == Action::Left),
            Action::Back => {
                self.stop_finding();
                self.step(list, 0);
            }
            _ => match action.step(cx.session.page()) {
                Some(by) => self.step(list, by),
                None => return Outcome::pass(),
            },
        }
        self.request_preview(cx.session);
        Outcome::stay()
    }

    fn type_key(&mut self, key: KeyEvent, cx: &mut Cx<'_>) -> Outcome {
        if self.finding && self.find.input(key) {
            self.cursor = 0;
            self.request_preview(cx.session);
        }
        Outcome::stay()
    }

    fn paste(&mut self, text: &str, cx: &mut Cx<'_>) -> Outcome {
        if self.finding {
            self.find.paste(text);
            self.cursor = 0;
            self.request_preview(cx.session);
        } else {
            cx.session.notify(Message::not_typing());
        }
        Outcome::stay()
    }

    fn receive(&mut self, event: &Event, cx: &mut Cx<'_>) -> Outcome {
        match event {
            Event::Listed(_) => {
                self.previews.clear();
                let listing = cx.session.workspace().cloned();
                self.step(listing.as_deref(), 0);
                // While a segment is open the list is not seen.
                if cx.segment.is_none() {
                    self.request_preview(cx.session);
                }
                Outcome::pass()
            }
            Event::SegmentTested { id, version, result } => {
                let tests = &mut cx.session.remembered.tests;
                if let Some(version) = version {
                    let result = result.as_ref().map(|report| (**report).clone()).map_err(Clone::clone);
                    tests.put(id, *version, result);
                }
                tests.running = tests.running.map(|(done, all)| (done + 1, all));
                Outcome::stay()
            }
            Event::SegmentsTested => {
                cx.session.remembered.tests.running = None;
                let said = summary(cx.session);
                cx.session.note(said);
                Outcome::stay()
            }
            Event::Loaded { id, reason: LoadReason::Preview, result } => {
                self.previews.insert(id.clone(), result.clone());
                Outcome::stay()
            }
            _ => Outcome::pass(),
        }
    }
}
