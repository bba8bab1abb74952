//! The text of a SQL segment, in the place of the criteria, with what is wrong with it at the bottom.

use std::ops::Range;

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Position, Rect};
use ratatui::style::{Modifier, Style};
use ratatui::text::Line;

use crate::app::App;
use crate::app::editor::sql_text::SqlText;
use crate::app::editor::{Editor, Pane};
use crate::segment::{Problem, Severity};
use crate::sql::Dialect;
use crate::sql::lexer::{LineState, tokenize};
use crate::ui::sql::{self, Highlighter, Viewport};
use crate::ui::theme::Theme;
use crate::ui::{frame as draw_frame, text};

pub fn draw(app: &App, editor: &Editor, sql: &SqlText, theme: &Theme, frame: &mut Frame, area: Rect) {
    let is_focused = editor.pane == Pane::Criteria && app.overlays.is_empty();
    let title = if editor.is_typing() { "SQL, typing" } else { "SQL" };
    let inner = draw_frame::pane(title, is_focused, theme, frame, area);
    let said = problems(editor, usize::from(inner.width), usize::from(inner.height / 3).clamp(1, 8), theme);
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
            match wrong {
                Some(letters) if letters.contains(&letter) => {
                    style.patch(theme.error).add_modifier(Modifier::UNDERLINED)
                }
                _ if is_at && letter == caret && !is_focused => style.add_modifier(Modifier::REVERSED),
                _ => style,
            }
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

/// What is wrong with a SQL segment, under a rule; the first that stands in the way comes first.
pub fn problems(editor: &Editor, width: usize, most: usize, theme: &Theme) -> Vec<Line<'static>> {
    let mut problems: Vec<&Problem> = editor.problems.iter().collect();
    problems.sort_by_key(|problem| problem.severity == Severity::Advice);
    let said = problems.into_iter().map(|problem| {
        let help = problem.diagnostic.help.as_ref().map(|help| format!(": {help}")).unwrap_or_default();
        let (mark, style) = match problem.severity {
            Severity::Error => ("✗", theme.error),
            Severity::Advice => ("!", theme.warn),
        };
        (format!("{mark} {}{help}", problem.diagnostic.message), style)
    });
    let mut said: Vec<(String, Style)> = said.collect();
    if said.is_empty() {
        said.extend(editor.live.failure.iter().map(|failure| (format!("✗ {failure}"), theme.error)));
    }
    let lines = said.into_iter().flat_map(|(said, style)| {
        text::wrap(&said, width, most).into_iter().map(move |line| Line::styled(line, style))
    });
    let lines: Vec<Line> = lines.take(most).collect();
    if lines.is_empty() {
        return lines;
    }
    std::iter::once(Line::styled("─".repeat(width), theme.faint)).chain(lines).collect()
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
