//! The members of the open segment as a table.

use ratatui::Frame;
use ratatui::layout::Rect;

use crate::app::App;
use crate::app::layers::editor::state::Editor;
use crate::app::layers::pages::customers::Customers;
use crate::ui::frame as draw_frame;
use crate::ui::theme::Theme;

pub fn draw(app: &App, _: &Editor, _: &Customers, theme: &Theme, frame: &mut Frame, area: Rect) {
    draw_frame::pane("Customers", app.overlays().is_empty(), theme, frame, area);
}
