//! The fields for typed values, with what the column holds beside them.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::values::title;
use crate::app::App;
use crate::app::layers::value_entry::ValueEntry;
use crate::backend::ValueCounts;
use crate::segment::{Arity, DataType, Operator};
use crate::ui::theme::Theme;
use crate::ui::{charts, frame as draw_frame, text, what_if};

/// Columns of the form.
const WIDTH: u16 = 72;
/// Columns of the histogram.
const BINS: usize = 32;

pub fn draw(app: &App, entry: &ValueEntry, theme: &Theme, frame: &mut Frame, area: Rect) {
    let is_range = entry.prompt.op.arity() == Arity::Two;
    let height = if is_range { 14 } else { 12 };
    let title = title(app, &entry.prompt, draw_frame::title_room(WIDTH, area));
    let inner = draw_frame::popup(&title, WIDTH, height, theme, frame, area);
    let width = usize::from(inner.width);
    let mut row = inner;
    row.height = row.height.min(1);
    let mut next = |lines: u16| {
        let now = row;
        row.y = (row.y + lines).min(inner.bottom().saturating_sub(1));
        now
    };
    for (at, field) in entry.fields.iter().enumerate() {
        let label = match (is_range, at) {
            (true, 0) => "from  ",
            (true, _) => "to    ",
            (false, _) => "      ",
        };
        draw_frame::field(label, field, entry.focus == at, theme, frame, next(1));
        let (meaning, style) = match entry.meaning(at, app.as_of()) {
            Some(Ok(day)) => (format!("      = {day}"), theme.accent),
            Some(Err(problem)) => (format!("      {problem}"), theme.warn),
            None => (String::new(), theme.dim),
        };
        frame.render_widget(Line::styled(text::fit(&meaning, width), style), next(1));
    }
    next(1);
    let complaint = entry.complaint.clone().or_else(|| fault(app, entry)).unwrap_or_default();
    frame.render_widget(Line::styled(text::fit(&complaint, width), theme.warn), next(1));
    if entry.prompt.op == Operator::IsBetween {
        let ends = if entry.inclusive { "ends taken in" } else { "ends left out" };
        frame.render_widget(Line::styled(text::fit(&format!("{ends} (Alt-e)"), width), theme.dim), next(1));
    } else if entry.prompt.data_type == DataType::String {
        let case = if entry.match_case { "compares exactly" } else { "upper and lower case are the same" };
        frame.render_widget(Line::styled(text::fit(&format!("{case} (Alt-c)"), width), theme.dim), next(1));
    }
    let counted = next(1);
    let counted = Rect { x: counted.x + 6.min(counted.width), width: counted.width.saturating_sub(6), ..counted };
    frame.render_widget(what_if::line(&entry.what_if, 0, theme, usize::from(counted.width)), counted);
    let rest = Rect { y: row.y, height: inner.bottom().saturating_sub(row.y), ..inner };
    draw_frame::lines(column(entry, theme, width), 0, frame, rest);
}

/// What is wrong with the values as they stand, once all of them are typed.
fn fault(app: &App, entry: &ValueEntry) -> Option<String> {
    let value = entry.answer().ok()??;
    let test = entry.prompt.answer(Some(value), entry.match_case, entry.inclusive);
    app.fault_of(entry.prompt.condition(test))
}

/// What the column holds: its least and greatest value and how customers spread between them.
fn column(entry: &ValueEntry, theme: &Theme, width: usize) -> Vec<Line<'static>> {
    match &entry.counts {
        None if entry.prompt.data_type == DataType::String => Vec::new(),
        None => vec![Line::styled("looking at the column …", theme.dim)],
        Some(Err(failure)) => vec![Line::styled(text::fit(failure, width), theme.error)],
        Some(Ok(counts)) => {
            let Some((low, high)) = &counts.range else { return Vec::new() };
            let bars = histogram(counts, entry.prompt.data_type, theme);
            vec![
                Line::from(Span::styled(bars, theme.bar)),
                Line::styled(text::fit(&format!("the column goes from {low} to {high}"), width), theme.dim),
            ]
        }
    }
}

/// Customers by value, from the least to the greatest, in bins of equal width.
fn histogram(counts: &ValueCounts, data_type: DataType, theme: &Theme) -> String {
    let place = |text: &str| -> Option<f64> {
        match data_type {
            DataType::Date | DataType::Datetime => {
                let day: chrono::NaiveDate = text.get(..10)?.parse().ok()?;
                Some(f64::from(chrono::Datelike::num_days_from_ce(&day)))
            }
            _ => text.parse().ok(),
        }
    };
    let placed: Vec<(f64, u64)> =
        counts.values.iter().filter_map(|value| Some((place(&value.value)?, value.count.all))).collect();
    let low = placed.iter().map(|(at, _)| *at).fold(f64::INFINITY, f64::min);
    let high = placed.iter().map(|(at, _)| *at).fold(f64::NEG_INFINITY, f64::max);
    let mut bins = [0_u64; BINS];
    for (at, count) in placed {
        let fraction = if high > low { (at - low) / (high - low) } else { 0.0 };
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
        let bin = ((fraction * BINS as f64) as usize).min(BINS - 1);
        if let Some(slot) = bins.get_mut(bin) {
            *slot += count;
        }
    }
    charts::columns(&bins, theme.glyphs)
}
