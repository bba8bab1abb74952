//! Work in progress: stopping it, and hearing how far it is.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::error::BackendError;

/// A switch shared between who asked for an answer and who works it out. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Cancel(Arc<AtomicBool>);

impl Cancel {
    /// Asks for the work to stop. It ends with [`BackendError::Cancelled`] soon after.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether the work was asked to stop.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// Ends the work here if it was asked to stop.
    ///
    /// # Errors
    /// [`BackendError::Cancelled`] if it was.
    pub fn check(&self) -> Result<(), BackendError> {
        if self.is_cancelled() { Err(BackendError::Cancelled) } else { Ok(()) }
    }
}

/// How far some work is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress<'a> {
    /// The table that is being read.
    pub table: &'a str,
    /// How many rows were read before it.
    pub done: u64,
    /// How many rows are read in all.
    pub total: u64,
}

impl Progress<'_> {
    /// How much of it is done.
    #[must_use]
    pub fn percent(&self) -> u64 {
        self.done.saturating_mul(100).checked_div(self.total).unwrap_or(0)
    }
}

/// How a question is cancelled, and who is told how far it is.
#[derive(Clone, Copy)]
pub struct Task<'a> {
    /// Stops it.
    pub cancel: &'a Cancel,
    /// Is told before each table; most answers are too quick to tell anything.
    pub progress: &'a (dyn Fn(Progress<'_>) + Sync),
}

impl<'a> Task<'a> {
    /// A task that can be cancelled and reports to nobody.
    #[must_use]
    pub fn new(cancel: &'a Cancel) -> Self {
        Self { cancel, progress: &|_| {} }
    }
}
