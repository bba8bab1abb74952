//! The picker of columns.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::Line;

use crate::app::layers::columns::Columns;
use crate::ui::theme::Theme;
use crate::ui::{frame as draw_frame, pick, text};

pub fn draw(columns: &Columns, theme: &Theme, frame: &mut Frame, area: Rect) {
    let height = area.height.saturating_sub(2).min(26);
    let inner = draw_frame::popup("Columns beside the ids", 72, height, theme, frame, area);
    let [list, foot] = Layout::vertical([Constraint::Min(1), Constraint::Length(1)]).areas(inner);
    let mark = |item: &_| if is_ticked(columns, item) { "[x] " } else { "[ ] " };
    pick::draw(&columns.pick, true, mark, theme, frame, list);
    let picks = columns.picks_at_cursor();
    let said = if columns.is_waiting() {
        "counting the rows of this table …".to_owned()
    } else if columns.pick.is_empty() {
        "no table has a column of that name".to_owned()
    } else if !picks.is_empty() {
        picks.join("; ")
    } else {
        match columns.ticked.len() {
            0 => "Space ticks, Enter shows the id alone or what is at the cursor".to_owned(),
            count => format!("{count} ticked; Space ticks, Enter shows them"),
        }
    };
    frame.render_widget(Line::styled(text::fit(&said, usize::from(foot.width)), theme.dim), foot);
}

fn is_ticked(columns: &Columns, item: &crate::app::pick::Item<crate::app::layers::columns::Offered>) -> bool {
    columns.is_ticked(&item.value)
}
