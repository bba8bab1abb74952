//! What a column holds: its figures, its spread, its most frequent values.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span};

use super::columns::percent;
use crate::app::App;
use crate::app::layers::explorer::{Explorer, ExplorerPane};
use crate::backend::{ColumnProfile, TopValue};
use crate::database::{Table, shown_name};
use crate::segment::Keyword;
use crate::ui::charts::{self, BarRow};
use crate::ui::theme::Theme;
use crate::ui::{frame as draw_frame, number, text};

/// With less room there is a word in place of the histogram.
const LEAST: (u16, u16) = (24, 11);
/// The lines of the histogram, and where there is little room.
const BARS: usize = 4;
const FEW_BARS: usize = 2;
/// From so many lines on there is room.
const ROOMY: u16 = 16;

pub(super) fn draw(
    app: &App,
    explorer: &Explorer,
    table: Option<&Table>,
    theme: &Theme,
    frame: &mut Frame,
    area: Rect,
) {
    let is_focused = explorer.pane == ExplorerPane::Values;
    let column = table.and_then(|table| table.column(explorer.columns.current()?));
    let title = column.map(|column| text::sanitize(shown_name(&column.label))).unwrap_or_default();
    let inner = draw_frame::pane(&title, is_focused, theme, frame, area);
    let (Some(table), Some(column)) = (table, column) else { return };
    let width = usize::from(inner.width);
    let Some(profile) = explorer.column() else {
        let failure = explorer.profiles.failure(&table.name, Some(&column.name));
        let said = failure.map_or_else(
            || match explorer.profiles.column_percent(&table.name, &column.name) {
                Some(percent) => format!("reading, {percent} %"),
                None => "reading …".to_owned(),
            },
            text::sanitize,
        );
        let style = if failure.is_some() { theme.error } else { theme.dim };
        let lines = text::wrap(&said, width, usize::from(inner.height)).into_iter();
        return draw_frame::lines(lines.map(|line| Line::styled(line, style)).collect(), 0, frame, inner);
    };
    let said = profile.top.get(explorer.value).filter(|_| is_focused);
    let said = said.map(|value| at_cursor(app, value, profile, theme, width)).unwrap_or_default();
    let height = u16::try_from(said.len()).unwrap_or(0);
    let [list, foot] = Layout::vertical([Constraint::Min(1), Constraint::Length(height)]).areas(inner);
    let mut lines = figures(profile, theme, width);
    lines.extend(spread(profile, (inner.width, inner.height), theme));
    lines.push(rule("most frequent", width, theme));
    let first = lines.len();
    let at = |at: usize| is_focused && at == explorer.value;
    let values = values(profile, theme, width).into_iter().enumerate();
    lines.extend(values.map(|(value, line)| match at(value) {
        true => line.patch_style(theme.selection),
        false => line,
    }));
    let cursor = if is_focused { first + explorer.value } else { 0 };
    draw_frame::list(lines, cursor, frame, list);
    draw_frame::lines(said, 0, frame, foot);
}

/// The numbers of a column.
fn figures(profile: &ColumnProfile, theme: &Theme, width: usize) -> Vec<Line<'static>> {
    let pair = |name: &str, value: &str| {
        // What a number is of is never cut off.
        let room = width.saturating_sub(text::width(name) + 2);
        let value = text::fit(&text::sanitize(value), room);
        draw_frame::two((name, theme.dim), (&value, theme.text), width)
    };
    let of =
        |count: u64| format!("{}  {}", number::whole(count), text::right(&percent(count, profile.rows), 5));
    let mut lines = vec![
        pair("type", profile.data_type.id()),
        pair("complete", &of(profile.non_null)),
        pair("distinct", &of(profile.distinct)),
    ];
    if profile.blank > 0 {
        lines.push(pair("blank", &of(profile.blank)));
    }
    let mean = profile.mean.map(|mean| mean.to_string());
    for (name, value) in [("min", &profile.min), ("max", &profile.max), ("mean", &mean)] {
        lines.extend(value.as_ref().map(|value| pair(name, value)));
    }
    // Of few values all are listed below; a histogram says more.
    if profile.histogram.len() < 2
        && profile.distinct > profile.top.len() as u64
        && !profile.examples.is_empty()
    {
        let examples: Vec<String> = profile.examples.iter().map(|example| text::sanitize(example)).collect();
        let said = text::wrap_list(&format!("such as {}", examples.join(", ")), width, 2);
        lines.extend(said.into_iter().map(|line| Line::styled(text::fit(&line, width), theme.dim)));
    }
    lines
}

/// The histogram, with its ends below.
fn spread(profile: &ColumnProfile, (columns, lines): (u16, u16), theme: &Theme) -> Vec<Line<'static>> {
    let (Some(first), Some(last)) = (profile.histogram.first(), profile.histogram.last()) else {
        return Vec::new();
    };
    let width = usize::from(columns);
    if profile.histogram.len() < 2 {
        return Vec::new();
    }
    if columns < LEAST.0 || lines < LEAST.1 {
        return vec![Line::styled(text::fit("no room for a histogram", width), theme.dim)];
    }
    let bins: Vec<u64> = profile.histogram.iter().map(|bin| bin.rows).collect();
    let high = if lines < ROOMY { FEW_BARS } else { BARS };
    let bars = charts::histogram(&bins, width, high, theme);
    let wide = bars.first().map_or(width, Line::width);
    let mut lines = vec![Line::default()];
    lines.extend(bars);
    lines.push(draw_frame::two((&first.from, theme.dim), (&last.to, theme.dim), wide));
    lines
}

/// The most frequent values, with bars.
#[allow(clippy::cast_precision_loss)] // a bar is rounded anyway
fn values(profile: &ColumnProfile, theme: &Theme, width: usize) -> Vec<Line<'static>> {
    let row = |value: &TopValue| BarRow {
        label: name(value),
        value: Some(value.rows as f64),
        number: number::whole(value.rows),
        note: percent(value.rows, profile.rows),
    };
    let rows: Vec<BarRow> = profile.top.iter().map(row).collect();
    match rows.is_empty() {
        true => vec![Line::styled("no value", theme.dim)],
        false => charts::bars(&rows, theme.text, theme, width),
    }
}

fn name(value: &TopValue) -> String {
    match value.value.trim().is_empty() {
        true => "(blank)".to_owned(),
        false => text::sanitize(&value.value),
    }
}

/// The value at the cursor in full, and who has it.
fn at_cursor(
    app: &App,
    value: &TopValue,
    profile: &ColumnProfile,
    theme: &Theme,
    width: usize,
) -> Vec<Line<'static>> {
    let mut lines = vec![Line::styled("─".repeat(width), theme.faint)];
    let full = text::wrap(&name(value), width, 3).into_iter();
    lines.extend(full.map(|line| Line::styled(text::fit(&line, width), theme.strong)));
    let mut said = format!("{} of {} rows", number::whole(value.rows), number::whole(profile.rows));
    if let Some(customers) = value.customers {
        let whom = app.whom();
        let whom = if customers == 1 { whom.singular } else { whom.plural };
        said.push_str(&format!(", {} {whom}", number::whole(customers)));
    }
    let said = text::wrap(&said, width, 2).into_iter();
    lines.extend(said.map(|line| Line::styled(line, theme.dim)));
    lines
}

pub(in crate::ui::layers) fn rule(name: &str, width: usize, theme: &Theme) -> Line<'static> {
    let name = text::fit(name, width.saturating_sub(4));
    let rest = width.saturating_sub(text::width(&name) + 4);
    Line::from(vec![
        Span::styled("── ", theme.faint),
        Span::styled(name, theme.dim),
        Span::styled(format!(" {}", "─".repeat(rest)), theme.faint),
    ])
}

/// The same in short, for the pane beside the conditions.
pub(in crate::ui::layers) fn in_short(
    profile: &ColumnProfile,
    theme: &Theme,
    (width, height): (usize, usize),
) -> Vec<Line<'static>> {
    let mut lines = figures(profile, theme, width);
    let columns = u16::try_from(width).unwrap_or(u16::MAX);
    let has_histogram = profile.histogram.len() > 1 && lines.len() + BARS + 2 <= height;
    if has_histogram {
        lines.extend(spread(profile, (columns.max(LEAST.0), LEAST.1), theme));
    }
    let room = height.saturating_sub(lines.len());
    if room > 2 && !(has_histogram && profile.distinct > profile.top.len() as u64) {
        lines.push(Line::default());
        lines.extend(values(profile, theme, width).into_iter().take(room - 1));
    }
    lines.truncate(height);
    lines
}
