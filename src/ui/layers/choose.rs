//! A list to choose one thing from.

use ratatui::Frame;
use ratatui::layout::Rect;

use crate::app::layers::choose::Choose;
use crate::ui::frame as draw_frame;
use crate::ui::pick;
use crate::ui::theme::Theme;

pub fn draw(choose: &Choose, theme: &Theme, frame: &mut Frame, area: Rect) {
    let lines = u16::try_from(choose.pick.found().len()).unwrap_or(u16::MAX).saturating_add(3).clamp(6, 22);
    let inner = draw_frame::popup(&choose.title, 60, lines, theme, frame, area);
    pick::draw(&choose.pick, true, |_| "", theme, frame, inner);
}
