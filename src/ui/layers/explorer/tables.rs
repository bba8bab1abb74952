//! All tables of the database, and what the one at the cursor holds as a whole.

use chrono::{DateTime, Utc};
use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::Line;

use crate::app::App;
use crate::app::layers::explorer::{Explorer, ExplorerPane};
use crate::app::layers::notes::NoteKind;
use crate::backend::TableProfile;
use crate::database::{Database, Table};
use crate::ui::layers::notes::mark;
use crate::ui::theme::Theme;
use crate::ui::{frame as draw_frame, number, text};

pub(super) fn draw(
    app: &App,
    explorer: &Explorer,
    database: &Database,
    theme: &Theme,
    frame: &mut Frame,
    area: Rect,
) {
    let is_focused = explorer.pane == ExplorerPane::Tables;
    let inner = draw_frame::pane("Data explorer", is_focused, theme, frame, area);
    let width = usize::from(inner.width);
    let figures = explorer.table(database).map(|table| figures(app, explorer, table, theme, width));
    let figures = figures.unwrap_or_default();
    let height = u16::try_from(figures.len()).unwrap_or(u16::MAX).min(inner.height.saturating_sub(1) / 2);
    let rows = [Constraint::Length(1), Constraint::Min(1), Constraint::Length(height)];
    let [find, list, foot] = Layout::vertical(rows).areas(inner);
    if explorer.finding || !explorer.find.text().is_empty() {
        draw_frame::field("/ ", &explorer.find, explorer.finding, theme, frame, find);
    } else {
        frame.render_widget(Line::styled(text::fit("/ find a table or column", width), theme.dim), find);
    }
    let names = explorer.tables.names();
    let near = draw_frame::near(names.len(), explorer.tables.cursor(), list);
    let first = near.start;
    let shown = names.iter().enumerate().skip(first).take(near.len());
    let lines = shown.filter_map(|(at, name)| {
        let line = line(explorer, database.table(name)?, theme, width);
        Some(if at == explorer.tables.cursor() { selected(line, is_focused, theme) } else { line })
    });
    let mut lines: Vec<Line> = lines.collect();
    if names.is_empty() {
        lines.push(Line::styled(text::fit("nothing is found", width), theme.dim));
    }
    draw_frame::list(lines, explorer.tables.cursor().saturating_sub(first), frame, list);
    draw_frame::lines(figures, 0, frame, foot);
}

/// A line at the cursor, in the pane that has the keys or another.
pub(super) fn selected<'a>(line: Line<'a>, is_focused: bool, theme: &Theme) -> Line<'a> {
    line.patch_style(if is_focused { theme.selection } else { theme.strong })
}

fn line(explorer: &Explorer, table: &Table, theme: &Theme, width: usize) -> Line<'static> {
    let rows = table.content.as_ref().ok().and_then(|content| content.rows);
    let is_doubtful =
        explorer.profiles.table(&table.name).is_some_and(|profile| profile.would_match.is_some());
    let (mark, end, style) = match &table.content {
        Err(_) => (mark(NoteKind::Damaged), "damaged".to_owned(), theme.error),
        Ok(_) => {
            let rows = rows.map(number::short).unwrap_or_default();
            let hidden = if table.hidden { "hidden " } else { "" };
            let style = if table.hidden { theme.dim } else { theme.text };
            (if is_doubtful { "!" } else { " " }, format!("{hidden}{rows}"), style)
        }
    };
    let title = text::sanitize(table.title());
    draw_frame::two((&format!("{mark} {title}"), style), (&end, theme.dim), width)
}

/// What the table at the cursor holds as a whole.
fn figures(app: &App, explorer: &Explorer, table: &Table, theme: &Theme, width: usize) -> Vec<Line<'static>> {
    let mut lines = vec![Line::styled("─".repeat(width), theme.faint)];
    let said = |said: &str, style, most| {
        let lines = text::wrap(&text::sanitize(said), width, most).into_iter();
        lines.map(move |line| Line::styled(line, style)).collect::<Vec<_>>()
    };
    if let Err(error) = &table.content {
        lines.extend(said(&error.to_string(), theme.error, 6));
        lines.extend(said(error.help_text(), theme.dim, 4));
        return lines;
    }
    if let Some(failure) = explorer.profiles.failure(&table.name, None) {
        lines.extend(said(failure, theme.error, 6));
        return lines;
    }
    let Some(profile) = explorer.profiles.table(&table.name) else {
        lines.push(Line::styled("reading …", theme.dim));
        return lines;
    };
    if let Some(note) = &profile.would_match {
        lines.extend(said(&format!("! {}", note.message), theme.warn, 7));
    }
    let pairs = pairs(app, profile);
    lines.extend(pairs.into_iter().map(|(name, value)| {
        draw_frame::two((&name, theme.dim), (&text::sanitize(&value), theme.text), width)
    }));
    lines
}

fn pairs(app: &App, profile: &TableProfile) -> Vec<(String, String)> {
    let whom = app.whom();
    let count = |count: u64| number::whole(count);
    let mut pairs =
        vec![("rows".to_owned(), count(profile.rows)), ("columns".to_owned(), count(profile.columns as u64))];
    let mut pair = |name: String, value: Option<String>| pairs.extend(value.map(|value| (name, value)));
    match profile.customers {
        Some(customers) => pair(whom.plural.clone(), Some(count(customers))),
        None => pair(format!("no {}", whom.column), Some("–".to_owned())),
    }
    pair("orphan rows".to_owned(), profile.orphan_rows.map(count));
    pair("rows without id".to_owned(), profile.rows_without_id.map(count));
    pair(format!("most of one {}", whom.singular), profile.most_rows.map(count));
    pair("newest day".to_owned(), profile.newest_day.map(|day| day.to_string()));
    pair("size".to_owned(), (!profile.files.is_empty()).then(|| number::bytes(profile.bytes)));
    let written = profile.modified.map(|time| DateTime::<Utc>::from(time).date_naive().to_string());
    pair("written".to_owned(), written);
    pair(
        "file".to_owned(),
        match profile.files.as_slice() {
            [] => None,
            [file] => Some(file.clone()),
            files => Some(format!("{} files", count(files.len() as u64))),
        },
    );
    pairs
}
