//! Opens databases, and reads them ahead.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::NaiveDate;

use super::services::{Services, lock};
use crate::app::event::{Event, Failure};
use crate::catalog::{self, NotOpened, Work};
use crate::demo;
use crate::engine::{Cancel, Engine, EngineError, Step};
use crate::segment::Lists;

/// Of short work nothing is told.
const SHORT: Duration = Duration::from_millis(300);
/// How long who waits for a while does not look whether that is still wanted.
const PATIENCE: Duration = Duration::from_millis(20);

/// Where events go that come before the answer.
pub(super) type Tell<'a> = &'a (dyn Fn(Event) + Sync);

impl Services {
    /// Opens a database.
    pub(super) fn opened(&self, folder: PathBuf, cancel: &Cancel, tell: Tell<'_>) -> Option<Event> {
        let started = Instant::now();
        let say = |what: &str| {
            if started.elapsed() > SHORT {
                tell(Event::Opening { folder: folder.clone(), what: what.to_owned() });
            }
        };
        let result = self.open(&folder, Work { say: &say, stop: &|| cancel.is_cancelled() })?;
        Some(Event::Opened { folder, result })
    }

    /// `None`: nobody waits for it any more.
    fn open(&self, folder: &Path, work: Work<'_>) -> Option<Result<Arc<catalog::Database>, Failure>> {
        if self.make_demo.as_deref() == Some(folder) && !folder.exists() && !self.read_only {
            let say = |percent: u64| (work.say)(&format!("making the demo database, {percent}%"));
            if let Err(error) = demo::generate_bundled(folder, &say) {
                return Some(Err(Failure {
                    message: format!("the demo database cannot be made: {error:#}"),
                    help: "name a database on the command line".to_owned(),
                }));
            }
        }
        let database = match catalog::open_with(folder, self.cache.as_ref(), work) {
            Ok(database) => Arc::new(database),
            Err(NotOpened::Failed(error)) => return Some(Err(error.into())),
            Err(NotOpened::Stopped) => return None,
        };
        let lists = Arc::new(self.workspace.clone());
        let engine = Engine::new(Arc::clone(&database)).with_lists(Arc::clone(&lists) as Arc<dyn Lists>);
        let engine = engine.with_list_tables(lists).with_budget(self.budget.bytes());
        let engine = Arc::new(match &self.cache {
            Some(cache) => engine.with_cache(cache.of(folder)),
            None => engine,
        });
        lock(&self.engines).insert(database.folder.clone(), engine);
        (self.opened)(folder);
        Some(Ok(database))
    }

    /// Opens a database after a while.
    pub(super) fn open_again(
        &self,
        folder: PathBuf,
        wait: Duration,
        cancel: &Cancel,
        tell: Tell<'_>,
    ) -> Option<Event> {
        let asked = Instant::now();
        while let Some(left) = wait.checked_sub(asked.elapsed()).filter(|left| !left.is_zero()) {
            if cancel.is_cancelled() {
                return None;
            }
            std::thread::sleep(left.min(PATIENCE));
        }
        self.opened(folder, cancel, tell)
    }

    /// Reads what the first answers will need.
    pub(super) fn warm_up(
        &self,
        database: PathBuf,
        activation_id: &str,
        as_of: NaiveDate,
        cancel: &Cancel,
        tell: Tell<'_>,
    ) -> Option<Event> {
        let engine = self.engine(&database)?;
        let started = Instant::now();
        let say = |step: Step<'_>| {
            if started.elapsed() > SHORT {
                // The number first: a long name may be cut.
                let what = format!("indexing {}%, {}", step.percent(), step.table);
                tell(Event::WarmingUp { database: database.clone(), what });
            }
        };
        match engine.warm_up(activation_id, as_of, &say, cancel) {
            Err(EngineError::Cancelled) => None,
            // What is wrong is told by the first answer.
            Ok(()) | Err(_) => Some(Event::WarmedUp { database }),
        }
    }
}
