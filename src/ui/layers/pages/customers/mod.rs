//! The members of the open segment as a table: what is shown of whom above, the value at the cursor in full below.

mod cell;
mod places;
mod table;

use std::ops::Range;

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use self::cell::shown;
use self::table::Table;
use crate::app::App;
use crate::app::event::SegmentFailure;
use crate::app::layers::editor::state::Editor;
use crate::app::layers::pages::customers::{Customers, Typing, pick_words};
use crate::ui::theme::Theme;
use crate::ui::{diagnostic, frame as draw_frame, number, text};

/// Below so many lines there is room for rows alone.
const LOW: u16 = 6;
/// From here on there is room for a rule between the rows and the value.
const HIGH: u16 = 10;
/// How many characters of a value may be seen below the table.
const VALUE: usize = 4_000;

pub fn draw(app: &App, editor: &Editor, page: &Customers, theme: &Theme, frame: &mut Frame, area: Rect) {
    let has_keys = app.overlays().is_empty();
    let title = title(app, editor, page, usize::from(area.width.saturating_sub(6)));
    let inner = draw_frame::pane(&title, has_keys, theme, frame, area);
    if inner.height == 0 || inner.width < 4 {
        return;
    }
    let has_field = page.typing.is_some() || !page.search.text().is_empty();
    let parts = [Constraint::Length(u16::from(has_field)), Constraint::Min(0)];
    let [field, body] = Layout::vertical(parts).areas(inner);
    match &page.typing {
        Some(Typing::Id(id)) => draw_frame::field("id ", id, has_keys, theme, frame, field),
        Some(Typing::Search) => draw_frame::field("/ ", &page.search, has_keys, theme, frame, field),
        None if has_field => draw_frame::field("/ ", &page.search, false, theme, frame, field),
        None => {}
    }
    if let Some(lines) = instead(app, page, theme, body) {
        return frame.render_widget(Paragraph::new(lines), body);
    }
    let below = value_lines(app, page, theme, body);
    let low = u16::try_from(below.len()).unwrap_or(0);
    let parts = [Constraint::Length(1), Constraint::Min(0), Constraint::Length(low)];
    let [heading, list, value] = Layout::vertical(parts).areas(body);
    let id = app.activation_id();
    let table = Table::new(app, page, &id, theme, usize::from(body.width));
    frame.render_widget(table.heading(), heading);
    let height = usize::from(list.height);
    // Before anything is known, rows on their way stand for those that will be.
    let in_sight = match page.rows.window() {
        Some(_) => page.rows.in_sight(page.row, height),
        None => 0..height.min(1),
    };
    frame.render_widget(Paragraph::new(table.lines(in_sight.clone())), list);
    frame.render_widget(Paragraph::new(below), value);
    if page.rows.window().is_some() {
        draw_frame::note(&position(page, &table, in_sight, inner.width), theme, frame, inner);
    }
}

/// How many there are, of which definition and which day, and what is being worked out; as much as fits.
fn title(app: &App, editor: &Editor, page: &Customers, columns: usize) -> String {
    let whom = app.whom();
    let counted = |count: usize| {
        let words = if count == 1 { &whom.singular } else { &whom.plural };
        format!("{} {words}", number::whole(count as u64))
    };
    let window = page.rows.window();
    let searched = page.rows.question().is_some_and(|question| question.search.is_some());
    let mut parts = vec![match window {
        Some(window) if searched => {
            format!("{} of {}", number::whole(window.matches as u64), counted(window.members))
        }
        Some(window) => counted(window.members),
        None => "Customers".to_owned(),
    }];
    if !page.rows.is_current() && page.rows.failure().is_none() && app.database().is_some() {
        let percent = page.rows.percent().map(|percent| format!(" {percent} %")).unwrap_or_default();
        parts.push(format!("looking …{percent}"));
    }
    if editor.has_edits() {
        parts.push("as edited, not saved".to_owned());
    }
    parts.extend(window.map(|window| format!("as of {}", window.as_of)));
    let mut title = String::new();
    for part in parts {
        let longer = if title.is_empty() { part } else { format!("{title} · {part}") };
        if !title.is_empty() && text::width(&longer) > columns {
            break;
        }
        title = longer;
    }
    title
}

/// What stands in place of a table.
fn instead(app: &App, page: &Customers, theme: &Theme, area: Rect) -> Option<Vec<Line<'static>>> {
    let (width, height) = (usize::from(area.width), usize::from(area.height));
    let said = |words: &str| {
        let lines = text::wrap(words, width, height);
        lines.into_iter().map(|line| Line::styled(line, theme.dim)).collect::<Vec<_>>()
    };
    if app.database().is_none() {
        return Some(said("There is no open database: D opens one."));
    }
    match page.rows.failure() {
        Some(SegmentFailure::Other(failure)) => {
            return Some(diagnostic::lines(failure, width, height, theme));
        }
        Some(SegmentFailure::Refused(problem)) => {
            let lines = text::wrap(&app.described(problem), width, height);
            return Some(lines.into_iter().map(|line| Line::styled(line, theme.error)).collect());
        }
        None => {}
    }
    let window = page.rows.window()?;
    if window.matches > 0 {
        return None;
    }
    let search = page.rows.question().and_then(|question| question.search.as_deref());
    Some(match search {
        Some(search) if window.members > 0 => {
            let whom = app.whom().singular;
            said(&format!("No {whom} has “{search}” in the id or in a column shown here. Esc shows all."))
        }
        _ => said("Nobody is in this segment."),
    })
}

/// The value at the cursor in full, under a rule; nothing where there is no room for it.
fn value_lines(app: &App, page: &Customers, theme: &Theme, area: Rect) -> Vec<Line<'static>> {
    if area.height < LOW {
        return Vec::new();
    }
    let width = usize::from(area.width);
    let label = match page.columns.column(page.column) {
        None => app.activation_id(),
        Some(column) => match pick_words(&column.pick) {
            words if words.is_empty() => format!("{}.{}", column.table, column.column),
            words => format!("{}.{}, {words}", column.table, column.column),
        },
    };
    let label = text::fit(&label, (width * 2 / 3).max(12));
    let room = width.saturating_sub(text::width(&label) + 2).max(1);
    let most = usize::from(area.height / 4).clamp(1, 6);
    let (style, lines) = match page.value() {
        None => (theme.dim, vec!["…".to_owned()]),
        Some(None) => (theme.dim, vec!["NULL".to_owned()]),
        Some(Some("")) => (theme.dim, vec!["empty text".to_owned()]),
        Some(Some(value)) => (theme.text, text::wrap(&shown(Some(value), VALUE).text, room, most)),
    };
    let blank = " ".repeat(text::width(&label) + 2);
    let starts = std::iter::once(format!("{label}  ")).chain(std::iter::repeat(blank));
    let rule = (area.height >= HIGH).then(|| Line::styled("─".repeat(width), theme.faint));
    let lines = starts.zip(lines);
    let lines = lines
        .map(|(start, line)| Line::from(vec![Span::styled(start, theme.dim), Span::styled(line, style)]));
    rule.into_iter().chain(lines).collect()
}

/// `1–30 of 82,121 · columns 1–6 of 9`
fn position(page: &Customers, table: &Table<'_>, in_sight: Range<usize>, width: u16) -> String {
    let whole = |number: usize| number::whole(number as u64);
    let rows =
        format!("{}–{} of {}", whole(in_sight.start + 1), whole(in_sight.end), whole(page.rows.matches()));
    let row = format!("row {}, {rows}", whole(page.row + 1));
    match table.columns_in_sight() {
        (Some(columns), count) if columns.len() < count => {
            let columns = match columns.len() {
                1 => format!("column {} of {count}", columns.end - 1),
                _ => format!("columns {}–{} of {count}", columns.start, columns.end - 1),
            };
            let long = format!("{row} · {columns}");
            if text::width(&long) + 2 <= usize::from(width) { long } else { rows }
        }
        _ => row,
    }
}
