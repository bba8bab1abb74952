//! The form of the day of evaluation.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use crate::app::layers::day::Day;
use crate::ui::theme::Theme;
use crate::ui::{frame as draw_frame, text};

/// Columns of the form.
const WIDTH: u16 = 64;
/// Lines of the form with its border.
const HEIGHT: u16 = 9;

pub fn draw(day: &Day, theme: &Theme, frame: &mut Frame, area: Rect) {
    let inner = draw_frame::popup("Evaluate as of", WIDTH, HEIGHT, theme, frame, area);
    let width = usize::from(inner.width);
    let row = |at: u16| Rect { y: inner.y + at, height: 1, ..inner }.intersection(inner);
    draw_frame::field("day  ", &day.field, true, theme, frame, row(0));
    let (meaning, style) = match day.meaning() {
        Ok(found) => (format!("     = {found}{}", distance(day, found)), theme.accent),
        Err(_) => ("     = ?".to_owned(), theme.warn),
    };
    frame.render_widget(Line::styled(text::fit(&meaning, width), style), row(1));
    let help = format!(
        "2025-01-31 or 3 months ago, counted from {}; nothing: the data's own day. \
         Attributes are what the tables say today, whatever the day.",
        day.data_day
    );
    let (said, style) = match (&day.complaint, day.meaning()) {
        (Some(complaint), _) => (complaint.clone(), theme.error),
        (None, Err(problem)) => (problem, theme.warn),
        (None, Ok(_)) => (help, theme.dim),
    };
    for (at, line) in (3..).zip(text::wrap(&said, width, 4)) {
        frame.render_widget(Line::styled(line, style), row(at));
    }
}

/// How far a day is from the data's own.
fn distance(day: &Day, found: chrono::NaiveDate) -> String {
    let days = found.signed_duration_since(day.data_day).num_days();
    let many = if days.abs() == 1 { "day" } else { "days" };
    match days {
        0 => ", the data's own day".to_owned(),
        ..0 => format!(", {} {many} before the data's own", -days),
        1.. => format!(", {days} {many} after the data's own"),
    }
}
