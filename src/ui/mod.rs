//! App state to screen. Nothing here changes anything.

mod definition;
mod editor;
mod frame;
mod header;
mod home;
mod insights;
mod layout;
mod marks;
pub mod number;
mod overlay;
mod overview;
mod remarks;
mod sql;
mod status_line;
pub mod text;
pub mod theme;

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout};
use ratatui::style::Modifier;

use crate::app::overlay::Overlay;
use crate::app::{App, Screen};
use theme::Theme;

/// Draws the whole screen.
pub fn draw(app: &App, theme: &Theme, frame: &mut Frame) {
    let area = frame.area();
    if area.width < 8 || area.height < 4 {
        return;
    }
    let [head, body, bottom] =
        Layout::vertical([Constraint::Length(1), Constraint::Min(1), Constraint::Length(1)]).areas(area);
    header::draw(app, theme, frame, head);
    match (app.screen, &app.editor) {
        (Screen::Editor, Some(editor)) => editor::draw(app, editor, theme, frame, body),
        (Screen::Overview, Some(editor)) => overview::draw(app, editor, theme, frame, body),
        (Screen::Home, _) | (_, None) => home::draw(app, theme, frame, body),
    }
    if let Some((top, below)) = app.overlays.split_last() {
        // What lies over a screen is all there is to look at; a question shows what it is about.
        frame.buffer_mut().set_style(body, Modifier::DIM);
        if let (Overlay::Confirm(_), Some(below)) = (top, below.last()) {
            overlay::draw(app, below, theme, frame, body);
        }
        overlay::draw(app, top, theme, frame, body);
    }
    status_line::draw(app, theme, frame, bottom);
}
