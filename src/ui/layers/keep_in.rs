//! The folder in which unsaved edits are kept.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use crate::app::layers::keep_in::KeepIn;
use crate::ui::theme::Theme;
use crate::ui::{frame as draw_frame, text};

pub fn draw(form: &KeepIn, theme: &Theme, frame: &mut Frame, area: Rect) {
    let inner = draw_frame::popup("Keep the edits in another folder", 76, 5, theme, frame, area);
    let row = |at: u16| Rect {
        y: (inner.y + at).min(inner.bottom().saturating_sub(1)),
        height: inner.height.min(1),
        ..inner
    };
    draw_frame::field("folder  ", &form.folder, true, theme, frame, row(0));
    let note = "        It is made if it is not there, best on another disk.";
    frame.render_widget(Line::styled(text::fit(note, usize::from(inner.width)), theme.dim), row(2));
}
