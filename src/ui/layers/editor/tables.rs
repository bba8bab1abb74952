//! The tables pane: the tree of what can be asked.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Line;

use crate::app::layers::editor::state::{Editor, Pane};
use crate::app::layers::editor::tables::TreeLine;
use crate::app::{App, DatabaseState};
use crate::ui::theme::Theme;
use crate::ui::type_mark::type_mark;
use crate::ui::{frame as draw_frame, number, text};

pub fn draw(app: &App, editor: &Editor, theme: &Theme, frame: &mut Frame, area: Rect) {
    let is_focused = editor.pane == Pane::Tables && app.overlays().is_empty();
    let inner = draw_frame::pane("Tables", is_focused, theme, frame, area);
    let [find, mut rest] = ratatui::layout::Layout::vertical([
        ratatui::layout::Constraint::Length(1),
        ratatui::layout::Constraint::Min(0),
    ])
    .areas(inner);
    if editor.tables.finding || !editor.tables.find.text().is_empty() {
        let has_keys = is_focused && editor.tables.finding;
        draw_frame::field("/ ", &editor.tables.find, has_keys, theme, frame, find);
    } else {
        let hint = text::fit("/ find a table or attribute", usize::from(find.width));
        frame.render_widget(Line::styled(hint, theme.dim), find);
    }
    let width = usize::from(rest.width);
    let mut first = 0;
    let lines = match app.database_state() {
        DatabaseState::Opening => vec![Line::styled("opening the database …", theme.dim)],
        DatabaseState::Failed(failure) => {
            text::wrap(&format!("{}: {}", failure.message, failure.help_text()), width, 12)
                .into_iter()
                .map(|line| Line::styled(line, theme.error))
                .collect()
        }
        DatabaseState::Open(_) => {
            let entries = editor.tables.lines();
            if let Some(TreeLine::Branch { problem: Some(problem), .. }) =
                entries.get(editor.tables.cursor).filter(|_| is_focused)
            {
                let said = text::wrap(problem, width, 4);
                let height = u16::try_from(said.len()).unwrap_or(0).min(rest.height);
                let foot = Rect { y: rest.bottom().saturating_sub(height), height, ..rest };
                rest.height = rest.height.saturating_sub(height);
                let said = said.into_iter().map(|line| Line::styled(line, theme.warn)).collect();
                draw_frame::lines(said, 0, frame, foot);
            }
            let is_at = |at: usize| is_focused && at == editor.tables.cursor;
            let near = draw_frame::near(entries.len(), editor.tables.cursor, rest);
            first = near.start;
            let shown = entries.iter().enumerate().skip(near.start).take(near.len());
            shown.map(|(at, entry)| line(entry, is_at(at), width, theme)).collect()
        }
    };
    draw_frame::list(lines, editor.tables.cursor.saturating_sub(first), frame, rest);
}

fn line(entry: &TreeLine, is_at: bool, width: usize, theme: &Theme) -> Line<'static> {
    let (start, end, style) = match entry {
        TreeLine::Branch { label, rows, problem, open, .. } => {
            let mark = if problem.is_some() {
                "✗"
            } else if *open {
                "▾"
            } else {
                "▸"
            };
            let rows = rows.map(number::short).unwrap_or_default();
            let (end, style) = match problem {
                Some(problem) => (text::fit(problem, width / 2), theme.warn),
                None => (rows, theme.text),
            };
            (format!("{mark} {label}"), end, style)
        }
        TreeLine::Attribute { label, data_type, .. } => {
            (format!("   {} {label}", type_mark(*data_type)), String::new(), theme.text)
        }
        TreeLine::Behaviour(behaviour) => (format!("   {}", behaviour.label()), String::new(), theme.text),
        TreeLine::List(kind, count) => {
            let count = count.map(|count| number::short(count as u64)).unwrap_or_default();
            (format!("   {}", kind.label()), count, theme.text)
        }
    };
    let line = draw_frame::two((&start, style), (&end, theme.dim), width);
    if is_at { line.patch_style(theme.selection) } else { line.patch_style(Style::new()) }
}
