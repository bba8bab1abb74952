//! Work that cannot be interrupted, on a thread of its own.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use crate::backend::Cancel;

/// How soon a cancelled question is given up.
const PATIENCE: Duration = Duration::from_millis(10);
/// Queries are trees, which are walked down; this much depth costs nothing before it is used.
const STACK: usize = 64 << 20;

/// Why there is no result.
pub(crate) enum NoResult {
    /// Somebody asked to stop. The work runs to its end, and what comes of it is dropped.
    Cancelled,
    /// It panicked, with these words.
    Panicked(String),
}

/// The result of some work, unless it is cancelled before.
pub(crate) fn run_isolated<T: Send + 'static>(
    cancel: &Cancel,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, NoResult> {
    if cancel.is_cancelled() {
        return Err(NoResult::Cancelled);
    }
    let (sender, receiver) = channel();
    let named = thread::Builder::new().name("query".to_owned()).stack_size(STACK);
    let started = named.spawn(move || {
        // Nobody listens any more if the question was cancelled.
        let _ = sender.send(catch_unwind(AssertUnwindSafe(work)).map_err(|panic| words(&*panic)));
    });
    if let Err(error) = started {
        return Err(NoResult::Panicked(error.to_string()));
    }
    loop {
        match receiver.recv_timeout(PATIENCE) {
            _ if cancel.is_cancelled() => return Err(NoResult::Cancelled),
            Ok(result) => return result.map_err(NoResult::Panicked),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return Err(NoResult::Panicked(String::new())),
        }
    }
}

fn words(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use super::{NoResult, run_isolated};
    use crate::backend::Cancel;

    #[test]
    fn a_panic_stays_within() {
        assert!(matches!(run_isolated(&Cancel::default(), || 1), Ok(1)));
        let panicked = run_isolated(&Cancel::default(), || panic!("no {}", "way"));
        assert!(matches!(panicked, Err::<(), _>(NoResult::Panicked(words)) if words == "no way"));
    }

    #[test]
    fn cancelled_work_is_not_waited_for() {
        let cancel = Cancel::default();
        let (go, wait) = channel::<()>();
        let (started, has_started) = channel();
        let other = cancel.clone();
        let asked = std::thread::spawn(move || {
            run_isolated(&other, move || {
                started.send(()).unwrap();
                wait.recv()
            })
        });
        has_started.recv().unwrap();
        cancel.cancel();
        assert!(matches!(asked.join().unwrap(), Err(NoResult::Cancelled)));
        drop(go);
    }
}
