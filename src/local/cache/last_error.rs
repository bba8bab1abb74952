//! The first error in writing to the cache, told once.

use std::io;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use crate::file_system::reason;

/// An error, for whoever asks first.
#[derive(Debug, Default)]
pub(crate) struct LastError(Mutex<State>);

#[derive(Debug, Default)]
enum State {
    #[default]
    None,
    Unreported(String),
    Reported,
}

impl LastError {
    /// Records that nothing can be written to `folder`. The first reason is enough.
    pub(crate) fn record(&self, folder: &Path, error: &io::Error) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if matches!(*state, State::None) {
            *state = State::Unreported(format!(
                "{}: the cache folder cannot be written, {}; answers are the same, but the next start takes as \
                 long as this one",
                reason(error),
                folder.display()
            ));
        }
    }

    /// What went wrong, in words for people, if nobody was told yet.
    pub fn take(&self) -> Option<String> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match std::mem::replace(&mut *state, State::Reported) {
            State::Unreported(message) => Some(message),
            State::Reported => None,
            State::None => {
                *state = State::None;
                None
            }
        }
    }
}
