//! The file of the open segment: noticing what others do with it, and asking before it is saved over.

use std::sync::Arc;

use super::app::App;
use super::command::Command;
use super::effect::Effect;
use super::event::{SaveFailure, Stored};
use super::layers::editor::state::FileState;
use crate::segment::Segment;
use crate::workspace::Version;

impl App {
    /// Looks whether the file of the open segment still is what it was.
    pub(super) fn compare_open_segment(&mut self) {
        let Some(editor) = self.editor() else { return };
        let (Some(base), Some(path)) = (editor.saved_version(), editor.path()) else { return };
        let effect = Effect::CompareSegment { id: editor.segment().id.clone(), path: path.clone(), base };
        self.session.request(effect);
    }

    /// The file of a segment was compared with what it was when it was opened.
    pub(super) fn compared(&mut self, id: &str, base: Version, stored: &Stored) {
        let is_saving = self.lifecycle.is_saving();
        // What lies over the editor was opened for a condition of what is shown.
        let is_covered = !self.stack.overlays.is_empty();
        let Some(editor) = self.stack.editor_mut() else { return };
        // Whatever was saved or opened meanwhile is compared anew.
        if is_saving || editor.segment().id != id || editor.saved_version() != Some(base) {
            return;
        }
        let name = editor.segment().name.clone();
        let (state, note) = match stored {
            Stored::Changed(stored) if !editor.has_edits() && !is_covered => {
                return self.reload_open_segment(stored);
            }
            Stored::Changed(stored) => (FileState::Changed(Version::of(stored)), changed(stored, base)),
            Stored::Same => (FileState::Same, format!("the file of {name} is as it was again")),
            Stored::Damaged(damaged) => {
                (FileState::Damaged, format!("the file of {name} is damaged{}", damaged.place()))
            }
            Stored::Deleted => (FileState::Deleted, format!("the file of {name} was deleted")),
        };
        let was_lost = editor.file().is_lost();
        if editor.notice_file(state) {
            // What is open may be the last copy.
            if state.is_lost() != was_lost {
                editor.keep_draft(&mut self.session);
            }
            self.session.note(note);
        }
    }

    /// Shows what the file has become; there are no edits of what it was.
    fn reload_open_segment(&mut self, stored: &Arc<Segment>) {
        let names = self.database().map(|database| (database.name.clone(), database.default_id.clone()));
        let Some(editor) = self.stack.editor_mut() else { return };
        let was_lost = editor.file().is_lost();
        editor.reload((**stored).clone());
        if let Some((name, default_id)) = names {
            editor.adopt(&name, &default_id);
        }
        if was_lost {
            editor.keep_draft(&mut self.session);
        }
        editor.recount(&mut self.session);
        let (name, revision) = (&stored.name, stored.revision);
        self.session.note(format!("{name} was changed outside the program; showing revision {revision}"));
    }

    /// What is in the workspace is not what was edited.
    pub(super) fn ask_about_refused_save(&mut self, name: &str, refused: &SaveFailure) {
        let (title, line, overwrite) = match refused {
            SaveFailure::Conflict(failure) => (
                "It was changed meanwhile",
                failure.message.clone(),
                Some(('o', "Overwrite; the other one stays in the history")),
            ),
            SaveFailure::Damaged(damaged) => {
                let text = format!(
                    "{name} is not saved: its file is damaged{} and is not written over.",
                    damaged.place()
                );
                ("Its file is damaged", text, None)
            }
            SaveFailure::Deleted => (
                "Its file was deleted",
                format!("The file of {name} was deleted."),
                Some(('s', "Save it again, where it was")),
            ),
            SaveFailure::NameTaken(failure) | SaveFailure::Other(failure) => {
                ("It is not saved", failure.message.clone(), None)
            }
        };
        let copy = [('c', "Save a copy", Command::SaveCopy)];
        let overwrite = overwrite.map(|(key, words)| (key, words, Command::Overwrite));
        let stay = [('n', "Go on editing", Command::Cancel)];
        let answers = match refused {
            SaveFailure::Deleted => overwrite.into_iter().chain(copy).chain(stay).collect(),
            _ => copy.into_iter().chain(overwrite).chain(stay).collect(),
        };
        self.confirm(title, vec![line, "Your edits are still here.".to_owned()], answers);
    }
}

/// What has become of the file of a segment with edits. Only a save says who it was: by hand and by git the
/// name of the last one stays.
fn changed(stored: &Segment, base: Version) -> String {
    let (name, revision) = (&stored.name, stored.revision);
    let by = stored.updated.iter().map(|stamp| stamp.by.as_str()).find(|by| !by.is_empty());
    let by = by.map_or_else(String::new, |by| format!(" by {by}"));
    match revision == base.revision {
        true => format!("the file of {name} was changed meanwhile; saving asks about it"),
        false => format!("{name} was saved{by} as revision {revision} meanwhile; saving asks about it"),
    }
}
