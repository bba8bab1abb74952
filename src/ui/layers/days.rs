//! The form of the days whose orders count.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use crate::app::App;
use crate::app::layers::days::Days;
use crate::ui::theme::Theme;
use crate::ui::{frame as draw_frame, text};

/// Columns of the form.
const WIDTH: u16 = 64;
/// Lines of the form with its border.
const HEIGHT: u16 = 9;

pub fn draw(app: &App, days: &Days, theme: &Theme, frame: &mut Frame, area: Rect) {
    let inner = draw_frame::popup("Days whose orders count", WIDTH, HEIGHT, theme, frame, area);
    let width = usize::from(inner.width);
    let row = |at: u16| Rect { y: inner.y + at, height: 1, ..inner }.intersection(inner);
    for (at, (label, field)) in (0..).zip(["from  ", "to    "].into_iter().zip(&days.fields)) {
        let at_last = at == 1;
        draw_frame::field(label, field, days.at_last == at_last, theme, frame, row(2 * at));
        let (meaning, style) = match days.meaning(at_last, app.as_of()) {
            Some(Ok(day)) => (format!("      = {day}"), theme.accent),
            Some(Err(problem)) => (format!("      {problem}"), theme.warn),
            None if at_last => (format!("      = {}, the day of evaluation", app.as_of()), theme.dim),
            None => ("      a year before".to_owned(), theme.dim),
        };
        frame.render_widget(Line::styled(text::fit(&meaning, width), style), row(2 * at + 1));
    }
    let (said, style) = match &days.complaint {
        Some(complaint) => (complaint.clone(), theme.error),
        None => ("2025-01-31 or 3 months ago; both days are taken in".to_owned(), theme.dim),
    };
    for (at, line) in (5..).zip(text::wrap(&said, width, 2)) {
        frame.render_widget(Line::styled(line, style), row(at));
    }
}
