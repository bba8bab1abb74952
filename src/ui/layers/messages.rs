//! Every notice, the latest last.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use crate::app::App;
use crate::app::layers::messages::Messages;
use crate::app::message::MessageKind;
use crate::ui::theme::Theme;
use crate::ui::{frame as draw_frame, text};

pub fn draw(app: &App, messages: &Messages, theme: &Theme, frame: &mut Frame, area: Rect) {
    let inner = draw_frame::popup("Messages", 100, area.height.saturating_sub(4).max(6), theme, frame, area);
    let width = usize::from(inner.width);
    let all = app.messages().all();
    let mut lines = Vec::new();
    for message in all.iter().take(all.len().saturating_sub(messages.scroll)) {
        let (mark, style) = match message.kind {
            MessageKind::Done => ("✓", theme.good),
            MessageKind::Note => ("·", theme.text),
            MessageKind::Error => ("✗", theme.error),
        };
        lines.extend(
            text::wrap(&format!("{mark} {}", message.text), width, 6)
                .into_iter()
                .map(|line| Line::styled(line, style)),
        );
    }
    if lines.is_empty() {
        lines.push(Line::styled("nothing to say yet", theme.dim));
    }
    let hidden = lines.len().saturating_sub(usize::from(inner.height));
    draw_frame::lines(lines, hidden, frame, inner);
}
