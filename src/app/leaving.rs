//! Leaving the open segment: what becomes of its unsaved edits, and staying until that is certain.

use super::app::App;
use super::command::{After, Command};
use super::effect::Effect;
use super::event::{DraftPlace, SlowWrite};
use super::file_path::typed_folder;
use super::layers::confirm::Confirm;
use super::layers::editor::state::{Editor, FileState};
use super::layers::keep_in::KeepIn;
use super::layers::overlay::Overlay;
use super::lifecycle::{Keeping, Lifecycle};
use crate::diagnostic::Diagnostic;
use crate::workspace::Edits;

impl App {
    /// Goes on to something else, after asking what becomes of unsaved edits.
    pub(super) fn leave(&mut self, after: After) {
        if after == After::Quit && self.session.remembered.export.is_some() {
            return self.ask_about_export();
        }
        match &self.lifecycle {
            Lifecycle::Saving { slow: Some(slow), .. } => return self.ask_about_slow_save(*slow, after),
            Lifecycle::Keeping(keeping) if keeping.is_slow => {
                return self.ask_about_slow_draft(keeping.after);
            }
            lifecycle if lifecycle.is_writing() => return self.session.note("still writing; a moment"),
            _ => {}
        }
        let Some(editor) = self.editor().filter(|editor| editor.is_edited()) else {
            return self.go_on(after);
        };
        let name = &editor.segment().name;
        let title = match editor.file() {
            FileState::Deleted if !editor.has_edits() => format!("The file of {name} was deleted"),
            FileState::Damaged if !editor.has_edits() => format!("The file of {name} is damaged"),
            _ => format!("{name} has unsaved edits"),
        };
        let cancel = ('c', "Cancel", Command::Cancel);
        let (line, answers) = if self.session.read_only {
            let line = "Nothing is saved or kept in read-only mode.".to_owned();
            (
                line,
                vec![cancel, ('d', after.words("Discard", "Discard and quit"), Command::DiscardThen(after))],
            )
        } else {
            let answers = vec![
                ('s', after.words("Save", "Save and quit"), Command::SaveThen(after)),
                ('k', after.words("Keep as a draft", "Keep as a draft and quit"), Command::KeepThen(after)),
                ('d', after.words("Discard", "Discard and quit"), Command::AskDiscardThen(after)),
                cancel,
            ];
            let line = match &self.drafts.failure {
                None => "Kept edits come back when the segment is opened, and when segtui starts.".to_owned(),
                Some(failure) => format!("They are not kept so far: {failure}"),
            };
            (line, answers)
        };
        self.confirm(title, vec![line], answers);
    }

    /// Leaves the open segment as it is.
    pub(super) fn go_on(&mut self, after: After) {
        self.drafts.failure = None;
        self.drafts.resumed = None;
        match after {
            After::Quit => {
                self.has_ended = true;
                self.session.request(Effect::Quit);
            }
            After::Home => self.go_home(),
            After::New => self.new_segment(None),
            After::NewSql => self.new_sql_segment(),
            After::NextSegment => {
                if let Some(segment) = self.session.next_segment.take() {
                    self.start_segment(&segment);
                }
            }
        }
    }

    /// Keeps the edits as a draft, in this folder if not where drafts are kept otherwise. They are left only once
    /// they are kept.
    pub(super) fn keep(&mut self, typed: Option<String>, after: After) {
        let Some(edits) = self.editor().filter(|editor| editor.is_edited()).map(|editor| editor.edits())
        else {
            return self.go_on(after);
        };
        let (from, home) = (&self.session.browsed, self.session.home_folder.as_deref());
        let folder = typed.as_deref().map(|typed| typed_folder(typed, from, home));
        let keeping = Keeping { edits: edits.clone(), after, typed, is_slow: false };
        self.set_lifecycle(Lifecycle::Keeping(keeping));
        self.session.request(match folder {
            None => Effect::KeepDraft(edits),
            Some(folder) => Effect::KeepDraftIn { edits, folder },
        });
    }

    /// Unsaved edits were kept as a draft, or not.
    pub(super) fn draft_kept(&mut self, edits: &Edits, result: &Result<DraftPlace, Diagnostic>) {
        let left = match &self.lifecycle {
            Lifecycle::Keeping(keeping) if keeping.edits == *edits => {
                Some((keeping.after, keeping.typed.clone()))
            }
            _ => None,
        };
        if left.is_some() {
            self.close_waiting();
            self.set_lifecycle(Lifecycle::Idle);
        }
        match (result, left) {
            (Ok(place), Some((after, _))) => self.leave_kept(edits, place, after),
            (Ok(_), None) => {
                if self.drafts.failure.take().is_some() {
                    self.session.note("your unsaved edits are kept again");
                }
            }
            // Another folder is asked for where this one was typed.
            (Err(failure), Some((after, Some(typed)))) => {
                let form = KeepIn::new(self.proposed_folder(), after).again(&typed, &failure.message);
                self.stack.overlays.push(Overlay::KeepIn(form));
            }
            (Err(failure), Some((after, None))) => {
                self.drafts.failure = Some(failure.message.clone());
                self.ask_about_failed_draft(failure, after);
            }
            (Err(failure), None) => self.draft_failed(failure.clone()),
        }
    }

    /// What is edited cannot be kept. That is said once; the next edit tries again.
    fn draft_failed(&mut self, failure: Diagnostic) {
        let is_known = self.drafts.failure.as_ref() == Some(&failure.message);
        self.drafts.failure = Some(failure.message.clone());
        if !is_known {
            let failure = failure.with_help("your edits are not kept; the next edit tries again");
            self.session.notify(failure.into());
        }
    }

    fn leave_kept(&mut self, edits: &Edits, place: &DraftPlace, after: After) {
        // What was edited while they were written is asked about again.
        if self.editor().is_none_or(|editor| editor.edits() != *edits) {
            return self.leave(after);
        }
        // The draft that they come from is not what is kept last.
        let resumed = self.drafts.resumed.take();
        self.session.effects.extend(resumed.map(Effect::RemoveDraft));
        self.drafts.keep(edits.clone(), matches!(place, DraftPlace::Elsewhere { .. }));
        self.go_on(after);
        if let DraftPlace::Elsewhere { folder, is_remembered } = place {
            self.drafts.other_folder = Some(folder.clone());
            let folder = folder.display();
            let text = match is_remembered {
                true => format!("your unsaved edits are kept in {folder}; the next start offers them"),
                false => format!(
                    "your unsaved edits are kept in {folder}; start with --drafts {folder} to get them back"
                ),
            };
            self.session.note(text.clone());
            self.farewell = Some(text);
        }
    }

    /// What keeps all unsaved edits when the program ends: their drafts may have been deleted by someone. Edits that
    /// a person has left are as they were left.
    #[must_use]
    pub fn keep_all(&self) -> Vec<Effect> {
        let open = self.editor().filter(|editor| editor.is_edited() && !self.has_ended).map(Editor::edits);
        self.drafts.own().cloned().chain(open).map(Effect::KeepDraft).collect()
    }

    fn ask_about_failed_draft(&mut self, failure: &Diagnostic, after: After) {
        let lines = vec![failure.message.clone(), failure.help_text().to_owned()];
        let answers = vec![
            ('r', "Try again", Command::KeepThen(after)),
            ('f', "Keep them in another folder", Command::ChooseDraftFolder(after)),
            ('d', after.words("Leave without them", "Quit without them"), Command::DiscardThen(after)),
            ('c', "Go on editing", Command::Cancel),
        ];
        self.confirm("The edits are not kept", lines, answers);
    }

    /// Asks for a folder to keep the edits in.
    pub(super) fn choose_draft_folder(&mut self, after: After) {
        let form = KeepIn::new(self.proposed_folder(), after);
        self.stack.overlays.push(Overlay::KeepIn(form));
    }

    fn proposed_folder(&self) -> String {
        self.drafts.other_folder.as_ref().unwrap_or(&self.session.browsed).display().to_string()
    }

    /// The edits of a segment are saved or thrown away: no draft of them stays, also not the one that they come
    /// from, should it still be there.
    pub(super) fn drop_draft(&mut self, id: String) {
        let resumed = self.drafts.resumed.take().filter(|draft| draft.segment.id == id);
        self.session.effects.extend(resumed.map(Effect::RemoveDraft));
        self.session.request(Effect::DropDraft { id });
    }

    /// A write has taken long and goes on.
    pub(super) fn still_writing(&mut self, write: SlowWrite) {
        match (&mut self.lifecycle, write) {
            (Lifecycle::Keeping(keeping), SlowWrite::Draft) => {
                keeping.is_slow = true;
                let after = keeping.after;
                self.ask_about_slow_draft(after);
            }
            (Lifecycle::Saving { slow, .. }, SlowWrite::Lock | SlowWrite::Workspace) => {
                *slow = Some(write);
                self.session.note(format!("{} … Esc gives up", write.words()));
            }
            (_, SlowWrite::Draft) => self.draft_failed(Diagnostic::new(write.words())),
            (_, SlowWrite::Lock | SlowWrite::Workspace) => self.session.note(format!("{} …", write.words())),
        }
    }

    fn ask_about_slow_save(&mut self, write: SlowWrite, after: After) {
        let leave =
            after.words("Leave, with the edits kept as a draft", "Quit, with the edits kept as a draft");
        let answers = vec![
            ('w', "Wait", Command::Wait),
            ('g', "Give up, and go on editing", Command::GiveUpSave),
            ('l', leave, Command::KeepThen(after)),
        ];
        self.ask_while_writing("Still saving", vec![format!("{} …", write.words())], answers);
    }

    fn ask_about_slow_draft(&mut self, after: After) {
        let lines = vec![format!("{} …", SlowWrite::Draft.words())];
        let answers = vec![
            ('w', "Wait", Command::Wait),
            ('f', "Keep them in another folder", Command::ChooseDraftFolder(after)),
            ('d', after.words("Leave without them", "Quit without them"), Command::DiscardThen(after)),
            ('c', "Go on editing", Command::Cancel),
        ];
        self.ask_while_writing("The edits are still being kept", lines, answers);
    }

    fn ask_while_writing(&mut self, title: &str, lines: Vec<String>, answers: Vec<(char, &str, Command)>) {
        self.close_waiting();
        self.stack.overlays.push(Overlay::Confirm(Confirm::new(title, lines, answers).while_writing()));
    }

    /// The write has ended that was waited for: nothing is to be asked about it any more.
    pub(super) fn close_waiting(&mut self) {
        self.stack.overlays.retain(|overlay| !matches!(overlay, Overlay::Confirm(it) if it.is_while_writing));
    }

    /// Nobody waits for the save any more.
    pub(super) fn give_up_save(&mut self) {
        if self.lifecycle.is_saving() {
            self.set_lifecycle(Lifecycle::Idle);
            self.given_up_saves += 1;
            self.session.request(Effect::GiveUpWaiting);
            self.session.note("the save was given up; your edits are still here");
        }
    }
}
