//! The form of a purchase behaviour, read as a sentence from top to bottom.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::app::App;
use crate::app::action::Context;
use crate::app::layers::purchase::{FormField, Purchase};
use crate::segment::{AmountOperator, Keyword, WhenOperator, words};
use crate::ui::theme::Theme;
use crate::ui::{frame as draw_frame, text, what_if};

pub fn draw(app: &App, form: &Purchase, theme: &Theme, frame: &mut Frame, area: Rect) {
    let order = form.order();
    let height = u16::try_from(order.len() + 7).unwrap_or(u16::MAX);
    let inner = draw_frame::popup(form.behaviour.label(), 76, height, theme, frame, area);
    let width = usize::from(inner.width);
    let is_top = app.contexts().contains(&Context::Purchase);
    let bottom = inner.bottom().saturating_sub(3);
    // Where there is little room, the rows before the focused one scroll out.
    let rows = usize::from(bottom.saturating_sub(inner.y)).max(1);
    let at = order.iter().position(|focus| *focus == form.focus).unwrap_or(0);
    let first = (at + 1).saturating_sub(rows);
    for (line, focus) in order.iter().skip(first).take(rows).enumerate() {
        let y = inner.y + u16::try_from(line).unwrap_or(u16::MAX);
        let row = Rect { y, height: 1, ..inner };
        draw_row(app, form, *focus, is_top && *focus == form.focus, theme, frame, row);
    }
    let counted = Rect {
        x: inner.x + 10.min(inner.width),
        y: inner.bottom().saturating_sub(2).max(inner.y),
        width: inner.width.saturating_sub(10),
        height: inner.height.min(1),
    };
    frame.render_widget(what_if::line(&form.what_if, 0, theme, usize::from(counted.width)), counted);
    let foot = Rect { y: inner.bottom().saturating_sub(1), height: inner.height.min(1), ..inner };
    let fault = || app.fault_of(form.condition().ok()?);
    let (said, style) = match form.complaint.clone().or_else(fault) {
        Some(complaint) => (complaint, theme.warn),
        None => ("←→ other words".to_owned(), theme.dim),
    };
    frame.render_widget(Line::styled(text::fit(&said, width), style), foot);
}

fn draw_row(
    app: &App,
    form: &Purchase,
    focus: FormField,
    is_at: bool,
    theme: &Theme,
    frame: &mut Frame,
    row: Rect,
) {
    let width = usize::from(row.width);
    let select = |line: Line<'static>| if is_at { line.patch_style(theme.selection) } else { line };
    let mut show = |spans: Vec<(String, Style)>| {
        let spans = spans.into_iter().map(|(text, style)| Span::styled(text, style)).collect();
        frame.render_widget(select(draw_frame::ends(spans, Vec::new(), width)), row);
    };
    let ends =
        |inclusive: bool| if inclusive { "  ends taken in (Alt-e)" } else { "  ends left out (Alt-e)" };
    match focus {
        FormField::Operator => {
            let note = if form.op == AmountOperator::Between { ends(form.inclusive) } else { "" };
            show(vec![
                ("how many  ".to_owned(), theme.dim),
                (format!("‹ {} ›", form.op.spaced()), theme.accent),
                (note.to_owned(), theme.dim),
            ]);
        }
        FormField::When => {
            let note = if form.when == WhenOperator::Between { ends(form.dates_inclusive) } else { "" };
            show(vec![
                ("when      ".to_owned(), theme.dim),
                (format!("‹ {} ›", form.when.spaced()), theme.accent),
                (note.to_owned(), theme.dim),
            ]);
        }
        FormField::Amount(at) => {
            let label = if at == 0 { "          " } else { "      and " };
            if let Some(field) = form.amounts.get(at) {
                draw_frame::field(label, field, is_at, theme, frame, row);
            }
        }
        FormField::Date(at) => draw_date(app, form, at, is_at, theme, frame, row),
        FormField::Filter(at) => {
            let sentence = app.with_schema(|schema| {
                let table = schema.items_table().unwrap_or_default();
                form.filters.get(at).map(|filter| words::filter(filter, &table, schema)).unwrap_or_default()
            });
            let label = if at == 0 { "where     " } else { "      and " };
            show(vec![
                (label.to_owned(), theme.dim),
                (text::fit(&sentence, width.saturating_sub(10)), theme.text),
            ]);
        }
        FormField::AddFilter => show(vec![("          + add filter".to_owned(), theme.dim)]),
        FormField::Done => show(vec![("          take it".to_owned(), theme.accent)]),
    }
}

/// A date, with the day that it means beside it.
fn draw_date(
    app: &App,
    form: &Purchase,
    at: usize,
    is_at: bool,
    theme: &Theme,
    frame: &mut Frame,
    row: Rect,
) {
    let label = if at == 0 { "          " } else { "      and " };
    let (meaning, style) = match form.day(at, app.as_of()) {
        Some(Ok(day)) => (format!("= {day}"), theme.accent),
        Some(Err(_)) => ("no date: try 2025-01-31 or 3 months ago".to_owned(), theme.warn),
        None => ("a day, or such as 3 months ago".to_owned(), theme.dim),
    };
    let meaning = text::fit(&meaning, usize::from(row.width) / 2);
    let columns = u16::try_from(text::width(&meaning)).unwrap_or(0);
    if let Some(field) = form.dates.get(at) {
        let left = Rect { width: row.width.saturating_sub(columns + 1), ..row };
        draw_frame::field(label, field, is_at, theme, frame, left);
    }
    let right = Rect { x: row.right().saturating_sub(columns), width: columns, ..row };
    frame.render_widget(Line::styled(meaning, style), right);
}
