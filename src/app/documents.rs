//! Opening, saving and leaving segments, so that no edit is lost on the way.

use std::path::PathBuf;
use std::sync::Arc;

use super::action::Action;
use super::app::App;
use super::command::{After, Command, Naming};
use super::drafts::{DraftName, UnsavedDraft, kept_at};
use super::effect::{Effect, LoadReason};
use super::event::{Event, SaveFailure};
use super::layers::confirm::Confirm;
use super::layers::editor::sql_actions;
use super::layers::editor::state::Editor;
use super::layers::overlay::Overlay;
use super::layers::pages::Pages;
use super::layers::stack::OpenSegment;
use super::lifecycle::Lifecycle;
use super::message::Message;
use crate::diagnostic::Diagnostic;
use crate::segment::{Definition, Segment};
use crate::workspace::{Drafts, Edits, Expected, Target, Version};

impl App {
    pub(super) fn confirm(
        &mut self,
        title: impl Into<String>,
        lines: Vec<String>,
        answers: Vec<(char, &str, Command)>,
    ) {
        self.stack.overlays.push(Overlay::Confirm(Confirm::new(title, lines, answers)));
    }

    pub(super) fn go_home(&mut self) {
        let open = self.stack.open.take().map(|open| open.editor.segment().id.clone());
        if let Some(id) = open {
            self.stack.home.go_to(self.session.workspace().map(|listing| &**listing), &id);
        }
        self.session.request(Effect::ListSegments);
        self.stack.home.request_preview(&mut self.session);
    }

    /// A new segment of conditions, or of a query.
    pub(super) fn new_segment(&mut self, query: Option<String>) {
        let id = self.session.new_id("seg_");
        let (name, activation_id) = match self.database() {
            Some(database) => (database.name.clone(), database.default_id.clone()),
            None => Default::default(),
        };
        let mut segment = Segment::new(id, name, activation_id);
        if let Some(query) = query {
            segment.definition = Definition::Sql(query);
        }
        self.open_editor(Editor::new(segment));
    }

    /// A new segment that is already made: it gets an id of its own. Somebody's work is in it from the beginning.
    pub(super) fn start_segment(&mut self, segment: &Segment) {
        let segment = Segment { id: self.session.new_id("seg_"), ..segment.clone() };
        self.open_editor(Editor::recovered(Edits { segment: Arc::new(segment), base: None }));
        if let Some(editor) = self.stack.editor_mut() {
            editor.keep_draft(&mut self.session);
        }
    }

    /// A new SQL segment, to be written at once.
    pub(super) fn new_sql_segment(&mut self) {
        let query = sql_actions::first_query(self.database().map(|database| &**database));
        self.new_segment(Some(query));
        if let Some(editor) = self.stack.editor_mut() {
            editor.type_at_end();
        }
    }

    /// Shows an editor.
    fn open_editor(&mut self, mut editor: Editor) {
        editor.go_to_first_node();
        editor.find_place(self.workspace().map(|listing| &**listing));
        if !self.lifecycle.is_saving() {
            self.set_lifecycle(Lifecycle::Idle);
        }
        self.stack.overlays.clear();
        editor.recount(&mut self.session);
        self.stack.open = Some(Box::new(OpenSegment { editor, pages: Pages::default() }));
    }

    /// Something else is under way now.
    pub(super) fn set_lifecycle(&mut self, next: Lifecycle) {
        self.lifecycle = next;
    }

    /// Reads a saved segment to open it.
    pub(super) fn load(&mut self, id: String, path: PathBuf, reason: LoadReason, draft: Option<DraftName>) {
        self.set_lifecycle(Lifecycle::Loading { id: id.clone(), draft });
        self.session.request(Effect::Load { id, path, reason });
    }

    pub(super) fn loaded(&mut self, id: &str, reason: LoadReason, result: &Result<Arc<Segment>, Diagnostic>) {
        // Whoever has gone elsewhere meanwhile stays there.
        let is_awaited = matches!(&self.lifecycle, Lifecycle::Loading { id: awaited, .. } if awaited == id);
        if !is_awaited {
            return;
        }
        let Lifecycle::Loading { draft, .. } = std::mem::take(&mut self.lifecycle) else { return };
        match result {
            Ok(segment) => {
                let draft = draft.or_else(|| self.drafts.of_segment(id));
                let draft = draft.and_then(|name| self.drafts.take(&name));
                self.open_segment((**segment).clone(), draft, reason);
            }
            // The saved segment is gone or damaged; the edits are not.
            Err(failure) => {
                self.session.notify(failure.clone().into());
                if let Some(draft) = draft.and_then(|name| self.drafts.take(&name)) {
                    self.recover(draft);
                }
            }
        }
    }

    /// Shows a segment that was read. Edits of it that were kept are made again, as one edit that can
    /// be undone.
    fn open_segment(&mut self, segment: Segment, draft: Option<UnsavedDraft>, reason: LoadReason) {
        let draft = draft.and_then(|draft| self.unless_saved(draft, &segment));
        let is_unchanged =
            draft.as_ref().is_some_and(|draft| draft.edits.base.is_some_and(|base| base.is(&segment)));
        let other = self.database().filter(|database| database.name != segment.database);
        if let Some(database) = other.filter(|_| !segment.database.is_empty()) {
            let note = format!("made for {}, evaluated on {}", segment.database, database.name);
            self.session.note(note);
        }
        let mut editor = Editor::open(segment);
        if let Some(database) = self.database() {
            editor.adopt(&database.name, &database.default_id);
        }
        if let Some(reason) = editor.read_only_reason() {
            self.session.note(reason);
        }
        match draft {
            None => {
                self.open_editor(editor);
                match reason {
                    LoadReason::Overview => self.show_overview(),
                    LoadReason::Explain => {
                        self.stack.open.iter_mut().for_each(|open| open.pages.explain_from_list());
                    }
                    LoadReason::Preview | LoadReason::Edit | LoadReason::Resume => {}
                }
            }
            Some(draft) if is_unchanged => {
                let edits = (*draft.edits.segment).clone();
                editor.edit(|segment| {
                    *segment = edits;
                    Some(())
                });
                self.open_editor(editor);
                self.session.note("your unsaved edits are back; u shows the segment as it was saved");
                self.keep_resumed(draft);
            }
            Some(draft) => {
                self.session.note("your unsaved edits are back; the segment was changed meanwhile");
                self.recover(draft);
            }
        }
    }

    /// Kept edits, unless they were saved after all: a program may end between a save and its answer.
    fn unless_saved(&mut self, draft: UnsavedDraft, saved: &Segment) -> Option<UnsavedDraft> {
        let edits = &draft.edits.segment;
        let (created, updated) = (saved.created.clone(), saved.updated.clone());
        if (Segment { revision: saved.revision, created, updated, ..(**edits).clone() }) != *saved {
            return Some(draft);
        }
        self.session.request(draft.discard());
        None
    }

    /// Goes on with kept edits without the saved segment that they were made from.
    fn recover(&mut self, draft: UnsavedDraft) {
        self.open_editor(Editor::recovered(draft.edits.clone()));
        self.keep_resumed(draft);
    }

    /// The edits are kept as this program's own before what was left behind goes.
    fn keep_resumed(&mut self, draft: UnsavedDraft) {
        if let Some(editor) = self.stack.editor_mut() {
            editor.recount(&mut self.session);
        }
        let edits = self.editor().map_or(draft.edits, Editor::edits);
        self.drafts.resumed.clone_from(&draft.left_behind);
        self.session.request(match draft.left_behind {
            Some(draft) => Effect::TakeOverDraft { edits, draft },
            None => Effect::KeepDraft(edits),
        });
    }

    /// Goes on with edits that were kept of a segment, from what is saved of it.
    pub(super) fn resume(&mut self, name: DraftName) {
        if self.editor().is_some_and(Editor::is_edited) || self.lifecycle.is_writing() {
            return self.session.note("save or leave the open segment first; E shows the kept edits");
        }
        let Some(draft) = self.drafts.get(&name) else { return };
        let (id, is_new) = (draft.edits.segment.id.clone(), draft.edits.base.is_none());
        // This program keeps one draft of a segment: another would take its place.
        let own = DraftName::Own(id.clone());
        if name != own && self.drafts.get(&own).is_some() {
            let text =
                "edits of this segment were kept just now; open them from E first, then save or discard them";
            return self.session.note(text);
        }
        if is_new {
            if let Some(draft) = self.drafts.take(&name) {
                self.recover(draft);
            }
            return;
        }
        let path = self.workspace().and_then(|listing| Some(listing.segment(&id)?.path.clone()));
        self.load(id, path.unwrap_or_default(), LoadReason::Resume, Some(name));
    }

    pub(super) fn found_drafts(&mut self, drafts: &Drafts) {
        for damaged in &drafts.damaged {
            let message = format!("a draft cannot be read and is kept: {damaged}");
            self.session.notify(Message::from(Diagnostic::new(message).with_help(damaged.help.clone())));
        }
        self.drafts.add_left_behind(drafts);
        self.offer_draft();
    }

    /// Asks about the latest edits that were left behind.
    pub(super) fn offer_draft(&mut self) {
        let others = self.drafts.left_behind().count().saturating_sub(1);
        let Some((draft, left_behind)) = self.drafts.left_behind().next() else { return };
        let (id, name) = (draft.edits.segment.id.clone(), draft.name());
        let title = format!("You have unsaved edits of {}", draft.edits.segment.name);
        let mut lines = vec![kept_at(&left_behind.stamp, self.session.today)];
        lines.extend(self.changed_since(draft.edits.base, &id));
        lines.extend(self.view().summary(&draft.edits.segment));
        let mut answers = vec![
            ('o', "Open them", Command::OpenDraft(name.clone())),
            ('l', "Later", Command::Cancel),
            ('d', "Discard them", Command::DiscardDraft(name)),
        ];
        let all = format!("Show all of them ({} more)", others);
        if others > 0 {
            answers.insert(2, ('e', &all, Command::Perform(Action::Drafts)));
        }
        self.confirm(title, lines, answers);
    }

    /// What has become of the saved segment since edits of it were kept, as far as the list tells.
    fn changed_since(&self, base: Option<Version>, id: &str) -> Option<String> {
        let (listing, base) = (self.workspace()?, base?);
        match listing.segment(id) {
            None => Some("Its file is not there any more.".to_owned()),
            Some(entry) if entry.revision == base.revision => None,
            Some(entry) => {
                Some(format!("The segment was changed since: it is revision {} now.", entry.revision))
            }
        }
    }

    /// Saves the open segment where it stands, or asks for name and folder first.
    pub(super) fn save(&mut self, then: Option<After>) {
        let Some(editor) = self.editor() else { return };
        match &self.lifecycle {
            Lifecycle::Saving { slow: Some(slow), .. } => {
                let text = format!("{} … Esc gives up", slow.words());
                return self.session.note(text);
            }
            lifecycle if lifecycle.is_writing() => return self.session.note("still writing; a moment"),
            // What the next save is compared with is known only then.
            _ if self.given_up_saves > 0 => {
                return self.session.note("the save that was given up has not ended yet; try again then");
            }
            _ => {}
        }
        if editor.base_revision() > 0 && !editor.is_edited() {
            self.session.note("nothing to save: no edits since the last time");
            return match then {
                Some(after) => self.go_on(after),
                None => self.show_overview(),
            };
        }
        let (expected, target) = (editor.expected(), editor.target());
        let is_first = editor.base_revision() == 0;
        let Some(segment) = self.measured() else { return };
        self.set_lifecycle(Lifecycle::Naming { then });
        match is_first {
            true => self.ask_name(Naming::First),
            false => self.send(segment, target, expected),
        }
    }

    /// Does what the form of name and folder says.
    pub(super) fn save_named(&mut self, naming: &Naming, name: String, target: Target) {
        if let Naming::Rename { id } = naming {
            // What is renamed is what is seen: a revision of someone else's is refused.
            let open = self.editor().filter(|editor| editor.segment().id == *id);
            let listed = self.workspace().and_then(|listing| listing.segment(id));
            let listed = listed.map(|entry| Version::numbered(entry.revision));
            let seen = open.map_or_else(|| self.stack.home.previewed(id).or(listed), Editor::base);
            let expected = seen.map_or(Expected::New, Expected::Version);
            let effect = Effect::Rename { id: id.clone(), name, expected };
            return self.session.request(effect);
        }
        let Some(expected) = self.editor().map(Editor::expected) else { return };
        let Some(document) = self.measured().map(|segment| (*segment).clone()) else { return };
        let (segment, expected) = match naming {
            Naming::Copy => {
                let id = self.session.new_id("seg_");
                (Segment { id, name, revision: 0, created: None, updated: None, ..document }, Expected::New)
            }
            Naming::First | Naming::Rename { .. } => (Segment { name, ..document }, expected),
        };
        self.send(Arc::new(segment), target, expected);
    }

    /// The open segment on its way to be saved: the present number is what later ones are measured from.
    fn measured(&mut self) -> Option<Arc<Segment>> {
        let editor = self.stack.editor_mut()?;
        editor.measure_changes(&mut self.session);
        Some(Arc::clone(editor.segment()))
    }

    fn send(&mut self, segment: Arc<Segment>, target: Target, expected: Expected) {
        let Some(id) = self.editor().map(|editor| editor.segment().id.clone()) else { return };
        let then = self.lifecycle.then();
        self.set_lifecycle(Lifecycle::Saving { id, target: target.clone(), then, slow: None });
        self.session.request(Effect::Save { segment, target, expected });
    }

    /// Saves over what someone else has saved.
    pub(super) fn overwrite(&mut self) {
        let Lifecycle::Conflict { target, .. } = &self.lifecycle else { return };
        let target = target.clone();
        if let Some(segment) = self.measured() {
            self.send(segment, target, Expected::Anything);
        }
    }

    pub(super) fn saved(
        &mut self,
        event: &Event,
        sent: &Arc<Segment>,
        result: &Result<Arc<Segment>, SaveFailure>,
    ) {
        self.close_waiting();
        let lifecycle = std::mem::take(&mut self.lifecycle);
        let sending = match lifecycle {
            Lifecycle::Saving { id, target, then, .. } => Some((id, target, then)),
            other => {
                self.lifecycle = other;
                self.given_up_saves = self.given_up_saves.saturating_sub(1);
                None
            }
        };
        match result {
            Ok(saved) => {
                let text = format!("saved {} as revision {}", saved.name, saved.revision);
                self.session.notify(Message::done(text));
                self.session.request(Effect::ListSegments);
                match sending {
                    Some((id, _, then)) => self.finish_save(event, id, sent, saved, then),
                    None => self.saved_late(sent, saved),
                }
            }
            // Whoever has given it up knows.
            Err(_) if sending.is_none() => self.session.note("not saved; your edits are here"),
            Err(SaveFailure::NameTaken(failure) | SaveFailure::Other(failure)) => {
                let is_on_the_way_out = sending.is_some_and(|(_, _, then)| then.is_some());
                self.save_failed(event, failure, is_on_the_way_out);
            }
            Err(refused) => {
                if let Some((_, target, then)) = sending {
                    self.lifecycle = Lifecycle::Conflict { target, then };
                }
                self.ask_about_refused_save(&sent.name, refused);
            }
        }
    }

    /// The open segment is saved, unless it is another one by now: its drafts go, and what was to come
    /// after the save comes.
    fn finish_save(
        &mut self,
        event: &Event,
        id: String,
        sent: &Arc<Segment>,
        saved: &Arc<Segment>,
        then: Option<After>,
    ) {
        // A copy has another id than the document it was made of.
        let Some(editor) = self.stack.editor_mut().filter(|editor| editor.segment().id == id) else {
            return;
        };
        editor.was_saved(sent, saved);
        let left = editor.is_edited().then(|| editor.edits());
        self.offer(event);
        self.drop_draft(id);
        match left {
            Some(edits) => self.session.request(Effect::KeepDraft(edits)),
            None => self.drafts.failure = None,
        }
        match then {
            // What was edited meanwhile is asked about.
            Some(after) => self.leave(after),
            // Whoever has started something else is left at it.
            None if self.stack.overlays.is_empty() => self.show_overview(),
            None => {}
        }
    }

    /// A save was done that was given up before.
    fn saved_late(&mut self, sent: &Arc<Segment>, saved: &Arc<Segment>) {
        let Some(editor) = self.stack.editor_mut().filter(|editor| editor.segment().id == saved.id) else {
            return;
        };
        editor.was_saved(sent, saved);
        match editor.is_edited() {
            true => self.session.request(Effect::KeepDraft(editor.edits())),
            false => self.drop_draft(saved.id.clone()),
        }
    }

    pub(super) fn renamed(&mut self, event: &Event, result: &Result<Arc<Segment>, Diagnostic>) {
        match result {
            Ok(segment) => {
                self.offer(event);
                self.session.notify(Message::done(format!("renamed to {}", segment.name)));
                let editor = self.stack.editor_mut();
                if let Some(editor) = editor.filter(|editor| editor.segment().id == segment.id) {
                    editor.was_renamed(segment);
                }
                self.session.request(Effect::ListSegments);
            }
            Err(failure) => self.report(event, failure),
        }
    }

    fn save_failed(&mut self, event: &Event, failure: &Diagnostic, is_on_the_way_out: bool) {
        let mut failure = failure.clone();
        if is_on_the_way_out {
            failure.message = format!("not saved: {}", failure.message);
        }
        self.report(event, &failure);
    }

    /// Says what went wrong where the person is looking.
    fn report(&mut self, event: &Event, failure: &Diagnostic) {
        self.lifecycle.forget_then();
        if !self.offer(event) {
            self.session.notify(failure.clone().into());
        }
    }
}
