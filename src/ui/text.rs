//! Text that keeps its columns: widths as seen, cut between characters, nothing that a terminal obeys.

use ratatui::buffer::CellWidth;
use unicode_segmentation::UnicodeSegmentation;

use crate::control::is_control;

/// How many columns a text takes: as many as the cells that ratatui puts its characters into.
#[must_use]
pub fn width(text: &str) -> usize {
    if text.is_ascii() {
        return text.len();
    }
    text.graphemes(true).map(|character| usize::from(character.cell_width())).sum()
}

/// Shows control characters, escape sequences and changes of writing direction instead of sending
/// them to the terminal. Korean letters are put together to syllables: of single ones each terminal has widths
/// of its own.
#[must_use]
pub(crate) fn sanitize(text: &str) -> String {
    let shown = |letter: char| match letter {
        '\u{0}'..='\u{1f}' => char::from_u32(0x2400 + u32::from(letter)).unwrap_or('\u{fffd}'),
        '\u{7f}' => '\u{2421}',
        _ if is_control(letter) => '\u{fffd}',
        _ => letter,
    };
    let mut sanitized = String::with_capacity(text.len());
    for letter in text.chars().map(shown) {
        match sanitized.chars().next_back().and_then(|last| syllable(last, letter)) {
            Some(syllable) => {
                sanitized.pop();
                sanitized.push(syllable);
            }
            None => sanitized.push(letter),
        }
    }
    sanitized
}

/// The Korean syllable that two characters make, a first and a second letter or a syllable and its last letter (Unicode,
/// 3.12: conjoining jamo behaviour).
fn syllable(first: char, second: char) -> Option<char> {
    const SYLLABLES: u32 = 0xac00;
    const SECONDS: u32 = 21;
    // To have no last letter is one of them.
    const LASTS: u32 = 28;
    let within = |letter: char, from: u32, count: u32| {
        u32::from(letter).checked_sub(from).filter(|index| *index < count)
    };
    let open = within(first, 0x1100, 19).zip(within(second, 0x1161, SECONDS));
    let open = open.map(|(first, second)| SYLLABLES + (first * SECONDS + second) * LASTS);
    let is_open = |syllable: u32| syllable.is_multiple_of(LASTS);
    let closed = within(first, SYLLABLES, 19 * SECONDS * LASTS).filter(|syllable| is_open(*syllable));
    let closed = closed.zip(within(second, 0x11a7, LASTS).filter(|last| *last > 0));
    let closed = closed.map(|(syllable, last)| SYLLABLES + syllable + last);
    char::from_u32(open.or(closed)?)
}

/// The same for a text of several lines, which stay lines. Cells and names are sanitized before they are set in
/// lines.
#[must_use]
pub(crate) fn sanitize_lines(text: &str) -> String {
    text.split('\n').map(sanitize).collect::<Vec<_>>().join("\n")
}

/// At most `columns` wide; what is cut off is marked with an ellipsis.
#[must_use]
pub fn fit(text: &str, columns: usize) -> String {
    let text = sanitize(text);
    if width(&text) <= columns {
        return text;
    }
    let mut cut = String::new();
    let mut used = 0;
    for character in text.graphemes(true) {
        let wide = width(character);
        if used + wide + 1 > columns {
            break;
        }
        used += wide;
        cut.push_str(character);
    }
    if columns > 0 {
        cut.push('…');
    }
    cut
}

/// The characters that stand in the first `columns`.
#[must_use]
pub fn start(text: &str, columns: usize) -> String {
    let mut used = 0;
    let is_within = |character: &&str| {
        used += width(character);
        used <= columns
    };
    text.graphemes(true).take_while(is_within).collect()
}

/// Without the characters that stand in the first `columns`.
#[must_use]
pub(crate) fn without_start(text: &str, columns: usize) -> String {
    let mut passed = 0;
    let is_passed = |character: &&str| {
        let is_before = passed < columns;
        passed += width(character);
        is_before
    };
    text.graphemes(true).skip_while(is_passed).collect()
}

/// Exactly `columns` wide, on the left.
#[must_use]
pub fn left(text: &str, columns: usize) -> String {
    let text = fit(text, columns);
    let blanks = columns.saturating_sub(width(&text));
    text + &" ".repeat(blanks)
}

/// Exactly `columns` wide, on the right.
#[must_use]
pub fn right(text: &str, columns: usize) -> String {
    let text = fit(text, columns);
    " ".repeat(columns.saturating_sub(width(&text))) + &text
}

/// Breaks a text between words into lines of at most `columns`, at most `most` of them.
#[must_use]
pub(crate) fn wrap(text: &str, columns: usize, most: usize) -> Vec<String> {
    let text = sanitize(text);
    fill(words(&text, columns), columns, most)
}

/// What stands between blanks, with the blanks after it; in parts where it is too long for a line, as
/// in writings without blanks.
fn words(text: &str, columns: usize) -> impl Iterator<Item = &str> {
    text.split_inclusive(' ').flat_map(move |word| {
        let is_long = width(word.trim_end()) > columns;
        let parts = is_long.then(|| word.split_word_bounds()).into_iter().flatten();
        parts.chain((!is_long).then_some(word))
    })
}

/// Breaks a list after its commas; only what is too long for a line is broken between words.
#[must_use]
pub(crate) fn wrap_list(text: &str, columns: usize, most: usize) -> Vec<String> {
    let text = sanitize(text);
    let is_short = |item: &str| width(item.trim_end()) <= columns;
    if text.split_inclusive(", ").all(is_short) {
        fill(text.split_inclusive(", "), columns, most)
    } else {
        fill(words(&text, columns), columns, most)
    }
}

fn fill<'a>(parts: impl Iterator<Item = &'a str>, columns: usize, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for part in parts {
        let is_enough = lines.len() > most;
        match lines.last_mut() {
            Some(line) if width(line) + width(part.trim_end()) <= columns => line.push_str(part),
            // Nobody reads on: the rest is not worth measuring.
            _ if is_enough => break,
            _ if part.trim().is_empty() => {}
            _ => lines.push(part.to_owned()),
        }
    }
    if lines.len() > most {
        lines.truncate(most);
        if let Some(last) = lines.last_mut() {
            let fitting = fit(last.trim_end(), columns.saturating_sub(1));
            *last = format!("{}…", fitting.trim_end_matches('…').trim_end());
        }
    }
    lines.into_iter().map(|line| fit(line.trim_end(), columns)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stay_aligned() {
        assert_eq!(left("Zoë", 5), "Zoë  ");
        assert_eq!(left("日本語", 5), "日本…");
        assert_eq!(right("7", 3), "  7");
        assert_eq!(fit("e\u{301}e\u{301}e\u{301}", 2), "e\u{301}…");
        assert_eq!(fit("abc", 0), "");
    }

    #[test]
    fn nothing_reaches_the_terminal_as_a_command() {
        assert_eq!(sanitize("a\u{1b}[2Jb\r\n"), "a␛[2Jb␍␊");
        assert_eq!(sanitize("\u{202e}x\u{9b}"), "\u{fffd}x\u{fffd}");
        assert_eq!(sanitize_lines("a\u{1b}[2J\r\n\u{9b}b"), "a␛[2J␍\n\u{fffd}b");
    }

    #[test]
    fn korean_letters_become_syllables() {
        // Han-geul, in letters of their own; an old letter that makes no syllable of today stays.
        let letters = "\u{1112}\u{1161}\u{11ab}\u{1100}\u{1173}\u{11af} a\u{1112}";
        assert_eq!(sanitize(letters), "한글 a\u{1112}");
        assert_eq!(sanitize("\u{ac00}\u{11a8}\u{11a8}"), "각\u{11a8}");
        assert_eq!(sanitize("\u{1112}\u{119e}"), "\u{1112}\u{119e}");
        assert_eq!(left(letters, 9), "한글 a\u{1112} ");
    }

    #[test]
    fn long_texts_break_between_words() {
        assert_eq!(wrap("Active, Cooling down, At risk", 15, 3), ["Active, Cooling", "down, At risk"]);
        assert_eq!(wrap("a b c d", 3, 1), ["a…"]);
        assert_eq!(wrap("a folder of .csv files (off)", 13, 3), ["a folder of", ".csv files", "(off)"]);
        assert_eq!(wrap("日本語日本語", 6, 3), ["日本語", "日本語"]);
        assert_eq!(wrap_list("At risk, Highly at risk", 16, 3), ["At risk,", "Highly at risk"]);
        assert_eq!(wrap_list("one very long value, b", 8, 9), ["one very", "long", "value, b"]);
    }
}
