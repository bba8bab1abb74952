//! Signals that end a command: its work is cancelled, so that it can clean up after itself.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{self, ExitCode};
use std::sync::atomic::{AtomicI32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc};
use std::thread;
use std::time::Duration;

use crate::backend::Cancel;

/// How long a command has to end by itself. Then it is ended where it stands: writing to a pipe that nobody
/// reads, or reading from a disk that does not answer.
const GRACE: Duration = Duration::from_secs(1);

/// Whether a command is to end. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub(super) struct Stop(Arc<State>);

#[derive(Debug, Default)]
struct State {
    cancel: Cancel,
    /// The signal that came; 0 for none.
    signal: AtomicI32,
    unfinished: Mutex<Option<PathBuf>>,
}

impl Stop {
    /// One that the usual signals ask for, from now on.
    pub(super) fn on_signals() -> Self {
        let stop = Self::default();
        #[cfg(unix)]
        stop.listen();
        stop
    }

    #[cfg(unix)]
    fn listen(&self) {
        use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
        use signal_hook::iterator::Signals;
        let (hand_over, signals) = mpsc::channel::<Signals>();
        let stop = self.clone();
        let wait = move || {
            if let Ok(mut signals) = signals.recv()
                && let Some(signal) = signals.forever().next()
            {
                stop.0.signal.store(signal, Ordering::Relaxed);
                stop.cancel().cancel();
                thread::sleep(GRACE);
                stop.remove_unfinished();
                process::exit(128 + signal);
            }
        };
        // Signals that are taken are lost without a thread that waits for them.
        if thread::Builder::new().name("signals".to_owned()).spawn(wait).is_ok() {
            // Whoever starts a command with a signal ignored, as nohup does, means it.
            let signals = [SIGINT, SIGTERM, SIGHUP].into_iter().filter(|signal| !is_ignored(*signal));
            // Otherwise they end the program as they always do.
            let _ = Signals::new(signals).map(|signals| hand_over.send(signals));
        }
    }

    /// Is cancelled by a signal.
    pub(super) fn cancel(&self) -> &Cancel {
        &self.0.cancel
    }

    /// What is said to whoever sent the signal: 130 for an interrupt, 143 for a termination.
    pub(super) fn exit_code(&self) -> Option<ExitCode> {
        let signal = self.0.signal.load(Ordering::Relaxed);
        (signal != 0).then(|| ExitCode::from(u8::try_from(128 + signal).unwrap_or(u8::MAX)))
    }

    /// Notes a file that is nothing before it is complete; `None` when it is.
    pub(super) fn note_unfinished(&self, path: Option<&Path>) {
        *self.unfinished() = path.map(Path::to_owned);
    }

    /// In a thread of its own: the disk may be what the command waits for.
    fn remove_unfinished(&self) {
        let Some(path) = self.unfinished().take() else { return };
        let (done, removed) = mpsc::channel();
        let remove = move || {
            // There is nobody left to hear of an error.
            let _ = fs::remove_file(path);
            let _ = done.send(());
        };
        if thread::Builder::new().spawn(remove).is_ok() {
            let _ = removed.recv_timeout(GRACE);
        }
    }

    fn unfinished(&self) -> MutexGuard<'_, Option<PathBuf>> {
        self.0.unfinished.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether a signal was ignored when the program was started, where the system tells.
#[cfg(unix)]
fn is_ignored(signal: i32) -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or_default();
    mask & (1 << (signal - 1)) != 0
}
