//! The list picker: what there is on the left, what it comes to on the right.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::Clear;

use crate::app::App;
use crate::app::available_lists::ListKind;
use crate::app::event::ListPreview;
use crate::app::layers::lists::Lists;
use crate::diagnostic::Diagnostic;
use crate::segment::{Keyword, ListOperator};
use crate::ui::pick;
use crate::ui::theme::Theme;
use crate::ui::{definition, frame as draw_frame, insights, number, text};

/// From here on the preview stands beside the list.
const WIDE: u16 = 64;
/// The lines of the preview where it stands below.
pub(super) const BELOW: u16 = 3;

/// Where a list with a preview stands, and whether they have room beside each other.
pub(super) fn place(area: Rect) -> (Rect, bool) {
    let height = area.height.saturating_sub(2).clamp(10, 24).min(area.height);
    let width = area.width.saturating_sub(4).min(112).max(area.width.min(40));
    let x = area.x + (area.width - width) / 2;
    let y = area.y + (area.height - height) / 2;
    (Rect { x, y, width, height }, width >= WIDE)
}

pub fn draw(app: &App, lists: &Lists, theme: &Theme, frame: &mut Frame, area: Rect) {
    let (area, is_wide) = place(area);
    frame.render_widget(Clear, area);
    let title = match lists.op {
        ListOperator::IsMember => "Is a member of",
        ListOperator::IsNotMember => "Is not a member of",
    };
    if !is_wide {
        let inner = draw_frame::pane(title, true, theme, frame, area);
        let parts = [Constraint::Length(1), Constraint::Min(3), Constraint::Length(BELOW)];
        let [tabs, list, below] = Layout::vertical(parts).areas(inner);
        frame.render_widget(kinds(lists, theme), tabs);
        choices(lists, theme, frame, list);
        let said = preview(app, lists, true, theme, usize::from(below.width));
        return draw_frame::lines(said, 0, frame, below);
    }
    let [left, right] = Layout::horizontal([Constraint::Percentage(55), Constraint::Min(1)]).areas(area);
    let inner = draw_frame::pane(title, true, theme, frame, left);
    let [tabs, list] = Layout::vertical([Constraint::Length(1), Constraint::Min(1)]).areas(inner);
    frame.render_widget(kinds(lists, theme), tabs);
    choices(lists, theme, frame, list);
    let inner = draw_frame::pane(&name(lists), false, theme, frame, right);
    let said = preview(app, lists, false, theme, usize::from(inner.width));
    draw_frame::lines(said, 0, frame, inner);
}

/// The kinds, the one that is shown set apart by more than its colour.
fn kinds(lists: &Lists, theme: &Theme) -> Line<'static> {
    let spans = ListKind::ALL.into_iter().map(|kind| match kind == lists.kind {
        true => Span::styled(format!("[{}] ", kind.label()), theme.accent),
        false => Span::styled(format!(" {}  ", kind.label()), theme.dim),
    });
    Line::from(spans.collect::<Vec<_>>())
}

fn choices(lists: &Lists, theme: &Theme, frame: &mut Frame, area: Rect) {
    pick::draw(&lists.pick, true, |_| "", theme, frame, area);
    if lists.pick.is_empty() {
        let said = match (lists.pick.query.text().trim().is_empty(), lists.kind) {
            (false, _) => "nothing has that name",
            (true, ListKind::Segments) => "no segment is saved in this workspace",
            (true, ListKind::Files) => "no file of ids is in the workspace's lists/",
            (true, ListKind::Queries) => "no .sql file is in the workspace's queries/",
        };
        let line = Line::styled(text::fit(said, usize::from(area.width)), theme.dim);
        let place = Rect { y: area.y + 1, height: area.height.saturating_sub(1).min(1), ..area };
        frame.render_widget(line, place);
    }
}

fn name(lists: &Lists) -> String {
    lists.pick.current().map(|item| item.label.clone()).unwrap_or_default()
}

/// What is known of the list at the cursor.
fn preview(app: &App, lists: &Lists, is_short: bool, theme: &Theme, width: usize) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    if let Some(reason) = lists.pick.current().and_then(|item| item.disabled.as_ref()) {
        let said = text::wrap(&format!("✗ {reason}"), width, 8);
        lines.extend(said.into_iter().map(|line| Line::styled(line, theme.warn)));
    }
    if let Some(entry) = lists.entry() {
        let day = entry.updated.as_ref().map(|stamp| stamp.at.chars().take(10).collect::<String>());
        let said = [Some(entry.status.id().to_owned()), day].into_iter().flatten().collect::<Vec<_>>();
        lines.push(Line::styled(text::fit(&said.join(" · "), width), theme.dim));
    }
    if let Some(stored) = lists.stored().filter(|_| !is_short) {
        lines.push(Line::styled(text::fit(&number::bytes(stored.bytes), width), theme.dim));
    }
    let Some(source) = lists.source() else {
        if lists.pick.current().is_some_and(|item| item.disabled.is_none()) {
            let said = "a CSV or Parquet file with a column of ids, or a text file with one id a line, is \
                        copied into the workspace's lists/";
            lines.extend(text::wrap(said, width, 6).into_iter().map(|line| Line::styled(line, theme.dim)));
        }
        return lines;
    };
    match lists.previews.get(source) {
        None => lines.push(Line::styled("looking …", theme.dim)),
        Some(Err(failure)) => lines.extend(failed(failure, theme, width)),
        Some(Ok(found)) if is_short => lines.extend(brief(app, found, theme, width)),
        Some(Ok(found)) => lines.extend(self::found(app, found, theme, width)),
    }
    lines
}

/// Why nothing could be found out, and what to do.
pub(super) fn failed(failure: &Diagnostic, theme: &Theme, width: usize) -> Vec<Line<'static>> {
    let said = text::wrap(&failure.message, width, 6).into_iter().map(|line| Line::styled(line, theme.error));
    let help =
        text::wrap(failure.help_text(), width, 5).into_iter().map(|line| Line::styled(line, theme.dim));
    said.chain(help).collect()
}

/// What a list comes to, in the fewest lines.
pub(super) fn brief(app: &App, found: &ListPreview, theme: &Theme, width: usize) -> Vec<Line<'static>> {
    match found {
        ListPreview::Ids { column, first, counts, .. } => {
            let said = insights::matched(*counts, &app.whom());
            let more = if counts.ids > first.len() as u64 { " …" } else { "" };
            let first = format!("{}{more}", first.join(", "));
            let said = [(said, theme.strong), (place_of(column.as_ref()), theme.dim), (first, theme.dim)];
            said.into_iter().map(|(said, style)| Line::styled(text::fit(&said, width), style)).collect()
        }
        ListPreview::Segment { .. } | ListPreview::Query(_) => self::found(app, found, theme, width),
    }
}

fn place_of(column: Option<&String>) -> String {
    match column {
        Some(column) => format!("ids from the column {column}"),
        None => "one id a line".to_owned(),
    }
}

/// What a list comes to.
pub(super) fn found(app: &App, found: &ListPreview, theme: &Theme, width: usize) -> Vec<Line<'static>> {
    let whom = app.whom();
    match found {
        ListPreview::Segment { members, segment } => {
            let words = if *members == 1 { &whom.singular } else { &whom.plural };
            let said = format!("{} {words}", number::whole(*members));
            let mut lines = vec![Line::styled(text::fit(&said, width), theme.strong), Line::default()];
            lines.extend(definition::lines(app, segment, theme, width));
            lines
        }
        ListPreview::Ids { column, rows, blank, first, counts } => {
            let matched = counts.ids - counts.unmatched;
            let place = place_of(column.as_ref());
            let pairs = [
                (if column.is_some() { "rows" } else { "lines" }, *rows, theme.text),
                ("without an id", *blank, theme.text),
                ("different ids", counts.ids, theme.text),
                (whom.plural.as_str(), matched, theme.strong),
                ("unmatched", counts.unmatched, if counts.unmatched > 0 { theme.warn } else { theme.text }),
            ];
            let mut lines = vec![Line::styled(text::fit(&place, width), theme.accent)];
            lines.extend(
                pairs.into_iter().filter(|(name, count, _)| *name != "without an id" || *count > 0).map(
                    |(name, count, style)| {
                        draw_frame::two((name, theme.dim), (&number::whole(count), style), width.min(34))
                    },
                ),
            );
            lines.push(Line::default());
            lines.extend(first.iter().map(|id| Line::styled(text::fit(id, width), theme.text)));
            if counts.ids > first.len() as u64 {
                lines.push(Line::styled("…", theme.dim));
            }
            lines
        }
        ListPreview::Query(sql) => {
            sql.lines().map(|line| Line::styled(text::fit(line, width), theme.text)).collect()
        }
    }
}
