//! The columns of a table: how full they are, and how many different values they have.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span};

use super::tables::selected;
use crate::app::layers::explorer::{Explorer, ExplorerPane};
use crate::backend::ColumnProfile;
use crate::database::{Column, Table, shown_name};
use crate::ui::theme::Theme;
use crate::ui::type_mark::type_mark;
use crate::ui::{charts, frame as draw_frame, number, text};

/// Columns of the numbers.
const SHARE: usize = 5;
const COUNT: usize = 6;
/// Columns of the bar.
const BAR: usize = 6;
/// Columns of the mark of the type.
const MARK: usize = 4;
/// A name has so many columns, before there is room for more.
const NAME: usize = 14;

/// What stands beside the names.
#[derive(Clone, Copy)]
struct Room {
    name: usize,
    has_unique: bool,
    has_bar: bool,
}

impl Room {
    fn new(width: usize) -> Self {
        let least = MARK + NAME + SHARE + 1 + COUNT + 1;
        let has_unique = width > least + SHARE;
        let has_bar = width > least + SHARE + 1 + BAR;
        let numbers = SHARE + 1 + COUNT + 1;
        let more = if has_unique { SHARE + 1 } else { 0 } + if has_bar { BAR + 1 } else { 0 };
        Self { name: width.saturating_sub(MARK + numbers + more), has_unique, has_bar }
    }
}

pub(super) fn draw(explorer: &Explorer, table: Option<&Table>, theme: &Theme, frame: &mut Frame, area: Rect) {
    let is_focused = explorer.pane == ExplorerPane::Columns;
    let title = table.map(|table| text::sanitize(table.title())).unwrap_or_default();
    let inner = draw_frame::pane(&title, is_focused, theme, frame, area);
    let Some(table) = table else { return };
    let names = table.columns().map(|column| column.name.as_str());
    if let Some(percent) = explorer.profiles.percent(&table.name, names) {
        draw_frame::note(&format!("reading, {percent} %"), theme, frame, inner);
    }
    let [heads, list] = Layout::vertical([Constraint::Length(1), Constraint::Min(1)]).areas(inner);
    let room = Room::new(usize::from(inner.width));
    if table.content.is_ok() {
        frame.render_widget(head(room, theme), heads);
    }
    let names = explorer.columns.names();
    let near = draw_frame::near(names.len(), explorer.columns.cursor(), list);
    let first = near.start;
    let shown = names.iter().enumerate().skip(first).take(near.len());
    let lines = shown.filter_map(|(at, name)| {
        let column = table.column(name)?;
        let line = line(explorer, table, column, room, theme);
        Some(if at == explorer.columns.cursor() { selected(line, is_focused, theme) } else { line })
    });
    draw_frame::list(lines.collect(), explorer.columns.cursor().saturating_sub(first), frame, list);
}

fn head(room: Room, theme: &Theme) -> Line<'static> {
    let mut text = format!(
        "{}{} {} {}",
        " ".repeat(MARK),
        text::left("", room.name),
        text::right("full", SHARE),
        text::right("values", COUNT)
    );
    if room.has_unique {
        text.push_str(&format!(" {}", text::right("uniq.", SHARE)));
    }
    Line::styled(text, theme.dim)
}

fn line(explorer: &Explorer, table: &Table, column: &Column, room: Room, theme: &Theme) -> Line<'static> {
    let name = text::left(&text::sanitize(shown_name(&column.label)), room.name);
    let mut spans = vec![
        Span::styled(text::left(type_mark(column.data_type), MARK), theme.dim),
        Span::styled(name, theme.text),
    ];
    match explorer.profiles.column(&table.name, &column.name) {
        Some(profile) => spans.extend(numbers(profile, room, theme)),
        None => {
            let percent = explorer.profiles.column_percent(&table.name, &column.name);
            let failed = explorer.profiles.failure(&table.name, Some(&column.name)).is_some();
            let said = match (failed, percent) {
                (true, _) => "✗".to_owned(),
                (false, Some(percent)) => format!("{percent} %"),
                (false, None) => "…".to_owned(),
            };
            spans.push(Span::styled(format!(" {}", text::right(&said, SHARE)), theme.dim));
        }
    }
    Line::from(spans)
}

#[allow(clippy::cast_precision_loss)] // a share is rounded for people anyway
fn numbers(profile: &ColumnProfile, room: Room, theme: &Theme) -> Vec<Span<'static>> {
    let (full, rows) = (profile.non_null as f64, profile.rows as f64);
    let style = if profile.non_null == 0 { theme.warn } else { theme.text };
    let mut spans = vec![
        Span::styled(format!(" {}", text::right(&percent(profile.non_null, profile.rows), SHARE)), style),
        Span::styled(format!(" {}", text::right(&number::short(profile.distinct), COUNT)), theme.text),
    ];
    if room.has_unique {
        let unique = text::right(&percent(profile.distinct, profile.rows), SHARE);
        spans.push(Span::styled(format!(" {unique}"), theme.dim));
    }
    if room.has_bar {
        spans.push(Span::raw(" "));
        spans.extend(charts::bar(full, rows, BAR, theme));
    }
    spans
}

/// A whole percentage: something is never nothing, nor a part all of it.
pub(super) fn percent(part: u64, all: u64) -> String {
    if all == 0 {
        return "–".to_owned();
    }
    let tenths = u128::from(part) * 1_000 / u128::from(all);
    match tenths {
        0..10 if part > 0 => "<1 %".to_owned(),
        990..1_000 => ">99 %".to_owned(),
        _ => format!("{} %", (tenths + 5) / 10),
    }
}
