//! Panes with borders and titles, and lists that keep the cursor in sight.

use std::ops::Range;

use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, BorderType, Clear, Paragraph};

use super::text;
use super::theme::Theme;
use crate::app::field::Field;

/// Draws a border with a title and answers the room inside.
pub fn pane(title: &str, is_focused: bool, theme: &Theme, frame: &mut Frame, area: Rect) -> Rect {
    let style = if is_focused { theme.focus } else { theme.faint };
    let heading = if is_focused { theme.focus } else { theme.dim };
    let kind = if is_focused { BorderType::Thick } else { BorderType::Rounded };
    let title = text::fit(title, usize::from(area.width.saturating_sub(6)));
    let block = Block::bordered().border_type(kind).border_style(style);
    let block =
        if title.is_empty() { block } else { block.title(Span::styled(format!(" {title} "), heading)) };
    let inner = block.inner(area);
    frame.render_widget(block, area);
    Rect { x: inner.x + 1, width: inner.width.saturating_sub(2), ..inner }
}

/// Draws a note into the lower border of a pane, at the right of the room inside.
pub fn note(said: &str, theme: &Theme, frame: &mut Frame, inner: Rect) {
    let said = text::fit(&format!(" {said} "), usize::from(inner.width));
    let width = u16::try_from(text::width(&said)).unwrap_or(u16::MAX);
    let place = Rect { x: inner.right().saturating_sub(width), y: inner.bottom(), width, height: 1 };
    // The border of a focused pane is bold.
    let style = theme.dim.remove_modifier(Modifier::BOLD);
    frame.render_widget(Line::styled(said, style), place.intersection(frame.area()));
}

/// Draws a box over what is there, in the middle, and answers the room inside.
pub(crate) fn popup(
    title: &str,
    columns: u16,
    lines: u16,
    theme: &Theme,
    frame: &mut Frame,
    area: Rect,
) -> Rect {
    let width = columns.min(area.width);
    let height = lines.min(area.height);
    let x = area.x + (area.width - width) / 2;
    let y = area.y + (area.height - height) / 2;
    let area = Rect { x, y, width, height };
    frame.render_widget(Clear, area);
    pane(title, true, theme, frame, area)
}

/// How many columns the title of a box of so many columns has.
#[must_use]
pub(crate) fn title_room(columns: u16, area: Rect) -> usize {
    usize::from(columns.min(area.width).saturating_sub(6))
}

/// Draws lines so that the one at `cursor` is in sight, in the middle where there is more than fits.
pub fn list(lines: Vec<Line>, cursor: usize, frame: &mut Frame, area: Rect) {
    let height = usize::from(area.height);
    let most = lines.len().saturating_sub(height);
    let first = cursor.saturating_sub(height / 2).min(most);
    let shown: Vec<Line> = lines.into_iter().skip(first).take(height).collect();
    frame.render_widget(Paragraph::new(shown), area);
}

/// Which of so many lines may be seen when the one at `cursor` is: the others need not be made.
#[must_use]
pub(crate) fn near(count: usize, cursor: usize, area: Rect) -> Range<usize> {
    let height = usize::from(area.height);
    let cursor = cursor.min(count);
    cursor.saturating_sub(height)..(cursor + height + 1).min(count)
}

/// Draws lines from one of them on.
pub fn lines(lines: Vec<Line>, from: usize, frame: &mut Frame, area: Rect) {
    let from = from.min(lines.len().saturating_sub(1));
    frame.render_widget(Paragraph::new(lines.into_iter().skip(from).collect::<Vec<_>>()), area);
}

/// How many columns of a text field are hidden at its left.
#[must_use]
pub fn hidden(label: &str, field: &Field, area: Rect) -> usize {
    let room = usize::from(area.width).saturating_sub(text::width(label) + 1);
    let before: String = field.text().chars().take(field.cursor()).collect();
    // The end of a long text is what is being typed.
    text::width(&text::sanitize(&before)).saturating_sub(room.saturating_sub(1))
}

/// Draws a text field with its label, and the cursor in it if keys go there.
pub fn field(label: &str, field: &Field, has_keys: bool, theme: &Theme, frame: &mut Frame, area: Rect) {
    let label_width = text::width(label);
    let room = usize::from(area.width).saturating_sub(label_width + 1);
    let before: String = text::sanitize(&field.text().chars().take(field.cursor()).collect::<String>());
    let hidden = hidden(label, field, area);
    let shown = text::without_start(&text::sanitize(field.text()), hidden);
    let style = if has_keys { theme.text } else { theme.dim };
    let line = Line::from(vec![
        Span::styled(label.to_owned(), theme.dim),
        Span::styled(text::fit(&shown, room), style),
    ]);
    frame.render_widget(Paragraph::new(line), area);
    if has_keys {
        let column = label_width + text::width(&before) - hidden;
        let column = u16::try_from(column).unwrap_or(u16::MAX).min(area.width.saturating_sub(1));
        frame.set_cursor_position(Position::new(area.x + column, area.y));
    }
}

/// A line whose right end stands at the right.
#[must_use]
pub fn ends<'a>(mut start: Vec<Span<'a>>, end: Vec<Span<'a>>, columns: usize) -> Line<'a> {
    let used: usize = start.iter().chain(&end).map(|span| text::width(&span.content)).sum();
    start.push(Span::raw(" ".repeat(columns.saturating_sub(used))));
    start.extend(end);
    Line::from(start)
}

/// A text of two parts in `columns`: the first is cut where both do not fit.
#[must_use]
pub fn two(start: (&str, Style), end: (&str, Style), columns: usize) -> Line<'static> {
    let right = text::fit(end.0, columns);
    let room = columns.saturating_sub(text::width(&right) + 1);
    let left = text::fit(start.0, room);
    ends(vec![Span::styled(left, start.1)], vec![Span::styled(right, end.1)], columns)
}
