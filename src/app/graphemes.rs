//! Text fields by what a reader sees as one character: the text area steps and deletes by code points, of which an
//! emoji or a letter with an accent has several.

use crossterm::event::KeyEvent;
use tui_textarea::{CursorMove, TextArea};
use unicode_segmentation::UnicodeSegmentation;

/// The line of the cursor and the cursor in it, before a key.
struct Before {
    row: usize,
    letter: usize,
    line: String,
    rows: usize,
}

/// Lets the text area take a key, and whole characters with it; answers whether the text has changed.
pub(crate) fn input(area: &mut TextArea<'static>, key: KeyEvent) -> bool {
    let (row, letter) = cursor(area);
    let line = area.lines().get(row).cloned().unwrap_or_default();
    let before = Before { row, letter, line, rows: area.lines().len() };
    // What is selected begins and ends between characters.
    let is_selected = area.selection_range().is_some_and(|(from, to)| from != to);
    let is_changed = area.input(key);
    if is_changed && !is_selected {
        delete_rest(area, &before);
    }
    let is_back = !is_changed && cursor(area) < (before.row, before.letter);
    snap(area, if is_back { CursorMove::Back } else { CursorMove::Forward });
    is_changed
}

/// Moves the cursor on, until it is not within a character.
pub(crate) fn snap(area: &mut TextArea<'static>, step: CursorMove) {
    loop {
        let at = cursor(area);
        if is_boundary(area.lines().get(at.0).map_or("", String::as_str), at.1) {
            return;
        }
        area.move_cursor(step);
        if cursor(area) == at {
            return;
        }
    }
}

/// Deletes what is left of a character of which a code point was deleted.
fn delete_rest(area: &mut TextArea<'static>, before: &Before) {
    let (row, letter) = cursor(area);
    let line = area.lines().get(row).map_or("", String::as_str);
    if row != before.row || area.lines().len() != before.rows || line.is_empty() {
        return;
    }
    let removed = before.line.chars().count().saturating_sub(line.chars().count());
    if removed == 0 {
        return;
    }
    let is_within = |letter: usize| !is_boundary(&before.line, letter);
    for _ in (0..=letter).rev().take_while(|letter| is_within(*letter)) {
        area.delete_char();
    }
    if letter == before.letter {
        let end = before.letter + removed;
        for _ in (end..).take_while(|letter| is_within(*letter)) {
            area.delete_next_char();
        }
    }
}

fn cursor(area: &TextArea<'static>) -> (usize, usize) {
    let cursor = area.cursor();
    (cursor.0, cursor.1)
}

/// Whether a character begins after so many code points, or the line ends.
fn is_boundary(line: &str, letter: usize) -> bool {
    let mut passed = 0;
    for character in line.graphemes(true) {
        if passed >= letter {
            return passed == letter;
        }
        passed += character.chars().count();
    }
    letter >= passed
}

#[cfg(test)]
mod tests {
    use crossterm::event::{KeyCode, KeyModifiers};

    use super::*;

    /// A family (five code points), an accent of its own, a flag, a syllable of three letters.
    const CHARACTERS: [&str; 4] = ["👨\u{200d}👩\u{200d}👧", "e\u{301}", "🇩🇪", "\u{1112}\u{1161}\u{11ab}"];

    fn press(area: &mut TextArea<'static>, code: KeyCode, modifiers: KeyModifiers) {
        input(area, KeyEvent::new(code, modifiers));
    }

    /// The text with a bar where the cursor is.
    fn shown(area: &TextArea<'static>) -> String {
        let (row, letter) = cursor(area);
        let mut text: Vec<char> = area.lines()[row].chars().collect();
        text.insert(letter, '|');
        text.into_iter().collect()
    }

    #[test]
    fn one_key_is_one_character() {
        for one in CHARACTERS {
            let mut area = TextArea::new(vec![format!("a{one}b")]);
            let mut steps = |keys: &[KeyCode]| {
                for code in keys {
                    press(&mut area, *code, KeyModifiers::NONE);
                }
                shown(&area)
            };
            assert_eq!(steps(&[KeyCode::End, KeyCode::Left]), format!("a{one}|b"));
            assert_eq!(steps(&[KeyCode::Left]), format!("a|{one}b"));
            assert_eq!(steps(&[KeyCode::Right]), format!("a{one}|b"));
            assert_eq!(steps(&[KeyCode::Backspace]), "a|b");
            for letter in one.chars() {
                steps(&[KeyCode::Char(letter)]);
            }
            assert_eq!(steps(&[KeyCode::Home, KeyCode::Right, KeyCode::Delete]), "a|b");
        }
    }

    #[test]
    fn words_are_whole_characters() {
        let mut area = TextArea::new(vec!["x.\u{301} y.\u{301}z".to_owned()]);
        press(&mut area, KeyCode::End, KeyModifiers::NONE);
        press(&mut area, KeyCode::Left, KeyModifiers::CONTROL);
        assert_eq!(shown(&area), "x.\u{301} y|.\u{301}z");
        press(&mut area, KeyCode::Right, KeyModifiers::CONTROL);
        assert_eq!(shown(&area), "x.\u{301} y.\u{301}|z");
        press(&mut area, KeyCode::Char('w'), KeyModifiers::CONTROL);
        assert_eq!(shown(&area), "x.\u{301} y|z");
        press(&mut area, KeyCode::Home, KeyModifiers::NONE);
        press(&mut area, KeyCode::Char('d'), KeyModifiers::ALT);
        assert_eq!(shown(&area), "|.\u{301} yz");
        press(&mut area, KeyCode::Char('d'), KeyModifiers::ALT);
        assert_eq!(shown(&area), "| yz");
    }

    #[test]
    fn other_lines_are_met_between_characters() {
        let mut area = TextArea::new(vec!["ab".to_owned(), "e\u{301}e\u{301}".to_owned()]);
        press(&mut area, KeyCode::Right, KeyModifiers::NONE);
        press(&mut area, KeyCode::Down, KeyModifiers::NONE);
        assert_eq!(shown(&area), "e\u{301}|e\u{301}");
        press(&mut area, KeyCode::Backspace, KeyModifiers::NONE);
        assert_eq!(shown(&area), "|e\u{301}");
        press(&mut area, KeyCode::Backspace, KeyModifiers::NONE);
        assert_eq!(area.lines(), ["abe\u{301}"]);
    }
}
