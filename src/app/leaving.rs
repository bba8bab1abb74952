//! Opening, saving and leaving segments, so that no edit is lost on the way.

use std::sync::Arc;

use super::editor::Editor;
use super::effect::Effect;
use super::message::Message;
use super::overlay::Overlay;
use super::overlay::confirm::{After, Answer, Confirm};
use super::overlay::save_as::{Destination, Naming, SaveAs};
use super::{App, Screen, UnsavedDraft};
use crate::segment::{Definition, Segment};
use crate::workspace::{Expected, Listing, Target};

impl App {
    /// Goes on to something else, after asking what becomes of unsaved edits.
    pub(super) fn leave(&mut self, after: After) {
        if self.saving.is_some() {
            return self.notify(Message::note("still saving; a moment"));
        }
        let Some(editor) = self.editor.as_ref().filter(|editor| editor.is_edited()) else {
            return self.go_on(after);
        };
        let title = format!("{} has unsaved edits", editor.segment().name);
        let cancel = ('c', "Cancel", Answer::Nothing);
        let (line, answers) = if self.read_only {
            let line = "Nothing is saved or kept in read-only mode.";
            (line, vec![cancel, ('d', "Discard", Answer::DiscardThen(after))])
        } else {
            let answers = vec![
                ('s', "Save", Answer::SaveThen(after.clone())),
                ('k', "Keep as a draft", Answer::KeepThen(after.clone())),
                ('d', "Discard", Answer::DiscardThen(after)),
                cancel,
            ];
            ("Kept edits come back when the segment is opened, and when segtui starts.", answers)
        };
        self.overlays.push(Overlay::Confirm(Confirm::new(title, vec![line.to_owned()], answers)));
    }

    /// Leaves the open segment as it is.
    pub(super) fn go_on(&mut self, after: After) {
        match after {
            After::Quit => {
                self.ended = true;
                self.request(Effect::Quit);
            }
            After::Home => self.go_home(),
            After::New => self.new_segment(None),
            After::NewSql => self.new_sql_segment(),
        }
    }

    fn go_home(&mut self) {
        let open = self.editor.take().map(|editor| editor.segment().id.clone());
        self.screen = Screen::Home;
        if let Some(id) = open {
            self.home.go_to(&id);
        }
        self.request(Effect::ListSegments);
        self.preview();
    }

    /// A new segment of conditions, or of a query.
    pub(super) fn new_segment(&mut self, query: Option<String>) {
        let id = self.new_id("seg_");
        let (name, activation_id) = match self.database() {
            Some(database) => (database.name.clone(), database.default_id.clone()),
            None => Default::default(),
        };
        let mut segment = Segment::new(id, name, activation_id);
        if let Some(query) = query {
            segment.definition = Definition::Sql(query);
        }
        self.open_editor(Editor::new(segment), Screen::Editor);
    }

    /// Shows a segment that was read. Edits of it that were kept are made again, as one edit that can
    /// be undone.
    pub(super) fn open_segment(&mut self, segment: Segment, screen: Screen) {
        let draft = self.take_draft(&segment.id);
        let folder = self.folder_of(&segment.id);
        let revision = segment.revision;
        let other = self.database().filter(|database| database.name != segment.database).cloned();
        if let Some(database) = other.filter(|_| !segment.database.is_empty()) {
            let note = format!("made for {}, evaluated on {}", segment.database, database.name);
            self.notify(Message::note(note));
        }
        let mut editor = Editor::open(segment, folder);
        if let Some(database) = self.database() {
            editor.adopt(&database.name, &database.default_id);
        }
        if let Some(refusal) = editor.read_only_reason() {
            self.notify(Message::note(refusal));
        }
        match draft {
            None => self.open_editor(editor, screen),
            Some(draft) if draft.segment.revision == revision => {
                let edits = (*draft.segment).clone();
                editor.edit(|segment| {
                    *segment = edits;
                    Some(())
                });
                self.open_editor(editor, Screen::Editor);
                self.notify(Message::note(
                    "your unsaved edits are back; u shows the segment as it was saved",
                ));
                self.resumed(draft);
            }
            Some(draft) => {
                self.notify(Message::note(
                    "your unsaved edits are back; the segment has been saved by someone since",
                ));
                self.recover(draft);
            }
        }
    }

    /// Goes on with kept edits without the saved segment that they were made from.
    pub(super) fn recover(&mut self, draft: UnsavedDraft) {
        let base = draft.segment.revision;
        let mut editor = Editor::recovered((*draft.segment).clone(), base);
        editor.folder = self.folder_of(&draft.segment.id);
        self.open_editor(editor, Screen::Editor);
        self.resumed(draft);
    }

    /// The edits are kept as this program's own before what was left behind goes.
    fn resumed(&mut self, draft: UnsavedDraft) {
        self.recount();
        let segment = self.editor.as_ref().map_or(draft.segment, |editor| Arc::clone(editor.segment()));
        match draft.left_behind {
            Some(draft) => self.request(Effect::TakeOverDraft { segment, draft }),
            None => self.request(Effect::KeepDraft(segment)),
        }
    }

    pub(super) fn take_draft(&mut self, id: &str) -> Option<UnsavedDraft> {
        let at = self.drafts.iter().position(|draft| draft.segment.id == id)?;
        Some(self.drafts.remove(at))
    }

    /// Goes on with the edits that were kept of a segment, from what is saved of it.
    pub(super) fn resume(&mut self, id: &str) {
        let Some(draft) = self.take_draft(id) else { return };
        if draft.segment.revision == 0 {
            return self.recover(draft);
        }
        self.opening = Some(id.to_owned());
        self.resuming = Some(draft);
        let path =
            self.home.read().and_then(|listing| Some(listing.segment(id)?.path.clone())).unwrap_or_default();
        self.request(Effect::Load { id: id.to_owned(), path, reason: super::effect::LoadReason::Resume });
    }

    fn folder_of(&self, id: &str) -> Option<String> {
        self.home.read().and_then(|listing| listing.segment(id)?.folder.clone())
    }

    pub(super) fn open_editor(&mut self, mut editor: Editor, screen: Screen) {
        let first = editor.criteria.lines(editor.segment());
        if let Some(line) =
            first.iter().find(|line| matches!(line.position, super::editor::criteria::Cursor::Node(_)))
        {
            editor.criteria.cursor = line.position.clone();
        }
        self.opening = None;
        self.editor = Some(editor);
        self.screen = screen;
        self.scroll = 0;
        self.overlays.clear();
        self.recount();
    }

    /// Saves the open segment where it stands, or asks for name and folder first.
    pub(super) fn save(&mut self, after: Option<After>) {
        let Some(editor) = &self.editor else { return };
        if self.saving.is_some() {
            return self.notify(Message::note("still saving; a moment"));
        }
        if editor.base_revision() > 0 && !editor.is_edited() {
            self.notify(Message::note("nothing to save: no edits since the last time"));
            return match after {
                Some(after) => self.go_on(after),
                None => self.show_overview(),
            };
        }
        self.after_save = after;
        match editor.base_revision() {
            0 => self.ask_name(Naming::First),
            base => self.send(Arc::clone(editor.segment()), Target::Keep, Expected::Revision(base)),
        }
    }

    pub(super) fn show_overview(&mut self) {
        self.screen = Screen::Overview;
        self.scroll = 0;
    }

    /// Asks for name and folder.
    pub(super) fn ask_name(&mut self, target: Naming) {
        let empty = Arc::new(Listing::default());
        let listing = self.home.read().cloned().unwrap_or(empty);
        let (name, folder) = match (&target, &self.editor) {
            (Naming::First, Some(_)) => (String::new(), None),
            (Naming::Rename { id }, _) => {
                let entry = listing.segment(id);
                (entry.map(|entry| entry.name.clone()).unwrap_or_default(), None)
            }
            (_, Some(editor)) => (editor.segment().name.clone(), editor.folder.clone()),
            (_, None) => return,
        };
        self.overlays.push(Overlay::SaveAs(SaveAs::new(target, &name, folder.as_deref(), &listing)));
    }

    /// Does what the form of name and folder says.
    pub(super) fn take_name(&mut self, save_as: &SaveAs) {
        let name = save_as.name.text().trim().to_owned();
        let target = match save_as.destination() {
            Destination::Keep => Target::Keep,
            Destination::Folder(folder) => Target::Folder(folder),
            // The form does not go on with a folder that cannot be made.
            Destination::Nowhere(_) => return,
            Destination::NewFolder { name, parent } => {
                Target::NewFolder { name, parent, id: self.new_id("fld_") }
            }
        };
        match &save_as.target {
            Naming::Rename { id } => {
                // What is renamed is what is seen: a revision of someone else's is refused.
                let open = self.editor.as_ref().filter(|editor| editor.segment().id == *id);
                let listed =
                    self.home.read().and_then(|listing| listing.segment(id)).map(|entry| entry.revision);
                let seen = open.map(Editor::base_revision).or(listed).unwrap_or(0);
                self.request(Effect::Rename { id: id.clone(), name, expected: Expected::Revision(seen) });
            }
            Naming::First => {
                let Some(editor) = &self.editor else { return };
                let segment = Segment { name, ..(**editor.segment()).clone() };
                self.send(Arc::new(segment), target, Expected::Revision(0));
            }
            Naming::Copy => {
                let id = self.new_id("seg_");
                let Some(editor) = &self.editor else { return };
                let copy = (**editor.segment()).clone();
                let copy = Segment { id, name, revision: 0, created: None, updated: None, ..copy };
                self.send(Arc::new(copy), target, Expected::Revision(0));
            }
        }
    }

    pub(super) fn send(&mut self, segment: Arc<Segment>, target: Target, expected: Expected) {
        self.refused_save = Some((target.clone(), expected));
        self.saving = self.editor.as_ref().map(|editor| editor.segment().id.clone());
        self.request(Effect::Save { segment, target, expected });
    }

    /// Reads the segment at the cursor for the preview beside the list.
    pub(super) fn preview(&mut self) {
        if let Some(entry) = self.home.selected()
            && !self.home.previews.contains_key(&entry.id)
        {
            self.request(Effect::Load {
                id: entry.id,
                path: entry.path,
                reason: super::effect::LoadReason::Preview,
            });
        }
    }
}
