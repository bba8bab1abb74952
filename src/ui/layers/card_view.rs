//! A card of the summary as a whole table.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::pages::{branch, whole_definition};
use crate::app::App;
use crate::app::layers::card_view::CardView;
use crate::app::layers::pages::card_table::{CardTable, Cell};
use crate::app::layers::pages::cards::CardKind;
use crate::ui::charts::change;
use crate::ui::theme::Theme;
use crate::ui::{cells, frame as draw_frame, number, text};

/// The most columns that the first column of a table takes.
const WIDEST: usize = 48;
/// The fewest.
const NARROWEST: usize = 12;

pub fn draw(app: &App, view: &CardView, theme: &Theme, frame: &mut Frame, area: Rect) {
    let columns = area.width.min(110);
    let inside = usize::from(columns.saturating_sub(4));
    let room = usize::from(area.height.saturating_sub(2));
    let (lines, count) = match (&view.table, app.editor()) {
        (Some(table), _) => {
            let from = view.scroll.min(view.most_scroll(app.size().1));
            (rows(app, view, table, theme, inside, from, room), table.rows.len() + 1)
        }
        (None, Some(editor)) => {
            let lines = whole_definition(app, editor, theme, inside);
            let count = lines.len();
            let most = count.saturating_sub(room);
            let from =
                if view.is_from_end { most.saturating_sub(view.scroll) } else { view.scroll.min(most) };
            (lines.into_iter().skip(from).collect(), count)
        }
        (None, None) => (Vec::new(), 0),
    };
    // Of all lines: it keeps its size when it is scrolled.
    let height = u16::try_from(count).unwrap_or(u16::MAX).saturating_add(2).max(8);
    let inner = draw_frame::popup(view.card.title(), columns, height, theme, frame, area);
    draw_frame::lines(lines, 0, frame, inner);
    if let Some(note) = view.table.as_ref().and_then(|table| table.note.as_deref()) {
        draw_frame::note(note, theme, frame, inner);
    }
}

/// A cell as it is drawn; in few columns perhaps in fewer words.
#[derive(Clone, Default)]
struct Shown {
    full: String,
    short: String,
    style: Style,
}

impl Shown {
    fn new(text: impl Into<String>, style: Style) -> Self {
        let full = text.into();
        Self { short: full.clone(), full, style }
    }

    fn said(&self, in_full: bool) -> &str {
        if in_full { &self.full } else { &self.short }
    }
}

/// The heads, and the rows from the one at the top on: there may be a hundred thousand.
fn rows(
    app: &App,
    view: &CardView,
    table: &CardTable,
    theme: &Theme,
    columns: usize,
    from: usize,
    most: usize,
) -> Vec<Line<'static>> {
    let currency = app.database().map_or_else(|| "USD".to_owned(), |database| database.currency.clone());
    let figures = || table.rows.iter().filter_map(|row| row.get(1)).filter(|cell| **cell != Cell::None);
    let has_parts = figures().any(|cell| table.is_part(cell));
    let has_others = figures().any(|cell| !table.is_part(cell));
    let pen = TablePen { table, theme, currency, has_parts, has_others };
    let mut shown = vec![pen.heads()];
    for (at, row) in table.rows.iter().enumerate().skip(from).take(most) {
        let mut row = pen.row(row);
        if let Some(first) = row.first_mut().filter(|_| view.card == CardKind::RevenueTree) {
            *first = Shown::new(branch(at, &first.full, theme), first.style);
        }
        shown.push(row);
    }
    let widths = |in_full: bool| {
        let mut widths = vec![0; shown.first().map_or(0, Vec::len)];
        for row in &shown {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(text::width(cell.said(in_full)));
            }
        }
        let others: usize = widths.iter().skip(1).map(|width| width + 2).sum();
        if let Some(first) = widths.first_mut() {
            *first = (*first).min(WIDEST).min(columns.saturating_sub(others).max(NARROWEST));
        }
        widths
    };
    let wanted = shown.iter().filter_map(|row| row.first()).map(|cell| text::width(&cell.full)).max();
    let is_roomy = |widths: &Vec<usize>| {
        let spent: usize = widths.iter().map(|width| width + 2).sum();
        spent <= columns + 2 && widths.first().copied() >= wanted.map(|wanted| wanted.min(WIDEST))
    };
    let full = Some(widths(true)).filter(is_roomy);
    let in_full = full.is_some();
    let widths = full.unwrap_or_else(|| widths(false));
    let line = |row: &Vec<Shown>| {
        let spans = row.iter().zip(&widths).enumerate().map(|(at, (cell, width))| match at {
            0 => Span::styled(text::left(cell.said(in_full), *width), cell.style),
            _ => Span::styled(format!("  {}", text::right(cell.said(in_full), *width)), cell.style),
        });
        Line::from(spans.collect::<Vec<_>>())
    };
    shown.iter().map(line).collect()
}

/// Writes the rows of a table, with how each figure of the segment compares to that of all.
struct TablePen<'a> {
    table: &'a CardTable,
    theme: &'a Theme,
    currency: String,
    /// Whether there are figures with a share of those of all, and others.
    has_parts: bool,
    has_others: bool,
}

impl TablePen<'_> {
    fn heads(&self) -> Vec<Shown> {
        let dim = self.theme.dim;
        let said = match (self.has_parts, self.has_others) {
            (_, false) => "% of all",
            (false, true) => "difference",
            (true, true) => "share, difference",
        };
        let mut heads = Vec::new();
        for (at, head) in self.table.heads.iter().enumerate() {
            heads.push(Shown::new(head.as_str(), dim));
            if self.table.pairs.iter().any(|(_, all)| *all == at) {
                heads.push(Shown::new(said, dim));
            }
        }
        heads
    }

    fn row(&self, row: &[Cell]) -> Vec<Shown> {
        let mut shown = Vec::new();
        for (at, cell) in row.iter().enumerate() {
            shown.push(Shown::new(cells::words(cell, &self.currency), self.theme.text));
            if let Some((ours, _)) = self.table.pairs.iter().find(|(_, all)| *all == at) {
                shown.push(row.get(*ours).map(|ours| self.compared(ours, cell)).unwrap_or_default());
            }
        }
        shown
    }

    fn compared(&self, segment: &Cell, all: &Cell) -> Shown {
        let theme = self.theme;
        let Some((ours, theirs)) = cells::value(segment).zip(cells::value(all)) else {
            return Shown::new("–", theme.dim);
        };
        if self.table.is_part(segment) {
            let share = number::share(ours, theirs);
            // Among differences a share says what it is.
            let full = if self.has_others { format!("{share} of all") } else { share.clone() };
            return Shown { full, short: share, style: theme.dim };
        }
        let change = change(ours, theirs, theme, |amount| cells::amount(segment, amount, &self.currency));
        Shown { style: change.style(theme), full: change.full, short: change.relative }
    }
}
