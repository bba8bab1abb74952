//! What long work is at, on standard error, where that is a terminal.

use std::io::{self, IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::ui::text::sanitize;

/// Short work says nothing.
const SHORT: Duration = Duration::from_millis(300);

/// A line that is written over, and gone when this is dropped.
pub(super) struct Progress {
    started: Instant,
    is_terminal: bool,
    is_shown: AtomicBool,
}

impl Progress {
    pub(super) fn new() -> Self {
        Self {
            started: Instant::now(),
            is_terminal: io::stderr().is_terminal(),
            is_shown: AtomicBool::new(false),
        }
    }

    pub(super) fn say(&self, what: &str) {
        if self.is_terminal && self.started.elapsed() > SHORT {
            self.is_shown.store(true, Ordering::Relaxed);
            let _ = write!(io::stderr(), "\r\x1b[K{}", sanitize(what));
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.is_shown.load(Ordering::Relaxed) {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
    }
}
