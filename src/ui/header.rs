//! The head line: database, whom the numbers count, the segment, the day.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Span;
use ratatui::widgets::Paragraph;

use super::theme::Theme;
use super::{frame as draw_frame, text};
use crate::app::layers::editor::state::FileState;
use crate::app::{App, DatabaseState};
use crate::segment::Keyword;

pub fn draw(app: &App, theme: &Theme, frame: &mut Frame, area: Rect) {
    let width = usize::from(area.width);
    let database = match app.database_state() {
        DatabaseState::Open(_) => app.database_title().unwrap_or_default(),
        DatabaseState::Opening => "opening …".to_owned(),
        DatabaseState::Failed(_) => "no database".to_owned(),
    };
    let (day, is_other) = day(app, width);
    let mut left = vec![Span::styled(" segtui ", theme.focus)];
    if width >= 60 {
        left.push(Span::styled(format!(" {} ▾", text::fit(&database, 24)), theme.text));
    }
    if width >= 100 {
        left.push(Span::styled(format!("  {} ▾", text::fit(&app.whom().plural, 20)), theme.dim));
    }
    let marks = marks(app, width < 60);
    let marks_width: usize = marks.iter().map(|(mark, _)| text::width(mark)).sum();
    let used: usize = left.iter().map(Span::width).sum::<usize>() + marks_width + text::width(&day) + 4;
    left.push(Span::styled(
        format!("  {}", text::fit(&title(app, width >= 60), width.saturating_sub(used))),
        theme.strong,
    ));
    left.extend(
        marks
            .into_iter()
            .map(|(mark, is_loud)| Span::styled(mark, if is_loud { theme.warn } else { theme.dim })),
    );
    let line =
        draw_frame::ends(left, vec![Span::styled(day, if is_other { theme.warn } else { theme.dim })], width);
    frame.render_widget(Paragraph::new(line), area);
}

/// The day, and whether it is another one than the data's own.
fn day(app: &App, width: usize) -> (String, bool) {
    let (day, own) = (app.as_of(), app.data_day());
    if day == own {
        return (format!(" as of {day} "), false);
    }
    let words =
        if width >= 100 { format!(" as of {day} ≠ data {own} ") } else { format!(" as of {day} * ") };
    (words, true)
}

fn title(app: &App, with_folders: bool) -> String {
    let Some(editor) = app.editor() else { return "Segments".to_owned() };
    let folders = app.workspace().map(|listing| listing.folders_to(editor.folder.as_deref()));
    let mut names: Vec<&str> = folders.iter().flatten().map(|folder| folder.name.as_str()).collect();
    if !with_folders {
        names.clear();
    }
    names.push(&editor.segment().name);
    names.join(" / ")
}

/// What the state of the open segment is; loud where something could be lost.
fn marks(app: &App, is_narrow: bool) -> Vec<(String, bool)> {
    let mut marks = Vec::new();
    if let Some(editor) = app.editor() {
        if editor.has_edits() {
            marks.push((if is_narrow { " ●" } else { "  ● edited" }.to_owned(), true));
        }
        let lost = match editor.file() {
            FileState::Deleted => Some("file deleted"),
            FileState::Damaged => Some("file damaged"),
            FileState::Same | FileState::Changed(_) => None,
        };
        marks.extend(lost.map(|lost| (format!("  {lost}"), true)));
        if app.is_saving_long() {
            marks.push(("  saving …".to_owned(), true));
        }
        if editor.is_edited() && app.draft_failure().is_some() {
            marks.push((if is_narrow { "!" } else { ", not kept" }.to_owned(), true));
        }
        if !is_narrow {
            marks.push((format!("  {}", editor.segment().status.id()), false));
        }
    }
    if app.is_read_only() {
        marks.push(("  read-only".to_owned(), true));
    }
    marks
}
