//! The fields for typed values, with what the column holds beside them.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::values::title;
use crate::app::App;
use crate::app::layers::value_entry::ValueEntry;
use crate::backend::{ValueCount, ValueCounts};
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
    let counted =
        Rect { x: counted.x + 6.min(counted.width), width: counted.width.saturating_sub(6), ..counted };
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
            let (bars, most_below) = histogram(counts, entry.prompt.data_type, theme);
            let range = format!("the column goes from {low} to {high}");
            let said = match most_below {
                Some(most) => format!("{range}; the bars show 99 %, up to {most}"),
                None => range,
            };
            vec![Line::from(Span::styled(bars, theme.bar)), Line::styled(text::fit(&said, width), theme.dim)]
        }
    }
}

/// The part of the customers, in percent, whose values the bars show where a few far ones would flatten them.
const SHOWN: u64 = 99;

/// Customers by value, in bins of equal width from the least to the greatest; where nearly all are in the lower half,
/// up to the value below which they are, which is answered too. The last bin has all from there on.
fn histogram(counts: &ValueCounts, data_type: DataType, theme: &Theme) -> (String, Option<String>) {
    let place = |text: &str| -> Option<f64> {
        match data_type {
            DataType::Date | DataType::Datetime => {
                let day: chrono::NaiveDate = text.get(..10)?.parse().ok()?;
                Some(f64::from(chrono::Datelike::num_days_from_ce(&day)))
            }
            _ => text.parse().ok(),
        }
    };
    let placed = counts.values.iter().filter_map(|value| Some((place(&value.value)?, value)));
    let mut placed: Vec<(f64, &ValueCount)> = placed.collect();
    placed.sort_by(|(one, _), (other, _)| one.total_cmp(other));
    let (Some((low, _)), Some((high, _))) = (placed.first().copied(), placed.last().copied()) else {
        return (charts::columns(&[0; BINS], theme.glyphs), None);
    };
    let (end, most_below) = match nearly_all(&placed) {
        Some((end, value)) if end > low && end - low < (high - low) / 2.0 => (end, Some(value)),
        _ => (high, None),
    };
    let mut bins = [0_u64; BINS];
    for (at, value) in placed {
        let fraction = if end > low { (at - low) / (end - low) } else { 0.0 };
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss)]
        let bin = ((fraction * BINS as f64) as usize).min(BINS - 1);
        if let Some(slot) = bins.get_mut(bin) {
            *slot += value.count.all;
        }
    }
    (charts::columns(&bins, theme.glyphs), most_below)
}

/// The least value up to which nearly all customers are, of values in order.
fn nearly_all(placed: &[(f64, &ValueCount)]) -> Option<(f64, String)> {
    let all: u64 = placed.iter().map(|(_, value)| value.count.all).sum();
    let mut so_far = 0_u64;
    let found = placed.iter().find(|(_, value)| {
        so_far += value.count.all;
        so_far.saturating_mul(100) >= all.saturating_mul(SHOWN)
    });
    found.map(|(at, value)| (*at, value.value.clone()))
}
