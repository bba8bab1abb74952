//! What long work is at, on standard error, where that is a terminal.

use std::io::{self, IsTerminal, Write};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::ui::text;

/// Short work says nothing.
const SHORT: Duration = Duration::from_millis(300);
/// Where a terminal does not say how wide it is.
const USUAL_WIDTH: u16 = 80;

/// A line that is written over, and gone when this is dropped. It is written over with blanks, which every
/// terminal understands.
pub(super) struct Progress {
    started: Instant,
    /// How wide a line may be; none where nobody watches. A line that is wrapped could not be written over.
    room: Option<usize>,
    /// Columns that are written on.
    shown: AtomicUsize,
}

impl Progress {
    pub(super) fn new() -> Self {
        let columns = || crossterm::terminal::size().map_or(USUAL_WIDTH, |(columns, _)| columns);
        let room = io::stderr().is_terminal().then(|| usize::from(columns()).saturating_sub(1));
        Self { started: Instant::now(), room, shown: AtomicUsize::new(0) }
    }

    pub(super) fn say(&self, what: &str) {
        if let Some(room) = self.room
            && self.started.elapsed() > SHORT
        {
            let what = text::fit(what, room);
            let before = self.shown.swap(text::width(&what), Ordering::Relaxed);
            let _ = write!(io::stderr(), "\r{}", text::left(&what, before.max(text::width(&what))));
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        let shown = *self.shown.get_mut();
        if shown > 0 {
            let _ = write!(io::stderr(), "\r{}\r", " ".repeat(shown));
        }
    }
}
