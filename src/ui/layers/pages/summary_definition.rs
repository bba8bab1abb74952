//! The definition of a segment on its summary: in words, with the day beside every relative date.

use ratatui::text::Line;

use super::summary_cards::Cards;
use crate::app::App;
use crate::app::layers::editor::state::Editor;
use crate::ui::definition;
use crate::ui::remarks::sql_problems;
use crate::ui::text;
use crate::ui::theme::Theme;

/// Lines of a description.
const MOST_DESCRIPTION: usize = 4;
/// Lines of what is wrong with a query.
const MOST_PROBLEMS: usize = 8;

/// All of it.
#[must_use]
pub(in crate::ui::layers) fn all(
    app: &App,
    editor: &Editor,
    theme: &Theme,
    columns: usize,
) -> Vec<Line<'static>> {
    let segment = editor.segment();
    let mut lines = Vec::new();
    if !segment.description.is_empty() {
        let said = text::wrap(&segment.description, columns, MOST_DESCRIPTION);
        lines.extend(said.into_iter().map(|line| Line::styled(line, theme.dim)));
    }
    lines.extend(definition::dated_lines(app, segment, theme, columns));
    if editor.sql().is_some() {
        lines.extend(sql_problems(editor, columns, MOST_PROBLEMS, theme));
    }
    if definition::moves(segment) {
        let said = format!("{} moves with the day", theme.glyphs.moving());
        lines.push(Line::styled(text::fit(&said, columns), theme.dim));
    }
    if let Some(stamp) = &segment.updated {
        let saved = format!("revision {}, saved by {} at {}", segment.revision, stamp.by, stamp.at);
        let saved = if editor.is_edited() { format!("edited since {saved}") } else { saved };
        lines.push(Line::styled(text::fit(&saved, columns), theme.dim));
    }
    lines
}

/// As much as the page has room for, of which there are so many lines: a third, and never less than two.
#[must_use]
pub(super) fn lines(cards: &Cards<'_>, columns: usize, room: u16) -> Vec<Line<'static>> {
    let mut lines = all(cards.app, cards.editor, cards.theme, columns);
    let most = if cards.page.is_folded { 1 } else { usize::from(room / 3).max(2) };
    if lines.len() > most {
        let kept = most.saturating_sub(1).max(1);
        let more = lines.len() - kept;
        lines.truncate(kept);
        let said = format!("… {more} more lines: Enter shows all");
        if most > 1 {
            lines.push(Line::styled(text::fit(&said, columns), cards.theme.dim));
        } else if let Some(first) = lines.first_mut() {
            first.push_span(format!(" … {more} more lines"));
        }
    }
    lines
}
