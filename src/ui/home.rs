//! The list of segments: the folder tree, and the definition of the one at the cursor.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span};

use super::theme::Theme;
use super::{definition, frame as draw_frame, text};
use crate::app::home::HomeRow;
use crate::app::{App, Opening};
use crate::segment::Keyword;

/// From here on the definition stands beside the list.
const WIDE: u16 = 76;

pub fn draw(app: &App, theme: &Theme, frame: &mut Frame, area: Rect) {
    if area.width < WIDE {
        return list(app, theme, frame, area);
    }
    let columns = [Constraint::Percentage(58), Constraint::Min(1)];
    let [left, right] = Layout::horizontal(columns).areas(area);
    list(app, theme, frame, left);
    preview(app, theme, frame, right);
}

fn list(app: &App, theme: &Theme, frame: &mut Frame, area: Rect) {
    let inner = draw_frame::pane("Segments", app.overlays.is_empty(), theme, frame, area);
    let [find, rest] = Layout::vertical([Constraint::Length(1), Constraint::Min(0)]).areas(inner);
    if app.home.finding || !app.home.find.text().is_empty() {
        let has_keys = app.home.finding && app.overlays.is_empty();
        draw_frame::field("/ ", &app.home.find, has_keys, theme, frame, find);
    } else {
        frame.render_widget(
            Line::styled(text::fit("/ find by name", usize::from(find.width)), theme.dim),
            find,
        );
    }
    let width = usize::from(rest.width);
    let rows = app.home.rows();
    let lines: Vec<Line> = match &app.home.listing {
        None => vec![Line::styled("reading the workspace …", theme.dim)],
        Some(Err(failure)) => text::wrap(&format!("{}: {}", failure.message, failure.help), width, 6)
            .into_iter()
            .map(|line| Line::styled(line, theme.error))
            .collect(),
        Some(Ok(_)) if rows.is_empty() && !app.home.find.text().is_empty() => {
            vec![Line::styled("nothing has that name", theme.dim)]
        }
        Some(Ok(_)) if rows.is_empty() => vec![
            Line::default(),
            Line::styled("No segments yet.", theme.strong),
            Line::styled("n starts one.", theme.dim),
        ],
        Some(Ok(_)) => rows
            .iter()
            .enumerate()
            .map(|(at, row)| {
                let line = line(app, row, width, theme);
                if at == app.home.cursor { line.patch_style(theme.selection) } else { line }
            })
            .collect(),
    };
    draw_frame::list(lines, app.home.cursor, frame, rest);
}

fn line(app: &App, row: &HomeRow, width: usize, theme: &Theme) -> Line<'static> {
    match row {
        HomeRow::Folder { depth, folder, open } => {
            let mark = if *open { "▾" } else { "▸" };
            let name = format!("{}{mark} {}", "  ".repeat(*depth), folder.name);
            draw_frame::two((&name, theme.strong), ("", theme.dim), width)
        }
        HomeRow::Segment { depth, entry } => {
            let listing = app.home.read().filter(|_| !app.home.find.text().trim().is_empty());
            let name = listing.map_or_else(|| entry.name.clone(), |listing| listing.full_name(entry));
            let newer = if entry.is_newer { "newer version  " } else { "" };
            let day = entry.updated.as_ref().map(|stamp| stamp.at.chars().take(10).collect::<String>());
            let who = entry.updated.as_ref().map(|stamp| stamp.by.clone()).unwrap_or_default();
            let indent = format!("{}  ", "  ".repeat(*depth));
            let day = day.unwrap_or_default();
            // What says least goes first where there is too little room for the name.
            let room = width.saturating_sub(text::width(&indent) + text::width(&name) + 1);
            let full = format!("{newer}{}  {day}  {}", text::left(entry.status.id(), 6), text::left(&who, 8));
            let ends = [full, format!("{newer}{day}"), newer.to_owned()];
            let end = ends.into_iter().find(|end| text::width(end) <= room).unwrap_or_default();
            draw_frame::two((&format!("{indent}{name}"), theme.text), (&end, theme.dim), width)
        }
        HomeRow::Damaged(damaged) => {
            let file =
                damaged.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            draw_frame::two((&format!("✗ {file}"), theme.error), ("cannot be read", theme.dim), width)
        }
    }
}

fn preview(app: &App, theme: &Theme, frame: &mut Frame, area: Rect) {
    let inner = draw_frame::pane("", false, theme, frame, area);
    let width = usize::from(inner.width);
    let lines = match app.home.selected() {
        None => match app.home.rows().get(app.home.cursor) {
            Some(HomeRow::Damaged(damaged)) => {
                let mut lines =
                    vec![Line::styled("This file cannot be read and is left as it is.", theme.strong)];
                let said = format!("line {}, column {}: {}", damaged.line, damaged.column, damaged.message);
                let path = damaged.path.display().to_string();
                lines.extend(
                    text::wrap(&said, width, 8).into_iter().map(|line| Line::styled(line, theme.error)),
                );
                lines.push(Line::default());
                lines.extend(
                    text::wrap(&path, width, 4).into_iter().map(|line| Line::styled(line, theme.dim)),
                );
                lines
            }
            _ => {
                let mut lines = Vec::new();
                // What the bottom line said until the next key still holds.
                if let Opening::Failed(failure) = &app.database {
                    lines.extend(
                        text::wrap(&failure.message, width, 6)
                            .into_iter()
                            .map(|line| Line::styled(line, theme.error)),
                    );
                    lines.extend(
                        text::wrap(&failure.help, width, 6)
                            .into_iter()
                            .map(|line| Line::styled(line, theme.dim)),
                    );
                    lines.push(Line::default());
                }
                let hint = text::wrap("n starts a segment, Enter opens one", width, 3);
                lines.extend(hint.into_iter().map(|line| Line::styled(line, theme.dim)));
                lines
            }
        },
        Some(entry) => match app.home.previews.get(&entry.id) {
            None => Vec::new(),
            Some(Err(failure)) => text::wrap(&format!("{}: {}", failure.message, failure.help), width, 6)
                .into_iter()
                .map(|line| Line::styled(line, theme.error))
                .collect(),
            Some(Ok(segment)) => {
                let mut lines = vec![Line::styled(text::fit(&segment.name, width), theme.strong)];
                let facts = format!("{}  revision {}", segment.database, segment.revision);
                lines.push(Line::styled(text::fit(&facts, width), theme.dim));
                if !segment.labels.is_empty() {
                    lines.push(Line::from(Span::styled(
                        text::fit(&segment.labels.join("  "), width),
                        theme.dim,
                    )));
                }
                if !segment.description.is_empty() {
                    lines.extend(text::wrap(&segment.description, width, 4).into_iter().map(Line::raw));
                }
                lines.push(Line::default());
                lines.extend(definition::lines(app, segment, theme, width));
                lines
            }
        },
    };
    draw_frame::lines(lines, 0, frame, inner);
}
