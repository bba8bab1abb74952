//! Which file draws which layer.

use ratatui::Frame;
use ratatui::layout::Rect;

use super::{
    add, browse, card_list, card_view, choose, columns, commands, confirm, day, days, differences, editor,
    explorer, export, home, keep_in, lists, messages, metric_form, notes, pages, paste, purchase, quick_add,
    save_as, sql_view, test_form, test_list, value_entry, values,
};
use crate::app::layers::overlay::Overlay;
use crate::app::{App, Screen};
use crate::ui::theme::Theme;

/// Draws what is shown below the overlays.
pub(in crate::ui) fn screen(app: &App, theme: &Theme, frame: &mut Frame, area: Rect) {
    match app.screen() {
        Screen::Home(home) => home::draw(app, home, theme, frame, area),
        Screen::Editor(editor) => editor::draw(app, editor, theme, frame, area),
        Screen::Page(editor, pages) => pages::draw(app, editor, pages, theme, frame, area),
    }
}

/// Draws an overlay.
pub(in crate::ui) fn overlay(app: &App, overlay: &Overlay, theme: &Theme, frame: &mut Frame, area: Rect) {
    match overlay {
        Overlay::Add(layer) => add::draw(layer, theme, frame, area),
        Overlay::Values(layer) => values::draw(app, layer, theme, frame, area),
        Overlay::ValueEntry(layer) => value_entry::draw(app, layer, theme, frame, area),
        Overlay::Lists(layer) => lists::draw(app, layer, theme, frame, area),
        Overlay::Browse(layer) => browse::draw(app, layer, theme, frame, area),
        Overlay::Paste(layer) => paste::draw(app, layer, theme, frame, area),
        Overlay::Purchase(layer) => purchase::draw(app, layer, theme, frame, area),
        Overlay::QuickAdd(layer) => quick_add::draw(app, layer, theme, frame, area),
        Overlay::SaveAs(layer) => save_as::draw(layer, theme, frame, area),
        Overlay::KeepIn(layer) => keep_in::draw(layer, theme, frame, area),
        Overlay::Choose(layer) => choose::draw(layer, theme, frame, area),
        Overlay::Day(layer) => day::draw(layer, theme, frame, area),
        Overlay::Days(layer) => days::draw(app, layer, theme, frame, area),
        Overlay::CardView(layer) => card_view::draw(app, layer, theme, frame, area),
        Overlay::CardList(layer) => card_list::draw(layer, theme, frame, area),
        Overlay::MetricForm(layer) => metric_form::draw(app, layer, theme, frame, area),
        Overlay::Confirm(layer) => confirm::draw(layer, theme, frame, area),
        Overlay::Columns(layer) => columns::draw(layer, theme, frame, area),
        Overlay::Commands(layer) => commands::draw(layer, theme, frame, area),
        Overlay::Messages(layer) => messages::draw(app, layer, theme, frame, area),
        Overlay::Notes(layer) => notes::draw(app, layer, theme, frame, area),
        Overlay::Export(layer) => export::draw(layer, theme, frame, area),
        Overlay::Explorer(layer) => explorer::draw(app, layer, theme, frame, area),
        Overlay::Differences(layer) => differences::draw(app, layer, theme, frame, area),
        Overlay::TestList(layer) => test_list::draw(app, layer, theme, frame, area),
        Overlay::TestForm(layer) => test_form::draw(layer, theme, frame, area),
        Overlay::SqlView(layer) => sql_view::draw(app, layer, theme, frame, area),
    }
}
