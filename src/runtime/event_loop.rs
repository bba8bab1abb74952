//! The event loop: input, answers and signals go to the app, its effects to the jobs, and each is followed by one
//! frame.

use std::io::{self, Write};
use std::sync::Arc;

use crossterm::event::{Event as Input, EventStream, KeyEventKind};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio_stream::StreamExt;

use super::clipboard::{self, Multiplexer};
use super::jobs::{Answer, Jobs};
use super::services::Services;
use super::signals::EndSignals;
use super::terminal::Terminal;
use crate::app::effect::Effect;
use crate::app::event::Event;
use crate::app::{App, Start};
use crate::settings::SettingsError;
use crate::ui;
use crate::ui::theme::Theme;

/// The program while it runs.
struct EventLoop<'a> {
    app: App,
    jobs: Jobs,
    answers: UnboundedReceiver<Answer>,
    terminal: Terminal,
    multiplexer: Multiplexer,
    theme: &'a Theme,
}

/// Runs the program until it is left, or nobody is at the terminal any more; what writes is finished.
///
/// # Errors
/// The terminal is lost.
pub async fn run(
    start: Start,
    settings_error: Option<SettingsError>,
    services: Arc<Services>,
    terminal: Terminal,
    theme: &Theme,
) -> anyhow::Result<()> {
    let (mut app, mut effects) = App::start(start);
    if let Some(error) = settings_error {
        effects.extend(app.update(Event::Notice(error.into())));
    }
    let (sender, answers) = unbounded_channel();
    let jobs = Jobs::new(services, sender);
    let mut program = EventLoop { app, jobs, answers, terminal, multiplexer: multiplexer(), theme };
    // The first frame comes before any work.
    program.draw()?;
    program.start_jobs(effects);
    program.run().await?;
    let EventLoop { app, jobs, terminal, .. } = program;
    drop(terminal);
    jobs.finish();
    if let Some(farewell) = app.farewell() {
        // Nobody may be left to read it.
        let _ = writeln!(io::stdout(), "{}", ui::text::sanitize(farewell));
    }
    Ok(())
}

impl EventLoop<'_> {
    async fn run(&mut self) -> anyhow::Result<()> {
        let mut input = EventStream::new();
        let mut signals = EndSignals::new()?;
        while !self.app.has_ended() {
            let event = tokio::select! {
                biased;
                () = signals.wait() => break,
                read = input.next() => match read {
                    Some(Ok(read)) => translate(read),
                    // Nobody is at the terminal any more.
                    Some(Err(_)) | None => break,
                },
                Some(answer) = self.answers.recv() => self.jobs.accept(answer),
            };
            let is_suspended = self.update(event)?;
            while let Ok(answer) = self.answers.try_recv() {
                if let Some(event) = self.jobs.accept(answer) {
                    let effects = self.app.update(event);
                    self.start_jobs(effects);
                }
            }
            if is_suspended {
                self.terminal.suspend()?;
            }
            if !self.app.has_ended() {
                self.draw()?;
            }
        }
        Ok(())
    }

    /// Hands an event to the app; whether it wants to go back to the shell.
    fn update(&mut self, event: Option<Event>) -> anyhow::Result<bool> {
        let mut is_suspended = false;
        for effect in event.map(|event| self.app.update(event)).unwrap_or_default() {
            match effect {
                Effect::Suspend => is_suspended = true,
                Effect::Copy(text) => self.terminal.send(&clipboard::sequence(&text, self.multiplexer))?,
                effect => self.jobs.start(effect),
            }
        }
        Ok(is_suspended)
    }

    fn start_jobs(&mut self, effects: Vec<Effect>) {
        effects.into_iter().for_each(|effect| self.jobs.start(effect));
    }

    fn draw(&mut self) -> anyhow::Result<()> {
        let (app, theme) = (&self.app, self.theme);
        Ok(self.terminal.draw(|frame| ui::draw(app, theme, frame))?)
    }
}

fn multiplexer() -> Multiplexer {
    let read = |name: &str| std::env::var(name).unwrap_or_default();
    Multiplexer::from_environment(&read("TMUX"), &read("STY"), &read("TERM"))
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
