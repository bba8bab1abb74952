//! Marks of lines whose numbers give something away (`docs/reference/insights.md`, Per condition).

use ratatui::style::Style;

use super::insights;
use super::theme::Theme;
use crate::app::layers::editor::state::Editor;
use crate::backend::{WaterfallLine, changes_nothing};
use crate::segment::{Match, NodePath, Side};

/// A mark and its words.
pub(crate) struct Mark {
    /// One letter beside the number.
    pub letter: &'static str,
    /// What it means.
    pub words: &'static str,
}

/// What the numbers of a line give away: after it nobody is left, or without it nothing would change.
#[must_use]
pub(crate) fn mark_of(editor: &Editor, path: &NodePath, counts: &WaterfallLine) -> Option<Mark> {
    if path.steps.is_empty() {
        return None;
    }
    let (evaluation, _) = insights::current(editor);
    let evaluation = evaluation?;
    if empties(editor, counts) {
        let is_said = |line: &WaterfallLine| {
            let around = line.path.parent().map(|(group, _)| group);
            line.path < *path && empties(editor, line) && around.is_some_and(|around| around.contains(path))
        };
        // Of several lines the first is to be looked at.
        let is_first = !evaluation.waterfall.iter().any(is_said);
        return is_first.then_some(Mark { letter: "!", words: "leaves nobody" });
    }
    let is_idle = changes_nothing(editor.segment(), evaluation, counts);
    is_idle.then_some(Mark { letter: "=", words: "changes nothing" })
}

/// How what a line comes to for a customer looks; what it is is said by its mark.
#[must_use]
pub(crate) fn style_of(result: Option<bool>, theme: &Theme) -> Style {
    match result {
        Some(true) => theme.good,
        Some(false) => theme.error,
        None => theme.warn,
    }
}

/// The same on its side: on the exclude side what is true throws a customer out, and what is not is as it should be.
#[must_use]
pub(crate) fn style_on(side: Side, result: Option<bool>, theme: &Theme) -> Style {
    match (side, result) {
        (Side::Include, _) => style_of(result, theme),
        (Side::Exclude, Some(false)) => theme.dim,
        (Side::Exclude, _) => theme.warn,
    }
}

/// Whether a condition that takes customers away leaves none.
fn empties(editor: &Editor, line: &WaterfallLine) -> bool {
    if line.here != 0 {
        return false;
    }
    let segment = editor.segment();
    let around = line.path.parent().and_then(|(group, _)| match group.steps.is_empty() {
        true => segment.side(group.side),
        false => segment.group(&group),
    });
    let narrows =
        around.is_some_and(|group| (group.matching == Match::All) == (line.path.side == Side::Include));
    narrows && segment.group(&line.path).is_none()
}
