//! The summary of a segment: the definition in words, and its figures on cards.

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, BorderType, Paragraph, Widget};

use super::summary_cards::{Body, Cards};
use super::summary_definition;
use crate::app::App;
use crate::app::layers::editor::state::Editor;
use crate::app::layers::pages::cards::{self, CardKind, GridPlace};
use crate::app::layers::pages::summary::Summary;
use crate::ui::insights::Density;
use crate::ui::theme::Theme;
use crate::ui::{insights, text};

/// Lines of one insight with its border.
const TILE: u16 = 5;
/// Columns of the border and of the blanks beside it.
const AROUND: u16 = 4;

pub fn draw(app: &App, editor: &Editor, page: &Summary, theme: &Theme, frame: &mut Frame, area: Rect) {
    let [body, foot] = Layout::vertical([Constraint::Min(0), Constraint::Length(1)]).areas(area);
    frame.render_widget(foot_line(app, editor, theme, usize::from(foot.width)), foot);
    if body.is_empty() {
        return;
    }
    let cards = Cards::new(app, editor, page, theme);
    let count = cards::columns(area.width);
    let places = cards::grid(&page.cards, count);
    let grid = Grid { cards: &cards, places: &places, columns: count, area: body };
    let rows = grid.rows();
    let offset = offset(&rows, places.get(page.cursor).map_or(0, |place| place.row), body.height);
    for (at, (card, place)) in page.cards.iter().zip(&places).enumerate() {
        let Some((top, height)) = rows.get(place.row).copied() else { continue };
        let is_in_sight = top < offset.saturating_add(body.height) && top.saturating_add(height) > offset;
        if is_in_sight {
            let (x, width) = grid.across(place);
            let mut buffer = Buffer::empty(Rect { x: 0, y: 0, width, height });
            let is_focused = at == page.cursor && app.overlays().is_empty();
            card_into(&cards, card, is_focused, &mut buffer);
            copy(&buffer, body.x + x, i32::from(top) - i32::from(offset), body, frame.buffer_mut());
        }
    }
}

/// How the cards share the page.
struct Grid<'a> {
    cards: &'a Cards<'a>,
    places: &'a [GridPlace],
    columns: usize,
    area: Rect,
}

impl Grid<'_> {
    /// Where a card begins, and how many columns of the terminal it takes.
    fn across(&self, place: &GridPlace) -> (u16, u16) {
        let edge = |column: usize| {
            let edge = usize::from(self.area.width) * column / self.columns.max(1);
            u16::try_from(edge).unwrap_or(u16::MAX)
        };
        let from = edge(place.column);
        (from, edge(place.column + place.span).saturating_sub(from))
    }

    /// The first line and the height of each row: that of its highest card.
    fn rows(&self) -> Vec<(u16, u16)> {
        let mut heights: Vec<u16> = Vec::new();
        for (card, place) in self.cards.page.cards.iter().zip(self.places) {
            let (_, width) = self.across(place);
            let height = height(self.cards, card, width, self.area.height);
            match heights.get_mut(place.row) {
                Some(row) => *row = (*row).max(height),
                None => heights.push(height),
            }
        }
        let mut top = 0_u16;
        let place = |height: u16| {
            let row = (top, height);
            top = top.saturating_add(height);
            row
        };
        heights.into_iter().map(place).collect()
    }
}

/// The first line of the page that is shown: the row of the cursor is in sight, in the middle where there is more than
/// fits.
fn offset(rows: &[(u16, u16)], row: usize, height: u16) -> u16 {
    let (top, high) = rows.get(row).copied().unwrap_or_default();
    let total = rows.last().map_or(0, |(top, high)| top.saturating_add(*high));
    let most = total.saturating_sub(height);
    let middle = (top + high / 2).saturating_sub(height / 2);
    if high >= height { top.min(most.max(top)) } else { middle.min(most) }
}

fn height(cards: &Cards<'_>, card: &CardKind, width: u16, room: u16) -> u16 {
    let columns = usize::from(width.saturating_sub(AROUND));
    let lines = match card {
        CardKind::Insights if width >= cards::columns_of_two() => {
            return if width >= 80 { TILE } else { 2 * TILE };
        }
        CardKind::Definition => summary_definition::lines(cards, columns, room).len(),
        _ => cards.body(card, columns).height(),
    };
    u16::try_from(lines).unwrap_or(u16::MAX).saturating_add(2)
}

fn card_into(cards: &Cards<'_>, card: &CardKind, is_focused: bool, buffer: &mut Buffer) {
    let area = buffer.area;
    let theme = cards.theme;
    if *card == CardKind::Insights && area.width >= cards::columns_of_two() {
        return tiles(cards, is_focused, buffer);
    }
    let inner = border(card.title(), cards.state(card).as_deref(), is_focused, theme, buffer, area);
    let columns = usize::from(inner.width);
    match card {
        CardKind::Definition => {
            let room = area.height.max(cards.room());
            Paragraph::new(summary_definition::lines(cards, columns, room)).render(inner, buffer);
        }
        _ => match cards.body(card, columns) {
            Body::Lines(lines) => Paragraph::new(lines).render(inner, buffer),
            Body::Chart { lines, room, .. } => {
                let sides = [Constraint::Min(0), Constraint::Length(room)];
                let [chart, beside] = Layout::horizontal(sides).areas(inner);
                cards.trend_chart(Rect { width: chart.width.saturating_sub(2), ..chart }, buffer);
                Paragraph::new(lines).render(beside, buffer);
            }
        },
    }
}

/// The insights beside each other, each in a box of its own.
fn tiles(cards: &Cards<'_>, is_focused: bool, buffer: &mut Buffer) {
    let (theme, area) = (cards.theme, buffer.area);
    let columns: usize = if area.width >= 80 { 4 } else { 2 };
    let (evaluation, is_current) = insights::current(cards.editor);
    let value = if is_current { theme.strong } else { theme.dim };
    // Cents are worth their room only where there is some.
    let insights = insights::of_segment(cards.app, cards.editor, area.width >= 100);
    let rows = insights.chunks(columns);
    let areas = Layout::vertical(vec![Constraint::Length(TILE); rows.len()]).split(area);
    for (row, area) in rows.zip(areas.iter()) {
        let cells = Layout::horizontal(vec![Constraint::Fill(1); columns]).split(*area);
        for (insight, cell) in row.iter().zip(cells.iter()) {
            let inner = border("", None, is_focused, theme, buffer, *cell);
            let width = usize::from(inner.width);
            let lines = insights::lines(
                insight,
                insights::are_all_known(evaluation),
                value,
                Density::Bar,
                theme,
                width,
            );
            Paragraph::new(lines).render(inner, buffer);
        }
    }
}

/// Draws a border with a title and perhaps a note, and answers the room inside.
fn border(
    title: &str,
    note: Option<&str>,
    is_focused: bool,
    theme: &Theme,
    buffer: &mut Buffer,
    area: Rect,
) -> Rect {
    let style = if is_focused { theme.focus } else { theme.faint };
    let heading = if is_focused { theme.focus } else { theme.dim };
    let kind = if is_focused { BorderType::Thick } else { BorderType::Rounded };
    let room = usize::from(area.width.saturating_sub(6));
    let title = text::fit(title, room);
    let mut block = Block::bordered().border_type(kind).border_style(style);
    if !title.is_empty() {
        let left = room.saturating_sub(text::width(&title) + 3);
        block = block.title(Span::styled(format!(" {title} "), heading));
        if let Some(note) = note.filter(|note| text::width(note) <= left) {
            block = block.title(Line::styled(format!(" {note} "), theme.warn).right_aligned());
        }
    }
    let inner = block.inner(area);
    block.render(area, buffer);
    Rect { x: inner.x + 1, width: inner.width.saturating_sub(2), ..inner }
}

/// Copies what of a card is in sight.
fn copy(card: &Buffer, x: u16, top: i32, area: Rect, screen: &mut Buffer) {
    for at in card.area.positions() {
        let y = top + i32::from(at.y);
        let Ok(y) = u16::try_from(y) else { continue };
        let place = (x + at.x, area.y + y);
        let is_within = y < area.height && place.0 < area.right();
        if let (true, Some(cell)) = (is_within, card.cell(at))
            && let Some(shown) = screen.cell_mut(place)
        {
            *shown = cell.clone();
        }
    }
}

/// Which day the numbers are of, and whether that of the definition as it is saved.
fn foot_line(app: &App, editor: &Editor, theme: &Theme, columns: usize) -> Line<'static> {
    let as_of = app.as_of();
    let data = match app.database().and_then(|database| database.as_of) {
        Some(day) if day == as_of => " · the data's own day".to_owned(),
        Some(day) => format!(" · the data stands at {day}"),
        None => " · the data names no day: that is today".to_owned(),
    };
    let said = format!(" numbers as of {as_of}{data}");
    let not_saved = " not saved: the numbers are of the edits ";
    let not_saved = if editor.is_edited() { not_saved } else { "" };
    if text::width(&said) + text::width(not_saved) > columns {
        let short = if editor.is_edited() { " · not saved" } else { "" };
        return Line::styled(text::fit(&format!(" as of {as_of}{short}{data}"), columns), theme.dim);
    }
    crate::ui::frame::two((&said, theme.dim), (not_saved, theme.warn), columns)
}
