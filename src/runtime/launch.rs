//! Starting the terminal program: what it works with, from what a person asked for.

use std::io::IsTerminal;
use std::path::PathBuf;
use std::sync::{Arc, mpsc};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::Context;
use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};

use super::case;
use super::clean_up::CleanUp;
use super::event_loop;
use super::keymap_file;
use super::look::{AskedLook, Look};
use super::open::{LocalOpener, SharedCache, open_cache};
use super::other_drafts::store_in;
use super::panic_report;
use super::preparation::{self, Steps, Waited};
use super::services::Services;
use super::signals::{self, Ending, Signals};
use super::state_file::{ActionUseFile, CardFile, ChosenThemeFile};
use super::terminal::{self, NO_TERMINAL};
use crate::app::Start;
use crate::budget::Budget;
use crate::case::OpenedCase;
use crate::diagnostic::Diagnostic;
use crate::paths::Paths;
use crate::segment::{Extra, Stamp, TypedDay};
use crate::settings::Settings;
use crate::workspace::DraftStore;

/// What the terminal program is started with.
#[derive(Clone, Debug)]
pub struct Launch {
    /// The databases that were asked for; none means those used last, else the demo.
    pub databases: Vec<PathBuf>,
    /// The workspace that was asked for.
    pub workspace: Option<PathBuf>,
    /// A folder in which drafts are looked for too.
    pub drafts: Option<PathBuf>,
    /// The day that was asked for.
    pub as_of: Option<TypedDay>,
    /// How much of a database is kept in memory.
    pub budget: Budget,
    /// What the person has set.
    pub settings: Settings,
    /// Write nothing at all, anywhere.
    pub read_only: bool,
    /// The theme and characters that were asked for.
    pub(crate) look: AskedLook,
    /// Where things are on this machine.
    pub paths: Paths,
    /// What is wrong with the files of the config folder, to be shown.
    pub notices: Vec<Diagnostic>,
    /// The case that is the database: its folder is there as long as this is.
    pub(crate) case: Option<Arc<OpenedCase>>,
}

/// How long the cache folder may hold up a program that was told to end.
const HURRY: Duration = Duration::from_millis(200);

/// What is said where the terminal is somebody else's for good.
const NO_FOREGROUND: &str =
    "segtui was started in the background, and no shell can bring it to the foreground";

/// Runs the terminal program until it is left; the exit code. What it is started with may have to be read from a disk,
/// which may hang.
///
/// # Errors
/// That says so, or standard output is no terminal.
pub(crate) fn run<E: From<anyhow::Error> + Send + 'static>(
    asked: AskedLook,
    launch: impl FnOnce(&Steps) -> Result<Launch, E> + Send + 'static,
) -> Result<u8, E> {
    if !signals::reach_foreground() {
        return Err(anyhow::anyhow!(NO_FOREGROUND).into());
    }
    signals::block();
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    let runtime = builder.worker_threads(1).enable_all().build().map_err(anyhow::Error::from)?;
    terminal::install_panic_hook(panic_report::advice);
    let prepare = |steps: &Steps| launch(steps).map(|launch| Prepared::new(launch, steps));
    let result = runtime.block_on(session(asked, prepare));
    // Work that nobody waits for any more is not waited for.
    runtime.shutdown_background();
    match result? {
        Ok(ending) => Ok(ending.exit_code()),
        Err(error) => Err(error),
    }
}

async fn session<E: Send + 'static>(
    asked: AskedLook,
    prepare: impl FnOnce(&Steps) -> Result<Prepared, E> + Send + 'static,
) -> anyhow::Result<Result<Ending, E>> {
    let mut signals = Signals::new()?;
    // Without what has to be read from a disk.
    let (mut first_look, choice, _) = Look::new(asked, None);
    let theme = first_look.theme(&choice.current);
    let (prepared, taken) = match preparation::wait(prepare, &mut signals, theme).await? {
        Waited::Ended(ending) => return Ok(Ok(ending)),
        Waited::Prepared(Ok(prepared), taken) => (prepared, taken),
        Waited::Prepared(Err(error), _) => return Ok(Err(error)),
    };
    let Prepared { mut start, look, notices, services, cache, case } = prepared;
    // A size can be had of a terminal that the output does not go to.
    anyhow::ensure!(std::io::stdout().is_terminal(), NO_TERMINAL);
    start.size = terminal::size().context(NO_TERMINAL)?;
    let ended = event_loop::run(start, notices, services, signals, taken, look).await;
    drop(case);
    finish(cache, ended.as_ref().is_ok_and(|ending| *ending != Ending::Left));
    ended.map(Ok)
}

/// What the program works with.
struct Prepared {
    start: Start,
    look: Look,
    /// What is wrong with the files of the config folder, to be shown.
    notices: Vec<Diagnostic>,
    services: Arc<Services>,
    cache: SharedCache,
    case: Option<Arc<OpenedCase>>,
}

impl Prepared {
    fn new(launch: Launch, steps: &Steps) -> Self {
        let paths = &launch.paths;
        let mut databases = launch.databases.clone();
        steps.begin(format!("the databases used last, in {}", paths.state.display()));
        if databases.is_empty() {
            databases.push(paths.choose_database(None).folder().to_owned());
        }
        // The workspace of a case is of no other database.
        let others = if launch.case.is_some() { Vec::new() } else { paths.recent_databases() };
        for known in others {
            steps.begin(format!("the database {}", known.display()));
            if known.is_dir() && !databases.contains(&known) {
                databases.push(known);
            }
        }
        steps.begin(format!("the cache folder {}", paths.cache.display()));
        let cache = open_cache(&paths.cache, launch.read_only, launch.settings.cache);
        let services = Arc::new(services(&launch, &databases, &cache, steps));
        steps.begin(format!("which theme was chosen, in {}", paths.state.display()));
        let (look, theme, of_look) = Look::new(launch.look, theme_file(paths).read());
        steps.begin(format!("the keys, {}", paths.keymap().display()));
        let (keymap, wrong) = keymap_file::read(&paths.keymap());
        let notices = launch.notices.into_iter().chain(of_look).chain(wrong).collect();
        let start = Start {
            databases,
            as_of: launch.as_of,
            today: today(),
            // That of the terminal, later.
            size: (0, 0),
            seed: seed(),
            read_only: launch.read_only,
            case: launch.case.as_deref().map(case::notice),
            folder: paths.current_folder(),
            home: paths.home(),
            draft_folder: paths.draft_folders().into_iter().next(),
            cards: card_file(paths).read(),
            theme,
            keymap: Arc::new(keymap),
            used: action_use_file(paths).read(),
        };
        Self { start, look, notices, services, cache, case: launch.case }
    }
}

/// Writes what is left for the cache folder; in a hurry only as much as there is time for: it can be computed anew.
fn finish(cache: SharedCache, is_hurried: bool) {
    let (sender, finished) = mpsc::channel();
    std::thread::spawn(move || {
        cache.finish();
        // In a hurry nobody listens.
        let _ = sender.send(());
    });
    let _ = if is_hurried { finished.recv_timeout(HURRY).is_ok() } else { finished.recv().is_ok() };
}

fn services(launch: &Launch, databases: &[PathBuf], cache: &SharedCache, steps: &Steps) -> Services {
    let paths = launch.paths.clone();
    let first = databases.first().cloned().unwrap_or_else(|| paths.demo());
    let asked = launch.workspace.as_deref().or(paths.environment.workspace.as_deref());
    let of_workspace = asked.unwrap_or(&paths.data).display();
    steps.begin(format!("the workspace, in {of_workspace}"));
    let workspace = paths.workspace(&first, launch.workspace.as_deref(), launch.read_only);
    let session = format!("{}-{}", std::process::id(), now().timestamp_millis());
    let drafts = DraftStore::new(paths.drafts(), &session, launch.read_only);
    panic_report::drafts_are_in((!launch.read_only).then(|| paths.drafts()));
    let [state, config, data] = [&paths.state, &paths.config, &paths.data].map(|folder| folder.display());
    steps.begin(format!("where unsaved edits are: {state}, {config} or {data}"));
    let mut folders = paths.draft_folders();
    folders.extend(launch.drafts.as_deref().and_then(|folder| std::path::absolute(folder).ok()));
    let other_drafts = folders.iter().map(|folder| store_in(folder, &drafts));
    let clean_up = CleanUp {
        drafts: other_drafts.chain([drafts.in_folder(paths.drafts())]).collect(),
        workspace: workspace.clone(),
        cache: Arc::clone(cache),
        state: paths.state.clone(),
    };
    clean_up.start(SystemTime::now());
    let user = paths.user().to_owned();
    let stamp = move || Stamp {
        at: now().to_rfc3339_opts(SecondsFormat::Secs, true),
        by: user.clone(),
        extra: Extra::new(),
    };
    let read_only = launch.read_only;
    let opener = LocalOpener {
        workspace: workspace.clone(),
        cache: Some(Arc::clone(cache)),
        budget: launch.budget,
        demo: Some(paths.demo()),
    };
    let of_drafts = launch.paths.clone();
    let services = Services::new(workspace, drafts, Arc::new(opener), stamp)
        .with_card_file(card_file(&paths))
        .with_theme_file(theme_file(&paths))
        .with_action_use_file(action_use_file(&paths))
        .with_draft_folders(folders, move |folder| of_drafts.add_draft_folder(folder));
    services.when_opened(move |folder| {
        if !read_only {
            // Only a convenience: the next start then opens another database.
            let _ = paths.add_recent_database(folder);
        }
    })
}

fn card_file(paths: &Paths) -> CardFile {
    CardFile::cards(paths.state.join("cards.json"))
}

fn action_use_file(paths: &Paths) -> ActionUseFile {
    ActionUseFile::action_use(paths.state.join("actions.json"))
}

fn theme_file(paths: &Paths) -> ChosenThemeFile {
    ChosenThemeFile::chosen_theme(paths.state.join("theme.json"))
}

/// The time; chrono's own reading of the clock panics before 1970.
fn now() -> DateTime<Utc> {
    SystemTime::now().into()
}

/// Today, in UTC.
pub(crate) fn today() -> NaiveDate {
    now().date_naive()
}

/// Where this run's ids start: the time, and numbers that no other run has.
fn seed() -> u128 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
    // A ULID is 48 bits of milliseconds, then 80 random ones.
    let random = u128::from(fastrand::u64(..)) << 16 | u128::from(fastrand::u16(..));
    (now << 80) | random
}
