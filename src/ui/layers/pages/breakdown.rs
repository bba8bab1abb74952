//! The purchasers of the open segment by the values of attributes.

use ratatui::Frame;
use ratatui::layout::Rect;

use crate::app::App;
use crate::app::layers::editor::state::Editor;
use crate::app::layers::pages::breakdown::Breakdown;
use crate::ui::frame as draw_frame;
use crate::ui::theme::Theme;

pub fn draw(app: &App, _: &Editor, _: &Breakdown, theme: &Theme, frame: &mut Frame, area: Rect) {
    draw_frame::pane("Breakdown", app.overlays().is_empty(), theme, frame, area);
}
