//! The tables pane: the tree of what can be asked.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Line;

use crate::app::layers::editor::state::{Editor, Pane};
use crate::app::layers::editor::tables::{Branch, BranchProblem, TreeLine};
use crate::app::layers::notes::NoteKind;
use crate::app::{App, DatabaseState};
use crate::ui::layers::notes::mark;
use crate::ui::theme::Theme;
use crate::ui::type_mark::type_mark;
use crate::ui::{diagnostic, frame as draw_frame, number, text};

/// The most lines that are said of the line at the cursor.
const FOOT: usize = 7;

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
        DatabaseState::Failed(failure) => diagnostic::lines(failure, width, usize::from(rest.height), theme),
        DatabaseState::Open(_) => {
            let entries = editor.tables.lines();
            if let Some(entry) = entries.get(editor.tables.cursor).filter(|_| is_focused) {
                let most = usize::from(rest.height / 2).min(FOOT);
                let said = foot(entry, width, most, theme);
                let height = u16::try_from(said.len()).unwrap_or(0);
                let foot = Rect { y: rest.bottom().saturating_sub(height), height, ..rest };
                rest.height = rest.height.saturating_sub(height);
                draw_frame::lines(said, 0, frame, foot);
            }
            let is_found = !editor.tables.find.text().trim().is_empty();
            let is_at = |at: usize| is_focused && at == editor.tables.cursor;
            let near = draw_frame::near(entries.len(), editor.tables.cursor, rest);
            first = near.start;
            let shown = entries.iter().enumerate().skip(near.start).take(near.len());
            shown.map(|(at, entry)| line(entry, (is_at(at), is_found), width, theme)).collect()
        }
    };
    draw_frame::list(lines, editor.tables.cursor.saturating_sub(first), frame, rest);
}

/// What there is to say of the line at the cursor, the first of it, and the key that opens it whole.
fn foot(entry: &TreeLine, width: usize, most: usize, theme: &Theme) -> Vec<Line<'static>> {
    let (said, style, opens) = match entry {
        TreeLine::Branch { problem: Some(BranchProblem::Damaged(said)), .. } => (said, theme.error, true),
        TreeLine::Branch { branch, problem: Some(BranchProblem::Lacks(said)), .. } => {
            (said, theme.text, matches!(branch, Branch::Table(_)))
        }
        TreeLine::Branch { notes, open, .. } => match notes.first() {
            Some(said) if !open => (said, theme.dim, false),
            _ => return Vec::new(),
        },
        TreeLine::Notes(_, notes) => match notes.first() {
            Some(said) => (said, theme.text, true),
            None => return Vec::new(),
        },
        TreeLine::Attribute { .. } | TreeLine::Behaviour(_) | TreeLine::List(..) => return Vec::new(),
    };
    let mut lines = vec![Line::styled("─".repeat(width), theme.faint)];
    let said = text::wrap(said, width, most.saturating_sub(2).max(1));
    lines.extend(said.into_iter().map(|line| Line::styled(line, style)));
    lines.extend(opens.then(|| Line::styled(text::fit("Enter shows it whole", width), theme.dim)));
    lines.truncate(most);
    lines
}

fn line(entry: &TreeLine, (is_at, is_found): (bool, bool), width: usize, theme: &Theme) -> Line<'static> {
    let indent = if is_found { "" } else { "   " };
    let (start, end, style) = match entry {
        TreeLine::Branch { label, rows, problem, notes, open, .. } => {
            let (mark, end, style) = match problem {
                Some(BranchProblem::Damaged(_)) => {
                    (mark(NoteKind::Damaged), "damaged".to_owned(), theme.error)
                }
                Some(BranchProblem::Lacks(what)) => {
                    // A long reason leaves the name its room.
                    let room = width.saturating_sub(text::width(label) + 5).max(width / 3);
                    (mark(NoteKind::Missing), text::fit(what, room), theme.dim)
                }
                None => {
                    let rows = rows.map(number::short).unwrap_or_default();
                    (if *open { "▾" } else { "▸" }, rows, theme.text)
                }
            };
            let noticed = if notes.is_empty() { "" } else { "◦ " };
            (format!("{mark} {label}"), format!("{noticed}{end}"), style)
        }
        TreeLine::Notes(table, notes) => {
            let count = match notes.len() {
                1 => "1 note".to_owned(),
                count => format!("{count} notes"),
            };
            match table {
                Some(_) => (format!("   {} {count}", mark(NoteKind::Noticed)), String::new(), theme.dim),
                None => {
                    let said = format!("{} {count} on this folder", mark(NoteKind::Noticed));
                    (said, String::new(), theme.dim)
                }
            }
        }
        TreeLine::Attribute { label, table_label, data_type, .. } => {
            let start = format!("{indent}{} {label}", type_mark(*data_type));
            // Of what was found it is not seen otherwise which table it is in.
            let room = width.saturating_sub(text::width(&start) + 2);
            let table = if is_found && room > 3 { text::fit(table_label, room) } else { String::new() };
            (start, table, theme.text)
        }
        TreeLine::Behaviour(behaviour) => {
            (format!("{indent}{}", behaviour.label()), String::new(), theme.text)
        }
        TreeLine::List(kind, count) => {
            let count = count.map(|count| number::short(count as u64)).unwrap_or_default();
            (format!("{indent}{}", kind.label()), count, theme.text)
        }
    };
    let line = draw_frame::two((&start, style), (&end, theme.dim), width);
    if is_at { line.patch_style(theme.selection) } else { line.patch_style(Style::new()) }
}
