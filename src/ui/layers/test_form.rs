//! The form of a test.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::Line;

use crate::app::layers::test_form::TestForm;
use crate::app::test_kind::TestKind;
use crate::ui::theme::Theme;
use crate::ui::{frame as draw_frame, number, text};

/// Columns of the form.
const WIDTH: u16 = 68;

pub fn draw(form: &TestForm, theme: &Theme, frame: &mut Frame, area: Rect) {
    let height = if form.has_ids() { 18 } else { 9 };
    let inner = draw_frame::popup(form.kind.title(), WIDTH, height, theme, frame, area);
    let width = usize::from(inner.width);
    let fields = u16::try_from(form.fields.len()).unwrap_or(1);
    let [top, middle, bottom] =
        Layout::vertical([Constraint::Length(fields), Constraint::Min(0), Constraint::Length(2)])
            .areas(inner);
    let labels: &[&str] = match form.kind {
        TestKind::Size | TestKind::Share => &["at least  ", "at most   "],
        TestKind::Change => &["percent   "],
        _ => &["an id  "],
    };
    for (at, (field, label)) in form.fields.iter().zip(labels).enumerate() {
        let line = Rect { y: top.y + u16::try_from(at).unwrap_or(0), height: 1, ..top }.intersection(top);
        draw_frame::field(label, field, form.focus == at, theme, frame, line);
    }
    if form.has_ids() {
        let near = draw_frame::near(form.ids.len(), form.cursor, middle);
        let lines = form.ids.iter().enumerate().skip(near.start).take(near.len()).map(|(at, id)| {
            let line = Line::styled(text::left(&quoted(id), width), theme.text);
            if at == form.cursor { line.patch_style(theme.selection) } else { line }
        });
        draw_frame::list(lines.collect(), form.cursor - near.start.min(form.cursor), frame, middle);
    } else if form.kind == TestKind::Change {
        let from = match form.from {
            Some(from) => {
                format!("measured from {} members; each save writes the present number", number::whole(from))
            }
            None => "each save writes the present number, which it is measured from".to_owned(),
        };
        let lines = text::wrap(&from, width, 3).into_iter().map(|line| Line::styled(line, theme.dim));
        draw_frame::lines(lines.collect(), 0, frame, middle);
    }
    let (said, style) = match &form.complaint {
        Some(complaint) => (complaint.as_str(), theme.error),
        None => (hint(form), theme.dim),
    };
    let lines = text::wrap(said, width, 2).into_iter().map(|line| Line::styled(line, style));
    draw_frame::lines(lines.collect(), 0, frame, bottom);
}

fn hint(form: &TestForm) -> &'static str {
    match form.kind {
        TestKind::Share => "8.6% or 0.086, both ends are taken in; one may be left empty",
        TestKind::Size => "both ends are taken in; one may be left empty",
        TestKind::Change => "such as 10 or 2.5",
        _ if form.ids.is_empty() => "type an id and press Enter, or paste several",
        _ => "Enter adds the typed one, Ctrl-D takes one away, Ctrl-S takes the list",
    }
}

/// An id so that blanks at its ends are seen.
fn quoted(id: &str) -> String {
    if id.trim() == id { id.to_owned() } else { format!("{id:?}") }
}
