//! Keys, pastes and replies, whole and cut at every place.

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
    for start in [&b"\x1b[1;5"[..], b"\xe6\xbc", b"\xff", b"\xc0", b"\x1b]11;rgb\x1b", b"\x1b[[", b"\x1b"] {
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

#[test]
fn the_answer_about_the_background_is_kept_and_no_key() {
    let mut parser = Parser::default();
    let now = Instant::now();
    let mut events = Vec::new();
    for (answer, is_light) in [
        (&b"a\x1b]11;rgb:ffff/ffff/ffff\x1b\\b"[..], Some(true)),
        (b"\x1b]11;rgb:0000/0000/0000\x07", Some(false)),
        (b"\x1bP11;rgb:0000/0000/0000\x1b\\", None),
        (b"\x1b]11;rgb:0000/0000/0000\x18", None),
        (b"\x1b]10;rgb:0000/0000/0000\x07", None),
    ] {
        // In pieces of any length.
        answer.iter().for_each(|byte| parser.feed(&[*byte], now, &mut events));
        assert_eq!(parser.take_is_light(), is_light, "{answer:?}");
        assert_eq!(parser.take_is_light(), None);
    }
    assert_eq!(events.len(), 2, "{events:?}");
}
