//! Text that keeps its columns: widths as seen, cut between characters, nothing that a terminal obeys.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// How many columns a text takes.
#[must_use]
pub fn width(text: &str) -> usize {
    text.width()
}

/// Whether a character is to be kept from terminals: they obey control characters, and changes of writing
/// direction make a text look like another one.
#[must_use]
pub(crate) fn is_control(letter: char) -> bool {
    matches!(letter, '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{61c}' | '\u{200e}' | '\u{200f}')
        || matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Shows control characters, escape sequences and changes of writing direction instead of sending
/// them to the terminal.
#[must_use]
pub(crate) fn sanitize(text: &str) -> String {
    let shown = |letter: char| match letter {
        '\u{0}'..='\u{1f}' => char::from_u32(0x2400 + u32::from(letter)).unwrap_or('\u{fffd}'),
        '\u{7f}' => '\u{2421}',
        _ if is_control(letter) => '\u{fffd}',
        _ => letter,
    };
    text.chars().map(shown).collect()
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
    if text.width() <= columns {
        return text;
    }
    let mut cut = String::new();
    let mut used = 0;
    for character in text.graphemes(true) {
        let wide = character.width();
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
        used += character.width();
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
        passed += character.width();
        is_before
    };
    text.graphemes(true).skip_while(is_passed).collect()
}

/// Exactly `columns` wide, on the left.
#[must_use]
pub fn left(text: &str, columns: usize) -> String {
    let text = fit(text, columns);
    let blanks = columns.saturating_sub(text.width());
    text + &" ".repeat(blanks)
}

/// Exactly `columns` wide, on the right.
#[must_use]
pub fn right(text: &str, columns: usize) -> String {
    let text = fit(text, columns);
    " ".repeat(columns.saturating_sub(text.width())) + &text
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
        let is_long = word.trim_end().width() > columns;
        let parts = is_long.then(|| word.split_word_bounds()).into_iter().flatten();
        parts.chain((!is_long).then_some(word))
    })
}

/// Breaks a list after its commas; only what is too long for a line is broken between words.
#[must_use]
pub(crate) fn wrap_list(text: &str, columns: usize, most: usize) -> Vec<String> {
    let text = sanitize(text);
    let is_short = |item: &str| item.trim_end().width() <= columns;
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
            Some(line) if line.width() + part.trim_end().width() <= columns => line.push_str(part),
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
    fn long_texts_break_between_words() {
        assert_eq!(wrap("Active, Cooling down, At risk", 15, 3), ["Active, Cooling", "down, At risk"]);
        assert_eq!(wrap("a b c d", 3, 1), ["a…"]);
        assert_eq!(wrap("a folder of .csv files (off)", 13, 3), ["a folder of", ".csv files", "(off)"]);
        assert_eq!(wrap("日本語日本語", 6, 3), ["日本語", "日本語"]);
        assert_eq!(wrap_list("At risk, Highly at risk", 16, 3), ["At risk,", "Highly at risk"]);
        assert_eq!(wrap_list("one very long value, b", 8, 9), ["one very", "long", "value, b"]);
    }
}
