//! Which keys stand for which action in one place.

use super::key::{self, Key};
use crate::app::action::{ACTIONS, Action, Context};

/// Keys that stand for an action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Binding {
    pub action: Action,
    /// Pressed one after the other; there is at least one.
    pub keys: Box<[Key]>,
}

impl Binding {
    /// Whether no one can press both: they are the same keys, or one begins like the other.
    pub fn collides(&self, keys: &[Key]) -> bool {
        self.keys.starts_with(keys) || keys.starts_with(&self.keys)
    }
}

/// The bindings of the table in one place, in its order.
pub(super) fn of_table(context: Context) -> Vec<Binding> {
    let rows = ACTIONS.iter().flat_map(|info| info.bindings.iter().map(|binding| (info.action, binding)));
    let here = rows.filter(|(_, (at, _))| *at == context);
    let words = here.flat_map(|(action, (_, keys))| keys.split_whitespace().map(move |word| (action, word)));
    words.filter_map(|(action, word)| Some(Binding { action, keys: key::sequence(word).ok()? })).collect()
}

/// A name of the table as files have it: `ToggleOff` is `toggle_off`.
pub(super) fn file_name(name: &str) -> String {
    let mut written = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !written.is_empty() {
            written.push('_');
        }
        written.push(letter.to_ascii_lowercase());
    }
    written
}
