//! The event loop: input, answers and signals go to the app, its effects to the jobs. What has come is taken as a
//! whole, then one frame is drawn, unless the terminal has not taken the last one yet.

use std::io::{self, Write};
use std::sync::Arc;
use std::time::{Duration, Instant};

use crossterm::event::{Event as TerminalEvent, KeyEventKind};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::clipboard::{self, Multiplexer};
use super::jobs::{Answer, Jobs};
use super::look::Look;
use super::preparation::TakenTerminal;
use super::services::Services;
use super::signals::{self, Ending, Signal, Signals};
use super::terminal::{self, Input, Terminal};
use super::watcher::Watcher;
use crate::app::effect::Effect;
use crate::app::event::Event;
use crate::app::{App, Start};
use crate::diagnostic::Diagnostic;
use crate::ui;

/// After this long without a frame one is drawn although more has come.
const STILL: Duration = Duration::from_millis(100);
/// After this long an answer of the terminal is too late: the screen is not to change under the eyes.
const LATE: Duration = Duration::from_secs(2);
/// So long the end waits for the answer, which would else be typed into the shell.
const LAST_WAIT: Duration = Duration::from_millis(200);

/// The program while it runs.
struct EventLoop {
    app: App,
    jobs: Jobs,
    answers: UnboundedReceiver<Answer>,
    signals: Signals,
    input: Input,
    terminal: Terminal,
    /// From the first frame on.
    watcher: Option<Watcher>,
    multiplexer: Multiplexer,
    look: Look,
    /// The answer to the question for the background, and when it was asked.
    background: Option<(Instant, UnboundedReceiver<bool>)>,
    /// Whether the last frame shows an older state.
    is_outdated: bool,
    /// When it was drawn.
    drawn: Instant,
    /// Whether nobody is at the terminal any more, or the program was told to end.
    is_over: bool,
}

/// Runs the program until it is left, told to end, or nobody is at the terminal any more; what writes is finished.
///
/// # Errors
/// There is no terminal.
pub async fn run(
    start: Start,
    notices: Vec<Diagnostic>,
    services: Arc<Services>,
    signals: Signals,
    taken: Option<TakenTerminal>,
    look: Look,
) -> anyhow::Result<Ending> {
    let size = start.size;
    let TakenTerminal { mut terminal, input, typed } =
        taken.map_or_else(|| TakenTerminal::enter(size), Ok)?;
    // It may have had another when it was taken.
    terminal.resize(size.0, size.1)?;
    let (mut app, mut effects) = App::start(start);
    for error in notices {
        effects.extend(app.update(Event::Notice(error)));
    }
    let workspace = services.workspace_root().to_owned();
    let (sender, answers) = unbounded_channel();
    let mut program = EventLoop {
        app,
        jobs: Jobs::new(services, sender),
        answers,
        signals,
        input,
        terminal,
        watcher: None,
        multiplexer: multiplexer(),
        look,
        background: None,
        is_outdated: true,
        drawn: Instant::now(),
        is_over: false,
    };
    // The first frame comes before any work.
    program.draw();
    program.ask_background();
    effects.into_iter().for_each(|effect| program.jobs.start(effect));
    program.watcher = Some(Watcher::start(&workspace, program.jobs.sink()));
    program.take(Some(typed)).await;
    program.run().await;
    program.await_background().await;
    let EventLoop { app, mut jobs, input, terminal, signals, .. } = program;
    drop((input, terminal));
    app.keep_all().into_iter().for_each(|effect| jobs.start(effect));
    jobs.finish();
    if !app.has_ended() {
        return Ok(signals.ending().map_or(Ending::Alone, Ending::Signal));
    }
    if let Some(farewell) = app.farewell() {
        // Nobody may be left to read it.
        let _ = writeln!(io::stdout(), "{}", ui::text::sanitize(farewell));
    }
    Ok(Ending::Left)
}

impl EventLoop {
    async fn run(&mut self) {
        while !self.has_ended() {
            tokio::select! {
                biased;
                signal = self.signals.next() => self.signal(signal).await,
                events = self.input.next() => self.take(events).await,
                Some(answer) = self.answers.recv() => self.answer(answer),
                is_light = answered(&mut self.background) => self.notice(is_light),
                settled = self.terminal.settled(), if self.terminal.is_busy() => self.expect(settled),
            }
            for _ in 0..self.input.ready() {
                let events = self.input.next().await;
                self.take(events).await;
            }
            while let Ok(answer) = self.answers.try_recv() {
                self.answer(answer);
            }
            if !self.has_ended() {
                self.draw();
            }
        }
    }

    /// Asks the terminal whether its background is light, where that counts.
    fn ask_background(&mut self) {
        if let Some(answers) = self.input.backgrounds().filter(|_| self.look.asks_background()) {
            let sent = self.terminal.send(terminal::BACKGROUND_QUESTION);
            self.expect(sent);
            self.background = Some((Instant::now(), answers));
        }
    }

    fn notice(&mut self, is_light: Option<bool>) {
        let asked = self.background.take();
        let in_time = asked.is_some_and(|(asked, _)| asked.elapsed() < LATE);
        let theme = is_light.filter(|_| in_time).and_then(|is_light| self.look.theme_for(is_light));
        // Whoever has chosen one meanwhile keeps it.
        if let Some(theme) = theme.filter(|_| !self.app.has_chosen_theme()) {
            self.update(Event::ThemeNoticed(theme));
        }
    }

    async fn await_background(&mut self) {
        if let Some((asked, answers)) = self.background.as_mut().filter(|(asked, _)| asked.elapsed() < LATE) {
            let _ = tokio::time::timeout(LAST_WAIT.saturating_sub(asked.elapsed()), answers.recv()).await;
        }
    }

    fn has_ended(&self) -> bool {
        self.is_over || self.signals.ending().is_some() || self.app.has_ended()
    }

    /// What fails at the terminal fails because it is gone, and then so is the person.
    fn expect(&mut self, done: io::Result<()>) {
        self.is_over |= done.is_err();
    }

    async fn signal(&mut self, signal: Signal) {
        match signal {
            Signal::End => self.is_over = true,
            Signal::Stop => self.stop().await,
            Signal::Continued if !terminal::is_foreground() => self.stop().await,
            Signal::Continued => self.take_over(),
            Signal::Resized => {}
        }
        if let Some((columns, lines)) =
            terminal::size().ok().filter(|size| is_any(*size) && *size != self.app.size())
        {
            let resized = self.terminal.resize(columns, lines);
            self.expect(resized);
            self.update(Event::Resize(columns, lines));
        }
        self.is_outdated = true;
    }

    /// Takes what has come from the terminal, with a frame now and then if there is much to do; nothing comes when nobody is there any more.
    async fn take(&mut self, events: Option<Vec<TerminalEvent>>) {
        let begun = Instant::now();
        self.is_over |= events.is_none();
        for event in events.unwrap_or_default().into_iter().filter_map(translate) {
            if self.has_ended() {
                break;
            }
            if self.drawn.max(begun).elapsed() > STILL {
                self.draw();
            }
            if self.update(event) {
                self.terminal.give_back();
                signals::stop_group();
                // With the others the program is told to stop, too.
                if self.signals.arrived(Signal::Stop).await == Some(Signal::End) {
                    self.is_over = true;
                } else {
                    self.signal(Signal::Stop).await;
                }
            }
        }
    }

    fn answer(&mut self, answer: Answer) {
        if let Some(event) = self.jobs.accept(answer) {
            if let (Event::Opened { folder, result }, Some(watcher)) = (&event, &self.watcher) {
                watcher.watch_database(folder, result.as_deref().ok());
            }
            self.update(event);
        }
    }

    /// Hands an event to the app; whether it wants to go back to the shell.
    fn update(&mut self, event: Event) -> bool {
        self.is_outdated = true;
        let mut is_suspended = false;
        for effect in self.app.update(event) {
            match effect {
                Effect::Suspend => is_suspended = true,
                Effect::Copy(text) => {
                    let sent = self.terminal.send(&clipboard::sequence(&text, self.multiplexer));
                    self.expect(sent);
                }
                effect => self.jobs.start(effect),
            }
        }
        is_suspended
    }

    /// Gives the terminal to the shell and stops, until the shell gives it back.
    async fn stop(&mut self) {
        self.input.close();
        self.terminal.give_back();
        if self.signals.stop_until_foreground().await == Signal::End {
            self.is_over = true;
            return;
        }
        match Input::open() {
            Ok(input) => self.input = input,
            Err(_) => self.is_over = true,
        }
        self.take_over();
    }

    fn take_over(&mut self) {
        let taken = self.terminal.take_over();
        self.expect(taken);
    }

    /// Draws a frame, if there is something new and the terminal has taken the last one.
    fn draw(&mut self) {
        if self.is_outdated && !self.terminal.is_busy() {
            self.is_outdated = false;
            self.drawn = Instant::now();
            let (app, theme) = (&self.app, self.look.theme(self.app.theme()));
            let drawn = self.terminal.draw(|frame| ui::draw(app, theme, frame));
            self.expect(drawn);
        }
    }
}

/// Waits for the answer of the terminal, if it was asked.
async fn answered(background: &mut Option<(Instant, UnboundedReceiver<bool>)>) -> Option<bool> {
    match background {
        Some((_, answers)) => answers.recv().await,
        None => std::future::pending().await,
    }
}

/// A terminal that does not know its size says zero.
fn is_any((columns, lines): (u16, u16)) -> bool {
    columns > 0 && lines > 0
}

fn multiplexer() -> Multiplexer {
    let read = |name: &str| std::env::var(name).unwrap_or_default();
    Multiplexer::from_environment(&read("TMUX"), &read("STY"), &read("TERM"))
}

fn translate(event: TerminalEvent) -> Option<Event> {
    match event {
        TerminalEvent::Key(key) if key.kind != KeyEventKind::Release => Some(Event::Key(key)),
        TerminalEvent::Paste(text) => Some(Event::Paste(text)),
        TerminalEvent::FocusGained => Some(Event::FocusGained),
        // The size is asked for when it has changed.
        TerminalEvent::Key(_)
        | TerminalEvent::Resize(..)
        | TerminalEvent::FocusLost
        | TerminalEvent::Mouse(_) => None,
    }
}
