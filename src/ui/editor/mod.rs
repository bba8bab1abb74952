//! The editor: what can be asked, what is asked, the answer.

mod criteria;
mod insights;
mod sql;
mod tables;

pub(super) use sql::problems as sql_problems;
pub(super) use tables::glyph;

use ratatui::Frame;
use ratatui::layout::Rect;

use super::layout;
use super::theme::Theme;
use crate::app::App;
use crate::app::editor::{Editor, Pane};

pub fn draw(app: &App, editor: &Editor, theme: &Theme, frame: &mut Frame, area: Rect) {
    for (pane, area) in layout::panes(editor.pane, area) {
        match pane {
            Pane::Tables => tables::draw(app, editor, theme, frame, area),
            Pane::Criteria => match editor.sql() {
                Some(sql) => sql::draw(app, editor, sql, theme, frame, area),
                None => criteria::draw(app, editor, theme, frame, area),
            },
            Pane::Insights => insights::draw(app, editor, theme, frame, area),
        }
    }
}
