//! What a value looks like: NULL unlike a text, blanks that can be seen, nothing that a terminal obeys.

use crate::ui::text;

/// What stands for NULL in a cell.
const NULL: &str = "∅";
/// What stands for a blank at an end of a text, where it would not be seen.
const BLANK: &str = "␣";

/// A value as it is shown.
#[derive(Debug, PartialEq, Eq)]
pub struct Shown {
    /// The text.
    pub text: String,
    /// Whether it is a mark, and not what the value says.
    pub is_mark: bool,
}

/// At most so many characters of a value; `None` is NULL.
#[must_use]
pub fn shown(value: Option<&str>, most: usize) -> Shown {
    let Some(value) = value else { return Shown { text: NULL.to_owned(), is_mark: true } };
    if value.is_empty() {
        return Shown { text: "\"\"".to_owned(), is_mark: true };
    }
    let start: String = value.chars().take(most).collect();
    let is_cut = start.len() < value.len();
    let inside = start.trim_start_matches(' ');
    let before = start.len() - inside.len();
    // What follows a cut is no end.
    let inside = if is_cut { inside } else { inside.trim_end_matches(' ') };
    let after = start.len() - before - inside.len();
    let mut text = BLANK.repeat(before) + &text::sanitize(inside) + &BLANK.repeat(after);
    if is_cut {
        text.push('…');
    }
    Shown { text, is_mark: value.trim().is_empty() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_is_shown() {
        let look = |value: Option<&str>| {
            let shown = shown(value, 8);
            (shown.text, shown.is_mark)
        };
        assert_eq!(look(None), ("∅".to_owned(), true));
        assert_eq!(look(Some("NULL")), ("NULL".to_owned(), false));
        assert_eq!(look(Some("")), ("\"\"".to_owned(), true));
        assert_eq!(look(Some("  ")), ("␣␣".to_owned(), true));
        assert_eq!(look(Some(" a b ")), ("␣a b␣".to_owned(), false));
        assert_eq!(look(Some("a\u{1b}[2J\n")), ("a␛[2J␊".to_owned(), false));
        assert_eq!(look(Some("abcdefg hij")), ("abcdefg …".to_owned(), false));
    }
}
