//! The whole screen: the header, the screen or page with what lies over it, the status line.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout};

use super::charts::Glyphs;
use super::theme::Theme;
use super::{ascii, header, layers, status_line};
use crate::app::App;

/// Draws the whole screen.
pub fn draw(app: &App, theme: &Theme, frame: &mut Frame) {
    let area = frame.area();
    if area.width < 8 || area.height < 4 {
        return;
    }
    let [head, body, bottom] =
        Layout::vertical([Constraint::Length(1), Constraint::Min(1), Constraint::Length(1)]).areas(area);
    header::draw(app, theme, frame, head);
    layers::screen(app, theme, frame, body);
    if let Some((top, below)) = app.overlays().split_last() {
        if app.previewed_theme().is_none() {
            // What lies over a screen is all there is to look at; a question shows what it is about.
            frame.buffer_mut().set_style(body, theme.covered());
        }
        if let Some(below) = below.last().filter(|_| top.shows_below()) {
            layers::overlay(app, below, theme, frame, body);
        }
        layers::overlay(app, top, theme, frame, body);
    }
    status_line::draw(app, theme, frame, bottom);
    finish(theme, frame);
}

/// What is done to every cell in the end.
pub(super) fn finish(theme: &Theme, frame: &mut Frame) {
    theme.fill(frame.buffer_mut());
    if theme.glyphs == Glyphs::Ascii {
        ascii::replace(frame.buffer_mut());
    }
}
