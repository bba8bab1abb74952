//! What a terminal sends, cut into events. It comes in pieces of any length: a sequence is read on where the last
//! piece ended, and only time tells a key Esc from the beginning of a sequence. Reports that nobody asked for are
//! swallowed.

use std::time::{Duration, Instant};

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};

use super::keys;

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
            (State::String { .. }, 0x07 | 0x18 | 0x1a) | (State::StringEscape, b'\\') => self.reset(),
            (State::String { introducer, .. }, _) => {
                self.state = State::String { introducer, is_empty: false };
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
mod tests {
    use crossterm::event::KeyEventKind;

    use super::*;

    const NONE: KeyModifiers = KeyModifiers::NONE;
    const SHIFT: KeyModifiers = KeyModifiers::SHIFT;
    const ALT: KeyModifiers = KeyModifiers::ALT;
    const CONTROL: KeyModifiers = KeyModifiers::CONTROL;

    fn key(code: KeyCode, modifiers: KeyModifiers) -> Event {
        Event::Key(KeyEvent::new(code, modifiers))
    }

    fn released(code: KeyCode) -> Event {
        Event::Key(KeyEvent::new_with_kind(code, NONE, KeyEventKind::Release))
    }

    /// What is sent, and the event it is.
    fn known() -> Vec<(Vec<u8>, Event)> {
        let mut known: Vec<(Vec<u8>, Event)> = Vec::new();
        let mut is = |bytes: &str, event: Event| known.push((bytes.as_bytes().to_vec(), event));
        for (byte, code) in [("\r", KeyCode::Enter), ("\t", KeyCode::Tab), ("\x7f", KeyCode::Backspace)] {
            is(byte, key(code, NONE));
            is(&format!("\x1b{byte}"), key(code, ALT));
        }
        for letter in ('a'..='z').filter(|letter| !matches!(letter, 'i' | 'm')) {
            let control = char::from(u8::try_from(letter).unwrap() - b'a' + 1);
            is(&control.to_string(), key(KeyCode::Char(letter), CONTROL));
            is(&format!("\x1b{control}"), key(KeyCode::Char(letter), CONTROL | ALT));
        }
        for (byte, letter) in [('\0', ' '), ('\x1c', '4'), ('\x1d', '5'), ('\x1e', '6'), ('\x1f', '7')] {
            is(&byte.to_string(), key(KeyCode::Char(letter), CONTROL));
        }
        for letter in ['a', 'z', '0', ' ', '~', 'é', '漢', '👩', '\u{301}'] {
            is(&letter.to_string(), key(KeyCode::Char(letter), NONE));
            is(&format!("\x1b{letter}"), key(KeyCode::Char(letter), ALT));
        }
        for letter in ['A', 'Z', 'É'] {
            is(&letter.to_string(), key(KeyCode::Char(letter), SHIFT));
            is(&format!("\x1b{letter}"), key(KeyCode::Char(letter), SHIFT | ALT));
        }
        let cursor = [
            ('A', KeyCode::Up),
            ('B', KeyCode::Down),
            ('C', KeyCode::Right),
            ('D', KeyCode::Left),
            ('H', KeyCode::Home),
            ('F', KeyCode::End),
            ('P', KeyCode::F(1)),
            ('Q', KeyCode::F(2)),
            ('S', KeyCode::F(4)),
        ];
        for (last, code) in cursor {
            is(&format!("\x1b[{last}"), key(code, NONE));
            is(&format!("\x1bO{last}"), key(code, NONE));
            is(&format!("\x1b\x1b[{last}"), key(code, ALT));
            is(&format!("\x1b\x1bO{last}"), key(code, ALT));
            is(&format!("\x1b[1;2{last}"), key(code, SHIFT));
            is(&format!("\x1b[1;3{last}"), key(code, ALT));
            is(&format!("\x1b[1;8{last}"), key(code, SHIFT | ALT | CONTROL));
            is(&format!("\x1b[;5{last}"), key(code, CONTROL));
            is(&format!("\x1b[5{last}"), key(code, CONTROL));
            is(&format!("\x1b[1;1:3{last}"), released(code));
        }
        is("\x1bOR", key(KeyCode::F(3), NONE));
        is("\x1b[Z", key(KeyCode::BackTab, SHIFT));
        let mut numbered = vec![
            (1, KeyCode::Home),
            (2, KeyCode::Insert),
            (3, KeyCode::Delete),
            (4, KeyCode::End),
            (5, KeyCode::PageUp),
            (6, KeyCode::PageDown),
            (7, KeyCode::Home),
            (8, KeyCode::End),
        ];
        let functions =
            [11, 12, 13, 14, 15, 17, 18, 19, 20, 21, 23, 24, 25, 26, 28, 29, 31, 32, 33, 34].into_iter();
        numbered.extend(functions.zip(1..).map(|(number, function)| (number, KeyCode::F(function))));
        for (number, code) in numbered {
            is(&format!("\x1b[{number}~"), key(code, NONE));
            is(&format!("\x1b[{number};5~"), key(code, CONTROL));
            is(&format!("\x1b[{number};1:3~"), released(code));
        }
        for (last, function) in ('A'..='E').zip(1..) {
            is(&format!("\x1b[[{last}"), key(KeyCode::F(function), NONE));
        }
        for (form, after) in [("\x1b[", "u"), ("\x1b[27;", "~")] {
            let mut is = |number: u32, mask: u8, event: Event| match after {
                "u" => is(&format!("{form}{number};{mask}{after}"), event),
                _ => is(&format!("{form}{mask};{number}{after}"), event),
            };
            is(97, 5, key(KeyCode::Char('a'), CONTROL));
            is(65, 6, key(KeyCode::Char('A'), SHIFT | CONTROL));
            is(97, 2, key(KeyCode::Char('A'), SHIFT));
            is(0x6f22, 3, key(KeyCode::Char('漢'), ALT));
            is(13, 5, key(KeyCode::Enter, CONTROL));
            is(9, 2, key(KeyCode::BackTab, SHIFT));
            is(9, 5, key(KeyCode::Tab, CONTROL));
            is(27, 1, key(KeyCode::Esc, NONE));
            is(127, 3, key(KeyCode::Backspace, ALT));
        }
        is("\x1b[97u", key(KeyCode::Char('a'), NONE));
        is("\x1b[57:40;2u", key(KeyCode::Char('('), SHIFT));
        is("\x1b[57414u", key(KeyCode::Enter, NONE));
        is("\x1b[57426u", key(KeyCode::Delete, NONE));
        is("\x1b[I", Event::FocusGained);
        is("\x1b[O", Event::FocusLost);
        let pasted = "q\r\n\x1b[A\x1b[20~\x1b[201 é\x03";
        is(&format!("\x1b[200~{pasted}\x1b[201~"), Event::Paste(pasted.to_owned()));
        is("\x1b[200~\x1b[201~", Event::Paste(String::new()));
        known
    }

    /// What means nothing to the program.
    const REPORTS: &[&str] = &[
        "\x1b]11;rgb:1212/1414/1818\x1b\\",
        "\x1b]11;rgb:1212/1414/1818\x07",
        "\x1b]52;c;YQ==\x1b\\",
        "\x1bP>|xterm(370)\x1b\\",
        "\x1bP1+r544e=787465726d\x1b\\",
        "\x1b_Gi=31;OK\x1b\\",
        "\x1b^private\x1b\\",
        "\x1bXstring\x1b\\",
        "\x1b[12;40R",
        "\x1b[?12;40R",
        "\x1b[?62;4;22c",
        "\x1b[>41;370;0c",
        "\x1b[?2026;2$y",
        "\x1b[?1u",
        "\x1b[?997;1n",
        "\x1b[0n",
        "\x1b[8;36;120t",
        "\x1b[<0;10;20M",
        "\x1b[<0;10;20m",
        "\x1b[32;10;20M",
        "\x1b[M !!",
        "\x1b[201~",
        "\x1b[99~",
        "\x1b[57441;2u",
        "\x1b[1u",
        "\x1b[27~",
        "\x1b[y",
        "\x1bOz",
    ];

    fn parsed(pieces: &[&[u8]]) -> Vec<Event> {
        let (mut parser, mut events) = (Parser::default(), Vec::new());
        for piece in pieces {
            parser.feed(piece, Instant::now(), &mut events);
        }
        events
    }

    #[test]
    fn every_sequence_is_read_however_it_is_cut() {
        let reports = REPORTS.iter().map(|report| (report.as_bytes().to_vec(), None));
        let known = known().into_iter().map(|(bytes, event)| (bytes, Some(event)));
        for (bytes, event) in known.chain(reports) {
            let shown = String::from_utf8_lossy(&bytes).into_owned();
            // What follows is itself again.
            let expected: Vec<Event> = event.into_iter().chain([key(KeyCode::Char('x'), NONE)]).collect();
            for at in 0..=bytes.len() {
                let (first, second) = bytes.split_at(at);
                assert_eq!(parsed(&[first, second, b"x"]), expected, "{shown:?} cut at {at}");
            }
            let single: Vec<&[u8]> = bytes.chunks(1).collect();
            assert_eq!(parsed(&[single.as_slice(), &[b"x"]].concat()), expected, "{shown:?} by bytes");
        }
    }

    #[test]
    fn all_in_one_read_are_as_many_events() {
        let bytes: Vec<u8> = known().into_iter().flat_map(|(bytes, _)| bytes).collect();
        let events: Vec<Event> = known().into_iter().map(|(_, event)| event).collect();
        assert_eq!(parsed(&[&bytes]), events);
    }

    #[test]
    fn time_tells_what_was_a_key_alone() {
        let after = |bytes: &[u8]| {
            let (mut parser, mut events) = (Parser::default(), Vec::new());
            let now = Instant::now();
            parser.feed(bytes, now, &mut events);
            let patience = parser.deadline().map(|deadline| deadline - now);
            parser.time_out(&mut events);
            assert_eq!(parser.deadline(), None);
            parser.feed(b"x", now, &mut events);
            assert_eq!(events.pop(), Some(key(KeyCode::Char('x'), NONE)));
            (patience, events)
        };
        let alt = |letter: char, more: KeyModifiers| key(KeyCode::Char(letter), ALT | more);
        assert_eq!(after(b"\x1b"), (Some(ESCAPE), vec![escape()]));
        assert_eq!(after(b"\x1b\x1b"), (Some(ESCAPE), vec![escape(), escape()]));
        assert_eq!(after(b"\x1b\x1b\x1b"), (Some(ESCAPE), vec![escape(); 3]));
        assert_eq!(after(b"\x1b\x1ba"), (None, vec![escape(), alt('a', NONE)]));
        assert_eq!(after(b"\x1b]"), (Some(ESCAPE), vec![alt(']', NONE)]));
        assert_eq!(after(b"\x1bP"), (Some(ESCAPE), vec![alt('P', SHIFT)]));
        assert_eq!(after(b"\x1b["), (Some(UNFINISHED), vec![alt('[', NONE)]));
        assert_eq!(after(b"\x1bO"), (Some(UNFINISHED), vec![alt('O', SHIFT)]));
        for unfinished in [&b"\x1b[1;5"[..], b"\x1b]11;rgb", b"\xe6\xbc", b"\x1b[M!", b"\x1b[["] {
            assert_eq!(after(unfinished), (Some(UNFINISHED), vec![]), "{unfinished:?}");
        }
        assert_eq!(after(b"\x1b[200~rm"), (Some(PASTE_SILENCE), vec![Event::Paste("rm".to_owned())]));
    }

    #[test]
    fn the_rest_of_a_paste_that_stalled_is_no_command() {
        let (mut parser, mut events, now) = (Parser::default(), Vec::new(), Instant::now());
        parser.feed(b"\x1b[200~one\x1b[", now, &mut events);
        parser.time_out(&mut events);
        parser.feed(b"and as much as nobody types\x1b[201~q", now, &mut events);
        let paste = |text: &str| Event::Paste(text.to_owned());
        let q = key(KeyCode::Char('q'), NONE);
        assert_eq!(events, [paste("one\x1b["), paste("and as much as nobody types"), q.clone()]);
        // What is typed then is typed.
        parser.feed(b"\x1b[200~one", now, &mut events);
        parser.time_out(&mut events);
        events.clear();
        parser.feed(b"q", now, &mut events);
        parser.feed(&[b'q'; 100], now, &mut events);
        assert_eq!(events, vec![q; 101]);
    }

    #[test]
    fn of_a_paste_without_measure_the_beginning_is_kept() {
        let mut bytes = PASTE_START.to_vec();
        bytes.splice(0..0, *b"\x1b[");
        bytes.push(b'~');
        bytes.resize(bytes.len() + LONGEST_PASTE + 10, b'y');
        bytes.extend(PASTE_END);
        let events = parsed(&[&bytes, b"x"]);
        let [Event::Paste(text), last] = events.as_slice() else { panic!("{} events", events.len()) };
        assert_eq!((text.len(), last), (LONGEST_PASTE, &key(KeyCode::Char('x'), NONE)));
    }

    #[test]
    fn a_string_without_end_swallows_little() {
        let (mut parser, mut events, begun) = (Parser::default(), Vec::new(), Instant::now());
        parser.feed(b"\x1b]x", begun, &mut events);
        // Typed in such haste that silence alone would never end it.
        for tenth in 1..10 {
            parser.feed(b"?", begun + tenth * UNFINISHED / 5, &mut events);
        }
        assert_eq!(events, vec![key(KeyCode::Char('?'), NONE); 5]);
        // What nobody can have typed is not typed.
        parser.feed(b"\x1b]x", begun, &mut events);
        parser.feed(&[b'y'; 100], begun + 2 * UNFINISHED, &mut events);
        assert_eq!(parser.deadline(), Some(begun + 2 * UNFINISHED + ESCAPE));
        parser.feed(b"x", begun + 2 * UNFINISHED, &mut events);
        assert_eq!(events.split_off(5), [key(KeyCode::Char('x'), NONE)]);
    }

    #[test]
    fn what_is_broken_off_hides_nothing() {
        for start in [&b"\x1b[1;5"[..], b"\xe6\xbc", b"\xff", b"\xc0", b"\x1b]11;rgb\x1b", b"\x1b[[", b"\x1b"]
        {
            let events = parsed(&[start, b"\x1b[A"]);
            assert_eq!(
                events.last().map(|event| event.as_key_event().unwrap().code),
                Some(KeyCode::Up),
                "{start:?}"
            );
        }
        assert_eq!(parsed(&[b"\x1b[1;5\r"]), [key(KeyCode::Enter, NONE)]);
        assert_eq!(parsed(&[b"\xe6\xbca"]), [key(KeyCode::Char('a'), NONE)]);
    }

    #[test]
    fn any_bytes_are_survived() {
        let mut random = fastrand::Rng::with_seed(11);
        let alphabet = b"\x1b\x1b\x1b[[OP]_M<?;:~0123uAR\\\x07\x18\xe6\xbc\xa2x";
        for _ in 0..20_000 {
            let bytes: Vec<u8> =
                (0..random.usize(..24)).map(|_| random.choice(alphabet).copied().unwrap()).collect();
            let at = random.usize(..=bytes.len());
            let (whole, cut) = (parsed(&[&bytes]), parsed(&[&bytes[..at], &bytes[at..]]));
            assert_eq!(whole, cut, "{bytes:?}");
        }
    }
}
