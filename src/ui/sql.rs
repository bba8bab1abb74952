//! SQL with its colours: in the editor, in the view of a segment as SQL, in definitions.

use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_segmentation::UnicodeSegmentation;

use super::text;
use super::theme::{SqlTheme, Theme};
use crate::app::App;
use crate::database::Database;
use crate::sql::Dialect;
use crate::sql::lexer::{LineState, Token, TokenKind, tokenize};

/// How far apart the stops of tabs are.
const STOP: usize = 4;

/// Colours the lines of a text.
pub(crate) struct Highlighter<'a> {
    theme: &'a Theme,
    dialect: Dialect,
    database: Option<&'a Database>,
}

/// The part of a line that is seen.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Viewport {
    /// Columns that are hidden on the left.
    pub pan: usize,
    /// Columns that are seen.
    pub width: usize,
}

impl<'a> Highlighter<'a> {
    /// A pen for SQL of the open database.
    #[must_use]
    pub fn new(app: &'a App, dialect: Dialect, theme: &'a Theme) -> Self {
        let database = app.database().map(|database| &**database);
        Self { theme, dialect, database }
    }

    /// What of a line is seen. `mark` changes the style of the letters that it is asked about, counted from
    /// 0; it is asked about the place after the last one too.
    #[must_use]
    pub fn line(
        &self,
        line: &str,
        open: LineState,
        window: Viewport,
        mark: &dyn Fn(usize, Style) -> Style,
    ) -> Line<'static> {
        let mut row = Row { window, column: 0, spans: Vec::new() };
        let mut letter = 0;
        for token in tokenize(line, open, self.dialect).0 {
            let style = self.style(token);
            for shown in token.text.graphemes(true) {
                row.put(shown, mark(letter, style));
                letter += shown.chars().count();
                if row.is_full() {
                    return row.cut(self.theme);
                }
            }
        }
        let style = mark(letter, self.theme.text);
        if style != self.theme.text {
            row.put(" ", style);
        }
        Line::from(row.spans)
    }

    /// Whether a table or column of the database is called so.
    fn is_name(&self, name: &str) -> bool {
        let mut tables = self.database.into_iter().flat_map(Database::own_tables);
        tables.any(|table| table.name == name || table.column(name).is_some())
    }

    fn style(&self, token: Token) -> Style {
        let Theme { text, dim, accent, .. } = *self.theme;
        let SqlTheme { keyword, string, number, name } = self.theme.sql;
        match token.kind {
            TokenKind::Keyword => keyword,
            TokenKind::StringLiteral => string,
            TokenKind::Number => number,
            TokenKind::Parameter => accent,
            TokenKind::Comment => dim,
            TokenKind::Identifier if self.is_name(token.text) => name,
            TokenKind::QuotedIdentifier if self.is_name(&unquoted(token.text)) => name,
            TokenKind::Identifier | TokenKind::QuotedIdentifier | TokenKind::Other => text,
        }
    }
}

fn unquoted(name: &str) -> String {
    let mut letters = name.chars();
    let quote = letters.next().unwrap_or('"');
    let inner = letters.as_str();
    inner.strip_suffix(quote).unwrap_or(inner).replace(&format!("{quote}{quote}"), &quote.to_string())
}

/// A line as far as it is put together.
struct Row {
    window: Viewport,
    /// The column of the next letter, of the whole line.
    column: usize,
    spans: Vec<Span<'static>>,
}

impl Row {
    fn put(&mut self, shown: &str, style: Style) {
        let shown = shown_at(shown, self.column);
        let (from, wide) = (self.column, text::width(&shown));
        self.column += wide;
        let Viewport { pan, width } = self.window;
        if self.column <= pan || self.column > pan + width {
            return;
        }
        // What begins before is cut off, even the half of a wide letter.
        let shown = match from <= pan && pan > 0 {
            true => format!("…{}", " ".repeat(self.column - pan - 1)),
            false => shown,
        };
        match self.spans.last_mut().filter(|span| span.style == style) {
            Some(last) => last.content.to_mut().push_str(&shown),
            None => self.spans.push(Span::styled(shown, style)),
        }
    }

    /// Whether more was put than is seen.
    fn is_full(&self) -> bool {
        self.column > self.window.pan + self.window.width
    }

    /// The line with a mark where it goes on.
    fn cut(mut self, theme: &Theme) -> Line<'static> {
        let room = self.window.width.saturating_sub(1);
        let mut used = 0;
        for span in &mut self.spans {
            let left = room.saturating_sub(used);
            if text::width(&span.content) > left {
                let fitting: String = text::start(&span.content, left);
                span.content = fitting.into();
            }
            used += text::width(&span.content);
        }
        if self.window.width > 0 {
            self.spans.push(Span::styled(" ".repeat(room.saturating_sub(used)), theme.text));
            self.spans.push(Span::styled("…", theme.dim));
        }
        Line::from(self.spans)
    }
}

fn shown_at(letter: &str, column: usize) -> String {
    if letter == "\t" { " ".repeat(STOP - column % STOP) } else { text::sanitize(letter) }
}

/// The column at which a letter of a line is shown, counted from 0.
#[must_use]
pub(crate) fn column_of(line: &str, letter: usize) -> usize {
    let before: String = line.chars().take(letter).collect();
    before.graphemes(true).fold(0, |column, letter| column + text::width(&shown_at(letter, column)))
}

/// How many columns the numbers of so many lines take, with the mark and the blank after them.
#[must_use]
pub(crate) fn gutter(lines: usize) -> usize {
    lines.max(10).ilog10() as usize + 1 + 2
}

/// The number of a line, counted from 0, before its text.
#[must_use]
pub fn number(line: usize, gutter: usize, mark: char, style: Style) -> Span<'static> {
    Span::styled(format!("{:>1$}{mark} ", line + 1, gutter.saturating_sub(2)), style)
}
