//! Help and palette.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::Line;

use crate::app::layers::commands::{Commands, CommandsKind};
use crate::ui::pick;
use crate::ui::theme::Theme;
use crate::ui::{frame as draw_frame, text};

pub fn draw(commands: &Commands, theme: &Theme, frame: &mut Frame, area: Rect) {
    let title = match commands.kind {
        CommandsKind::Help => "Help: the keys of this place come first",
        CommandsKind::Palette => "Palette: every action",
    };
    let inner = draw_frame::popup(title, 84, area.height.saturating_sub(2), theme, frame, area);
    let [list, foot] = Layout::vertical([Constraint::Min(1), Constraint::Length(1)]).areas(inner);
    pick::draw_actions(&commands.pick, theme, frame, list);
    if commands.pick.is_empty() {
        let below = Rect { y: list.y.saturating_add(1), height: 1, ..list }.intersection(list);
        let said = format!("nothing matches {:?}", commands.pick.query.text());
        let said = text::fit(&text::sanitize(&said), usize::from(below.width));
        frame.render_widget(Line::styled(said, theme.dim), below);
    }
    let hint = text::fit("type to search, Enter does it, Esc closes", usize::from(foot.width));
    frame.render_widget(Line::styled(hint, theme.dim), foot);
}
