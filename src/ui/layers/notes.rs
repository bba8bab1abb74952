//! What there is to say of a table or of the database, with the lines that can be copied.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::app::App;
use crate::app::layers::notes::{NoteKind, NoteLine, Notes};
use crate::ui::theme::Theme;
use crate::ui::{frame as draw_frame, text};

/// The most columns of the box.
const WIDE: u16 = 96;
/// The most lines of a paragraph.
const MOST_LINES: usize = 12;

pub fn draw(app: &App, notes: &Notes, theme: &Theme, frame: &mut Frame, area: Rect) {
    let columns = WIDE.min(area.width);
    let width = usize::from(columns.saturating_sub(4));
    let mut lines: Vec<Line> = Vec::new();
    let mut cursor = 0;
    for (at, line) in notes.lines.iter().enumerate() {
        if at > 0 && matches!(line, NoteLine::Message(..)) {
            lines.push(Line::default());
        }
        // Where there is nothing to choose, nothing is marked.
        let is_at = at == notes.cursor && notes.lines.iter().any(|line| matches!(line, NoteLine::Paste(_)));
        let paragraph = paragraph(line, is_at, width, theme);
        if is_at {
            cursor = lines.len() + paragraph.len() / 2;
        }
        lines.extend(paragraph);
    }
    let height = u16::try_from(lines.len()).unwrap_or(u16::MAX).saturating_add(2);
    let inner = draw_frame::popup(&notes.title, columns, height, theme, frame, area);
    draw_frame::list(lines, cursor, frame, inner);
    if let Some(database) = app.database().filter(|_| notes.to_copy().is_some()) {
        let said = format!("for database.toml of {}", database.name);
        draw_frame::note(&said, theme, frame, inner);
    }
}

/// A paragraph, marked where the cursor is; lines to be copied stand apart.
fn paragraph(line: &NoteLine, is_at: bool, width: usize, theme: &Theme) -> Vec<Line<'static>> {
    let (mark, said, style) = match line {
        NoteLine::Message(kind, said) => {
            let style = if *kind == NoteKind::Damaged { theme.error } else { theme.text };
            (mark(*kind), said, style)
        }
        NoteLine::Place(said) => (" ", said, theme.dim),
        NoteLine::Help(said) => (" ", said, theme.text),
        NoteLine::Paste(said) => {
            let style = if is_at { theme.accent.patch(theme.selection) } else { theme.accent };
            let lines = said.lines().flat_map(|line| text::wrap(line, width.saturating_sub(4), MOST_LINES));
            let start = if is_at { "  › " } else { "    " };
            let room = width.saturating_sub(4);
            return lines
                .map(|line| Line::from(vec![Span::raw(start), Span::styled(text::left(&line, room), style)]))
                .collect();
        }
    };
    let lines = text::wrap(said, width.saturating_sub(2), MOST_LINES).into_iter().enumerate();
    lines
        .map(|(row, said)| {
            let start = if row == 0 { mark } else { " " };
            let line = Line::styled(text::left(&format!("{start} {said}"), width), style);
            if is_at { line.patch_style(theme.selection) } else { line }
        })
        .collect()
}

/// The mark of what is wrong, as in the tree.
#[must_use]
pub(in crate::ui) fn mark(kind: NoteKind) -> &'static str {
    match kind {
        NoteKind::Damaged => "✗",
        NoteKind::Missing => "–",
        NoteKind::Noticed => "◦",
    }
}
