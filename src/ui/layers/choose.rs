//! A list to choose one thing from.

use ratatui::Frame;
use ratatui::layout::Rect;

use crate::app::layers::choose::Choose;
use crate::ui::pick;
use crate::ui::theme::Theme;
use crate::ui::{frame as draw_frame, number};

pub fn draw(choose: &Choose, theme: &Theme, frame: &mut Frame, area: Rect) {
    let lines = u16::try_from(choose.pick.found().len()).unwrap_or(u16::MAX).saturating_add(3).clamp(6, 22);
    let inner = draw_frame::popup(&choose.title, 60, lines, theme, frame, area);
    if !choose.has_counts() {
        return pick::draw(&choose.pick, true, |_| "", theme, frame, inner);
    }
    // Below the search the operators; what the segment would be with each stands at the right.
    let count = |at: usize| match choose.what_if.get(at) {
        Some(Ok(counts)) => number::whole(counts.members),
        Some(Err(_)) => String::new(),
        None if choose.what_if.is_pending(at) => "…".to_owned(),
        None => "asks for a value".to_owned(),
    };
    pick::draw_counted(&choose.pick, count, "the segment would be", theme, frame, inner);
}
