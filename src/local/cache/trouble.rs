//! What went wrong with the cache, told once.

use std::io;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

/// Something that went wrong, for whoever asks first.
#[derive(Debug, Default)]
pub struct Trouble(Mutex<State>);

#[derive(Debug, Default)]
enum State {
    #[default]
    None,
    Untold(String),
    Told,
}

impl Trouble {
    /// Remembers that nothing can be kept in `folder`. The first reason is enough.
    pub fn remember(&self, folder: &Path, error: &io::Error) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if matches!(*state, State::None) {
            *state = State::Untold(format!(
                "the cache folder {} cannot be written: {error}; answers are the same, but the next start \
                 takes as long as this one",
                folder.display()
            ));
        }
    }

    /// What went wrong, if nobody was told yet.
    pub fn tell(&self) -> Option<String> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match std::mem::replace(&mut *state, State::Told) {
            State::Untold(message) => Some(message),
            State::Told => None,
            State::None => {
                *state = State::None;
                None
            }
        }
    }
}
