//! Sample rows, with the value at the cursor in full.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span};

use crate::app::layers::explorer::{Explorer, ExplorerPane, Sample};
use crate::backend::SampledRows;
use crate::ui::theme::Theme;
use crate::ui::{frame as draw_frame, number, text};

/// The widest that a column is.
const WIDEST: usize = 26;

pub(super) fn draw(explorer: &Explorer, theme: &Theme, frame: &mut Frame, area: Rect) {
    let is_focused = explorer.pane == ExplorerPane::Rows;
    let inner = draw_frame::pane("Sample rows", is_focused, theme, frame, area);
    let (sample, width) = (&explorer.sample, usize::from(inner.width));
    if let Some(failure) = sample.failure() {
        let lines = text::wrap(&text::sanitize(failure), width, usize::from(inner.height)).into_iter();
        let lines = lines.map(|line| Line::styled(line, theme.error)).collect();
        return draw_frame::lines(lines, 0, frame, inner);
    }
    let Some(rows) = sample.rows() else {
        let is_awaited = explorer.tables.current().is_some() && !sample.is_current();
        let said = if is_awaited { "reading …" } else { "" };
        return draw_frame::lines(vec![Line::styled(said, theme.dim)], 0, frame, inner);
    };
    let full = full(sample, is_focused, theme, width);
    let height = u16::try_from(full.len()).unwrap_or(0).min(inner.height / 2);
    let parts = [Constraint::Length(1), Constraint::Min(1), Constraint::Length(height)];
    let [head, list, foot] = Layout::vertical(parts).areas(inner);
    let shown = shown_columns(rows, sample.column, width);
    let style = if sample.is_current() { theme.text } else { theme.dim };
    frame.render_widget(heads(rows, &shown, sample.column, theme), head);
    let lines = rows.rows.iter().enumerate().map(|(at, (row, values))| {
        let is_at = |column: usize| is_focused && at == sample.row && column == sample.column;
        let mut spans = vec![Span::styled(text::right(&number::whole(*row), row_width(rows)), theme.dim)];
        for (column, width) in &shown {
            let (said, style) = match values.get(*column) {
                Some(Some(value)) => (text::sanitize(value), style),
                _ => ("NULL".to_owned(), theme.dim),
            };
            spans.push(Span::raw("  "));
            let cell = text::left(&said, *width);
            spans.push(Span::styled(cell, if is_at(*column) { theme.selection } else { style }));
        }
        Line::from(spans)
    });
    draw_frame::list(lines.collect(), sample.row, frame, list);
    draw_frame::lines(full, 0, frame, foot);
}

/// The value at the cursor in full.
fn full(sample: &Sample, is_focused: bool, theme: &Theme, width: usize) -> Vec<Line<'static>> {
    let Some((column, value)) = sample.cell().filter(|_| is_focused) else { return Vec::new() };
    let value = value.map_or_else(|| "NULL".to_owned(), text::sanitize);
    let said = text::wrap(&format!("{}: {value}", text::sanitize(column)), width, 2).into_iter();
    said.map(|line| Line::styled(text::fit(&line, width), theme.strong)).collect()
}

fn heads(rows: &SampledRows, shown: &[(usize, usize)], at: usize, theme: &Theme) -> Line<'static> {
    let mut spans = vec![Span::styled(text::right("row", row_width(rows)), theme.dim)];
    for (column, width) in shown {
        let name = rows.columns.get(*column).map(|name| text::sanitize(name)).unwrap_or_default();
        let style = if *column == at { theme.strong } else { theme.dim };
        spans.push(Span::raw("  "));
        spans.push(Span::styled(text::left(&name, *width), style));
    }
    Line::from(spans)
}

fn row_width(rows: &SampledRows) -> usize {
    rows.rows.iter().map(|(row, _)| text::width(&number::whole(*row))).max().unwrap_or(0).max(3)
}

/// The columns that fit, the one of the cursor among them, each with its width.
fn shown_columns(rows: &SampledRows, cursor: usize, width: usize) -> Vec<(usize, usize)> {
    let room = width.saturating_sub(row_width(rows));
    let wide = |column: usize| {
        let name = rows.columns.get(column).map_or(0, |name| text::width(name));
        let values = rows.rows.iter().filter_map(|(_, row)| row.get(column));
        let values =
            values.map(|value| value.as_deref().map_or(4, |value| text::width(&text::sanitize(value))));
        values.chain([name]).max().unwrap_or(0).clamp(1, WIDEST.min(room.saturating_sub(2).max(1)))
    };
    // As far to the left as shows the cursor.
    let (mut first, mut used) = (cursor, wide(cursor) + 2);
    while let Some(before) = first.checked_sub(1)
        && used + wide(before) + 2 <= room
    {
        (first, used) = (before, used + wide(before) + 2);
    }
    let mut shown = Vec::new();
    let mut used = 0;
    for column in first..rows.columns.len() {
        let width = wide(column);
        if used + width + 2 > room && !shown.is_empty() {
            break;
        }
        used += width + 2;
        shown.push((column, width));
    }
    shown
}
