//! What is wrong and what to do, in a column of its own.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::text;
use super::theme::Theme;
use crate::diagnostic::{Diagnostic, HelpPart, help_parts};

/// What is wrong, then what to do: words, and lines to be pasted set apart; as much as fits.
#[must_use]
pub(crate) fn lines(
    diagnostic: &Diagnostic,
    columns: usize,
    most: usize,
    theme: &Theme,
) -> Vec<Line<'static>> {
    let mut lines = styled(&diagnostic.message, theme.error, columns, most);
    for part in help_parts(diagnostic.help_text()) {
        let left = most.saturating_sub(lines.len());
        match part {
            HelpPart::Words(words) => lines.extend(styled(&words, theme.text, columns, left)),
            HelpPart::Lines(pasted) => {
                let pasted =
                    pasted.lines().flat_map(|line| text::wrap(line, columns.saturating_sub(2), left));
                let pasted = pasted.take(left).map(|line| Span::styled(line, theme.accent));
                lines.extend(pasted.map(|line| Line::from(vec![Span::raw("  "), line])));
            }
        }
    }
    lines.truncate(most);
    lines
}

fn styled(said: &str, style: Style, columns: usize, most: usize) -> Vec<Line<'static>> {
    text::wrap(said, columns, most).into_iter().map(|line| Line::styled(line, style)).collect()
}
