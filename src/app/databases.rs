//! The databases at hand and the state of the one that is open or being opened: files that change beside the
//! program are noticed, and the database is read again.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use chrono::NaiveDate;

use super::effect::Effect;
use crate::database::{Change, Database, Note, Table};
use crate::diagnostic::Diagnostic;

/// How much time passes at least from one reading of a database by itself to the next.
const PAUSE: Duration = Duration::from_secs(1);

/// The databases at hand, and the open one.
#[derive(Clone, Debug)]
pub(crate) struct Databases {
    /// Their folders.
    pub known: Vec<PathBuf>,
    /// Which of them is the open one.
    pub at: usize,
    /// What has become of it.
    pub state: DatabaseState,
    /// What is being done to open one, where that takes long.
    pub opening_step: Option<String>,
    /// What of the open one is being read ahead, where that takes long.
    pub read_ahead_step: Option<String>,
    /// For which activation ID and day it was last read ahead.
    read_ahead_for: Option<(String, NaiveDate)>,
    /// What was said of tables none of whose ids is a customer's, after reading ahead.
    unmatched: Vec<(String, Note)>,
    /// Since the program was started, from when on a database may be read again by itself.
    reload_from: Duration,
}

/// A database on its way.
#[derive(Clone, Debug)]
pub enum DatabaseState {
    /// Being read for the first time.
    Opening,
    /// Open.
    Open(OpenDatabase),
    /// Not to be had.
    Failed(Diagnostic),
}

#[derive(Clone, Debug)]
pub struct OpenDatabase {
    database: Arc<Database>,
    reload: Reload,
    /// Another one that was read but waits for an answer, and its position.
    candidate: Option<(usize, Arc<Database>)>,
}

/// Whether the open database is read again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
enum Reload {
    /// Nothing is known to have changed.
    #[default]
    Unchanged,
    /// A person has asked for a database; what has changed shows when it is there.
    SwitchRequested,
    /// A file has changed, in words, and the database is being read again.
    InProgress(String),
    /// A file has changed, in words, and the database could not be opened since.
    Failed(String),
}

impl OpenDatabase {
    #[must_use]
    pub fn database(&self) -> &Database {
        &self.database
    }
}

impl Databases {
    /// The first of these is being opened.
    pub(crate) fn new(known: Vec<PathBuf>) -> Self {
        Self {
            known,
            at: 0,
            state: DatabaseState::Opening,
            opening_step: None,
            read_ahead_step: None,
            read_ahead_for: None,
            unmatched: Vec::new(),
            reload_from: Duration::ZERO,
        }
    }

    /// The open database.
    pub(crate) fn database(&self) -> Option<&Arc<Database>> {
        self.open().map(|open| &open.database)
    }

    fn open(&self) -> Option<&OpenDatabase> {
        match &self.state {
            DatabaseState::Open(open) => Some(open),
            DatabaseState::Opening | DatabaseState::Failed(_) => None,
        }
    }

    fn open_mut(&mut self) -> Option<&mut OpenDatabase> {
        match &mut self.state {
            DatabaseState::Open(open) => Some(open),
            DatabaseState::Opening | DatabaseState::Failed(_) => None,
        }
    }

    /// Why no database is open.
    pub(crate) fn missing_reason(&self) -> Option<String> {
        match &self.state {
            DatabaseState::Open(_) => None,
            DatabaseState::Failed(failure) => Some(failure.message.clone()),
            DatabaseState::Opening => Some("the database is still being opened".to_owned()),
        }
    }

    /// Whether a folder is that of the open database.
    pub(crate) fn is_open(&self, folder: &Path) -> bool {
        self.database().is_some_and(|database| database.folder == folder)
    }

    /// Makes a database the open one. One that waits goes on waiting.
    pub(crate) fn set_open(&mut self, at: usize, database: Arc<Database>) {
        let candidate = self.take_candidate();
        self.at = at;
        self.read_ahead_for = None;
        self.unmatched.clear();
        self.state = DatabaseState::Open(OpenDatabase { database, reload: Reload::Unchanged, candidate });
    }

    /// The tables of the workspace, which stand beside the open database, are these; whether others than
    /// before.
    pub(crate) fn set_workspace_tables(&mut self, folder: &Path, tables: &[Table]) -> bool {
        let Some(open) = self.open_mut().filter(|open| open.database.folder == folder) else { return false };
        if open.database.workspace_tables().map(Table::key).eq(tables.iter().map(Table::key)) {
            return false;
        }
        open.database = Arc::new(open.database.with_workspace(tables));
        true
    }

    /// A database was read, and waits for an answer.
    pub(crate) fn set_candidate(&mut self, at: usize, database: Arc<Database>) {
        if let Some(open) = self.open_mut() {
            open.candidate = Some((at, database));
        }
    }

    /// The database that waits, which does so no more.
    pub(crate) fn take_candidate(&mut self) -> Option<(usize, Arc<Database>)> {
        self.open_mut()?.candidate.take()
    }

    /// The folders of the databases of which something has to be known.
    pub(crate) fn needed(&self) -> Vec<PathBuf> {
        let open = self.open();
        let candidate = open.and_then(|open| open.candidate.as_ref()).map(|(_, database)| database);
        let needed = open.map(|open| &open.database).into_iter().chain(candidate);
        needed.map(|database| database.folder.clone()).collect()
    }

    /// Whether the open database is still to be read ahead for an activation ID and a day; it counts as read
    /// from then on.
    pub(crate) fn start_read_ahead(&mut self, activation_id: &str, as_of: NaiveDate) -> bool {
        if self.read_ahead_for.as_ref().is_some_and(|(id, day)| id == activation_id && *day == as_of) {
            return false;
        }
        self.read_ahead_step = None;
        self.read_ahead_for = Some((activation_id.to_owned(), as_of));
        true
    }

    /// Tables of the open database get these notes in place of those that they got before, for another ID.
    pub(crate) fn note_unmatched(&mut self, unmatched: &[(String, Note)]) {
        let before = std::mem::replace(&mut self.unmatched, unmatched.to_vec());
        let Some(open) = self.open_mut().filter(|_| before != unmatched) else { return };
        let mut database = Database::clone(&open.database);
        for table in &mut database.tables {
            let of_table = |(name, _): &&(String, Note)| *name == table.name;
            let gone: Vec<&Note> = before.iter().filter(of_table).map(|(_, note)| note).collect();
            let new: Vec<Note> = unmatched.iter().filter(of_table).map(|(_, note)| note.clone()).collect();
            table.notes.retain(|note| !gone.contains(&note));
            table.notes.extend(new);
        }
        open.database = Arc::new(database);
    }

    /// A file of a database is not what it was. If that is the open one, it is to be read again: one time
    /// after the other, and not without a pause, as a file may change all the time.
    pub(crate) fn file_changed(&mut self, folder: &Path, change: &Change, at: Duration) -> Option<Effect> {
        let wait = self.reload_from.saturating_sub(at);
        let open = self.open_mut().filter(|open| open.database.folder == folder)?;
        if !matches!(open.reload, Reload::Unchanged | Reload::Failed(_)) {
            return None;
        }
        open.reload = Reload::InProgress(change.words());
        self.reload_from = at + wait + PAUSE;
        Some(Effect::ReopenDatabase { folder: folder.to_owned(), wait })
    }

    /// A database that has changed and could not be opened since is to be read once more, if there is one.
    pub(crate) fn retry_reload(&mut self) -> Option<Effect> {
        if matches!(self.state, DatabaseState::Failed(_)) {
            return self.known.get(self.at).cloned().map(Effect::OpenDatabase);
        }
        let open = self.open_mut()?;
        let Reload::Failed(change) = &open.reload else { return None };
        open.reload = Reload::InProgress(change.clone());
        Some(Effect::ReopenDatabase { folder: open.database.folder.clone(), wait: Duration::ZERO })
    }

    /// A person has asked for a database.
    pub(crate) fn request_switch(&mut self) {
        if let Some(open) = self.open_mut() {
            open.reload = Reload::SwitchRequested;
        }
    }

    /// Whether a database that was read, or not, is one that is still wanted.
    pub(crate) fn is_wanted(&self, folder: &Path) -> bool {
        self.open()
            .is_none_or(|open| open.database.folder == folder || open.reload == Reload::SwitchRequested)
    }

    /// A database was read, or not: the change for whose sake the open one was read again, in words.
    pub(crate) fn finish_opening(&mut self) -> Option<String> {
        match std::mem::take(&mut self.open_mut()?.reload) {
            Reload::Unchanged | Reload::SwitchRequested => None,
            Reload::InProgress(change) | Reload::Failed(change) => Some(change),
        }
    }

    /// The open database could not be opened again after a change.
    pub(crate) fn fail_reload(&mut self, change: String) {
        if let Some(open) = self.open_mut() {
            open.reload = Reload::Failed(change);
        }
    }
}
