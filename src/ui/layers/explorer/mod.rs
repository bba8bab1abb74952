//! The data explorer: tables, their columns, what a column holds, sample rows.

mod columns;
mod places;
pub(super) mod profile;
mod rows;
mod tables;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;
use ratatui::widgets::Clear;

use crate::app::layers::explorer::{Explorer, ExplorerPane};
use crate::app::{App, DatabaseState};
use crate::ui::theme::Theme;
use crate::ui::{diagnostic, frame as draw_frame};

pub fn draw(app: &App, explorer: &Explorer, theme: &Theme, frame: &mut Frame, area: Rect) {
    frame.render_widget(Clear, area);
    let database = match app.database_state() {
        DatabaseState::Open(_) => app.database(),
        DatabaseState::Opening => None,
        DatabaseState::Failed(failure) => {
            let inner = draw_frame::pane("Data explorer", true, theme, frame, area);
            let (width, room) = (usize::from(inner.width), usize::from(inner.height));
            return draw_frame::lines(diagnostic::lines(failure, width, room, theme), 0, frame, inner);
        }
    };
    let Some(database) = database else {
        let inner = draw_frame::pane("Data explorer", true, theme, frame, area);
        return draw_frame::lines(vec![Line::styled("opening the database …", theme.dim)], 0, frame, inner);
    };
    let table = explorer.table(database);
    for (pane, place) in places::panes(explorer.pane, area) {
        match pane {
            ExplorerPane::Tables => tables::draw(app, explorer, database, theme, frame, place),
            ExplorerPane::Columns => columns::draw(explorer, table, theme, frame, place),
            ExplorerPane::Values => profile::draw(app, explorer, table, theme, frame, place),
            ExplorerPane::Rows => rows::draw(explorer, theme, frame, place),
        }
    }
}
