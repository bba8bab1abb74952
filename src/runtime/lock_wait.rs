//! Waiting for another writer of the workspace, which a person can end.

use std::sync::atomic::{AtomicBool, Ordering};

/// Whether a write is waiting for another writer, and whether it is to go on.
#[derive(Debug, Default)]
pub(super) struct LockWait {
    is_waiting: AtomicBool,
    is_given_up: AtomicBool,
}

impl LockWait {
    /// A write is asked for.
    pub(super) fn reset(&self) {
        self.is_waiting.store(false, Ordering::Relaxed);
        self.is_given_up.store(false, Ordering::Relaxed);
    }

    /// The write waits; whether it goes on waiting.
    pub(super) fn goes_on(&self) -> bool {
        self.is_waiting.store(true, Ordering::Relaxed);
        !self.is_given_up.load(Ordering::Relaxed)
    }

    pub(super) fn is_waiting(&self) -> bool {
        self.is_waiting.load(Ordering::Relaxed)
    }

    /// Nobody waits for it any more.
    pub(super) fn give_up(&self) {
        self.is_given_up.store(true, Ordering::Relaxed);
    }
}
