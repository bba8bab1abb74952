//! The text of a SQL segment, in the place of the criteria, with what is wrong with it at the bottom.

use std::ops::Range;

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Position, Rect};
use ratatui::style::{Modifier, Style};

use crate::app::App;
use crate::app::layers::editor::sql_text::SqlText;
use crate::app::layers::editor::state::{Editor, Pane};
use crate::segment::Severity;
use crate::sql::Dialect;
use crate::sql::lexer::{LineState, tokenize};
use crate::ui::frame as draw_frame;
use crate::ui::remarks::sql_problems;
use crate::ui::sql::{self, Highlighter, Viewport};
use crate::ui::theme::Theme;

pub fn draw(app: &App, editor: &Editor, sql: &SqlText, theme: &Theme, frame: &mut Frame, area: Rect) {
    let is_focused = editor.pane == Pane::Criteria && app.overlays().is_empty();
    let title = if editor.is_typing() { "SQL, typing" } else { "SQL" };
    let inner = draw_frame::pane(title, is_focused, theme, frame, area);
    let said =
        sql_problems(editor, usize::from(inner.width), usize::from(inner.height / 3).clamp(1, 8), theme);
    let foot = u16::try_from(said.len()).unwrap_or(0);
    let [body, foot] = Layout::vertical([Constraint::Min(1), Constraint::Length(foot)]).areas(inner);
    draw_frame::lines(said, 0, frame, foot);
    let (caret_line, caret) = sql.caret();
    if is_focused {
        draw_frame::note(&format!("{}:{}", caret_line + 1, caret + 1), theme, frame, inner);
    }
    let height = usize::from(body.height);
    let first = caret_line.saturating_sub(height / 2).min(sql.len().saturating_sub(height));
    let gutter = sql::gutter(sql.len());
    let width = usize::from(body.width).saturating_sub(gutter);
    let column = sql.from(caret_line).next().map_or(0, |(line, _)| sql::column_of(line, caret));
    // The line of the cursor moves to the left, by halves, where the cursor would not be seen.
    let half = (width / 2).max(1);
    let pan = (column + 2).saturating_sub(width).div_ceil(half) * half;
    let pen = Highlighter::new(app, Dialect::Embedded, theme);
    let wrong = wrong(editor, sql);
    let lines = sql.from(first).take(height).enumerate().map(|(row, (line, open))| {
        let at = first + row;
        let is_at = at == caret_line;
        let wrong = wrong.as_ref().filter(|(line, _)| *line == at).map(|(_, letters)| letters);
        let mark = |letter: usize, style: Style| {
            let style = if is_selected(sql, at, letter) { style.patch(theme.selection) } else { style };
            let is_caret = is_at && letter == caret && !is_focused;
            marked(style, wrong.is_some_and(|letters| letters.contains(&letter)), is_caret, theme)
        };
        let window = Viewport { pan: if is_at && is_focused { pan } else { 0 }, width };
        let mut shown = pen.line(line, open, window, &mark);
        let style = if is_at && is_focused { theme.accent } else { theme.dim };
        let number = match wrong {
            Some(_) => sql::number(at, gutter, '✗', theme.error),
            None => sql::number(at, gutter, ' ', style),
        };
        shown.spans.insert(0, number);
        if is_at && is_focused && !editor.is_typing() {
            let used = shown.width();
            shown.spans.push(" ".repeat((gutter + width).saturating_sub(used)).into());
            return shown.patch_style(theme.selection);
        }
        shown
    });
    let lines = lines.collect();
    draw_frame::lines(lines, 0, frame, body);
    if is_focused {
        let offset = |at: usize| u16::try_from(at).unwrap_or(u16::MAX);
        let x = body.x.saturating_add(offset(gutter + column.saturating_sub(pan)));
        let y = body.y.saturating_add(offset(caret_line.saturating_sub(first)));
        frame.set_cursor_position(Position::new(x.min(body.right()), y));
    }
}

/// The style of a letter that is wrong, or at the cursor of a text that has no keys.
fn marked(style: Style, is_wrong: bool, is_caret: bool, theme: &Theme) -> Style {
    match (is_wrong, is_caret) {
        (true, _) => style.patch(theme.error).add_modifier(Modifier::UNDERLINED),
        (false, true) => style.add_modifier(Modifier::REVERSED),
        (false, false) => style,
    }
}

/// The line and the letters that are underlined: the token at the place of the first error.
fn wrong(editor: &Editor, sql: &SqlText) -> Option<(usize, Range<usize>)> {
    let errors = editor.problems.iter().filter(|problem| problem.severity == Severity::Error);
    let at = errors.filter_map(|problem| problem.text_position).next()?;
    // A place behind the end is the end.
    let line = at.line.saturating_sub(1).min(sql.len() - 1);
    let (text, open) = sql.from(line).next()?;
    let letter = at.column.saturating_sub(1).min(text.chars().count());
    Some((line, token_at(text, open, letter)))
}

fn token_at(line: &str, open: LineState, letter: usize) -> Range<usize> {
    let mut start = 0;
    for token in tokenize(line, open, Dialect::Embedded).0 {
        let end = start + token.text.chars().count();
        if (start..end).contains(&letter) {
            return letter..end;
        }
        start = end;
    }
    letter..letter + 1
}

fn is_selected(sql: &SqlText, line: usize, letter: usize) -> bool {
    sql.selection().is_some_and(|(from, to)| (from..to).contains(&(line, letter)))
}
