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
    let line = |item: &Item<T>, width: usize| {
        let style = if item.disabled.is_some() { theme.dim } else { theme.text };
        let start = format!("{}{}", mark(item), item.label);
        // A long reason leaves the name its room.
        let room = width.saturating_sub(text::width(&start) + 1).max(width / 3);
        let end = text::fit(item.disabled.as_ref().unwrap_or(&item.detail), room);
        draw_frame::two((&start, style), (&end, theme.dim), width)
    };
    draw_lines(pick, has_keys, line, theme, frame, area);
}

/// The same of actions, whose keys stand beside them even where one does not apply.
pub fn draw_actions<T>(pick: &Pick<T>, theme: &Theme, frame: &mut Frame, area: Rect) {
    let line = |item: &Item<T>, width: usize| match &item.disabled {
        Some(reason) => disabled(&item.label, reason, &item.detail, theme, width),
        None => {
            let room = width.saturating_sub(text::width(&item.label) + 1).max(width / 3);
            let end = text::fit(&item.detail, room);
            draw_frame::two((&item.label, theme.text), (&end, theme.dim), width)
        }
    };
    draw_lines(pick, true, line, theme, frame, area);
}

fn draw_lines<T>(
    pick: &Pick<T>,
    has_keys: bool,
    line: impl Fn(&Item<T>, usize) -> Line<'static>,
    theme: &Theme,
    frame: &mut Frame,
    area: Rect,
) {
    let [find, rest] = Layout::vertical([Constraint::Length(1), Constraint::Min(0)]).areas(area);
    draw_frame::field("/ ", &pick.query, has_keys, theme, frame, find);
    let width = usize::from(rest.width);
    let near = draw_frame::near(pick.found().len(), pick.cursor(), rest);
    let shown = pick.found().skip(near.start).take(near.len());
    let lines: Vec<Line> = shown
        .map(|(is_at, item)| match (is_at, has_keys) {
            (true, true) => line(item, width).patch_style(theme.selection),
            (true, false) => line(item, width).patch_style(theme.accent),
            (false, _) => line(item, width),
        })
        .collect();
    draw_frame::list(lines, pick.cursor() - near.start, frame, rest);
}

/// The name of an action that does not apply, why not, and its keys: the name is cut before the reason, as far as to a
/// third of the line.
fn disabled(name: &str, reason: &str, detail: &str, theme: &Theme, width: usize) -> Line<'static> {
    let end = text::fit(detail, width / 3);
    let room = width.saturating_sub(text::width(&end) + usize::from(!end.is_empty()));
    let reason = format!(" — {reason}");
    let name = text::fit(name, room.saturating_sub(text::width(&reason)).max(width / 3));
    let reason = text::fit(&reason, room.saturating_sub(text::width(&name)));
    let start = vec![Span::styled(name, theme.dim), Span::styled(reason, theme.dim)];
    draw_frame::ends(start, vec![Span::styled(end, theme.dim)], width)
}
