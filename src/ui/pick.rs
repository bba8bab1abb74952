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
        let room = width.saturating_sub(text::width(&start) + 1).max(width / 4);
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

/// The same with a number beside each item, by its position among all; the heading of the numbers stands beside the
/// search.
pub fn draw_counted<T>(
    pick: &Pick<T>,
    count: impl Fn(usize) -> String,
    heading: &str,
    theme: &Theme,
    frame: &mut Frame,
    area: Rect,
) {
    let counts: Vec<String> = pick.found_at().map(count).collect();
    let lines: Vec<Line> = pick
        .found()
        .zip(counts)
        .map(|((is_at, item), count)| {
            let width = usize::from(area.width);
            let line = draw_frame::two((&item.label, theme.text), (&count, theme.dim), width);
            if is_at { line.patch_style(theme.selection) } else { line }
        })
        .collect();
    let [find, rest] = Layout::vertical([Constraint::Length(1), Constraint::Min(0)]).areas(area);
    let columns = u16::try_from(text::width(heading) + 1).unwrap_or(0);
    let [find, head] = Layout::horizontal([Constraint::Min(0), Constraint::Length(columns)]).areas(find);
    draw_frame::field("/ ", &pick.query, true, theme, frame, find);
    frame.render_widget(Line::styled(text::right(heading, usize::from(head.width)), theme.dim), head);
    draw_frame::list(lines, pick.cursor(), frame, rest);
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
