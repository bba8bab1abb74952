//! All keys, looked up in one step.

use std::collections::HashMap;

use crossterm::event::KeyEvent;

use super::bindings::{Binding, file_name, of_table};
use super::key::{self, Key};
use crate::app::action::{ACTIONS, Action, Context};

/// What keys mean in every place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keymap {
    places: HashMap<Context, Place>,
}

/// What keys mean in one place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Place {
    /// In the order of the table of actions.
    bindings: Vec<Binding>,
    /// What was found at the end of all keys, and at each beginning of several.
    found: HashMap<Box<[Key]>, Found>,
}

/// What keys mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// An action.
    Action(Action),
    /// Further keys follow.
    Begins,
    /// Nothing.
    Nothing,
}

impl Default for Keymap {
    fn default() -> Self {
        Self::new(Context::ALL.iter().map(|context| (*context, of_table(*context))))
    }
}

impl Keymap {
    /// Bindings that do not collide.
    pub(super) fn new(bindings: impl Iterator<Item = (Context, Vec<Binding>)>) -> Self {
        let place = |bindings: Vec<Binding>| {
            let mut found = HashMap::new();
            for Binding { action, keys } in &bindings {
                for end in 1..keys.len() {
                    found.insert(keys.iter().take(end).copied().collect(), Found::Begins);
                }
                found.insert(keys.clone(), Found::Action(*action));
            }
            Place { bindings, found }
        };
        Self { places: bindings.map(|(context, bindings)| (context, place(bindings))).collect() }
    }

    /// What keys mean that are pressed one after the other in these contexts, the innermost of which comes first.
    #[must_use]
    pub fn find(&self, keys: &[Key], contexts: &[Context]) -> Found {
        let mut found = contexts.iter().filter_map(|context| self.places.get(context)?.found.get(keys));
        found.next().copied().unwrap_or(Found::Nothing)
    }

    /// The action that one key means.
    #[must_use]
    pub fn action(&self, key: KeyEvent, contexts: &[Context]) -> Option<Action> {
        match self.find(&[key.into()], contexts) {
            Found::Action(action) => Some(action),
            Found::Begins | Found::Nothing => None,
        }
    }

    /// The first keys of an action in these contexts, as people read them. Keys that mean something else further inside
    /// are none of its keys.
    #[must_use]
    pub(crate) fn key_of(&self, action: Action, contexts: &[Context]) -> Option<String> {
        let mut keys = contexts.iter().flat_map(|context| self.keys_in(action, *context));
        keys.find(|keys| self.leads_to(keys, action, contexts)).map(key::shown)
    }

    /// Whether pressing these keys does it.
    fn leads_to(&self, keys: &[Key], action: Action, contexts: &[Context]) -> bool {
        let begun = (1..keys.len()).filter_map(|end| keys.get(..end));
        begun.into_iter().all(|keys| self.find(keys, contexts) == Found::Begins)
            && self.find(keys, contexts) == Found::Action(action)
    }

    /// All keys of an action in these contexts that do it there, as people read them.
    #[must_use]
    pub(crate) fn all_keys_of(&self, action: Action, contexts: &[Context]) -> Vec<String> {
        let keys = contexts.iter().flat_map(|context| self.keys_in(action, *context));
        let mut shown: Vec<String> = Vec::new();
        for keys in keys.filter(|keys| self.leads_to(keys, action, contexts)).map(key::shown) {
            if !shown.contains(&keys) {
                shown.push(keys);
            }
        }
        shown
    }

    /// The keys of an action in one place.
    fn keys_in(&self, action: Action, context: Context) -> impl Iterator<Item = &[Key]> {
        let bindings = self.places.get(&context).map(|place| place.bindings.as_slice()).unwrap_or_default();
        bindings.iter().filter(move |binding| binding.action == action).map(|binding| &*binding.keys)
    }

    /// Whether an action has keys in a place.
    #[must_use]
    pub(crate) fn has_keys(&self, action: Action, context: Context) -> bool {
        self.keys_in(action, context).next().is_some()
    }

    /// The first place in which an action has keys.
    #[must_use]
    pub(crate) fn first_place_of(&self, action: Action) -> Option<Context> {
        Context::ALL.iter().copied().find(|context| self.has_keys(action, *context))
    }

    /// What may follow keys that have been pressed: the further keys, and what they do.
    #[must_use]
    pub(crate) fn following(&self, begun: &[Key], contexts: &[Context]) -> Vec<(String, Action)> {
        let places = contexts.iter().filter_map(|context| self.places.get(context));
        let bindings = places.flat_map(|place| &place.bindings);
        let further = bindings.filter_map(|binding| {
            let rest = binding.keys.strip_prefix(begun).filter(|rest| !rest.is_empty())?;
            let is_reached = self.leads_to(&binding.keys, binding.action, contexts);
            is_reached.then(|| (key::shown(rest), binding.action))
        });
        further.collect()
    }

    /// The whole file that says what this does.
    #[must_use]
    pub(crate) fn to_toml(&self) -> String {
        let mut text = HEAD.to_owned();
        for context in Context::ALL {
            let rows = ACTIONS.iter().filter_map(|info| {
                let keys = self.keys_in(info.action, *context).map(|keys| toml_text(&key::names(keys)));
                let keys: Vec<String> = keys.collect();
                let name = file_name(info.name);
                (!keys.is_empty()).then(|| format!("{name} = [{}]  # {}\n", keys.join(", "), info.title))
            });
            let rows: String = rows.collect();
            if !rows.is_empty() {
                let (name, title) = (file_name(context.name()), context.title());
                text.push_str(&format!("\n[{name}]  # {title}\n{rows}"));
            }
        }
        text
    }
}

/// What the file says first.
const HEAD: &str = "\
# The keys of segtui, as they are without a keymap.toml. In a file of your own write only what is to be otherwise:
# a place in brackets, and below it actions with their keys there, which replace those that are printed here.
#   add = \"a\"              one key
#   edit = [\"e\", \"enter\"]  several
#   top = \"g g\"            keys that are pressed one after the other
#   delete = []            none
#   undo = { add = \"z\", remove = \"u\" }   those that are printed here with one more and without one
# Keys: letters as they are typed, space, enter, tab, esc, up, down, left, right, home, end, pageup, pagedown, insert,
# delete, backspace, f1 to f12; ctrl-, alt- and shift- before them.
";

fn toml_text(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_in_the_table_is_one_and_means_one_thing() {
        for info in ACTIONS {
            for (context, keys) in info.bindings {
                for word in keys.split_whitespace() {
                    let key =
                        Key::parse(word).unwrap_or_else(|| panic!("{} in {context:?}: {word}", info.name));
                    let found = Keymap::default().find(&[key], &[*context]);
                    assert_eq!(found, Found::Action(info.action), "{word} in {context:?}");
                }
            }
        }
    }

    #[test]
    fn a_key_that_means_something_else_further_inside_is_not_offered() {
        let keymap = Keymap::default();
        let page = [Context::Summary, Context::Overview, Context::Screen];
        assert_eq!(keymap.key_of(Action::CardSql, &page).as_deref(), Some("Q"));
        assert_eq!(keymap.key_of(Action::ShowSql, &page), None);
        assert_eq!(keymap.key_of(Action::ShowSql, &[Context::Overview]).as_deref(), Some("Q"));
    }
}
