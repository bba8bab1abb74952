//! What comes before the program: it reads from disks, and a disk may hang. A thread does it, and whoever waits for it
//! can leave.

use std::io::IsTerminal;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::Context;
use crossterm::event::{Event, KeyCode, KeyEventKind, KeyModifiers};
use tokio::sync::oneshot;

use super::signals::{Ending, Signal, Signals};
use super::terminal::{self, Input, NO_TERMINAL, Terminal};
use crate::ui;
use crate::ui::theme::Theme;

/// A preparation that is over by then is not worth a frame of its own, and its errors leave the terminal alone.
const AT_ONCE: Duration = Duration::from_millis(150);
/// After this long it is told what is waited for.
const LONG: Duration = Duration::from_secs(1);
/// How often that is looked at.
const STEP: Duration = Duration::from_millis(200);

/// What a preparation is about to do, for whoever waits for it.
#[derive(Clone, Debug, Default)]
pub struct Steps(Arc<Mutex<String>>);

impl Steps {
    /// The next step begins: what it is, and with which file.
    pub fn begin(&self, what: impl Into<String>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = what.into();
    }

    fn now(&self) -> String {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// The terminal, where it was taken over to wait, and what was typed meanwhile.
pub(super) struct TakenTerminal {
    pub terminal: Terminal,
    pub input: Input,
    pub typed: Vec<Event>,
}

impl TakenTerminal {
    /// Takes it over.
    ///
    /// # Errors
    /// There is none.
    pub(super) fn enter((columns, lines): (u16, u16)) -> anyhow::Result<Self> {
        Ok(Self {
            input: Input::open().context(NO_TERMINAL)?,
            terminal: Terminal::enter(columns, lines).context(NO_TERMINAL)?,
            typed: Vec::new(),
        })
    }

    /// Takes keys; whether one of them leaves the program. The others are for when it has started.
    fn leaves(&mut self, events: Vec<Event>) -> bool {
        self.typed.extend(events);
        self.typed.iter().any(|event| {
            event.as_key_event().filter(|key| key.kind != KeyEventKind::Release).is_some_and(|key| {
                matches!(
                    (key.code, key.modifiers),
                    (KeyCode::Char('q'), KeyModifiers::NONE) | (KeyCode::Char('c'), KeyModifiers::CONTROL)
                )
            })
        })
    }
}

/// How waiting for a preparation ended.
pub(super) enum Waited<T> {
    Prepared(T, Option<TakenTerminal>),
    Ended(Ending),
}

/// Prepares in a thread, and waits for it. If it takes long that is shown.
///
/// # Errors
/// There is no terminal, or no thread.
pub(super) async fn wait<T: Send + 'static>(
    prepare: impl FnOnce(&Steps) -> T + Send + 'static,
    signals: &mut Signals,
    theme: &Theme,
) -> anyhow::Result<Waited<T>> {
    let (sender, mut prepared) = oneshot::channel();
    let (steps, begun) = (Steps::default(), Instant::now());
    let of_thread = steps.clone();
    // Nobody listens any more if the program has been left.
    let work = move || drop(sender.send(prepare(&of_thread)));
    std::thread::Builder::new().name("preparation".to_owned()).spawn(work)?;
    if let Ok(prepared) = tokio::time::timeout(AT_ONCE, &mut prepared).await {
        return Ok(Waited::Prepared(prepared?, None));
    }
    // A size can be had of a terminal that the output does not go to.
    anyhow::ensure!(std::io::stdout().is_terminal(), NO_TERMINAL);
    let mut taken = TakenTerminal::enter(terminal::size().context(NO_TERMINAL)?)?;
    loop {
        let waiting = (begun.elapsed() >= LONG).then(|| steps.now());
        taken.terminal.draw(|frame| ui::draw_start(waiting.as_deref(), theme, frame))?;
        tokio::select! {
            biased;
            signal = signals.next() => if let Some(ending) = taken.signal(signal, signals).await? {
                return Ok(Waited::Ended(ending));
            },
            events = taken.input.next() => match events {
                None => return Ok(Waited::Ended(Ending::Alone)),
                Some(events) => if taken.leaves(events) {
                    return Ok(Waited::Ended(Ending::Left));
                },
            },
            prepared = &mut prepared => return Ok(Waited::Prepared(prepared?, Some(taken))),
            () = tokio::time::sleep(STEP) => {}
        }
    }
}

impl TakenTerminal {
    /// Does what a signal asks for; why the program ends, if it does.
    async fn signal(&mut self, signal: Signal, signals: &mut Signals) -> anyhow::Result<Option<Ending>> {
        let is_stopped = match signal {
            Signal::End => return Ok(signals.ending().map(Ending::Signal).or(Some(Ending::Alone))),
            Signal::Stop => true,
            Signal::Continued => !terminal::is_foreground(),
            Signal::Resized => {
                let (columns, lines) = terminal::size()?;
                self.terminal.resize(columns, lines)?;
                return Ok(None);
            }
        };
        if is_stopped {
            self.input.close();
            self.terminal.give_back();
            if signals.stop_until_foreground().await == Signal::End {
                return Ok(signals.ending().map(Ending::Signal).or(Some(Ending::Alone)));
            }
            self.input = Input::open()?;
        }
        self.terminal.take_over()?;
        Ok(None)
    }
}
