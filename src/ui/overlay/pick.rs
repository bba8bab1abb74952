//! A list that is searched by typing: the search above, the items that match below.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::Line;

use crate::app::overlay::pick::{Item, Pick};
use crate::ui::frame as draw_frame;
use crate::ui::theme::Theme;

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
    let lines: Vec<Line> = pick
        .found()
        .map(|(is_at, item)| {
            let style = if item.disabled.is_some() { theme.dim } else { theme.text };
            let end = item.disabled.as_ref().unwrap_or(&item.detail);
            let line =
                draw_frame::two((&format!("{}{}", mark(item), item.label), style), (end, theme.dim), width);
            match (is_at, has_keys) {
                (true, true) => line.patch_style(theme.selection),
                (true, false) => line.patch_style(theme.accent),
                (false, _) => line,
            }
        })
        .collect();
    draw_frame::list(lines, pick.cursor(), frame, rest);
}
