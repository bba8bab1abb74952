//! Starting the terminal program: what it works with, from what a person asked for.

use std::io::IsTerminal;
use std::path::PathBuf;
use std::sync::{Arc, mpsc};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::Context;
use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};

use super::clean_up::CleanUp;
use super::event_loop::{self, Ending};
use super::open::{LocalOpener, SharedCache, open_cache};
use super::other_drafts::store_in;
use super::services::Services;
use super::signals::{self, Signals};
use super::terminal::{self, NO_TERMINAL};
use crate::app::Start;
use crate::budget::Budget;
use crate::paths::Paths;
use crate::segment::{Extra, Stamp};
use crate::settings::SettingsError;
use crate::ui::theme::Theme;
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
    pub as_of: Option<NaiveDate>,
    /// How much of a database is kept in memory.
    pub budget: Budget,
    /// How many bytes of the cache folder are kept, if anybody says.
    pub cache_limit: Option<u64>,
    /// Write nothing at all, anywhere.
    pub read_only: bool,
    /// Where things are on this machine.
    pub paths: Paths,
    /// What is wrong with the settings, to be shown.
    pub settings_error: Option<SettingsError>,
}

/// How long the cache folder may hold up a program that was told to end.
const HURRY: Duration = Duration::from_millis(200);

/// What is said where the terminal is somebody else's for good.
const NO_FOREGROUND: &str =
    "segtui was started in the background, and no shell can bring it to the foreground";

/// Runs the terminal program until it is left; the exit code.
///
/// # Errors
/// Standard output is no terminal.
pub fn run(launch: Launch) -> anyhow::Result<u8> {
    anyhow::ensure!(signals::reach_foreground(), NO_FOREGROUND);
    signals::block();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    terminal::install_panic_hook();
    let result = runtime.block_on(session(launch));
    // Work that nobody waits for any more is not waited for.
    runtime.shutdown_background();
    result
}

async fn session(launch: Launch) -> anyhow::Result<u8> {
    let signals = Signals::new()?;
    let mut databases = launch.databases.clone();
    if databases.is_empty() {
        databases.push(launch.paths.choose_database(None).folder().to_owned());
    }
    for known in launch.paths.recent_databases() {
        if known.is_dir() && !databases.contains(&known) {
            databases.push(known);
        }
    }
    let cache = open_cache(&launch.paths.cache, launch.read_only, launch.cache_limit);
    let services = Arc::new(services(&launch, &databases, &cache));
    // A size can be had of a terminal that the output does not go to.
    anyhow::ensure!(std::io::stdout().is_terminal(), NO_TERMINAL);
    let size = terminal::size().context(NO_TERMINAL)?;
    let start = Start {
        databases,
        as_of: launch.as_of,
        today: now().date_naive(),
        size,
        seed: seed(),
        read_only: launch.read_only,
        folder: launch.paths.current_folder(),
        home: launch.paths.home(),
        draft_folder: launch.paths.draft_folders().into_iter().next(),
    };
    let theme = theme()?;
    let ended = event_loop::run(start, launch.settings_error, services, signals, &theme).await;
    finish(cache, ended.as_ref().is_ok_and(|ending| *ending != Ending::Left));
    Ok(match ended? {
        Ending::Signal(signal) => signals::exit_code(signal),
        Ending::Left | Ending::Alone => 0,
    })
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

fn services(launch: &Launch, databases: &[PathBuf], cache: &SharedCache) -> Services {
    let paths = launch.paths.clone();
    let first = databases.first().cloned().unwrap_or_else(|| paths.demo());
    let workspace = paths.workspace(&first, launch.workspace.as_deref(), launch.read_only);
    let session = format!("{}-{}", std::process::id(), now().timestamp_millis());
    let drafts = DraftStore::new(paths.drafts(), &session, launch.read_only);
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
        .with_draft_folders(folders, move |folder| of_drafts.add_draft_folder(folder));
    services.when_opened(move |folder| {
        if !read_only {
            // Only a convenience: the next start then opens another database.
            let _ = paths.add_recent_database(folder);
        }
    })
}

/// The time; chrono's own reading of the clock panics before 1970.
fn now() -> DateTime<Utc> {
    SystemTime::now().into()
}

/// Where this run's ids start: the time, and numbers that no other run has.
fn seed() -> u128 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
    // A ULID is 48 bits of milliseconds, then 80 random ones.
    let random = u128::from(fastrand::u64(..)) << 16 | u128::from(fastrand::u16(..));
    (now << 80) | random
}

fn theme() -> anyhow::Result<Theme> {
    let read = |name: &str| std::env::var(name).unwrap_or_default();
    let (asked, no_color) = (read("SEGTUI_THEME"), !read("NO_COLOR").is_empty());
    Ok(Theme::named(Theme::name_for(&asked, no_color, &read("TERM"), &read("COLORTERM")))?)
}
