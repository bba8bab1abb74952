//! The file browser: a folder on the left, what a file holds by way of ids on the right.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::Line;
use ratatui::widgets::Clear;

use super::lists;
use crate::app::App;
use crate::app::layers::browse::Browse;
use crate::ui::theme::Theme;
use crate::ui::{frame as draw_frame, number, text};

pub fn draw(app: &App, browse: &Browse, theme: &Theme, frame: &mut Frame, area: Rect) {
    let (area, is_wide) = lists::place(area);
    frame.render_widget(Clear, area);
    let title = "Upload a file of ids";
    if !is_wide {
        let inner = draw_frame::pane(title, true, theme, frame, area);
        let parts = [Constraint::Min(4), Constraint::Length(lists::BELOW)];
        let [list, below] = Layout::vertical(parts).areas(inner);
        folder(browse, theme, frame, list);
        return draw_frame::lines(
            preview(app, browse, true, theme, usize::from(below.width)),
            0,
            frame,
            below,
        );
    }
    let [left, right] = Layout::horizontal([Constraint::Percentage(55), Constraint::Min(1)]).areas(area);
    let inner = draw_frame::pane(title, true, theme, frame, left);
    folder(browse, theme, frame, inner);
    let name = browse.pick.current().map(|item| item.label.clone()).unwrap_or_default();
    let inner = draw_frame::pane(&name, false, theme, frame, right);
    draw_frame::lines(preview(app, browse, false, theme, usize::from(inner.width)), 0, frame, inner);
}

fn folder(browse: &Browse, theme: &Theme, frame: &mut Frame, area: Rect) {
    let parts = [Constraint::Length(1), Constraint::Length(1), Constraint::Min(1)];
    let [path, find, rest] = Layout::vertical(parts).areas(area);
    let width = usize::from(rest.width);
    let shown = browse.place();
    // The end of a long path is what matters.
    let hidden = text::width(&shown).saturating_sub(width);
    let shown = match hidden {
        0 => shown,
        _ => format!("…{}", text::without_start(&text::sanitize(&shown), hidden + 1)),
    };
    frame.render_widget(Line::styled(text::fit(&shown, width), theme.dim), path);
    draw_frame::field("/ ", &browse.query, true, theme, frame, find);
    let near = draw_frame::near(browse.pick.found().len(), browse.pick.cursor(), rest);
    let lines: Vec<Line> = match browse.failure() {
        None => vec![Line::styled("reading …", theme.dim)],
        Some(Some(failure)) => lists::failed(failure, theme, width),
        Some(None) if browse.pick.is_empty() => {
            let said = match (browse.query.text().is_empty(), browse.hidden) {
                (false, _) => "nothing here has that name",
                (true, true) => "nothing is in this folder",
                (true, false) => "nothing is in this folder that is not hidden",
            };
            vec![Line::styled(text::fit(said, width), theme.dim)]
        }
        Some(None) => browse
            .pick
            .found()
            .skip(near.start)
            .take(near.len())
            .map(|(is_at, item)| {
                let style = if item.value.is_folder { theme.accent } else { theme.text };
                let size = if item.value.is_folder { String::new() } else { number::bytes(item.value.bytes) };
                let line = draw_frame::two((&item.label, style), (&size, theme.dim), width);
                if is_at { line.patch_style(theme.selection) } else { line }
            })
            .collect(),
    };
    draw_frame::list(lines, browse.pick.cursor() - near.start, frame, rest);
}

/// What is known of the file at the cursor.
fn preview(app: &App, browse: &Browse, is_short: bool, theme: &Theme, width: usize) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    if let Some(complaint) = &browse.complaint {
        let said = text::wrap(&format!("✗ {complaint}"), width, 6);
        lines.extend(said.into_iter().map(|line| Line::styled(line, theme.warn)));
        lines.push(Line::default());
    }
    let Some(entry) = browse.pick.current().map(|item| &item.value) else { return lines };
    if entry.is_folder {
        lines.push(Line::styled(text::fit("a folder: → or Enter opens it", width), theme.dim));
        return lines;
    }
    match browse.previews.get(&entry.path) {
        None if browse.taking.is_none() && browse.to_preview().is_none() => {
            let said = format!("{}: Enter reads it", number::bytes(entry.bytes));
            lines.push(Line::styled(text::fit(&said, width), theme.dim));
        }
        None => lines.push(Line::styled("looking …", theme.dim)),
        Some(Err(failure)) => lines.extend(lists::failed(failure, theme, width)),
        Some(Ok(found)) if is_short => lines.extend(lists::brief(app, found, theme, width)),
        Some(Ok(found)) => lines.extend(lists::found(app, found, theme, width)),
    }
    lines
}
