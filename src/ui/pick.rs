//! A list that is searched by typing: the search above, the items that match below.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span};

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
            let start = format!("{}{}", mark(item), item.label);
            let line = match &item.disabled {
                Some(reason) => disabled(&start, reason, &item.detail, theme, width),
                None => {
                    // A long detail leaves the name its room.
                    let room = width.saturating_sub(text::width(&start) + 1).max(width / 3);
                    let end = text::fit(&item.detail, room);
                    draw_frame::two((&start, theme.text), (&end, theme.dim), width)
                }
            };
            match (is_at, has_keys) {
                (true, true) => line.patch_style(theme.selection),
                (true, false) => line.patch_style(theme.accent),
                (false, _) => line,
            }
        })
        .collect();
    draw_frame::list(lines, pick.cursor() - near.start, frame, rest);
}

/// The name of something that cannot be picked, why not, and what stands at the right: the name is cut before the reason,
/// as far as to a third of the line.
fn disabled(name: &str, reason: &str, detail: &str, theme: &Theme, width: usize) -> Line<'static> {
    let end = text::fit(detail, width / 3);
    let room = width.saturating_sub(text::width(&end) + usize::from(!end.is_empty()));
    let reason = format!(" — {reason}");
    let name = text::fit(name, room.saturating_sub(text::width(&reason)).max(width / 3));
    let reason = text::fit(&reason, room.saturating_sub(text::width(&name)));
    let start = vec![Span::styled(name, theme.dim), Span::styled(reason, theme.dim)];
    draw_frame::ends(start, vec![Span::styled(end, theme.dim)], width)
}
