//! A question with a few answers.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::app::layers::confirm::Confirm;
use crate::ui::theme::Theme;
use crate::ui::{frame as draw_frame, text};

pub fn draw(confirm: &Confirm, theme: &Theme, frame: &mut Frame, area: Rect) {
    let columns = area.width.min(76);
    let room = usize::from(columns.saturating_sub(4));
    let mut lines: Vec<Line> = confirm
        .lines
        .iter()
        .flat_map(|line| text::wrap(line, room, 4))
        .map(|line| Line::styled(line, theme.dim))
        .collect();
    lines.push(Line::default());
    for (at, (key, label, _)) in confirm.answers.iter().enumerate() {
        let line = Line::from(vec![
            Span::styled(format!(" {key} "), theme.accent),
            Span::styled(text::left(label, room.saturating_sub(3)), theme.text),
        ]);
        lines.push(if at == confirm.cursor { line.patch_style(theme.selection) } else { line });
    }
    let height = u16::try_from(lines.len()).unwrap_or(u16::MAX).saturating_add(2);
    let inner = draw_frame::popup(&confirm.title, columns, height, theme, frame, area);
    // The answers stay in sight where there is little room.
    let hidden = lines.len().saturating_sub(usize::from(inner.height));
    draw_frame::lines(lines, hidden, frame, inner);
}
