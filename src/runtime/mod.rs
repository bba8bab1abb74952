//! The impure rim: terminal, event loop, background jobs, signals.

mod clipboard;
mod folders;
mod jobs;
mod list_preview;
pub mod open;
mod opening;
mod painter;
pub mod services;
mod sql_export;
mod terminal;

use std::io::IsTerminal;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Context;
use chrono::{NaiveDate, SecondsFormat, Utc};
use crossterm::event::{Event as Input, EventStream, KeyEventKind};
use tokio::sync::mpsc::unbounded_channel;
use tokio_stream::StreamExt;

use crate::app::effect::Effect;
use crate::app::event::Event;
use crate::app::{App, Start};
use crate::budget::Budget;
use crate::local::cache::CacheFolder;
use crate::paths::Paths;
use crate::segment::{Extra, Stamp};
use crate::settings::SettingsError;
use crate::ui;
use crate::ui::theme::Theme;
use crate::workspace::DraftStore;
use clipboard::Carrier;
use jobs::Jobs;
use open::LocalOpener;
use services::Services;
use terminal::Terminal;

/// What the terminal program is started with.
#[derive(Clone, Debug)]
pub struct Launch {
    /// The databases that were asked for; none means those used last, else the demo.
    pub databases: Vec<PathBuf>,
    /// The workspace that was asked for.
    pub workspace: Option<PathBuf>,
    /// The day that was asked for.
    pub as_of: Option<NaiveDate>,
    /// How much of a database is kept in memory.
    pub budget: Budget,
    /// How many bytes of the cache folder are kept.
    pub cache_limit: u64,
    /// Write nothing at all, anywhere.
    pub read_only: bool,
    /// Where things are on this machine.
    pub paths: Paths,
    /// What is wrong with the settings, to be shown.
    pub trouble: Option<SettingsError>,
}

const NO_TERMINAL: &str = "segtui needs a terminal; its commands do without (--help)";

/// Runs the terminal program until it is left.
///
/// # Errors
/// Standard output is no terminal, or it is lost.
pub fn run(launch: Launch) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    terminal::install_panic_hook();
    let result = runtime.block_on(session(launch));
    // Work that nobody waits for any more is not waited for.
    runtime.shutdown_background();
    result
}

async fn session(launch: Launch) -> anyhow::Result<()> {
    let mut databases = launch.databases.clone();
    if databases.is_empty() {
        databases.push(launch.paths.choose_database(None).folder().to_owned());
    }
    for known in launch.paths.recent_databases() {
        if known.is_dir() && !databases.contains(&known) {
            databases.push(known);
        }
    }
    let cache = CacheFolder::new(&launch.paths.cache, launch.read_only).with_limit(launch.cache_limit);
    let cache = Arc::new(cache);
    let services = Arc::new(services(&launch, &databases, &cache));
    // A size can be had of a terminal that the output does not go to.
    anyhow::ensure!(std::io::stdout().is_terminal(), NO_TERMINAL);
    let size = crossterm::terminal::size().context(NO_TERMINAL)?;
    let start = Start {
        databases,
        as_of: launch.as_of,
        today: Utc::now().date_naive(),
        size,
        seed: seed(),
        read_only: launch.read_only,
        folder: launch.paths.current_folder(),
        home: launch.paths.home(),
    };
    let theme = theme()?;
    let mut terminal = Terminal::take().context(NO_TERMINAL)?;
    let (mut app, mut effects) = App::start(start);
    if let Some(error) = launch.trouble {
        effects.extend(app.update(Event::Notice(error.into())));
    }
    let (sender, mut answers) = unbounded_channel();
    let mut jobs = Jobs::new(services, sender);
    let carrier = carrier();
    // The first frame comes before any work.
    terminal.draw(|frame| ui::draw(&app, &theme, frame))?;
    effects.into_iter().for_each(|effect| jobs.start(effect));
    let mut input = EventStream::new();
    let mut ending = Ending::new()?;
    while !app.has_ended() {
        let event = tokio::select! {
            biased;
            () = ending.wait() => break,
            read = input.next() => match read {
                Some(Ok(read)) => translate(read),
                // Nobody is at the terminal any more.
                Some(Err(_)) | None => break,
            },
            Some(answer) = answers.recv() => jobs.accept(answer),
        };
        let mut is_suspended = false;
        for effect in event.map(|event| app.update(event)).unwrap_or_default() {
            match effect {
                Effect::Suspend => is_suspended = true,
                Effect::Copy(text) => terminal.send(&clipboard::sequence(&text, carrier))?,
                effect => jobs.start(effect),
            }
        }
        while let Ok(answer) = answers.try_recv() {
            if let Some(event) = jobs.accept(answer) {
                app.update(event).into_iter().for_each(|effect| jobs.start(effect));
            }
        }
        if is_suspended {
            terminal.suspend()?;
        }
        if !app.has_ended() {
            terminal.draw(|frame| ui::draw(&app, &theme, frame))?;
        }
    }
    drop(terminal);
    jobs.finish();
    cache.finish();
    Ok(())
}

fn services(launch: &Launch, databases: &[PathBuf], cache: &Arc<CacheFolder>) -> Services {
    let paths = launch.paths.clone();
    let first = databases.first().cloned().unwrap_or_else(|| paths.demo());
    let workspace = paths.workspace(&first, launch.workspace.as_deref(), launch.read_only);
    let session = format!("{}-{}", std::process::id(), Utc::now().timestamp_millis());
    let drafts = DraftStore::new(paths.drafts(), &session, launch.read_only);
    let user = paths.user().to_owned();
    let stamp = move || Stamp {
        at: Utc::now().to_rfc3339_opts(SecondsFormat::Secs, true),
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
    Services::new(workspace, drafts, Arc::new(opener), stamp).when_opened(move |folder| {
        if !read_only {
            // Only a convenience: the next start then opens another database.
            let _ = paths.add_recent_database(folder);
        }
    })
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
    let asked = read("SEGTUI_THEME");
    let fitting = Theme::name_for(!read("NO_COLOR").is_empty(), &read("TERM"), &read("COLORTERM"));
    Ok(Theme::named(if asked.is_empty() { fitting } else { &asked })?)
}

fn carrier() -> Carrier {
    let read = |name: &str| std::env::var(name).unwrap_or_default();
    Carrier::of(&read("TMUX"), &read("STY"), &read("TERM"))
}

fn translate(input: Input) -> Option<Event> {
    match input {
        Input::Key(key) if key.kind != KeyEventKind::Release => Some(Event::Key(key)),
        Input::Paste(text) => Some(Event::Paste(text)),
        Input::Resize(columns, lines) => Some(Event::Resize(columns, lines)),
        Input::FocusGained => Some(Event::FocusGained),
        Input::Key(_) | Input::FocusLost | Input::Mouse(_) => None,
    }
}

/// The signals that end the program.
#[cfg(unix)]
struct Ending {
    terminate: tokio::signal::unix::Signal,
    hangup: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Ending {
    fn new() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            hangup: signal(SignalKind::hangup())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    async fn wait(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {},
            _ = self.hangup.recv() => {},
            _ = self.interrupt.recv() => {},
        }
    }
}

#[cfg(not(unix))]
struct Ending;

#[cfg(not(unix))]
impl Ending {
    fn new() -> std::io::Result<Self> {
        Ok(Self)
    }

    async fn wait(&mut self) {
        // Without signals the terminal's own end ends the program.
        let _ = tokio::signal::ctrl_c().await;
    }
}
