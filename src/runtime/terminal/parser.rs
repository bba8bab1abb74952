//! What a terminal sends, cut into events. It comes in pieces of any length: a sequence is read on where the last
//! piece ended, and only time tells a key Esc from the beginning of a sequence. Reports that nobody asked for are
//! swallowed; the answer to the one question that is asked is kept.

use std::time::{Duration, Instant};

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};

use super::{background, keys};

/// After an Esc without more this long, it was the key.
const ESCAPE: Duration = Duration::from_millis(50);
/// What is unfinished after this long never will be.
const UNFINISHED: Duration = Duration::from_millis(500);
/// No sequence has more parameters than fit in here.
const LONGEST: usize = 64;
/// A paste is over after so long without more, whether its end has come or not: otherwise it would take every key.
const PASTE_SILENCE: Duration = Duration::from_secs(1);
/// More than this of a paste is thrown away.
const LONGEST_PASTE: usize = 64 * 1024 * 1024;
/// Nobody types so many bytes at once.
const MORE_THAN_TYPED: usize = 16;
const PASTE_START: &[u8] = b"200";
const PASTE_END: &[u8] = b"\x1b[201~";

/// The parser of a terminal's input.
#[derive(Debug, Default)]
pub(super) struct Parser {
    state: State,
    /// The bytes of an unfinished character, the parameters of a sequence, or what is being pasted.
    pending: Vec<u8>,
    /// Whether the sequence or character follows an Esc of its own.
    is_alt: bool,
    /// When the string began that the input stands in.
    string_begun: Option<Instant>,
    /// When what is unfinished is given up.
    deadline: Option<Instant>,
    /// Whether a paste has stopped without its end: the rest may still come.
    has_stalled: bool,
    /// Whether the terminal has a light background, once it has answered.
    is_light: Option<bool>,
}

/// Where in a sequence the input stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Ground,
    /// In a character of so many bytes.
    Character(usize),
    Escape,
    /// After `ESC [`.
    Csi,
    /// After `ESC [ [`, as the Linux console sends its function keys.
    Console,
    /// After `ESC O`.
    Ss3,
    /// In a string, after its introducer.
    String {
        introducer: u8,
        is_empty: bool,
    },
    /// In a string, after an Esc that may end it.
    StringEscape,
    /// So many bytes of a mouse report are left.
    Mouse(u8),
    Paste {
        /// How many bytes have come.
        length: usize,
        /// How many of the last are the beginning of the end marker.
        ending: usize,
    },
}

/// Where a paste begins.
const PASTE: State = State::Paste { length: 0, ending: 0 };

impl Parser {
    /// Takes what has come now; what it means is added to the events.
    pub(super) fn feed(&mut self, bytes: &[u8], now: Instant, events: &mut Vec<Event>) {
        // Whoever types on into a string without an end would keep it from ending by silence.
        let is_overdue = self.string_begun.is_some_and(|begun| begun + UNFINISHED <= now);
        if is_overdue && bytes.len() <= MORE_THAN_TYPED {
            self.time_out(events);
        }
        // The rest of a paste is no command.
        if std::mem::take(&mut self.has_stalled) && bytes.len() > MORE_THAN_TYPED {
            self.state = PASTE;
        }
        for byte in bytes {
            self.take(*byte, events);
        }
        match self.state {
            State::String { .. } | State::StringEscape => self.string_begun = self.string_begun.or(Some(now)),
            _ => self.string_begun = None,
        }
        self.deadline = match self.state {
            State::Ground => None,
            State::Escape | State::String { is_empty: true, .. } => Some(now + ESCAPE),
            State::Paste { .. } => Some(now + PASTE_SILENCE),
            // What comes at once after that is no typing either.
            _ => Some((self.string_begun.unwrap_or(now) + UNFINISHED).max(now + ESCAPE)),
        };
    }

    /// Until when to wait for more before [`Self::time_out`]; `None` if nothing is unfinished.
    pub(super) fn deadline(&self) -> Option<Instant> {
        self.deadline
    }

    /// Whether the terminal has a light background, if it has answered since this was called last.
    pub(super) fn take_is_light(&mut self) -> Option<bool> {
        self.is_light.take()
    }

    /// Nothing has come until [`Self::deadline`].
    pub(super) fn time_out(&mut self, events: &mut Vec<Event>) {
        self.deadline = None;
        let alone = match self.state {
            State::Ground => return,
            State::Paste { length, .. } => {
                self.has_stalled = true;
                return self.pasted(length, events);
            }
            State::Escape => {
                events.extend(std::iter::repeat_n(escape(), 1 + usize::from(self.is_alt)));
                None
            }
            State::String { introducer, is_empty: true } => Some(introducer),
            State::StringEscape => {
                events.push(escape());
                None
            }
            State::Csi if self.pending.is_empty() => Some(b'['),
            State::Ss3 => Some(b'O'),
            _ => None,
        };
        self.reset();
        if let Some(introducer) = alone {
            self.is_alt = true;
            self.plain(introducer, events);
        }
    }

    fn reset(&mut self) {
        self.state = State::Ground;
        self.is_alt = false;
        self.string_begun = None;
        self.pending.clear();
    }

    fn take(&mut self, byte: u8, events: &mut Vec<Event>) {
        match (self.state, byte) {
            (State::Paste { length, ending }, _) => self.paste(byte, length + 1, ending, events),
            (State::Mouse(left), _) if left > 1 => self.state = State::Mouse(left - 1),
            (State::Mouse(_), _) => self.reset(),
            (State::Escape, _) => self.escaped(byte, events),
            (State::String { .. }, 0x1b) => self.state = State::StringEscape,
            // BEL ends it as well, CAN and SUB break it off.
            (State::String { .. }, 0x07) | (State::StringEscape, b'\\') => {
                self.is_light = background::is_light(&self.pending).or(self.is_light);
                self.reset();
            }
            (State::String { .. }, 0x18 | 0x1a) => self.reset(),
            (State::String { introducer, .. }, _) => {
                self.state = State::String { introducer, is_empty: false };
                if introducer == b']' && self.pending.len() < LONGEST {
                    self.pending.push(byte);
                }
            }
            (State::StringEscape, _) => {
                self.begin_escape();
                self.take(byte, events);
            }
            (_, 0x1b) => self.begin_escape(),
            (State::Ground, _) => self.plain(byte, events),
            (State::Character(length), 0x80..=0xbf) => self.character(length, byte, events),
            (State::Csi, 0x20..=0x7e) => self.csi(byte, events),
            (State::Console, 0x20..=0x7e) => self.finish(keys::console(byte), events),
            (State::Ss3, 0x20..=0x7e) => self.finish(keys::ss3(byte), events),
            // Broken off by something else.
            (State::Character(_) | State::Csi | State::Console | State::Ss3, _) => {
                self.reset();
                self.plain(byte, events);
            }
        }
    }

    fn begin_escape(&mut self) {
        self.reset();
        self.state = State::Escape;
    }

    fn escaped(&mut self, byte: u8, events: &mut Vec<Event>) {
        self.state = match byte {
            // With Alt some terminals send another Esc before the sequence of a key.
            b'[' => State::Csi,
            b'O' => State::Ss3,
            0x1b if !self.is_alt => {
                self.is_alt = true;
                return;
            }
            _ => {
                if self.is_alt {
                    events.push(escape());
                }
                match byte {
                    0x1b => return,
                    b']' | b'P' | b'X' | b'^' | b'_' => State::String { introducer: byte, is_empty: true },
                    _ => {
                        self.is_alt = true;
                        return self.plain(byte, events);
                    }
                }
            }
        };
    }

    /// A byte that belongs to no sequence.
    fn plain(&mut self, byte: u8, events: &mut Vec<Event>) {
        let length = match byte {
            0..=0x7f => return self.finish(Some(keys::ascii(byte)), events),
            0xc2..=0xdf => 2,
            0xe0..=0xef => 3,
            0xf0..=0xf4 => 4,
            // It begins no character.
            _ => return self.reset(),
        };
        self.state = State::Character(length);
        self.pending.push(byte);
    }

    fn character(&mut self, length: usize, byte: u8, events: &mut Vec<Event>) {
        self.pending.push(byte);
        if self.pending.len() == length {
            let letter = std::str::from_utf8(&self.pending).ok().and_then(|text| text.chars().next());
            self.finish(letter.map(keys::letter), events);
        }
    }

    fn csi(&mut self, byte: u8, events: &mut Vec<Event>) {
        match byte {
            b'[' if self.pending.is_empty() => self.state = State::Console,
            b'M' if self.pending.is_empty() => self.state = State::Mouse(3),
            // Parameters.
            0x20..=0x3f => {
                if self.pending.len() < LONGEST {
                    self.pending.push(byte);
                }
            }
            b'~' if self.pending == PASTE_START => {
                self.reset();
                self.state = PASTE;
            }
            b'I' | b'O' if self.pending.is_empty() => {
                self.reset();
                events.push(if byte == b'I' { Event::FocusGained } else { Event::FocusLost });
            }
            last => {
                let key = std::str::from_utf8(&self.pending).ok().and_then(|text| keys::csi(text, last));
                self.finish(key, events);
            }
        }
    }

    /// Nothing within is interpreted until the end marker has come.
    fn paste(&mut self, byte: u8, length: usize, ending: usize, events: &mut Vec<Event>) {
        if length <= LONGEST_PASTE {
            self.pending.push(byte);
        }
        // Only its first byte can begin the marker anew.
        let ending = match PASTE_END.get(ending) {
            Some(expected) if *expected == byte => ending + 1,
            _ => usize::from(byte == 0x1b),
        };
        if ending == PASTE_END.len() {
            self.pasted(length - PASTE_END.len(), events);
        } else {
            self.state = State::Paste { length, ending };
        }
    }

    fn pasted(&mut self, length: usize, events: &mut Vec<Event>) {
        // It may have been large.
        let mut text = std::mem::take(&mut self.pending);
        text.truncate(length);
        events.push(Event::Paste(String::from_utf8_lossy(&text).into_owned()));
        self.reset();
    }

    fn finish(&mut self, key: Option<KeyEvent>, events: &mut Vec<Event>) {
        if let Some(mut key) = key {
            key.modifiers.set(KeyModifiers::ALT, self.is_alt || key.modifiers.contains(KeyModifiers::ALT));
            events.push(Event::Key(key));
        }
        self.reset();
    }
}

fn escape() -> Event {
    Event::Key(KeyCode::Esc.into())
}

#[cfg(test)]
mod tests;
