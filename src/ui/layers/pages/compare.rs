//! The open segment and others side by side, and what they share.

use ratatui::Frame;
use ratatui::layout::Rect;

use crate::app::App;
use crate::app::layers::editor::state::Editor;
use crate::app::layers::pages::compare::Compare;
use crate::ui::frame as draw_frame;
use crate::ui::theme::Theme;

pub fn draw(app: &App, _: &Editor, _: &Compare, theme: &Theme, frame: &mut Frame, area: Rect) {
    draw_frame::pane("Compare", app.overlays().is_empty(), theme, frame, area);
}
