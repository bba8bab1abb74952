//! The data explorer: every table and column, and what they hold.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::widgets::Clear;

use crate::app::App;
use crate::app::layers::explorer::Explorer;
use crate::ui::frame as draw_frame;
use crate::ui::theme::Theme;

pub fn draw(_: &App, _: &Explorer, theme: &Theme, frame: &mut Frame, area: Rect) {
    frame.render_widget(Clear, area);
    draw_frame::pane("Data explorer", true, theme, frame, area);
}
