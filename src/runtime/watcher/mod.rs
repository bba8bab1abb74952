//! Notices what changes on the disk beside the program: in the workspace and among the files of the open database.
//!
//! A thread of its own sleeps until the system tells of a change (`watched_folders`).

mod watched_folders;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

use notify::event::{AccessKind, AccessMode, ModifyKind};
use notify::{ErrorKind, EventKind, RecursiveMode};

use crate::app::event::Event;
use crate::database::Database;
use crate::file_system::canonical;
use watched_folders::WatchedFolders;

/// Whoever goes on and on is not waited for any longer.
const LONGEST: Duration = Duration::from_secs(5);
/// How often folders may come and go while they begin to be watched; then it is left to the next change.
const MOST_TRIES: usize = 10;
/// The folders of a workspace that people see. In the others only this program writes.
const SHOWN: [&str; 3] = ["segments", "lists", "queries"];

/// The thread that watches. Dropping it ends it, and nobody waits for that: its disk may not answer.
pub(super) struct Watcher(Sender<Message>);

/// Where something can change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Workspace,
    Database,
}

impl Place {
    /// Changes that follow each other within so short a time are one.
    const fn settle(self) -> Duration {
        match self {
            Self::Workspace => Duration::from_millis(200),
            // Its files are large: whoever writes them is given time, as each change has them read again.
            Self::Database => Duration::from_secs(1),
        }
    }

    fn event(self) -> Event {
        match self {
            Self::Workspace => Event::WorkspaceChanged,
            Self::Database => Event::DatabaseChanged,
        }
    }
}

enum Message {
    Changed(notify::Result<notify::Event>),
    /// The folders that have files of the open database.
    Database(Vec<PathBuf>),
    End,
}

impl Watcher {
    /// Watches a workspace, whether it is there yet or not. `changed` is called in the thread, with the event.
    pub(super) fn start(workspace: &Path, changed: impl Fn(Event) + Send + 'static) -> Self {
        Self::start_with(workspace, true, changed)
    }

    /// Only `with_system` is the system asked to tell of changes.
    fn start_with(workspace: &Path, with_system: bool, changed: impl Fn(Event) + Send + 'static) -> Self {
        let (sender, messages) = mpsc::channel();
        let (workspace, events) = (workspace.to_owned(), sender.clone());
        let watch = move || {
            // The program is ending if nobody listens.
            let handler = move |event| drop(events.send(Message::Changed(event)));
            let folders = WatchedFolders::new(handler, with_system);
            Watching {
                folders,
                workspace: canonical(&workspace),
                database: Vec::new(),
                due: BTreeMap::new(),
            }
            .run(&messages, changed);
        };
        // Without it changes are noticed as they would be without a watcher: on focus, by hand and by each answer.
        let _ = thread::Builder::new().name("watcher".to_owned()).spawn(watch);
        Self(sender)
    }

    /// Watches the files of this database, too, in place of those of another.
    pub(super) fn watch_database(&self, folder: &Path, database: Option<&Database>) {
        let contents = database.into_iter().flat_map(|database| &database.tables);
        let files =
            contents.filter_map(|table| table.content.as_ref().ok()).flat_map(|content| &content.files);
        // Those of keys, such as `year=2025`, appear in the folders around them.
        let around = files.flat_map(|file| {
            file.ancestors().skip(1).take_while(|around| around.starts_with(folder)).map(Path::to_owned)
        });
        let mut folders: Vec<PathBuf> = around.collect();
        folders.push(folder.to_owned());
        folders.sort();
        folders.dedup();
        let _ = self.0.send(Message::Database(folders));
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        let _ = self.0.send(Message::End);
    }
}

/// What the thread knows.
struct Watching<H> {
    folders: WatchedFolders<H>,
    workspace: PathBuf,
    database: Vec<PathBuf>,
    /// There was a change: since when, and when it is told.
    due: BTreeMap<Place, (Instant, Instant)>,
}

impl<H: notify::EventHandler + Clone> Watching<H> {
    fn run(mut self, messages: &Receiver<Message>, changed: impl Fn(Event)) {
        self.watch();
        // What came since the program read the workspace first was not seen.
        changed(Event::WorkspaceChanged);
        loop {
            let message = match self.due.values().map(|(_, due)| *due).min() {
                None => messages.recv().map_err(|_| RecvTimeoutError::Disconnected),
                Some(due) => messages.recv_timeout(due.saturating_duration_since(Instant::now())),
            };
            match message {
                Ok(Message::Changed(Ok(event))) => self.note(&event),
                Ok(Message::Changed(Err(error))) => {
                    if matches!(error.kind, ErrorKind::MaxFilesWatch) {
                        self.folders.do_without_system();
                    }
                    // What it did not tell of may be anything.
                    self.tell_all();
                }
                Ok(Message::Database(folders)) => {
                    self.database = folders.iter().map(|folder| canonical(folder)).collect();
                    self.watch();
                }
                Err(RecvTimeoutError::Timeout) => {}
                Ok(Message::End) | Err(RecvTimeoutError::Disconnected) => return,
            }
            self.tell(&changed);
        }
    }

    /// Tells of what has settled.
    fn tell(&mut self, changed: &impl Fn(Event)) {
        let now = Instant::now();
        let is_due = |(_, due): &(Instant, Instant)| *due <= now;
        let settled: Vec<Place> =
            self.due.iter().filter(|(_, due)| is_due(due)).map(|(place, _)| *place).collect();
        if !settled.is_empty() {
            // Folders may have come and gone.
            self.watch();
        }
        for place in settled {
            self.due.remove(&place);
            changed(place.event());
        }
    }

    fn watch(&mut self) {
        let mut wanted = self.wanted();
        self.folders.set(&wanted);
        // What came while the folders around it began to be watched was not seen.
        for _ in 0..MOST_TRIES {
            let now = self.wanted();
            if now == wanted {
                return;
            }
            self.folders.set(&now);
            self.tell_all();
            wanted = now;
        }
    }

    /// What is to be watched of what is there now.
    fn wanted(&self) -> BTreeMap<PathBuf, RecursiveMode> {
        let shown = SHOWN.iter().map(|name| (self.workspace.join(name), RecursiveMode::Recursive));
        let others = std::iter::once(&self.workspace).chain(&self.database);
        let others = others.map(|folder| (folder.clone(), RecursiveMode::NonRecursive));
        let mut wanted = BTreeMap::new();
        for (folder, mode) in others.chain(shown) {
            // What is not there yet is seen coming by the nearest folder around it.
            let there = folder.ancestors().find(|folder| folder.is_dir()).unwrap_or(&folder);
            let mode = if there == folder { mode } else { RecursiveMode::NonRecursive };
            let known = wanted.entry(there.to_owned()).or_insert(mode);
            if mode == RecursiveMode::Recursive {
                *known = mode;
            }
        }
        wanted
    }

    fn note(&mut self, event: &notify::Event) {
        let is_read =
            matches!(event.kind, EventKind::Access(kind) if kind != AccessKind::Close(AccessMode::Write));
        if event.need_rescan() {
            self.tell_all();
        } else if !is_read {
            for path in &event.paths {
                if matches!(event.kind, EventKind::Remove(_) | EventKind::Modify(ModifyKind::Name(_))) {
                    self.folders.forget(path);
                }
                if self.is_of_workspace(path) {
                    self.tell_later(Place::Workspace);
                }
                if self.is_of_database(path) {
                    self.tell_later(Place::Database);
                }
            }
        }
    }

    fn is_of_workspace(&self, path: &Path) -> bool {
        match path.strip_prefix(&self.workspace) {
            Ok(inner) => {
                let is_shown = inner
                    .components()
                    .next()
                    .is_none_or(|first| SHOWN.iter().any(|name| first.as_os_str() == *name));
                is_shown && !is_hidden(path)
            }
            // A folder around it.
            Err(_) => self.workspace.starts_with(path),
        }
    }

    fn is_of_database(&self, path: &Path) -> bool {
        let is_one = |folder: &Path| self.database.iter().any(|watched| watched == folder);
        !is_hidden(path) && (is_one(path) || path.parent().is_some_and(is_one))
    }

    fn tell_all(&mut self) {
        self.tell_later(Place::Workspace);
        self.tell_later(Place::Database);
    }

    fn tell_later(&mut self, place: Place) {
        let now = Instant::now();
        let since = self.due.get(&place).map_or(now, |(since, _)| *since);
        self.due.insert(place, (since, (now + place.settle()).min(since + LONGEST)));
    }
}

/// Temporary files and locks begin with a point.
fn is_hidden(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    /// How long a slow machine may take.
    const PATIENCE: Duration = Duration::from_secs(30);
    /// Longer than a change takes to be told.
    const QUIET: Duration = Duration::from_millis(1_500);

    struct Watched {
        folder: tempfile::TempDir,
        watcher: Watcher,
        told: Receiver<Event>,
    }

    impl Watched {
        /// A workspace that is watched.
        fn new(with_system: bool) -> Self {
            let folder = tempfile::tempdir().unwrap();
            let (tell, told) = mpsc::channel();
            let workspace = folder.path().join("deep/ws");
            let watcher = Watcher::start_with(&workspace, with_system, move |event| {
                // The test may have ended.
                let _ = tell.send(event);
            });
            let this = Self { folder, watcher, told };
            this.told.recv_timeout(PATIENCE).unwrap();
            this
        }

        fn write(&self, name: &str, text: &str) {
            let path = self.folder.path().join("deep/ws").join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }

        /// Does something again and again.
        fn until_told(&self, act: impl Fn(usize)) {
            let deadline = Instant::now() + PATIENCE;
            for turn in 0.. {
                act(turn);
                if self.told.recv_timeout(QUIET).is_ok() {
                    return;
                }
                assert!(Instant::now() < deadline, "nothing was told");
            }
        }

        fn is_told(&self, act: impl FnOnce()) {
            while self.told.try_recv().is_ok() {}
            act();
            assert!(matches!(self.told.recv_timeout(PATIENCE), Ok(Event::WorkspaceChanged)));
        }

        /// Until nothing is told any more.
        fn settle(&self) {
            while self.told.recv_timeout(QUIET).is_ok() {}
        }

        fn is_quiet(&self) -> bool {
            self.told.recv_timeout(QUIET).is_err()
        }
    }

    #[test]
    fn a_workspace_is_watched_before_it_is_there() {
        let watched = Watched::new(true);
        for (name, text) in [("segments/one/two/a", "{}"), ("segments/one/two/a", "{ }"), ("lists/vip", "id")]
        {
            watched.is_told(|| watched.write(name, text));
        }
        watched.is_told(|| fs::remove_dir_all(watched.folder.path().join("deep")).unwrap());
        watched.is_told(|| watched.write("segments/b", "{}"));
        watched.is_told(|| watched.write("segments/c", "{}"));
    }

    #[test]
    fn what_nobody_sees_and_reading_are_no_changes() {
        let watched = Watched::new(true);
        watched.is_told(|| watched.write("segments/first.segment.json", "{}"));
        watched.settle();
        for name in [".lock", "history/s/000001.json", "trash/a", "segments/.segtui-1-a.tmp"] {
            watched.write(name, "x");
        }
        fs::read(watched.folder.path().join("deep/ws/segments/first.segment.json")).unwrap();
        assert!(watched.is_quiet());
    }

    #[test]
    fn where_the_system_does_not_tell_folders_are_looked_at() {
        let watched = Watched::new(false);
        watched.is_told(|| watched.write("segments/a.segment.json", "{}"));
    }

    #[test]
    fn the_folders_of_the_open_database_are_watched() {
        let watched = Watched::new(true);
        let data = watched.folder.path().join("data");
        fs::create_dir(&data).unwrap();
        watched.watcher.watch_database(&data, None);
        // Nobody tells when it has begun.
        watched.until_told(|turn| fs::write(data.join("t.csv"), format!("id\n{turn}\n")).unwrap());
        watched.settle();
        fs::write(data.join(".t.csv.tmp"), "").unwrap();
        assert!(watched.is_quiet());
    }
}
