//! What lies over a screen, one file each.

mod add;
mod browse;
mod choose;
mod commands;
mod confirm;
mod lists;
mod messages;
mod paste;
mod pick;
mod purchase;
mod quick_add;
mod save_as;
mod sql;
mod value_entry;
mod values;

use ratatui::Frame;
use ratatui::layout::Rect;

use super::theme::Theme;
use crate::app::App;
use crate::app::overlay::Overlay;

pub fn draw(app: &App, overlay: &Overlay, theme: &Theme, frame: &mut Frame, area: Rect) {
    match overlay {
        Overlay::Add(add) => add::draw(add, theme, frame, area),
        Overlay::Values(values) => values::draw(app, values, theme, frame, area),
        Overlay::ValueEntry(entry) => value_entry::draw(app, entry, theme, frame, area),
        Overlay::Lists(lists) => lists::draw(app, lists, theme, frame, area),
        Overlay::Browse(browse) => browse::draw(app, browse, theme, frame, area),
        Overlay::Paste(paste) => paste::draw(app, paste, theme, frame, area),
        Overlay::Purchase(form) => purchase::draw(app, form, theme, frame, area),
        Overlay::QuickAdd(line) => quick_add::draw(app, line, theme, frame, area),
        Overlay::SaveAs(save_as) => save_as::draw(save_as, theme, frame, area),
        Overlay::Choose(choose) => choose::draw(choose, theme, frame, area),
        Overlay::Confirm(confirm) => confirm::draw(confirm, theme, frame, area),
        Overlay::Commands(commands) => commands::draw(commands, theme, frame, area),
        Overlay::Messages(up) => messages::draw(app, *up, theme, frame, area),
        Overlay::Sql(view) => sql::draw(app, view, theme, frame, area),
    }
}
