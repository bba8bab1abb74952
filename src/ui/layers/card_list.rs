//! Which cards of the summary are shown, and in which order.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use crate::app::layers::card_list::CardList;
use crate::ui::theme::Theme;
use crate::ui::{frame as draw_frame, text};

pub fn draw(list: &CardList, theme: &Theme, frame: &mut Frame, area: Rect) {
    let height = u16::try_from(list.cards.len()).unwrap_or(u16::MAX).saturating_add(2);
    let inner = draw_frame::popup("Cards of the summary", 48, height, theme, frame, area);
    let width = usize::from(inner.width);
    let lines = list.cards.iter().enumerate().map(|(at, (card, is_shown))| {
        let (mark, style) = if *is_shown { ("[x] ", theme.text) } else { ("[ ] ", theme.dim) };
        let line = Line::styled(text::left(&format!("{mark}{}", card.title()), width), style);
        if at == list.cursor { line.patch_style(theme.selection) } else { line }
    });
    draw_frame::list(lines.collect(), list.cursor, frame, inner);
}
