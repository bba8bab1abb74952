//! A key, as settings write it and as people read it.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// A key as settings write it: `ctrl-s`, `S`, `space`, `alt-up`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    code: KeyCode,
    modifiers: KeyModifiers,
}

/// The keys that have a name: as settings write it, and as people read it.
const NAMED: &[(KeyCode, &str, &str)] = &[
    (KeyCode::Up, "up", "↑"),
    (KeyCode::Down, "down", "↓"),
    (KeyCode::Left, "left", "←"),
    (KeyCode::Right, "right", "→"),
    (KeyCode::Home, "home", "Home"),
    (KeyCode::End, "end", "End"),
    (KeyCode::PageUp, "pageup", "PgUp"),
    (KeyCode::PageDown, "pagedown", "PgDn"),
    (KeyCode::Enter, "enter", "Enter"),
    (KeyCode::Esc, "esc", "Esc"),
    (KeyCode::Tab, "tab", "Tab"),
    (KeyCode::Char(' '), "space", "Space"),
    (KeyCode::Delete, "delete", "Del"),
    (KeyCode::Insert, "insert", "Ins"),
    (KeyCode::Backspace, "backspace", "Backspace"),
];

/// The modifiers: as settings write them, and as people read them.
const MODIFIERS: &[(KeyModifiers, &str, &str)] = &[
    (KeyModifiers::CONTROL, "ctrl-", "^"),
    (KeyModifiers::ALT, "alt-", "Alt-"),
    (KeyModifiers::SHIFT, "shift-", "⇧"),
];

impl Key {
    /// Reads a key; `None` if there is none of that name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut modifiers = KeyModifiers::NONE;
        let mut rest = text;
        while let Some((modifier, tail)) = MODIFIERS.iter().find_map(|(modifier, name, _)| {
            let tail = rest.strip_prefix(name).filter(|tail| !tail.is_empty())?;
            Some((*modifier, tail))
        }) {
            modifiers |= modifier;
            rest = tail;
        }
        let named = NAMED.iter().find(|(_, name, _)| *name == rest).map(|(code, ..)| *code);
        let function = || {
            let number = rest.strip_prefix('f')?.parse().ok().filter(|number| (1..=12).contains(number))?;
            Some(KeyCode::F(number))
        };
        let letter = || {
            let mut letters = rest.chars();
            let letter = letters.next().filter(|letter| !letter.is_control() && !letter.is_whitespace())?;
            letters.next().is_none().then_some(KeyCode::Char(letter))
        };
        let code = named.or_else(letter).or_else(function)?;
        Some(Self { code, modifiers }.plain())
    }

    /// As a terminal sends it: the shift that a capital letter or a back tab carries is not said twice, and with Ctrl there
    /// are no capital letters.
    fn plain(self) -> Self {
        let Self { mut code, mut modifiers } = self;
        let is_shifted = modifiers.contains(KeyModifiers::SHIFT);
        match code {
            KeyCode::Tab if is_shifted => code = KeyCode::BackTab,
            KeyCode::Char(letter) if modifiers.contains(KeyModifiers::CONTROL) => {
                code = KeyCode::Char(letter.to_ascii_lowercase());
            }
            KeyCode::Char(letter) if is_shifted => code = KeyCode::Char(letter.to_ascii_uppercase()),
            _ => {}
        }
        if matches!(code, KeyCode::Char(_) | KeyCode::BackTab) {
            modifiers -= KeyModifiers::SHIFT;
        }
        Self { code, modifiers }
    }

    /// The event that a terminal sends for this key.
    #[must_use]
    pub fn event(self) -> KeyEvent {
        KeyEvent::new(self.code, self.modifiers)
    }

    /// Whether it types a letter or a blank where text is typed.
    pub(super) fn types(self) -> bool {
        let is_plain = !self.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT);
        is_plain && matches!(self.code, KeyCode::Char(_))
    }

    /// The key for which terminals send the same.
    pub(super) fn twin(self) -> Option<&'static str> {
        match (self.code, self.modifiers) {
            (KeyCode::Char('i'), KeyModifiers::CONTROL) => Some("tab"),
            (KeyCode::Char('m'), KeyModifiers::CONTROL) => Some("enter"),
            (KeyCode::Char('['), KeyModifiers::CONTROL) => Some("esc"),
            _ => None,
        }
    }

    /// As settings write it.
    #[must_use]
    pub(crate) fn name(self) -> String {
        self.written(|(_, name, _)| *name, |(_, name, _)| *name, 'f')
    }

    /// As people read it.
    #[must_use]
    pub fn shown(self) -> String {
        self.written(|(_, _, shown)| *shown, |(_, _, shown)| *shown, 'F')
    }

    fn written(
        self,
        key: impl Fn(&(KeyCode, &'static str, &'static str)) -> &'static str,
        modifier: impl Fn(&(KeyModifiers, &'static str, &'static str)) -> &'static str,
        function: char,
    ) -> String {
        let (code, modifiers) = match self.code {
            KeyCode::BackTab => (KeyCode::Tab, self.modifiers | KeyModifiers::SHIFT),
            code => (code, self.modifiers),
        };
        let held = MODIFIERS.iter().filter(|(held, ..)| modifiers.contains(*held)).map(modifier);
        let named = NAMED.iter().find(|(named, ..)| *named == code).map(|named| key(named).to_owned());
        let name = named.unwrap_or_else(|| match code {
            KeyCode::F(number) => format!("{function}{number}"),
            KeyCode::Char(letter) => letter.to_string(),
            _ => String::new(),
        });
        held.map(str::to_owned).chain([name]).collect()
    }
}

impl From<KeyEvent> for Key {
    fn from(event: KeyEvent) -> Self {
        Self { code: event.code, modifiers: event.modifiers }.plain()
    }
}

/// Keys that are pressed one after the other, as settings write them: `"g g"`.
///
/// # Errors
/// One of them is no key.
pub(super) fn sequence(text: &str) -> Result<Box<[Key]>, &str> {
    text.split_whitespace().map(|word| Key::parse(word).ok_or(word)).collect()
}

/// Keys that are pressed one after the other, as people read them.
pub(crate) fn shown(keys: &[Key]) -> String {
    keys.iter().map(|key| key.shown()).collect::<Vec<_>>().join(" ")
}

/// The same as settings write them.
pub(super) fn names(keys: &[Key]) -> String {
    keys.iter().map(|key| key.name()).collect::<Vec<_>>().join(" ")
}

/// The names of keys, for what an unknown one probably means.
pub(super) fn known_names() -> Vec<String> {
    let plain: Vec<String> = NAMED.iter().map(|(_, name, _)| (*name).to_owned()).collect();
    let with = |modifier: &str| plain.iter().map(|name| format!("{modifier}{name}")).collect::<Vec<_>>();
    let held = MODIFIERS.iter().flat_map(|(_, name, _)| with(name)).collect::<Vec<_>>();
    let letters = ('a'..='z').flat_map(|letter| [format!("ctrl-{letter}"), format!("alt-{letter}")]);
    plain.iter().cloned().chain(held).chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_written_as_it_is_read() {
        for name in
            known_names().iter().map(String::as_str).chain(["S", "f1", "f12", "-", "ctrl--", "?", "é"])
        {
            let key = Key::parse(name).unwrap_or_else(|| panic!("{name}"));
            assert_eq!(Key::parse(&key.name()), Some(key), "{name}");
            assert_eq!(Key::from(key.event()), key, "{name}");
            assert!(!key.shown().is_empty());
        }
        for name in ["", "entr", "f0", "f13", "ctrl-", "shift", "a b", "gg", "\t"] {
            assert_eq!(Key::parse(name), None, "{name}");
        }
    }

    #[test]
    fn what_terminals_send_alike_is_one_key() {
        let key = |name| Key::parse(name).unwrap();
        assert_eq!(key("ctrl-S"), key("ctrl-s"));
        assert_eq!(key("shift-a"), key("A"));
        assert_eq!(
            (key("shift-tab").name().as_str(), key("shift-tab").shown().as_str()),
            ("shift-tab", "⇧Tab")
        );
        assert_eq!(key("ctrl-p").shown(), "^p");
        assert_eq!(key("alt-up").shown(), "Alt-↑");
    }
}
