//! Several customers at once: lines by ids, each in a column of its own where all fit, else in a row.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use super::pen::Pen;
use crate::app::layers::pages::explain::{IdRow, Words, number};
use crate::backend::IdStanding;
use crate::segment::{NodePath, Side};
use crate::ui::marks::{style_of, style_on};
use crate::ui::{frame as draw_frame, number as numbers, text};

/// How wide the column of an id is where each has one.
const ID_COLUMN: usize = 15;
/// The most room of ids where each has a row.
const IDS: usize = 30;
/// How wide an answer is.
const ANSWER: usize = 13;

pub(super) fn draw(pen: &Pen<'_>, frame: &mut Frame, area: Rect) {
    let table = &pen.page.table;
    if let Some(failure) = table.failure() {
        let said = match failure {
            crate::app::event::SegmentFailure::Other(failure) => failure.message.clone(),
            crate::app::event::SegmentFailure::Refused(problem) => pen.app.described(problem),
        };
        return pen.words(&said, pen.theme.error, frame, area);
    }
    let parts = [Constraint::Length(1), Constraint::Min(0), Constraint::Length(1)];
    let [head, body, foot] = Layout::vertical(parts).areas(area);
    frame.render_widget(tally(pen, usize::from(head.width)), head);
    let inner = pen.pane("Customers and lines", true, frame, body);
    let lines = match pen.page.ids_are_columns(pen.app.size().0) {
        true => by_columns(pen, inner),
        false => by_rows(pen, inner),
    };
    frame.render_widget(Paragraph::new(lines), inner);
    let path = pen.page.column.checked_sub(1).and_then(|at| table.lines.get(at));
    let said = match path {
        Some(path) => format!("{} {}: {}", path.side.id(), number(path), sentence(pen, path)),
        None => "the answer; Enter opens the customer".to_owned(),
    };
    let said = text::fit(&said, usize::from(foot.width));
    frame.render_widget(Line::styled(said, pen.theme.dim), foot);
}

/// How many are what, and how many are still looked at.
fn tally(pen: &Pen<'_>, columns: usize) -> Line<'static> {
    let (page, theme, whom) = (pen.page, pen.theme, pen.app.whom());
    let tally = page.table.tally();
    let whole = |count: usize| numbers::whole(count as u64);
    let member = if tally.members == 1 { "member" } else { "members" };
    let mut parts =
        vec![format!("{} {member}", whole(tally.members)), format!("{} not", whole(tally.others))];
    if tally.orphans > 0 {
        parts.push(format!("{} orphan{}", whole(tally.orphans), if tally.orphans == 1 { "" } else { "s" }));
    }
    if tally.unknown > 0 {
        parts.push(format!("{} unknown", whole(tally.unknown)));
    }
    let known = page.table.known();
    if known < page.ids.len() {
        parts.push(format!("looking at {} of {} {} …", whole(known), whole(page.ids.len()), whom.plural));
    }
    Line::styled(text::fit(&parts.join(" · "), columns), theme.text)
}

fn sentence(pen: &Pen<'_>, path: &NodePath) -> String {
    let node = pen.page.table.segment().and_then(|segment| segment.node(path));
    let plural = pen.app.whom().plural;
    let said = node.map(|node| {
        pen.app.with_schema(|schema| {
            let moving = pen.theme.glyphs.moving();
            Words { schema, as_of: pen.app.as_of(), moving, plural: &plural }.node(node)
        })
    });
    said.unwrap_or_default()
}

/// The answer for a customer, with its mark.
fn answer(pen: &Pen<'_>, row: Option<&IdRow>, is_known: bool) -> (String, Style) {
    let theme = pen.theme;
    let Some(row) = row else { return ("…".to_owned(), theme.dim) };
    let (result, said) = match (&row.standing, row.is_member) {
        (IdStanding::Customer, true) => (Some(true), "member"),
        (IdStanding::Customer, false) => (Some(false), "not"),
        (IdStanding::Orphan { .. }, _) => (None, "orphan"),
        (IdStanding::Unknown { .. }, _) => (None, "unknown"),
    };
    let style = if is_known { style_of(result, theme) } else { theme.dim };
    (format!("{} {said}", theme.glyphs.result(result)), style)
}

/// What a line comes to for a customer.
fn cell(pen: &Pen<'_>, row: Option<&IdRow>, line: usize, is_known: bool) -> (&'static str, Style) {
    let theme = pen.theme;
    let side = pen.page.table.lines.get(line).map_or(Side::Include, |path| path.side);
    match row.and_then(|row| row.results.get(line)) {
        Some(result) if is_known => (theme.glyphs.result(*result), style_on(side, *result, theme)),
        Some(result) => (theme.glyphs.result(*result), theme.dim),
        None => (" ", theme.dim),
    }
}

/// `2.1`, `x1.1` on the exclude side.
fn mark(path: &NodePath) -> String {
    let side = if path.side == Side::Exclude { "x" } else { "" };
    format!("{side}{}", number(path))
}

/// Lines of the segment in rows, ids in columns.
fn by_columns(pen: &Pen<'_>, area: Rect) -> Vec<Line<'static>> {
    let (page, theme) = (pen.page, pen.theme);
    let words = usize::from(area.width).saturating_sub(page.ids.len() * ID_COLUMN);
    let at_id = |id: usize, style: Style| if id == page.row { style.patch(theme.selection) } else { style };
    let mut head = vec![Span::raw(" ".repeat(words))];
    head.extend(page.ids.iter().enumerate().map(|(at, id)| {
        Span::styled(format!("{} ", text::left(id, ID_COLUMN - 1)), at_id(at, theme.accent))
    }));
    let style = |line: usize| if line == page.column { theme.strong } else { theme.text };
    let mut answers = vec![Span::styled(text::left("the answer", words), style(0))];
    answers.extend((0..page.ids.len()).map(|at| {
        let (said, style) = answer(pen, page.table.rows.get(at), page.table.is_known(at));
        Span::styled(format!("{} ", text::left(&said, ID_COLUMN - 1)), at_id(at, style))
    }));
    let mut lines = vec![Line::from(head), Line::from(answers)];
    let height = usize::from(area.height).saturating_sub(2);
    let first = page.column.saturating_sub(1).saturating_sub(height / 2);
    let first = first.min(page.table.lines.len().saturating_sub(height));
    for (line, path) in page.table.lines.iter().enumerate().skip(first).take(height) {
        let said = format!("{} {}", mark(path), sentence(pen, path));
        let cursor = if line + 1 == page.column { ">" } else { " " };
        let said = format!("{cursor}{}", text::left(&said, words.saturating_sub(2)));
        let mut spans = vec![Span::styled(text::left(&said, words), style(line + 1))];
        spans.extend((0..page.ids.len()).map(|at| {
            let (mark, style) = cell(pen, page.table.rows.get(at), line, page.table.is_known(at));
            Span::styled(text::left(mark, ID_COLUMN), at_id(at, style))
        }));
        lines.push(Line::from(spans));
    }
    lines
}

/// Ids in rows, lines of the segment in columns: those around the cursor.
fn by_rows(pen: &Pen<'_>, area: Rect) -> Vec<Line<'static>> {
    let (page, theme) = (pen.page, pen.theme);
    let (columns, height) = (usize::from(area.width), usize::from(area.height).saturating_sub(1));
    let most = page.ids.len().saturating_sub(height);
    let first = page.row.saturating_sub(height / 2).min(most);
    let in_sight = page.ids.iter().enumerate().skip(first).take(height);
    let wide = in_sight.clone().map(|(_, id)| text::width(&text::sanitize(id))).max().unwrap_or(0);
    let answer_width = ANSWER.min(columns / 3);
    let wide = wide.clamp(2, IDS.min(columns.saturating_sub(answer_width + 2).max(2)));
    let room = columns.saturating_sub(wide + 1 + answer_width);
    let line_width =
        page.table.lines.iter().map(|path| text::width(&mark(path))).max().unwrap_or(1).max(3) + 1;
    let fitting = room / line_width;
    let from = page.column.saturating_sub(fitting.max(1));
    let shown: Vec<(usize, &NodePath)> =
        page.table.lines.iter().enumerate().skip(from).take(fitting).collect();
    let heading = |at: usize| if at == page.column { theme.strong } else { theme.dim };
    let mut head = vec![
        Span::styled(format!("{} ", text::left("id", wide)), theme.dim),
        Span::styled(text::left("answer", answer_width), heading(0)),
    ];
    head.extend(shown.iter().map(|(at, path)| {
        let pointer = if at + 1 == page.column { ">" } else { "" };
        Span::styled(text::left(&format!("{pointer}{}", mark(path)), line_width), heading(at + 1))
    }));
    let mut lines = vec![Line::from(head)];
    lines.extend(in_sight.map(|(at, id)| {
        let (row, is_known) = (page.table.rows.get(at), page.table.is_known(at));
        let (said, style) = answer(pen, row, is_known);
        let mut spans = vec![
            Span::styled(format!("{} ", text::left(id, wide)), theme.accent),
            Span::styled(text::left(&said, answer_width), style),
        ];
        spans.extend(shown.iter().map(|(line, _)| {
            let (mark, style) = cell(pen, row, *line, is_known);
            Span::styled(text::left(mark, line_width), style)
        }));
        let line = draw_frame::ends(spans, Vec::new(), columns);
        if at == page.row { line.patch_style(theme.selection) } else { line }
    }));
    lines
}
