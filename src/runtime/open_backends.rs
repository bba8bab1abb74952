//! The databases that are open: opening them, reading them ahead, letting go of them.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use chrono::NaiveDate;

use super::open::{OpenBackend, OpenError};
use crate::app::event::Event;
use crate::backend::{Backend, BackendError, Cancel, CountTable, Progress, ReadAhead, ReadTask, Task};
use crate::database::{Database, Note, Table};
use crate::diagnostic::Diagnostic;
use crate::file_system::reason_first;

/// Of short work nothing is told.
const SHORT: Duration = Duration::from_millis(300);
/// How long who waits for a while does not look whether that is still wanted.
const PATIENCE: Duration = Duration::from_millis(20);

/// Where events go that come before the answer.
pub(crate) type EventSink<'a> = &'a (dyn Fn(Event) + Sync);

/// The databases that are open, by folder.
pub(crate) struct OpenBackends {
    backends: Mutex<HashMap<PathBuf, Arc<dyn Backend>>>,
    opener: Arc<dyn OpenBackend>,
    pub(super) when_opened: Box<dyn Fn(&Path) + Send + Sync>,
}

impl OpenBackends {
    /// None yet; `opener` opens them.
    pub fn new(opener: Arc<dyn OpenBackend>) -> Self {
        Self { backends: Mutex::default(), opener, when_opened: Box::new(|_| {}) }
    }

    /// The backend of a database, if it is open.
    pub fn get(&self, folder: &Path) -> Option<Arc<dyn Backend>> {
        self.lock().get(folder).cloned()
    }

    /// What went wrong with what is kept between runs, told once.
    pub(crate) fn take_cache_error(&self) -> Option<String> {
        self.opener.take_cache_error()
    }

    /// Takes away what is known of all other databases. What is under way keeps its backend to its end.
    pub(crate) fn keep_only(&self, folders: &[PathBuf]) -> Vec<Arc<dyn Backend>> {
        let mut backends = self.lock();
        backends.extract_if(|known, _| !folders.contains(known)).map(|(_, backend)| backend).collect()
    }

    /// Opens a database.
    pub fn open(&self, folder: PathBuf, cancel: &Cancel, sink: EventSink<'_>) -> Option<Event> {
        let started = Instant::now();
        let say = |what: &str| {
            if started.elapsed() > SHORT {
                sink(Event::Opening { folder: folder.clone(), what: what.to_owned() });
            }
        };
        let result =
            self.try_open(&folder, ReadTask { report: &say, is_cancelled: &|| cancel.is_cancelled() })?;
        if let Ok(database) = &result {
            database.index_names();
        }
        Some(Event::Opened { folder, result })
    }

    /// `None`: nobody waits for it any more.
    fn try_open(&self, folder: &Path, task: ReadTask<'_>) -> Option<Result<Arc<Database>, Diagnostic>> {
        let backend = match self.opener.open(folder, task) {
            Ok(backend) => backend,
            Err(OpenError::Stopped) => return None,
            Err(OpenError::Failed(error)) => return Some(Err(error.into())),
            Err(OpenError::Demo(error)) => {
                return Some(Err(Diagnostic::new(format!(
                    "{}: the demo database cannot be made",
                    reason_first(&error)
                ))
                .with_help("name a database on the command line")));
            }
        };
        let database = Arc::clone(backend.database());
        let mut backends = self.lock();
        // Of one that comes late nobody would let go.
        if (task.is_cancelled)() {
            return None;
        }
        let before = backends.insert(database.folder.clone(), backend);
        drop(backends);
        drop(before);
        (self.when_opened)(folder);
        Some(Ok(database))
    }

    /// Opens a database after a while.
    pub(crate) fn reopen(
        &self,
        folder: PathBuf,
        wait: Duration,
        cancel: &Cancel,
        sink: EventSink<'_>,
    ) -> Option<Event> {
        let asked = Instant::now();
        while let Some(left) = wait.checked_sub(asked.elapsed()).filter(|left| !left.is_zero()) {
            if cancel.is_cancelled() {
                return None;
            }
            std::thread::sleep(left.min(PATIENCE));
        }
        self.open(folder, cancel, sink)
    }

    /// Reads what the first answers will need.
    pub fn read_ahead(
        &self,
        database: PathBuf,
        activation_id: &str,
        as_of: NaiveDate,
        cancel: &Cancel,
        sink: EventSink<'_>,
    ) -> Option<Event> {
        let backend = self.get(&database)?;
        let started = Instant::now();
        let progress = |step: Progress<'_>| {
            if started.elapsed() > SHORT {
                // The number first: a long name may be cut.
                let what = format!("indexing {}%, {}", step.percent(), step.table);
                sink(Event::ReadingAhead { database: database.clone(), what });
            }
        };
        let question = ReadAhead { activation_id: activation_id.to_owned(), as_of };
        match backend.read_ahead(&question, Task { cancel, progress: &progress }) {
            Err(BackendError::Cancelled) => None,
            // What is wrong is told by the first answer.
            Ok(()) | Err(_) => {
                let unmatched = unmatched(&*backend, &question, Task { cancel, progress: &progress });
                Some(Event::ReadAheadDone { database, unmatched })
            }
        }
    }

    /// The folders of the databases of which anything is known.
    #[cfg(test)]
    fn folders(&self) -> Vec<PathBuf> {
        self.lock().keys().cloned().collect()
    }

    /// Stays usable after a panic elsewhere: every change is whole.
    fn lock(&self) -> MutexGuard<'_, HashMap<PathBuf, Arc<dyn Backend>>> {
        self.backends.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What there is to say of tables that have ids, none of which is a customer's. What cannot be read says so elsewhere.
fn unmatched(backend: &dyn Backend, wanted: &ReadAhead, task: Task<'_>) -> Vec<(String, Note)> {
    let ReadAhead { activation_id, as_of } = wanted;
    let tables = backend.database().own_tables().filter(|table| table.id_column(activation_id).is_some());
    let note = |table: &Table| {
        let (table, activation_id) = (table.name.clone(), activation_id.clone());
        let question = CountTable { table: table.clone(), activation_id, as_of: *as_of };
        Some((table, backend.unmatched_ids(&question, task).ok()??))
    };
    tables.filter_map(note).collect()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use tempfile::TempDir;

    use super::*;
    use crate::app::effect::Effect;
    use crate::app::keymap::Key;
    use crate::app::{App, Start};
    use crate::runtime::open::LocalOpener;
    use crate::runtime::services::Services;
    use crate::segment::{Extra, Stamp};
    use crate::workspace::{DraftStore, Workspace};

    struct Machine {
        root: TempDir,
        services: Services,
        app: App,
    }

    impl Machine {
        /// With the databases `one`, which is open, and `two`.
        fn start() -> Self {
            let root = TempDir::new().unwrap();
            let databases = ["one", "two"].map(|name| root.path().join(name));
            for folder in &databases {
                fs::create_dir(folder).unwrap();
                fs::write(folder.join("t.csv"), "customer_id,x\n1,a\n").unwrap();
            }
            let workspace = Workspace::new(root.path().join("workspace"), true);
            let drafts = DraftStore::new(root.path().join("drafts"), "run", true);
            let stamp = || Stamp { at: String::new(), by: String::new(), extra: Extra::new() };
            let (app, effects) = App::start(Start {
                databases: databases.to_vec(),
                as_of: None,
                today: NaiveDate::default(),
                size: (80, 24),
                seed: 0,
                read_only: true,
                case: None,
                folder: root.path().to_owned(),
                home: None,
                draft_folder: None,
                cards: crate::app::layers::pages::cards::CardLayout::default(),
                theme: Default::default(),
                keymap: Arc::default(),
                used: Default::default(),
            });
            let opener = Arc::new(LocalOpener::new(workspace.clone()));
            let services = Services::new(workspace, drafts, opener, stamp);
            let mut machine = Self { root, services, app };
            machine.perform(effects);
            machine
        }

        fn folder(&self, name: &str) -> PathBuf {
            self.root.path().join(name)
        }

        fn perform(&mut self, mut effects: Vec<Effect>) {
            while !effects.is_empty() {
                let effect = effects.remove(0);
                if let Some(event) = self.services.perform(effect, &Cancel::default(), &|_| {}) {
                    effects.extend(self.app.update(event));
                }
            }
        }

        fn keys(&mut self, keys: &[&str]) {
            for key in keys {
                let effects = self.app.update(Event::Key(Key::parse(key).unwrap().event()));
                self.perform(effects);
            }
        }

        /// The databases of which anything is known.
        fn known_folders(&self) -> Vec<PathBuf> {
            self.services.backends.folders()
        }
    }

    #[test]
    fn what_is_known_of_a_database_goes_when_another_is_opened() {
        let mut machine = Machine::start();
        machine.keys(&["n"]);
        assert_eq!(machine.known_folders(), [machine.folder("one")]);
        let under_way = machine.services.backends.get(&machine.folder("one")).unwrap();
        let backend = Arc::downgrade(&under_way);
        machine.keys(&["D", "down", "enter"]);
        assert_eq!(machine.known_folders(), [machine.folder("two")]);
        assert!(backend.upgrade().is_some(), "an answer under way needs it");
        drop(under_way);
        assert!(backend.upgrade().is_none());
        // Opened again, it is another one.
        machine.keys(&["D", "up", "enter"]);
        assert_eq!(machine.known_folders(), [machine.folder("one")]);
    }

    #[test]
    fn of_a_database_that_cannot_be_opened_or_is_not_wanted_any_more_nothing_stays() {
        let mut machine = Machine::start();
        let cancel = Cancel::default();
        cancel.cancel();
        let two = Effect::OpenDatabase(machine.folder("two"));
        assert!(machine.services.perform(two.clone(), &cancel, &|_| {}).is_none());
        assert_eq!(machine.known_folders(), [machine.folder("one")]);
        // It was opened, but its answer came too late; and the next one fails.
        machine.services.perform(two, &Cancel::default(), &|_| {}).unwrap();
        assert_eq!(machine.known_folders().len(), 2);
        machine.app.add_database(machine.folder("three"));
        machine.keys(&["D", "down", "down", "enter"]);
        assert_eq!(machine.known_folders(), [machine.folder("one")]);
    }

    #[test]
    fn a_table_none_of_whose_ids_is_a_customers_is_told_of_after_reading_ahead() {
        let machine = Machine::start();
        let one = machine.folder("one");
        fs::write(one.join("customers.csv"), "customer_id\n1\n").unwrap();
        fs::write(one.join("t.csv"), "customer_id,x\n1.0,a\n").unwrap();
        fs::write(one.join("database.toml"), "[roles]\ncustomers = \"customers\"\n").unwrap();
        let perform = |effect| machine.services.perform(effect, &Cancel::default(), &|_| {}).unwrap();
        perform(Effect::OpenDatabase(one.clone()));
        let (activation_id, as_of) = ("customer_id".to_owned(), NaiveDate::default());
        let done = perform(Effect::ReadAhead { database: one, activation_id, as_of });
        let Event::ReadAheadDone { unmatched, .. } = done else { panic!("{done:?}") };
        let [(table, note)] = unmatched.as_slice() else { panic!("{unmatched:?}") };
        assert!(table == "t" && note.message.contains("\"1.0\""), "{note:?}");
    }
}
