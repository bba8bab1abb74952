//! Keys as they are pressed: one at a time, or several that mean something together.

use std::sync::Arc;

use crossterm::event::{KeyCode, KeyEvent};

use super::action::{Action, Context};
use super::keymap::{Found, Key, Keymap};

/// What keys mean, and those that have been pressed of several.
#[derive(Clone, Debug)]
pub(crate) struct Keys {
    pub keymap: Arc<Keymap>,
    begun: Option<Begun>,
}

/// Keys that mean something together with the next.
#[derive(Clone, Debug)]
struct Begun {
    keys: Vec<Key>,
    /// Where: what lies on top may change before the next one comes.
    contexts: Vec<Context>,
}

/// What has come of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Pressed {
    Action(Action),
    /// It is no action: where text is typed it is typed.
    Typed,
    /// Further keys follow, or it left those that were begun.
    Taken,
    /// It does not follow those that were begun.
    Unknown(String),
}

impl Keys {
    pub(crate) fn new(keymap: Arc<Keymap>) -> Self {
        Self { keymap, begun: None }
    }

    /// Takes a key in these contexts.
    pub(crate) fn press(&mut self, event: KeyEvent, contexts: &[Context]) -> Pressed {
        let mut keys = self.take_begun(contexts);
        let is_first = keys.is_empty();
        keys.push(event.into());
        match self.keymap.find(&keys, contexts) {
            Found::Action(action) => Pressed::Action(action),
            Found::Begins => {
                self.begun = Some(Begun { keys, contexts: contexts.to_vec() });
                Pressed::Taken
            }
            Found::Nothing if is_first => Pressed::Typed,
            Found::Nothing if event.code == KeyCode::Esc => Pressed::Taken,
            Found::Nothing => Pressed::Unknown(super::keymap::shown(&keys)),
        }
    }

    fn take_begun(&mut self, contexts: &[Context]) -> Vec<Key> {
        let begun = self.begun.take().filter(|begun| begun.contexts == contexts);
        begun.map(|begun| begun.keys).unwrap_or_default()
    }

    /// No further key is waited for.
    pub(crate) fn leave(&mut self) {
        self.begun = None;
    }

    /// The keys that have been pressed of several, as people read them, and what may follow.
    pub(crate) fn begun(&self, contexts: &[Context]) -> Option<(String, Vec<(String, Action)>)> {
        let begun = self.begun.as_ref().filter(|begun| begun.contexts == contexts)?;
        Some((super::keymap::shown(&begun.keys), self.keymap.following(&begun.keys, contexts)))
    }
}
