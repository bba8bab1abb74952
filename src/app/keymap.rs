//! From keys to actions.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::action::{ACTIONS, Action, Context};

/// A key as settings write it: `ctrl-s`, `S`, `space`, `alt-up`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    code: KeyCode,
    modifiers: KeyModifiers,
}

impl Key {
    /// Reads a key; `None` if there is none of that name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut modifiers = KeyModifiers::NONE;
        let mut rest = text;
        loop {
            let (modifier, tail) = match rest.split_once('-') {
                Some(("ctrl", tail)) => (KeyModifiers::CONTROL, tail),
                Some(("alt", tail)) => (KeyModifiers::ALT, tail),
                Some(("shift", tail)) => (KeyModifiers::SHIFT, tail),
                _ => break,
            };
            modifiers |= modifier;
            rest = tail;
        }
        let code = match rest {
            "up" => KeyCode::Up,
            "down" => KeyCode::Down,
            "left" => KeyCode::Left,
            "right" => KeyCode::Right,
            "home" => KeyCode::Home,
            "end" => KeyCode::End,
            "pageup" => KeyCode::PageUp,
            "pagedown" => KeyCode::PageDown,
            "enter" => KeyCode::Enter,
            "esc" => KeyCode::Esc,
            "tab" if modifiers.contains(KeyModifiers::SHIFT) => KeyCode::BackTab,
            "tab" => KeyCode::Tab,
            "space" => KeyCode::Char(' '),
            "delete" => KeyCode::Delete,
            "backspace" => KeyCode::Backspace,
            "f1" => KeyCode::F(1),
            "f2" => KeyCode::F(2),
            other => {
                let mut letters = other.chars();
                match (letters.next(), letters.next()) {
                    (Some(letter), None) => KeyCode::Char(letter),
                    _ => return None,
                }
            }
        };
        Some(Self { code, modifiers }.plain())
    }

    /// Without the shift that a capital letter or a back tab carries already.
    fn plain(self) -> Self {
        let carries_shift = matches!(self.code, KeyCode::Char(_) | KeyCode::BackTab);
        let modifiers = if carries_shift { self.modifiers - KeyModifiers::SHIFT } else { self.modifiers };
        Self { code: self.code, modifiers }
    }

    /// The event that a terminal sends for this key.
    #[must_use]
    pub fn event(self) -> KeyEvent {
        KeyEvent::new(self.code, self.modifiers)
    }
}

impl From<KeyEvent> for Key {
    fn from(event: KeyEvent) -> Self {
        Self { code: event.code, modifiers: event.modifiers }.plain()
    }
}

/// The action that a key means in these contexts, the innermost of which comes first.
#[must_use]
pub fn action(key: KeyEvent, contexts: &[Context]) -> Option<Action> {
    let key = Key::from(key);
    contexts.iter().find_map(|context| {
        let bound = ACTIONS
            .iter()
            .find(|info| keys_in(info.bindings, *context).any(|bound| Key::parse(bound) == Some(key)));
        bound.map(|info| info.action)
    })
}

/// The first key of an action in these contexts, as people read it. A key that means something else further inside is
/// none of its keys.
#[must_use]
pub(crate) fn key_of(action: Action, contexts: &[Context]) -> Option<String> {
    let info = action.info()?;
    let means_other = |key: &str, inner: &[Context]| {
        let others = ACTIONS.iter().filter(|other| other.action != action);
        let mut bindings = others.flat_map(|other| other.bindings);
        bindings.any(|(at, keys)| inner.contains(at) && keys.split_whitespace().any(|other| other == key))
    };
    contexts.iter().enumerate().find_map(|(at, context)| {
        let inner = contexts.get(..at).unwrap_or_default();
        keys_in(info.bindings, *context).find(|key| !means_other(key, inner)).map(shown)
    })
}

fn keys_in(
    bindings: &'static [(Context, &'static str)],
    context: Context,
) -> impl Iterator<Item = &'static str> {
    bindings.iter().filter(move |(at, _)| *at == context).flat_map(|(_, keys)| keys.split_whitespace())
}

/// A key as people read it.
#[must_use]
pub fn shown(key: &str) -> String {
    let (modifier, name) = match key.rsplit_once('-') {
        Some((modifier, name)) if !modifier.is_empty() && !name.is_empty() => (Some(modifier), name),
        _ => (None, key),
    };
    let name = match name {
        "space" => "Space",
        "enter" => "Enter",
        "esc" => "Esc",
        "tab" => "Tab",
        "delete" => "Del",
        "up" => "↑",
        "down" => "↓",
        "left" => "←",
        "right" => "→",
        "home" => "Home",
        "end" => "End",
        "pageup" => "PgUp",
        "pagedown" => "PgDn",
        "f1" => "F1",
        "f2" => "F2",
        other => other,
    };
    match modifier {
        Some("ctrl") => format!("^{name}"),
        Some("alt") => format!("Alt-{name}"),
        Some("shift") => format!("⇧{name}"),
        _ => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_in_the_table_is_one() {
        for info in ACTIONS {
            for (context, keys) in info.bindings {
                for key in keys.split_whitespace() {
                    assert!(Key::parse(key).is_some(), "{} in {context:?}: {key}", info.name);
                }
            }
        }
    }

    #[test]
    fn a_key_that_means_something_else_further_inside_is_not_offered() {
        let page = [Context::Summary, Context::Overview, Context::Screen];
        assert_eq!(key_of(Action::CardSql, &page).as_deref(), Some("Q"));
        assert_eq!(key_of(Action::ShowSql, &page), None);
        assert_eq!(key_of(Action::ShowSql, &[Context::Overview]).as_deref(), Some("Q"));
    }

    #[test]
    fn no_key_means_two_things_in_one_place() {
        let mut seen = std::collections::HashMap::new();
        for info in ACTIONS {
            for (context, keys) in info.bindings {
                for key in keys.split_whitespace() {
                    if let Some(other) = seen.insert((*context, Key::parse(key)), info.name) {
                        panic!("{key} in {context:?} is both {other} and {}", info.name);
                    }
                }
            }
        }
    }
}
