//! A list that is searched by typing: the search above, the items that match below.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::Line;

use crate::app::pick::{Item, Pick};
use crate::ui::theme::Theme;
use crate::ui::{frame as draw_frame, text};

pub fn draw<T>(
    pick: &Pick<T>,
    has_keys: bool,
    mark: impl Fn(&Item<T>) -> &'static str,
    theme: &Theme,
    frame: &mut Frame,
    area: Rect,
) {
    let [find, rest] = Layout::vertical([Constraint::Length(1), Constraint::Min(0)]).areas(area);
    draw_frame::field("/ ", &pick.query, has_keys, theme, frame, find);
    let width = usize::from(rest.width);
    let near = draw_frame::near(pick.found().len(), pick.cursor(), rest);
    let lines: Vec<Line> = pick
        .found()
        .skip(near.start)
        .take(near.len())
        .map(|(is_at, item)| {
            let style = if item.disabled.is_some() { theme.dim } else { theme.text };
            let start = format!("{}{}", mark(item), item.label);
            // A long reason leaves the name its room.
            let room = width.saturating_sub(text::width(&start) + 1).max(width / 3);
            let end = text::fit(item.disabled.as_ref().unwrap_or(&item.detail), room);
            let line = draw_frame::two((&start, style), (&end, theme.dim), width);
            match (is_at, has_keys) {
                (true, true) => line.patch_style(theme.selection),
                (true, false) => line.patch_style(theme.accent),
                (false, _) => line,
            }
        })
        .collect();
    draw_frame::list(lines, pick.cursor() - near.start, frame, rest);
}
