//! The tabs, and which file draws which page.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span};

use super::{breakdown, compare, customers, explain, summary};
use crate::app::App;
use crate::app::layers::editor::state::Editor;
use crate::app::layers::pages::{PageKind, Pages};
use crate::ui::theme::Theme;

/// Draws the page that is shown.
pub fn draw(app: &App, editor: &Editor, pages: &Pages, theme: &Theme, frame: &mut Frame, area: Rect) {
    let Some(shown) = pages.shown else { return };
    let [tabs, body] = Layout::vertical([Constraint::Length(1), Constraint::Min(0)]).areas(area);
    frame.render_widget(tabs_line(shown, theme), tabs);
    match shown {
        PageKind::Summary => summary::draw(app, editor, &pages.summary, theme, frame, body),
        PageKind::Breakdown => breakdown::draw(app, editor, &pages.breakdown, theme, frame, body),
        PageKind::Compare => compare::draw(app, editor, &pages.compare, theme, frame, body),
        PageKind::Customers => customers::draw(app, editor, &pages.customers, theme, frame, body),
        PageKind::Explain => explain::draw(app, editor, &pages.explain, theme, frame, body),
    }
}

fn tabs_line(shown: PageKind, theme: &Theme) -> Line<'static> {
    let mut spans = vec![Span::raw(" ")];
    for (number, kind) in (1..).zip(PageKind::ALL) {
        // Not by colour alone.
        let (text, style) = match kind == shown {
            true => (format!("[{number} {}] ", kind.title()), theme.focus),
            false => (format!(" {number} {}  ", kind.title()), theme.dim),
        };
        spans.push(Span::styled(text, style));
    }
    Line::from(spans)
}
