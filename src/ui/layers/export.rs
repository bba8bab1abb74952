//! The form of an export.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use crate::app::layers::export::{Export, What};
use crate::ui::theme::Theme;
use crate::ui::{frame as draw_frame, number, text};

/// The columns of a label.
const LABEL: usize = 8;

pub fn draw(form: &Export, theme: &Theme, frame: &mut Frame, area: Rect) {
    let inner = draw_frame::popup("Export to a file", 80, 18, theme, frame, area);
    let width = usize::from(inner.width);
    let room = width.saturating_sub(LABEL);
    let (note, style) = match form.format() {
        Ok(format) => (format, theme.dim),
        Err(missing) => (missing, theme.warn),
    };
    let note = indented(&note, room, style);
    let words = indented(&form.content_words(), room, theme.dim);
    let rows = |lines: &[Line]| Constraint::Length(u16::try_from(lines.len()).unwrap_or(1));
    let one = Constraint::Length(1);
    let parts = [one, rows(&note), one, rows(&words), one, Constraint::Min(0)];
    let [path, under_path, what, under_what, _, list] = Layout::vertical(parts).areas(inner);
    let in_path = !form.in_what && form.cursor.is_none();
    draw_frame::field("file    ", &form.path, in_path, theme, frame, path);
    frame.render_widget(Paragraph::new(note), under_path);
    frame.render_widget(choices(form, theme), what);
    frame.render_widget(Paragraph::new(words), under_what);
    folder(form, theme, frame, list);
}

fn indented(said: &str, room: usize, style: ratatui::style::Style) -> Vec<Line<'static>> {
    let blank = " ".repeat(LABEL);
    let lines = text::wrap(said, room, 2).into_iter();
    lines.map(|line| Line::styled(format!("{blank}{line}"), style)).collect()
}

fn choices(form: &Export, theme: &Theme) -> Line<'static> {
    let mut spans = vec![Span::styled("columns ", theme.dim)];
    for what in [What::Shown, What::Ids, What::Chosen] {
        // Not by colour alone.
        let is_taken = what == form.what;
        let mark = if is_taken { "(•) " } else { "( ) " };
        let style = match (is_taken, form.in_what) {
            (true, true) => theme.selection,
            (true, false) => theme.accent,
            (false, _) => theme.dim,
        };
        spans.push(Span::styled(format!("{mark}{}", what.title()), style));
        spans.push(Span::raw("  "));
    }
    Line::from(spans)
}

/// What is in the folder.
fn folder(form: &Export, theme: &Theme, frame: &mut Frame, area: Rect) {
    let width = usize::from(area.width);
    if let Some(failure) = form.folder_failure() {
        let lines = indented(&failure.message, width.saturating_sub(LABEL), theme.warn);
        return frame.render_widget(Paragraph::new(lines), area);
    }
    let blank = " ".repeat(LABEL);
    let lines: Vec<Line> = form
        .found()
        .into_iter()
        .enumerate()
        .map(|(at, entry)| {
            let style = if entry.is_folder { theme.accent } else { theme.dim };
            let end = if entry.is_folder { "/" } else { "" };
            let size = if entry.is_folder { String::new() } else { number::bytes(entry.bytes) };
            let name = format!("{blank}{}{end}", entry.name);
            let line = draw_frame::two((&name, style), (&size, theme.dim), width);
            if form.cursor == Some(at) { line.patch_style(theme.selection) } else { line }
        })
        .collect();
    draw_frame::list(lines, form.cursor.unwrap_or(0), frame, area);
}
