//! A card of the summary as a whole table.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::pages::whole_definition;
use crate::app::App;
use crate::app::layers::card_view::CardView;
use crate::app::layers::pages::card_table::{CardTable, Cell};
use crate::ui::theme::Theme;
use crate::ui::{cells, frame as draw_frame, text};

/// The most columns that the first column of a table takes.
const WIDEST: usize = 48;

pub fn draw(app: &App, view: &CardView, theme: &Theme, frame: &mut Frame, area: Rect) {
    let columns = area.width.min(110);
    let inside = usize::from(columns.saturating_sub(4));
    let lines = match (&view.table, app.editor()) {
        (Some(table), _) => rows(app, table, theme, inside, view.scroll, usize::from(area.height)),
        (None, Some(editor)) => {
            whole_definition(app, editor, theme, inside).into_iter().skip(view.scroll).collect()
        }
        (None, None) => Vec::new(),
    };
    let height = u16::try_from(lines.len()).unwrap_or(u16::MAX).saturating_add(2).max(8);
    let height = if view.scroll > 0 { area.height } else { height };
    let inner = draw_frame::popup(view.card.title(), columns, height, theme, frame, area);
    draw_frame::lines(lines, 0, frame, inner);
    if let Some(note) = view.table.as_ref().and_then(|table| table.note.as_deref()) {
        draw_frame::note(note, theme, frame, inner);
    }
}

/// The heads, and the rows from the one at the top on: there may be a hundred thousand.
fn rows(
    app: &App,
    table: &CardTable,
    theme: &Theme,
    columns: usize,
    from: usize,
    most: usize,
) -> Vec<Line<'static>> {
    let currency = app.database().map_or_else(|| "USD".to_owned(), |database| database.currency.clone());
    let shown: Vec<Vec<String>> = table
        .rows
        .iter()
        .skip(from)
        .take(most)
        .map(|row| row.iter().map(|cell| cells::words(cell, &currency)).collect())
        .collect();
    let share = |row: &[Cell]| {
        let pair = row.get(1).and_then(cells::value).zip(row.get(2).and_then(cells::value));
        let is_additive = matches!(row.get(1), Some(Cell::Count(_) | Cell::Money(_)));
        pair.filter(|_| is_additive && row.len() == 3).map(|(part, all)| crate::ui::number::share(part, all))
    };
    let mut widths: Vec<usize> = table.heads.iter().map(|head| text::width(head)).collect();
    for row in &shown {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(text::width(cell));
        }
    }
    if let Some(first) = widths.first_mut() {
        *first = (*first).min(WIDEST).min(columns / 2);
    }
    let line = |row: &[String], share: Option<String>, is_head: bool| {
        let mut spans = Vec::with_capacity(row.len() + 1);
        for (at, (cell, width)) in row.iter().zip(&widths).enumerate() {
            let style = if is_head { theme.dim } else { theme.text };
            match at {
                0 => spans.push(Span::styled(text::left(cell, *width), style)),
                _ => spans.push(Span::styled(format!("  {}", text::right(cell, *width)), style)),
            }
        }
        spans.extend(share.map(|share| Span::styled(format!("  {}", text::right(&share, 8)), theme.dim)));
        Line::from(spans)
    };
    let shares = table.rows.iter().skip(from).map(|row| share(row));
    let body = shown.iter().zip(shares).map(|(row, share)| line(row, share, false));
    std::iter::once(line(&table.heads, None, true)).chain(body).collect()
}
