//! The customers that match what is typed.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use super::pen::Pen;
use crate::app::layers::pages::explain::Entry;
use crate::backend::FoundCustomer;
use crate::ui::{frame as draw_frame, number, text};

pub(super) fn draw(pen: &Pen<'_>, frame: &mut Frame, area: Rect) {
    let (entry, theme) = (&pen.page.entry, pen.theme);
    if let Some(lines) = pen.refusal(&entry.search, area) {
        return frame.render_widget(Paragraph::new(lines), area);
    }
    let ids = entry.typed_ids();
    let is_found = entry.found().is_some_and(|found| !found.customers.is_empty());
    if ids > 1 && !is_found {
        let said = format!("{} ids: Enter explains them", number::whole(ids as u64));
        return pen.words(&said, theme.text, frame, area);
    }
    let Some(found) = entry.found() else {
        let percent = entry.search.percent().map(|percent| format!(" {percent} %")).unwrap_or_default();
        return pen.words(&format!("looking …{percent}"), theme.dim, frame, area);
    };
    if found.customers.is_empty() {
        let whom = pen.app.whom();
        let said =
            format!("No {} has this id or this text. Enter looks the id up in every table.", whom.singular);
        return pen.words(&said, theme.dim, frame, area);
    }
    let columns = usize::from(area.width);
    let wide = found.customers.iter().map(|customer| text::width(&text::sanitize(&customer.id))).max();
    let wide = wide.unwrap_or(0).min((columns / 2).max(8));
    let near = draw_frame::near(found.customers.len(), entry.cursor, area);
    let shown = found.customers.iter().enumerate().skip(near.start).take(near.len());
    let mut lines: Vec<Line> =
        shown.map(|(at, customer)| line(pen, entry, at, customer, (wide, columns))).collect();
    if found.left_out > 0 && near.end == found.customers.len() {
        lines.push(Line::styled(format!("… and {} more", number::whole(found.left_out)), theme.dim));
    }
    draw_frame::list(lines, entry.cursor - near.start.min(entry.cursor), frame, area);
}

fn line(
    pen: &Pen<'_>,
    entry: &Entry,
    at: usize,
    customer: &FoundCustomer,
    (wide, columns): (usize, usize),
) -> Line<'static> {
    let theme = pen.theme;
    let id = Span::styled(text::left(&customer.id, wide), theme.accent);
    let by = match &customer.by {
        Some((table, column, value)) => {
            let of = pen.app.with_schema(|schema| {
                format!("{} · {}", schema.table_label(table), schema.column_label(table, column))
            });
            vec![
                Span::styled(format!("  {}", text::fit(value, columns / 2)), theme.text),
                Span::styled(format!("  {}", text::sanitize(&of)), theme.dim),
            ]
        }
        None => vec![Span::styled(format!("  the id of a {}", pen.app.whom().singular), theme.dim)],
    };
    let mut left = columns;
    let spans = std::iter::once(id).chain(by).map(|span| {
        let shown = text::fit(&span.content, left);
        left = left.saturating_sub(text::width(&shown));
        Span::styled(shown, span.style)
    });
    let line = draw_frame::ends(spans.collect(), Vec::new(), columns);
    if at == entry.cursor { line.patch_style(theme.selection) } else { line }
}
