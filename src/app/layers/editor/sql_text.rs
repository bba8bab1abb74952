//! The text of a SQL segment while it is being written. What it holds is the document's; here are the
//! cursor, the selection, and what one step of undoing takes back.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use tui_textarea::{CursorMove, TextArea};

use crate::app::graphemes;
use crate::sql::Dialect;
use crate::sql::lexer::{LineState, is_identifier_char, line_states};

/// How many blanks the tab key stands for.
const TAB: usize = 4;

/// A text with a cursor.
#[derive(Clone, Debug)]
pub struct SqlText {
    area: TextArea<'static>,
    /// What is open where each line begins.
    line_states: Vec<LineState>,
    /// Whether keys go into the text.
    pub typing: bool,
    last: Stroke,
}

/// A line and a letter in it, both counted from 0.
pub(crate) type Caret = (usize, usize);

/// What a key did to the text. Strokes of the same kind that follow each other are one step of undoing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Stroke {
    /// The cursor moved, or nothing happened.
    #[default]
    Nothing,
    /// A letter was added.
    Letter,
    /// A letter was taken away.
    Deletion,
    /// Anything else, which is a step of its own.
    Whole,
}

/// Whether a change goes on with the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TextChange {
    /// Nothing has changed.
    None,
    /// It goes on.
    Further,
    /// It is a step of its own.
    New,
}

impl SqlText {
    /// A text with the cursor at its beginning.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let mut area = TextArea::new(text.split('\n').map(str::to_owned).collect());
        // Undoing is the editor's.
        area.set_max_histories(0);
        let mut new = Self { area, line_states: Vec::new(), typing: false, last: Stroke::default() };
        new.read();
        new
    }

    fn read(&mut self) {
        self.line_states = line_states(self.area.lines().iter().map(String::as_str), Dialect::Embedded);
    }

    /// Its lines, each with what is open where it begins, from one of them on.
    pub fn from(&self, line: usize) -> impl Iterator<Item = (&str, LineState)> {
        self.area.lines().iter().map(String::as_str).zip(self.line_states.iter().copied()).skip(line)
    }

    /// How many lines there are; at least one.
    #[must_use]
    pub fn len(&self) -> usize {
        self.area.lines().len()
    }

    /// Whether nothing is written.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.area.is_empty()
    }

    /// Whether it is this text.
    #[must_use]
    pub fn is(&self, text: &str) -> bool {
        text.split('\n').eq(self.area.lines().iter().map(String::as_str))
    }

    /// The whole text.
    #[must_use]
    pub fn text(&self) -> String {
        self.area.lines().join("\n")
    }

    /// Where the cursor is.
    #[must_use]
    pub(crate) fn caret(&self) -> Caret {
        let cursor = self.area.cursor();
        (cursor.0, cursor.1)
    }

    /// Puts the cursor somewhere, or as near as there is text.
    pub(crate) fn go_to(&mut self, (line, letter): Caret) {
        let near = |place: usize| u16::try_from(place).unwrap_or(u16::MAX);
        self.area.cancel_selection();
        self.area.move_cursor(CursorMove::Jump(near(line), near(letter)));
        graphemes::snap(&mut self.area, CursorMove::Back);
        self.break_undo();
    }

    /// What is selected: where it begins, and where it ends.
    #[must_use]
    pub(crate) fn selection(&self) -> Option<(Caret, Caret)> {
        self.area.selection_range().filter(|(from, to)| from != to)
    }

    #[must_use]
    pub fn selected(&self) -> Option<String> {
        let ((first, from), (last, to)) = self.selection()?;
        let part = |(at, line): (usize, &String)| {
            let end = if at == last { to } else { usize::MAX };
            let start = if at == first { from } else { 0 };
            line.chars().take(end).skip(start).collect::<String>()
        };
        let lines = self.area.lines().iter().enumerate().take(last + 1).skip(first);
        Some(lines.map(part).collect::<Vec<_>>().join("\n"))
    }

    /// Moves the cursor by whole lines.
    pub fn step(&mut self, by: isize) {
        let (line, letter) = self.caret();
        self.go_to((line.saturating_add_signed(by).min(self.len() - 1), letter));
    }

    /// Moves the cursor by one character.
    pub(crate) fn sideways(&mut self, right: bool) {
        let step = if right { CursorMove::Forward } else { CursorMove::Back };
        self.area.cancel_selection();
        self.area.move_cursor(step);
        graphemes::snap(&mut self.area, step);
        self.break_undo();
    }

    /// What is typed next is a step of its own.
    pub(crate) fn break_undo(&mut self) {
        self.last = Stroke::Nothing;
    }

    /// Takes a key.
    pub(crate) fn input(&mut self, key: KeyEvent) -> TextChange {
        let has_control = key.modifiers.contains(KeyModifiers::CONTROL);
        let is_selected = self.selection().is_some();
        let (stroke, is_changed) = match key.code {
            KeyCode::Enter => (Stroke::Whole, self.break_line()),
            KeyCode::Char('m') if has_control => (Stroke::Whole, self.break_line()),
            // As in a shell: everything before the cursor.
            KeyCode::Char('u' | 'j') if has_control => (Stroke::Whole, self.area.delete_line_by_head()),
            // Undoing is the editor's, and what scrolls needs a screen.
            KeyCode::Char('r' | 'v' | 'z') if has_control => return TextChange::None,
            KeyCode::Char('v') if key.modifiers.contains(KeyModifiers::ALT) => return TextChange::None,
            KeyCode::PageUp | KeyCode::PageDown | KeyCode::Tab | KeyCode::BackTab | KeyCode::Esc => {
                return TextChange::None;
            }
            KeyCode::Char(_) if !has_control && !key.modifiers.contains(KeyModifiers::ALT) => {
                let stroke = if is_selected { Stroke::Whole } else { Stroke::Letter };
                (stroke, graphemes::input(&mut self.area, key))
            }
            KeyCode::Backspace | KeyCode::Delete if key.modifiers.is_empty() && !is_selected => {
                (Stroke::Deletion, graphemes::input(&mut self.area, key))
            }
            _ => (Stroke::Whole, graphemes::input(&mut self.area, key)),
        };
        self.changed(if is_changed { stroke } else { Stroke::Nothing })
    }

    fn changed(&mut self, stroke: Stroke) -> TextChange {
        let before = std::mem::replace(&mut self.last, stroke);
        if stroke == Stroke::Nothing {
            return TextChange::None;
        }
        self.read();
        let goes_on = stroke == before && stroke != Stroke::Whole;
        if goes_on { TextChange::Further } else { TextChange::New }
    }

    /// A new line that begins where this one does.
    fn break_line(&mut self) -> bool {
        let (line, letter) = self.caret();
        let text = self.area.lines().get(line).map_or("", String::as_str);
        let blanks: String = text.chars().take(letter).take_while(|letter| *letter == ' ').collect();
        self.area.insert_str(format!("\n{blanks}"))
    }

    /// Takes text in at the cursor, in place of what is selected.
    pub(crate) fn insert(&mut self, text: &str) -> TextChange {
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        let is_changed = self.area.insert_str(text);
        self.changed(if is_changed { Stroke::Whole } else { Stroke::Nothing })
    }

    /// Takes a name in at the cursor, apart from the word before it.
    pub(crate) fn insert_name(&mut self, name: &str) -> TextChange {
        let (line, letter) = self.caret();
        let before = letter.checked_sub(1);
        let text = self.area.lines().get(line);
        let before = before.and_then(|before| text?.chars().nth(before));
        let is_apart = !before
            .is_some_and(|before| is_identifier_char(before) || matches!(before, ',' | '"' | '\'' | ')'));
        self.insert(&if is_apart { name.to_owned() } else { format!(" {name}") })
    }

    /// The word that ends at the cursor.
    #[must_use]
    pub fn word(&self) -> String {
        let (line, letter) = self.caret();
        let before: Vec<char> =
            self.area.lines().get(line).into_iter().flat_map(|line| line.chars()).take(letter).collect();
        let from = before.iter().rposition(|letter| !is_identifier_char(*letter)).map_or(0, |at| at + 1);
        before.into_iter().skip(from).collect()
    }

    /// Puts another word in the place of the one that ends at the cursor.
    pub(crate) fn replace_word(&mut self, word: &str) -> TextChange {
        let letters = self.word().chars().count();
        self.area.cancel_selection();
        self.area.start_selection();
        for _ in 0..letters {
            self.area.move_cursor(CursorMove::Back);
        }
        self.insert(word)
    }

    /// Blanks up to the next stop.
    pub(crate) fn indent(&mut self) -> TextChange {
        let (_, letter) = self.caret();
        self.insert(&" ".repeat(TAB - letter % TAB))
    }
}
