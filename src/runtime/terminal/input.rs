//! What is read from the terminal: by a thread, which hands on events as they come.

use std::fs::File;
use std::io::{self, ErrorKind, PipeReader, PipeWriter, Read};
use std::os::fd::AsFd;
use std::time::Instant;

use crossterm::event::Event;
use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::device;
use super::parser::Parser;

/// As much as the system hands over at once.
const BUFFER: usize = 4096;

/// The events of the terminal.
pub(crate) struct Input {
    events: UnboundedReceiver<Vec<Event>>,
    /// Whether the background is light, whenever the terminal says so.
    backgrounds: Option<UnboundedReceiver<bool>>,
    /// Wakes the thread, which then ends, when it is dropped.
    stop: Option<PipeWriter>,
}

impl Input {
    /// Starts to read.
    ///
    /// # Errors
    /// There is no terminal that can be read.
    pub(crate) fn open() -> io::Result<Self> {
        let terminal = device::input()?;
        let (stop, keep) = io::pipe()?;
        let (sender, events) = unbounded_channel();
        let (answers, backgrounds) = unbounded_channel();
        let read = move || read(&terminal, &stop, &sender, &answers);
        std::thread::Builder::new().name("input".to_owned()).spawn(read)?;
        Ok(Self { events, backgrounds: Some(backgrounds), stop: Some(keep) })
    }

    /// Waits for the next events; `None` when nobody is at the terminal any more.
    pub(crate) async fn next(&mut self) -> Option<Vec<Event>> {
        self.events.recv().await
    }

    /// Where it comes whether the background is light; once.
    pub(crate) fn backgrounds(&mut self) -> Option<UnboundedReceiver<bool>> {
        self.backgrounds.take()
    }

    /// Nothing more is read.
    pub(crate) fn close(&mut self) {
        self.stop = None;
    }

    /// How many times [`Self::next`] does not have to wait.
    pub(crate) fn ready(&self) -> usize {
        self.events.len()
    }
}

/// What the thread has waited for.
enum Waited {
    Ready,
    TimedOut,
    /// Nobody wants more, or the terminal has none.
    Over,
}

fn read(
    mut terminal: &File,
    stop: &PipeReader,
    sender: &UnboundedSender<Vec<Event>>,
    answers: &UnboundedSender<bool>,
) {
    let mut parser = Parser::default();
    let mut buffer = vec![0; BUFFER];
    let mut events = Vec::new();
    loop {
        match wait(terminal, stop, parser.deadline()) {
            Waited::Over => return,
            Waited::TimedOut => parser.time_out(&mut events),
            Waited::Ready => match terminal.read(&mut buffer) {
                Ok(count) if count > 0 => {
                    parser.feed(buffer.get(..count).unwrap_or_default(), Instant::now(), &mut events);
                }
                Err(error) if matches!(error.kind(), ErrorKind::Interrupted | ErrorKind::WouldBlock) => {}
                Ok(_) | Err(_) => return,
            },
        }
        if let Some(is_light) = parser.take_is_light() {
            // Nobody may want to know any more.
            let _ = answers.send(is_light);
        }
        if !events.is_empty() && sender.send(std::mem::take(&mut events)).is_err() {
            return;
        }
    }
}

fn wait(terminal: &File, stop: &PipeReader, deadline: Option<Instant>) -> Waited {
    let timeout = deadline.map_or(PollTimeout::NONE, |deadline| {
        let left = deadline.saturating_duration_since(Instant::now());
        // It counts whole milliseconds, and waits not at all for less.
        PollTimeout::try_from(left.as_millis() + 1).unwrap_or(PollTimeout::MAX)
    });
    let mut files =
        [PollFd::new(terminal.as_fd(), PollFlags::POLLIN), PollFd::new(stop.as_fd(), PollFlags::POLLIN)];
    match poll(&mut files, timeout) {
        Ok(0) => return Waited::TimedOut,
        Err(Errno::EINTR) => return wait(terminal, stop, deadline),
        Err(_) => return Waited::Over,
        Ok(_) => {}
    }
    let [terminal, stop] = files;
    let has = |file: &PollFd, flags: PollFlags| file.revents().is_some_and(|found| found.intersects(flags));
    if has(&stop, PollFlags::all()) || !has(&terminal, PollFlags::POLLIN) {
        Waited::Over
    } else {
        Waited::Ready
    }
}
