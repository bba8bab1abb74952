//! What is shown while the program is being prepared, which takes long only where a disk does not answer.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::screen::finish;
use super::text::sanitize;
use super::theme::Theme;

/// Draws it; `waiting` is what has been waited for long enough to be told.
pub fn draw_start(waiting: Option<&str>, theme: &Theme, frame: &mut Frame) {
    let area = frame.area();
    let head =
        Line::from(vec![Span::styled("  segtui", theme.strong), Span::styled("   starting", theme.dim)]);
    let mut lines = vec![(0, head)];
    if let Some(waiting) = waiting {
        let what = Line::styled(format!("  waiting for a disk: {}", sanitize(waiting)), theme.warn);
        lines.push((2, what));
        lines.push((area.height.saturating_sub(1), Line::styled("  q leave", theme.dim)));
    }
    for (y, line) in lines {
        frame.render_widget(line, Rect { y, height: 1, ..area }.intersection(area));
    }
    finish(theme, frame);
}
