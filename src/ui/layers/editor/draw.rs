//! Where the panes of the editor are drawn.

use ratatui::Frame;
use ratatui::layout::Rect;

use super::{criteria, insights, sql_text, tables};
use crate::app::App;
use crate::app::layers::editor::state::{Editor, Pane};
use crate::ui::layout;
use crate::ui::theme::Theme;

pub fn draw(app: &App, editor: &Editor, theme: &Theme, frame: &mut Frame, area: Rect) {
    for (pane, area) in layout::panes(editor.pane, area) {
        match pane {
            Pane::Tables => tables::draw(app, editor, theme, frame, area),
            Pane::Criteria => match editor.sql() {
                Some(sql) => sql_text::draw(app, editor, sql, theme, frame, area),
                None => criteria::draw(app, editor, theme, frame, area),
            },
            Pane::Insights => insights::draw(app, editor, theme, frame, area),
        }
    }
}
