//! The folder in which unsaved edits are kept.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use crate::app::layers::keep_in::KeepIn;
use crate::ui::theme::Theme;
use crate::ui::{frame as draw_frame, text};

pub fn draw(form: &KeepIn, theme: &Theme, frame: &mut Frame, area: Rect) {
    let inner = draw_frame::popup("Keep the edits in another folder", 76, 7, theme, frame, area);
    let row = |at: u16| Rect {
        y: (inner.y + at).min(inner.bottom().saturating_sub(1)),
        height: inner.height.min(1),
        ..inner
    };
    draw_frame::field("folder  ", &form.folder, true, theme, frame, row(0));
    let width = usize::from(inner.width);
    if form.folder.text().is_empty() {
        let hint = Rect { x: inner.x + 8, width: inner.width.saturating_sub(8), ..row(0) };
        let proposed = text::fit(&text::sanitize(&form.proposed), width.saturating_sub(8));
        frame.render_widget(Line::styled(proposed, theme.dim), hint);
    }
    let (note, style) = match &form.complaint {
        Some(complaint) => (complaint.as_str(), theme.error),
        None => ("It is made if it is not there, best on another disk.", theme.dim),
    };
    let wrapped = text::wrap(note, width.saturating_sub(8), 4).into_iter();
    for (line, at) in wrapped.zip(1..) {
        frame.render_widget(Line::styled(format!("        {line}"), style), row(at));
    }
}
