//! Which key a finished sequence stands for: those that crossterm reads, numbered as xterm does, and those of
//! `modifyOtherKeys`.

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

/// The key of a byte.
pub(super) fn ascii(byte: u8) -> KeyEvent {
    let control = |first: char, from: u8| {
        let letter = char::from_u32(u32::from(first) + u32::from(byte - from)).unwrap_or(first);
        KeyEvent::new(KeyCode::Char(letter), KeyModifiers::CONTROL)
    };
    match byte {
        0 => KeyEvent::new(KeyCode::Char(' '), KeyModifiers::CONTROL),
        b'\r' => KeyCode::Enter.into(),
        b'\t' => KeyCode::Tab.into(),
        0x1b => KeyCode::Esc.into(),
        0x7f => KeyCode::Backspace.into(),
        0x01..=0x1a => control('a', 0x01),
        0x1c..=0x1f => control('4', 0x1c),
        _ => letter(char::from(byte)),
    }
}

/// The key of a character.
pub(super) fn letter(letter: char) -> KeyEvent {
    let shift = if letter.is_uppercase() { KeyModifiers::SHIFT } else { KeyModifiers::NONE };
    KeyEvent::new(KeyCode::Char(letter), shift)
}

/// The key of `ESC O` and a byte.
pub(super) fn ss3(byte: u8) -> Option<KeyEvent> {
    match byte {
        b'R' => Some(KeyCode::F(3).into()),
        _ => cursor_key(byte).map(KeyEvent::from),
    }
}

/// The key of `ESC [ [` and a byte.
pub(super) fn console(byte: u8) -> Option<KeyEvent> {
    match byte {
        b'A'..=b'E' => Some(KeyCode::F(1 + byte - b'A').into()),
        _ => None,
    }
}

/// The key of `ESC [`, parameters and a last byte; `None` if it is no key but a report.
pub(super) fn csi(parameters: &str, last: u8) -> Option<KeyEvent> {
    let is_report = |byte: u8| !matches!(byte, b'0'..=b'9' | b';' | b':');
    if parameters.bytes().any(is_report) {
        return None;
    }
    let parameters = Parameters(parameters);
    match last {
        b'Z' => Some(parameters.key(KeyCode::BackTab, 1, KeyModifiers::SHIFT)),
        b'~' if parameters.number(0, 0) == Some(27) => unicode(parameters, 2),
        b'~' => Some(parameters.key(numbered(parameters.number(0, 0)?)?, 1, KeyModifiers::NONE)),
        b'u' => unicode(parameters, 0),
        _ => {
            // Old terminals send the modifiers alone.
            let at = usize::from(parameters.0.contains(';'));
            Some(parameters.key(cursor_key(last)?, at, KeyModifiers::NONE))
        }
    }
}

/// `1;2:3`: numbers, some of which have parts.
#[derive(Clone, Copy)]
struct Parameters<'a>(&'a str);

impl Parameters<'_> {
    fn number(self, at: usize, part: usize) -> Option<u32> {
        self.0.split(';').nth(at)?.split(':').nth(part)?.parse().ok()
    }

    /// With what is held down, and whether it is pressed or released, by the parameter at a place.
    fn key(self, code: KeyCode, at: usize, more: KeyModifiers) -> KeyEvent {
        const BITS: [KeyModifiers; 6] = [
            KeyModifiers::SHIFT,
            KeyModifiers::ALT,
            KeyModifiers::CONTROL,
            KeyModifiers::SUPER,
            KeyModifiers::HYPER,
            KeyModifiers::META,
        ];
        let mask = self.number(at, 0).unwrap_or(1).saturating_sub(1);
        let held = BITS.into_iter().enumerate().filter(|(bit, _)| mask >> bit & 1 == 1);
        let modifiers = held.fold(more, |all, (_, modifier)| all | modifier);
        let kind = match self.number(at, 1) {
            Some(2) => KeyEventKind::Repeat,
            Some(3) => KeyEventKind::Release,
            _ => KeyEventKind::Press,
        };
        KeyEvent::new_with_kind(code, modifiers, kind)
    }
}

fn cursor_key(last: u8) -> Option<KeyCode> {
    Some(match last {
        b'A' => KeyCode::Up,
        b'B' => KeyCode::Down,
        b'C' => KeyCode::Right,
        b'D' => KeyCode::Left,
        b'F' => KeyCode::End,
        b'H' => KeyCode::Home,
        b'P' => KeyCode::F(1),
        b'Q' => KeyCode::F(2),
        // R ends the report of where the cursor is.
        b'S' => KeyCode::F(4),
        _ => return None,
    })
}

fn numbered(number: u32) -> Option<KeyCode> {
    let function = |less: u32| u8::try_from(number - less).ok().map(KeyCode::F);
    match number {
        1 | 7 => Some(KeyCode::Home),
        2 => Some(KeyCode::Insert),
        3 => Some(KeyCode::Delete),
        4 | 8 => Some(KeyCode::End),
        5 => Some(KeyCode::PageUp),
        6 => Some(KeyCode::PageDown),
        11..=15 => function(10),
        17..=21 => function(11),
        23..=26 => function(12),
        28..=29 => function(13),
        31..=34 => function(14),
        _ => None,
    }
}

/// A key by the number of its character, which is the parameter at a place; its modifiers are the second.
fn unicode(parameters: Parameters<'_>, at: usize) -> Option<KeyEvent> {
    let number = parameters.number(at, 0)?;
    let mut key = parameters.key(KeyCode::Null, 1, KeyModifiers::NONE);
    let has_shift = key.modifiers.contains(KeyModifiers::SHIFT);
    key.code = match (number, char::from_u32(number)?) {
        (_, '\x1b') => KeyCode::Esc,
        (_, '\r') => KeyCode::Enter,
        (_, '\t') if has_shift => KeyCode::BackTab,
        (_, '\t') => KeyCode::Tab,
        (_, '\x7f') => KeyCode::Backspace,
        // The numbers of keys that are no characters.
        (57_344..=63_743, _) => keypad(number)?,
        (_, letter) if letter.is_control() => return None,
        (_, letter) if has_shift => {
            let shifted = parameters.number(at, 1).and_then(char::from_u32);
            KeyCode::Char(shifted.unwrap_or(letter.to_ascii_uppercase()))
        }
        (_, letter) => KeyCode::Char(letter),
    };
    Some(key)
}

/// What the keypad sends where it is told from the other keys; those for which there is no use are left out.
fn keypad(number: u32) -> Option<KeyCode> {
    const FIRST: u32 = 57_399;
    const KEYS: [KeyCode; 28] = [
        KeyCode::Char('0'),
        KeyCode::Char('1'),
        KeyCode::Char('2'),
        KeyCode::Char('3'),
        KeyCode::Char('4'),
        KeyCode::Char('5'),
        KeyCode::Char('6'),
        KeyCode::Char('7'),
        KeyCode::Char('8'),
        KeyCode::Char('9'),
        KeyCode::Char('.'),
        KeyCode::Char('/'),
        KeyCode::Char('*'),
        KeyCode::Char('-'),
        KeyCode::Char('+'),
        KeyCode::Enter,
        KeyCode::Char('='),
        KeyCode::Char(','),
        KeyCode::Left,
        KeyCode::Right,
        KeyCode::Up,
        KeyCode::Down,
        KeyCode::PageUp,
        KeyCode::PageDown,
        KeyCode::Home,
        KeyCode::End,
        KeyCode::Insert,
        KeyCode::Delete,
    ];
    KEYS.get(usize::try_from(number.checked_sub(FIRST)?).ok()?).copied()
}
