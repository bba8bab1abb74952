//! Files of the open database that change beside the program: they are noticed, and the database is read
//! again.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::App;
use super::effect::{Effect, Previewed};
use super::event::Failure;
use super::overlay::Overlay;
use crate::database::Change;

/// How much time passes at least from one reading of a database by itself to the next.
const PAUSE: Duration = Duration::from_secs(1);

/// Whether the open database is read again.
#[derive(Clone, Debug, Default)]
pub(super) struct Reload {
    state: State,
    /// Since the program was started, from when on a database may be read again by itself.
    from: Duration,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
enum State {
    /// Nothing is known to have changed.
    #[default]
    Settled,
    /// A person has asked for a database; what has changed shows when it is there.
    Asked,
    /// A file has changed, in words.
    Under(String),
    /// A file has changed, in words, and the database could not be opened since.
    Failed(String),
}

impl App {
    /// Whether a folder is that of the open database.
    pub(super) fn is_open(&self, folder: &Path) -> bool {
        self.database().is_some_and(|database| database.folder == folder)
    }

    /// A file of a database is not what it was. If that is the open one, it is read again: one time after the
    /// other, and not without a pause, as a file may change all the time.
    pub(super) fn changed(&mut self, folder: &Path, change: &Change, at: Duration) {
        let is_idle = matches!(self.reload.state, State::Settled | State::Failed(_));
        if is_idle && self.is_open(folder) {
            let wait = self.reload.from.saturating_sub(at);
            self.reload.from = at + wait + PAUSE;
            self.reload_database(folder.to_owned(), change.words(), wait);
        }
    }

    fn reload_database(&mut self, folder: PathBuf, change: String, wait: Duration) {
        self.reload.state = State::Under(change);
        if let Some(editor) = &mut self.editor {
            editor.invalidate();
            editor.live.failure = None;
        }
        self.request(Effect::ReopenDatabase { folder, wait });
    }

    /// Tries again to read a database that has changed; whether there is one.
    pub(super) fn retry_reload(&mut self) -> bool {
        let State::Failed(change) = &self.reload.state else { return false };
        let (change, folder) = (change.clone(), self.database().map(|database| database.folder.clone()));
        let is_tried = folder.is_some();
        folder.into_iter().for_each(|folder| self.reload_database(folder, change.clone(), Duration::ZERO));
        is_tried
    }

    /// Looks for what may have changed beside the program.
    pub(super) fn check_for_changes(&mut self) {
        self.request(Effect::ListSegments);
        if !self.retry_reload()
            && let Some(database) = self.database().map(|database| database.folder.clone())
        {
            self.request(Effect::CheckFiles { database });
        }
    }

    /// A person has asked for a database.
    pub(super) fn switch_requested(&mut self) {
        self.reload.state = State::Asked;
    }

    /// Whether a database that was read, or not, is one that is still wanted.
    pub(super) fn is_wanted(&self, folder: &Path) -> bool {
        self.database().is_none() || self.is_open(folder) || self.reload.state == State::Asked
    }

    /// A database was read, or not: the change for whose sake it was read again, in words.
    pub(super) fn finish_opening(&mut self) -> Option<String> {
        match std::mem::take(&mut self.reload.state) {
            State::Settled | State::Asked => None,
            State::Under(change) | State::Failed(change) => Some(change),
        }
    }

    /// The open database could not be opened again because of a file that has changed.
    pub(super) fn reload_failed(&mut self, change: String, failure: Failure) {
        let message = format!("{change}, and the database cannot be read again: {}", failure.message);
        if let Some(editor) = &mut self.editor {
            editor.live.failure = Some(message.clone());
        }
        self.reload.state = State::Failed(change);
        let help = format!("{}; r tries again", failure.help);
        self.notify(Failure { message, help }.into());
    }

    /// Asks for numbers that are still missing: while another database was on its way, what came of a file
    /// that has changed was let go.
    pub(super) fn request_missing_numbers(&mut self) {
        if self.editor.as_ref().is_some_and(|editor| !editor.is_current()) {
            self.recount();
        }
    }

    /// Asks anew for all that is shown of the open database.
    pub(super) fn refresh_answers(&mut self) {
        if let Some(editor) = &mut self.editor {
            editor.invalidate();
        }
        self.recount();
        let wanted = match self.overlays.last_mut() {
            Some(Overlay::Values(values)) => Some(values.prompt.clone()),
            Some(Overlay::ValueEntry(entry)) => Some(entry.prompt.clone()),
            Some(Overlay::Paste(paste)) => Some(paste.prompt.clone()),
            Some(Overlay::QuickAdd(line)) => {
                line.forget_counts();
                self.read_line();
                None
            }
            Some(Overlay::Lists(lists)) => {
                lists.previews.clear();
                self.preview_list();
                None
            }
            Some(Overlay::Browse(browse)) => {
                browse.previews.clear();
                match browse.taking.clone() {
                    Some(file) => self.ask_preview(Previewed::Outside(file)),
                    None => self.preview_file(),
                }
                None
            }
            Some(Overlay::Sql(view)) => {
                let wanted = view.wanted();
                self.export_sql(wanted);
                None
            }
            _ => None,
        };
        wanted.iter().for_each(|prompt| self.count_values(prompt));
    }
}
