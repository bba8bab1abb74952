//! What the page is drawn with.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Line;
use ratatui::widgets::Paragraph;

use crate::app::App;
use crate::app::layers::pages::Asked;
use crate::app::layers::pages::explain::Explain;
use crate::ui::layers::pages::page_line;
use crate::ui::theme::Theme;
use crate::ui::{frame as draw_frame, text};

/// What is drawn, and with what.
pub(super) struct Pen<'a> {
    pub app: &'a App,
    pub page: &'a Explain,
    pub theme: &'a Theme,
    pub has_borders: bool,
}

impl Pen<'_> {
    /// The day of the explanation.
    pub(super) fn as_of(&self) -> chrono::NaiveDate {
        self.page.answered().map_or(self.app.as_of(), |(_, explanation, _)| explanation.as_of)
    }

    pub(super) fn words(&self, said: &str, style: Style, frame: &mut Frame, area: Rect) {
        let lines = text::wrap(said, usize::from(area.width), usize::from(area.height));
        let lines: Vec<Line> = lines.into_iter().map(|line| Line::styled(line, style)).collect();
        frame.render_widget(Paragraph::new(lines), area);
    }

    pub(super) fn pane(&self, title: &str, is_focused: bool, frame: &mut Frame, area: Rect) -> Rect {
        match self.has_borders {
            true => {
                let is_top = self.app.overlays().is_empty() && !self.page.entry.is_typing;
                draw_frame::pane(title, is_focused && is_top, self.theme, frame, area)
            }
            false => area,
        }
    }

    pub(super) fn refusal(&self, asked: &Asked, area: Rect) -> Option<Vec<Line<'static>>> {
        let (columns, most) = (usize::from(area.width), usize::from(area.height));
        page_line::refusal(self.app, asked, None, self.theme, columns, most)
    }
}

/// With a capital letter first.
pub(super) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().collect::<String>() + letters.as_str())
        .unwrap_or_default()
}
