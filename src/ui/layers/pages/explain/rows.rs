//! The rows that decided a condition as a small table, with those that do not count and why.

use ratatui::text::{Line, Span};

use super::pen::Pen;
use crate::app::layers::pages::explain::side_of;
use crate::backend::{DroppedBy, ExplainedRow, RowEvidence};
use crate::segment::{Condition, words};
use crate::ui::explanation::value_words;
use crate::ui::marks::style_on;
use crate::ui::{number, text};

/// The widest that a column is.
const WIDEST: usize = 24;

pub(super) fn lines(
    pen: &Pen<'_>,
    evidence: &RowEvidence,
    condition: Option<&Condition>,
    columns: usize,
) -> Vec<Line<'static>> {
    let theme = pen.theme;
    let label = pen.app.with_schema(|schema| schema.table_label(&evidence.table));
    let count = evidence.rows.len() as u64 + evidence.rows_left_out;
    let said = match count {
        0 => format!("no row in {label}"),
        1 => format!("1 row in {label}"),
        count => format!("{} rows in {label}", number::whole(count)),
    };
    let mut lines = vec![Line::default(), Line::styled(text::fit(&said, columns), theme.dim)];
    if evidence.rows.is_empty() {
        return lines;
    }
    let names: Vec<&str> = evidence
        .rows
        .first()
        .into_iter()
        .flat_map(|row| &row.values)
        .map(|(name, _)| name.as_str())
        .collect();
    let row_width =
        evidence.rows.iter().map(|row| text::width(&number::whole(row.row + 1))).max().unwrap_or(0).max(3);
    let drop_width = evidence.rows.iter().map(|row| text::width(dropped(row))).max().unwrap_or(0);
    let shown = shown_columns(evidence, &names, columns.saturating_sub(row_width + 4 + drop_width));
    let mut head = vec![Span::styled(text::right("row", row_width), theme.dim)];
    head.push(Span::raw(" ".repeat(drop_width + 3)));
    head.extend(shown.iter().map(|(at, width)| {
        let name = names.get(*at).copied().unwrap_or_default();
        Span::styled(format!(" {}", text::left(name, *width)), theme.dim)
    }));
    lines.push(Line::from(head));
    let widths = (row_width, drop_width);
    lines.extend(evidence.rows.iter().map(|row| row_line(pen, row, &shown, widths)));
    if evidence.rows_left_out > 0 {
        let said = format!("… {} more rows", number::whole(evidence.rows_left_out));
        lines.push(Line::styled(text::fit(&said, columns), theme.dim));
    }
    if shown.len() < names.len() {
        let is_hidden = |at: usize| !shown.iter().any(|(column, _)| *column == at);
        let hidden = names.iter().enumerate().filter(|(at, _)| is_hidden(*at));
        let hidden: Vec<&str> = hidden.map(|(_, name)| *name).collect();
        let said = format!("no room for {} (y copies all)", hidden.join(", "));
        lines.extend(text::wrap(&said, columns, 2).into_iter().map(|line| Line::styled(line, theme.dim)));
    }
    lines.extend(filters(pen, evidence, condition, columns));
    lines
}

/// A row: its number, whether it counts, its values.
fn row_line(
    pen: &Pen<'_>,
    row: &ExplainedRow,
    shown: &[(usize, usize)],
    (row_width, drop_width): (usize, usize),
) -> Line<'static> {
    let theme = pen.theme;
    let (mark, style) = match row.dropped {
        Some(_) => ("-", theme.dim),
        None => (theme.glyphs.result(row.result), style_on(side_of(&pen.page.cursor), row.result, theme)),
    };
    let own = if row.dropped.is_some() { theme.dim } else { theme.text };
    let mut spans = vec![
        Span::styled(text::right(&number::whole(row.row + 1), row_width), theme.dim),
        Span::styled(format!(" {mark} {}", text::left(dropped(row), drop_width)), style),
    ];
    spans.extend(shown.iter().map(|(at, width)| {
        let value = row.values.get(*at).and_then(|(_, value)| value.as_deref());
        let style = if value.is_none() { theme.dim } else { own };
        Span::styled(format!(" {}", text::left(&self::shown(value), *width)), style)
    }));
    Line::from(spans)
}

/// Why a row does not count, in a word.
fn dropped(row: &ExplainedRow) -> &'static str {
    match row.dropped {
        None => "",
        Some(DroppedBy::Return) => "return",
        Some(DroppedBy::NoOrder) => "no order",
        Some(DroppedBy::Window) => "window",
        Some(DroppedBy::Filter(0)) => "filter 1",
        Some(DroppedBy::Filter(1)) => "filter 2",
        Some(DroppedBy::Filter(2)) => "filter 3",
        Some(DroppedBy::Filter(3)) => "filter 4",
        Some(DroppedBy::Filter(_)) => "filter",
    }
}

/// What the filters are that rows do not pass.
fn filters(
    pen: &Pen<'_>,
    evidence: &RowEvidence,
    condition: Option<&Condition>,
    columns: usize,
) -> Vec<Line<'static>> {
    let said =
        condition.map(|condition| pen.app.with_schema(|schema| words::condition(condition, schema).filters));
    let said = said.unwrap_or_default().into_iter().enumerate();
    let is_used = |at: usize| evidence.rows.iter().any(|row| row.dropped == Some(DroppedBy::Filter(at)));
    let said = said.filter(|(at, _)| is_used(*at));
    let lines = said.flat_map(|(at, filter)| text::wrap(&format!("filter {}: {filter}", at + 1), columns, 2));
    lines.map(|line| Line::styled(line, pen.theme.dim)).collect()
}

/// The columns that fit, each with its width. Where not all do, keys go first, the last of them before the first; then what
/// the condition looks at after its own column, but dates last of all.
fn shown_columns(evidence: &RowEvidence, names: &[&str], room: usize) -> Vec<(usize, usize)> {
    let wide = |(at, name): (usize, &&str)| {
        let values = evidence.rows.iter().filter_map(|row| row.values.get(at));
        let values = values.map(|(_, value)| text::width(&shown(value.as_deref())));
        (at, values.chain([text::width(name)]).max().unwrap_or(0).clamp(1, WIDEST))
    };
    let mut columns: Vec<(usize, usize)> = names.iter().enumerate().map(wide).collect();
    let used = |columns: &[(usize, usize)]| columns.iter().map(|(_, width)| width + 1).sum::<usize>();
    let is_date = |at: usize| {
        let mut values = evidence.rows.iter().filter_map(|row| row.values.get(at)?.1.as_deref());
        let day = values.next().and_then(|value| value.get(..10));
        day.is_some_and(|day| day.parse::<chrono::NaiveDate>().is_ok())
    };
    let mut keys = names.iter().take_while(|name| name.ends_with("_id")).count();
    keys = keys.min(columns.len().saturating_sub(1));
    while used(&columns) > room && columns.len() > 1 {
        let other = columns.iter().rposition(|(at, _)| !is_date(*at)).filter(|_| keys == 0);
        let at = keys.checked_sub(1).or(other).unwrap_or(columns.len() - 1);
        columns.remove(at);
        keys = keys.saturating_sub(1);
    }
    // One that fits in part is better than none.
    columns.iter_mut().for_each(|(_, width)| *width = (*width).min(room.saturating_sub(1).max(1)));
    columns
}

/// A value as it is shown.
fn shown(value: Option<&str>) -> String {
    text::sanitize(&value_words(value))
}
