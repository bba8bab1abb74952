//! A text field of one line.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use tui_textarea::{CursorMove, TextArea};

use super::graphemes;

/// A text field of one line.
#[derive(Clone, Debug, Default)]
pub struct Field(TextArea<'static>);

impl Field {
    /// A field with this text and the cursor at its end.
    #[must_use]
    pub fn with(text: &str) -> Self {
        let mut area = TextArea::new(vec![one_line(text)]);
        area.move_cursor(CursorMove::End);
        Self(area)
    }

    /// A field with this text and the cursor after so many characters.
    #[must_use]
    pub fn at(text: &str, cursor: usize) -> Self {
        let mut area = TextArea::new(vec![one_line(text)]);
        area.move_cursor(CursorMove::Jump(0, u16::try_from(cursor).unwrap_or(u16::MAX)));
        Self(area)
    }

    /// What stands in it.
    #[must_use]
    pub fn text(&self) -> &str {
        self.0.lines().first().map_or("", String::as_str)
    }

    /// Where the cursor is, in characters.
    #[must_use]
    pub fn cursor(&self) -> usize {
        self.0.cursor().1
    }

    /// Takes a key; answers whether the text has changed.
    pub fn input(&mut self, key: KeyEvent) -> bool {
        let typed = match key.code {
            KeyCode::Enter | KeyCode::Tab | KeyCode::BackTab | KeyCode::Esc => return false,
            // Ctrl-M and Ctrl-J are line breaks to a text area.
            KeyCode::Char('m' | 'j') if key.modifiers.contains(KeyModifiers::CONTROL) => return false,
            // As in a shell: everything before the cursor.
            KeyCode::Char('u') if key.modifiers.contains(KeyModifiers::CONTROL) => {
                return self.0.delete_line_by_head();
            }
            _ => key,
        };
        graphemes::input(&mut self.0, typed)
    }

    /// Takes pasted text; line breaks become blanks.
    pub fn paste(&mut self, text: &str) {
        self.0.insert_str(one_line(text));
    }
}

fn one_line(text: &str) -> String {
    text.trim_end_matches(['\r', '\n']).replace("\r\n", " ").replace(['\n', '\r', '\t'], " ")
}
