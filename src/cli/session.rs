//! What commands work on: the workspace, the database, the day.

use std::cell::OnceCell;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::NaiveDate;
use serde_json::{Value, json};

use super::common::Common;
use super::failure::Failure;
use super::out::Out;
use super::progress::Progress;
use super::stop::Stop;
use crate::backend::{Backend, Cancel, DataSteps, ReadTask, Task};
use crate::budget::{Budget, InvalidBudget};
use crate::case::{OpenedCase, is_case};
use crate::database::{Database, DatabaseView};
use crate::paths::{DatabaseChoice, Paths};
use crate::runtime::open::{LocalOpener, OpenBackend, SharedCache, make_demo, open_cache};
use crate::segment::{Segment, TypedDay};
use crate::settings::{Settings, SettingsError};
use crate::workspace::{Listing, Workspace};

/// The places that a command line names.
pub(super) struct Session {
    pub(super) common: Common,
    pub(super) paths: Paths,
    settings: Settings,
    /// What is wrong with them.
    settings_errors: Vec<SettingsError>,
    /// What is kept between runs.
    pub(super) cache: SharedCache,
    /// Signals that end the command.
    pub(super) stop: Stop,
    /// The case that is the database, unpacked.
    pub(super) case: Option<OpenedCase>,
}

/// An open database at a day.
pub(super) struct Opened {
    pub(super) database: Arc<Database>,
    pub(super) backend: Arc<dyn Backend>,
    pub(super) as_of: NaiveDate,
    cancel: Cancel,
    workspace: Workspace,
    with_workspace: OnceCell<Arc<Database>>,
}

/// Finds segments, reading the workspace at most once, and only for those that are not named by file.
pub(super) struct Finder {
    workspace: Workspace,
    listing: Option<Listing>,
}

impl Finder {
    pub(super) fn find(&mut self, reference: &str) -> Result<Segment, Failure> {
        if self.listing.is_none() && !Path::new(reference).is_file() {
            self.listing = Some(self.workspace.list()?);
        }
        let (segment, _) = match &self.listing {
            Some(listing) => listing.find(reference)?,
            None => Listing::default().find(reference)?,
        };
        Ok(segment)
    }

    /// The same, or a saved revision of one: `High_CLV@3`, also of one that was deleted, by its id.
    pub(super) fn find_saved(&mut self, reference: &str) -> Result<Segment, Failure> {
        let missing = match self.find(reference) {
            Ok(segment) => return Ok(segment),
            Err(missing) => missing,
        };
        let at_revision =
            reference.rsplit_once('@').and_then(|(of, number)| Some((of, number.parse().ok()?)));
        let Some((of, number)) = at_revision else { return Err(missing) };
        match self.find(of) {
            // One that was written by hand is not in the history yet.
            Ok(segment) if segment.revision == number => {
                Ok(self.workspace.revision(&segment.id, number).unwrap_or(segment))
            }
            Ok(segment) => Ok(self.workspace.revision(&segment.id, number)?),
            Err(missing) => self.workspace.revision(of, number).map_err(|_| missing),
        }
    }
}

impl Session {
    pub(super) fn new(common: Common, stop: Stop) -> Result<Self, Failure> {
        let paths = paths_of_this_user()?;
        let data = paths.choose_database(common.data.as_deref()).folder().to_owned();
        let case = is_case(&data).then(|| open_case(&data)).transpose()?;
        let common = match &case {
            None => common,
            Some(case) => Common {
                data: Some(case.database()),
                workspace: Some(case.workspace()),
                as_of: common.as_of.or(Some(TypedDay::Day(case.document.as_of))),
                ..common
            },
        };
        let (settings, settings_errors) = Settings::read(&paths.settings());
        let cache = open_cache(&paths.cache, common.read_only || case.is_some(), settings.cache);
        Ok(Self { common, paths, settings, settings_errors, cache, stop, case })
    }

    /// Says what is wrong with the settings, if anything is.
    pub(super) fn note_settings(&self, out: &Out) {
        for error in &self.settings_errors {
            out.note(&format!("{error}\n  {}", error.help_text()));
        }
    }

    /// Writes what is left to write, and says what went wrong with it.
    pub(super) fn end(&self, out: &Out) {
        self.cache.finish();
        if let Some(error) = self.cache.take_error() {
            out.note(&error);
        }
    }

    /// The folder of the database, before anything is made or opened.
    pub(super) fn choice(&self) -> DatabaseChoice {
        self.paths.choose_database(self.common.data.as_deref())
    }

    pub(super) fn workspace(&self) -> Workspace {
        let asked = self.common.workspace.as_deref();
        self.paths.workspace(self.choice().folder(), asked, self.common.read_only || self.case.is_some())
    }

    pub(super) fn finder(&self) -> Finder {
        Finder { workspace: self.workspace(), listing: None }
    }

    /// Makes sure that the demo is there, should there be nothing else, and returns the folder.
    pub(super) fn folder(&self) -> Result<PathBuf, Failure> {
        let choice = self.choice();
        if let DatabaseChoice::Demo(folder) = &choice
            && !folder.exists()
        {
            if self.common.read_only {
                let failure = Failure::data("there is no database yet, and --read-only makes no demo");
                return Err(failure.help("name one with --data DIR"));
            }
            let progress = Progress::new();
            make_demo(folder, &|what| progress.say(what))?;
        }
        Ok(choice.folder().to_owned())
    }

    pub(super) fn open(&self) -> Result<Opened, Failure> {
        let folder = self.folder()?;
        let opener = self.opener()?;
        let progress = Progress::new();
        let say = |what: &str| progress.say(what);
        let cancel = self.stop.cancel().clone();
        let task = ReadTask { report: &say, is_cancelled: &|| cancel.is_cancelled() };
        let backend = opener.open(&folder, task)?;
        self.opened(backend, opener.workspace)
    }

    /// Opens two folders as two states of a database, and answers with the second.
    pub(super) fn open_steps(&self, folders: [&Path; 2]) -> Result<(Arc<dyn DataSteps>, Opened), Failure> {
        let opener = self.opener()?;
        let progress = Progress::new();
        let say = |what: &str| progress.say(what);
        let cancel = self.stop.cancel().clone();
        let task = ReadTask { report: &say, is_cancelled: &|| cancel.is_cancelled() };
        let steps = opener.open_steps(folders, task)?;
        let opened = self.opened(steps.after(), opener.workspace)?;
        Ok((steps, opened))
    }

    fn opener(&self) -> Result<LocalOpener, Failure> {
        let budget = budget(self.common.memory, &self.paths, &self.settings)?;
        let cache = Some(Arc::clone(&self.cache));
        Ok(LocalOpener { workspace: self.workspace(), cache, budget, demo: None })
    }

    fn opened(&self, backend: Arc<dyn Backend>, workspace: Workspace) -> Result<Opened, Failure> {
        let database = Arc::clone(backend.database());
        let as_of = match self.common.as_of {
            Some(day) => day_of(&*backend, day)?,
            None => backend.data_day(),
        };
        let cancel = self.stop.cancel().clone();
        Ok(Opened { database, backend, as_of, cancel, workspace, with_workspace: OnceCell::new() })
    }
}

/// The day that is meant where words count from the data's own.
fn day_of(backend: &dyn Backend, day: TypedDay) -> Result<NaiveDate, Failure> {
    day.on(backend.data_day()).map_err(|problem| Failure::usage(format!("--as-of: {problem}")))
}

impl Opened {
    /// The day that is meant where words count from the data's own.
    pub(super) fn day(&self, day: TypedDay) -> Result<NaiveDate, Failure> {
        day_of(&*self.backend, day)
    }

    /// For questions to the backend; a signal cancels them.
    pub(super) fn task(&self) -> Task<'_> {
        Task::new(&self.cancel)
    }

    /// The database and the tables of the workspace; of saved queries without rows.
    pub(super) fn with_workspace(&self) -> &Arc<Database> {
        self.with_workspace.get_or_init(|| {
            Arc::new(self.database.with_workspace(&self.backend.workspace_tables(self.as_of)))
        })
    }

    /// What a segment speaks of: the tables of the workspace only where it may name them.
    pub(super) fn view<'a>(&'a self, segment: &'a Segment) -> DatabaseView<'a> {
        let database = self.backend.database_of(segment, self.as_of);
        let is_enough = Arc::ptr_eq(&self.database, &database);
        let database = if is_enough { &self.database } else { self.with_workspace() };
        DatabaseView { database, activation_id: self.database.activation_id(segment) }
    }

    pub(super) fn segment_name(&self, id: &str) -> Option<String> {
        self.workspace.load(id).ok().map(|(segment, _)| segment.name)
    }

    /// Says what a segment is evaluated on, where it says something else or nothing.
    pub(super) fn note_circumstances(&self, segment: &Segment, out: &Out) {
        let notes = [self.other_database(segment), self.default_id(segment)];
        notes.iter().flatten().for_each(|note| out.note(note));
    }

    /// A segment that names no activation ID is of the database's default.
    pub(super) fn default_id(&self, segment: &Segment) -> Option<String> {
        let id = &self.database.default_id;
        let note = || format!("{:?} names no activation ID; it is evaluated on {id:?}", segment.name);
        segment.activation_id.is_empty().then(note)
    }

    pub(super) fn other_database(&self, segment: &Segment) -> Option<String> {
        let (made_for, open) = (&segment.database, &self.database.name);
        let is_other = !made_for.is_empty() && made_for != open;
        is_other
            .then(|| format!("{:?} was made for the database {made_for:?}, this is {open:?}", segment.name))
    }

    /// The evaluation's day and the data's own: `as of 2025-12-31, data of 2025-12-31`.
    pub(super) fn days(&self) -> String {
        format!("as of {}, data of {}", self.as_of, self.backend.data_day())
    }
}

/// Unpacks a case.
pub(super) fn open_case(file: &Path) -> Result<OpenedCase, Failure> {
    OpenedCase::open(file).map_err(|error| {
        let failure =
            Failure::data(format!("{} is no case that can be opened: {}", file.display(), error.message));
        failure.help(error.help.unwrap_or_default())
    })
}

pub(super) fn paths_of_this_user() -> Result<Paths, Failure> {
    Paths::for_this_user().map_err(|error| Failure::usage(error.to_string()))
}

/// How much memory is kept: what the command line says, else the environment, else the settings.
pub(super) fn budget(asked: Option<Budget>, paths: &Paths, settings: &Settings) -> Result<Budget, Failure> {
    match (asked, &paths.environment.memory) {
        (Some(asked), _) => Ok(asked),
        (None, None) => Ok(settings.memory),
        (None, Some(text)) => text.parse().map_err(|error: InvalidBudget| {
            Failure::usage(format!("SEGTUI_MEMORY is {text:?}")).help(error.to_string())
        }),
    }
}

/// How answers name a segment.
pub(super) fn named(segment: &Segment) -> Value {
    json!({"id": segment.id, "name": segment.name})
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::paths::Environment;

    #[test]
    fn how_much_memory_is_kept_is_said_in_order() {
        let paths = |memory: Option<&str>| Paths {
            config: PathBuf::new(),
            cache: PathBuf::new(),
            state: PathBuf::new(),
            data: PathBuf::new(),
            checkouts: Vec::new(),
            environment: Environment { memory: memory.map(str::to_owned), ..Environment::default() },
        };
        let [one, two, three] = [1, 2, 3].map(Budget::Bytes);
        let stated = Settings { memory: three, ..Settings::default() };
        let of = |asked, variable, settings| budget(asked, &paths(variable), settings).unwrap();
        assert_eq!(of(Some(one), Some("2B"), &stated), one);
        assert_eq!(of(None, Some("2B"), &stated), two);
        assert_eq!(of(None, None, &stated), three);
        assert_eq!(of(None, None, &Settings::default()), Budget::Percent(25));
        assert!(budget(None, &paths(Some("2")), &stated).is_err());
    }
}
