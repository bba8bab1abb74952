//! What stands beside a line: problems and advice, told apart by their marks.

use ratatui::style::Style;
use ratatui::text::Line;

use super::text;
use super::theme::Theme;
use crate::app::layers::editor::state::Editor;
use crate::segment::{Problem, ProblemKind, Severity};

/// The most lines that advice takes beside its line.
const ADVICE_LINES: usize = 2;

/// The letter before a remark.
#[must_use]
pub(crate) fn mark(problem: &Problem) -> &'static str {
    match (problem.severity, problem.kind) {
        (Severity::Advice, _) => "◦",
        (Severity::Error, ProblemKind::Incomplete) => "…",
        (Severity::Error, ProblemKind::Invalid | ProblemKind::Unsupported) => "!",
    }
}

/// How a remark looks. Advice stands back.
#[must_use]
pub fn style(problem: &Problem, theme: &Theme) -> Style {
    match problem.severity {
        Severity::Advice => theme.dim,
        Severity::Error => theme.warn,
    }
}

/// A remark in `columns` beside its line: a problem on one line, advice on two where it needs them. What to
/// do is said where there is room.
#[must_use]
pub fn short(problem: &Problem, columns: usize) -> Vec<String> {
    let mark = mark(problem);
    let plain = format!("{mark} {}", problem.diagnostic.message);
    let help = problem.diagnostic.help.as_ref();
    let full = help.map(|help| format!("{plain}: {help}"));
    let is_correction = help.is_some_and(|help| help.starts_with("did you mean"));
    match (problem.severity, full) {
        (Severity::Error, Some(full)) if is_correction => vec![text::fit(&full, columns)],
        (Severity::Error, _) => vec![text::fit(&plain, columns)],
        (Severity::Advice, full) => {
            let fits = |said: &String| text::width(said) <= columns || is_correction;
            let said = full.filter(fits).unwrap_or(plain);
            let room = columns.saturating_sub(2);
            let rest = said.strip_prefix(mark).unwrap_or(&said).trim_start();
            let lines = text::wrap(rest, room, ADVICE_LINES).into_iter().enumerate();
            lines.map(|(at, line)| format!("{} {line}", if at == 0 { mark } else { " " })).collect()
        }
    }
}

/// What is wrong with a SQL segment, under a rule; the first that stands in the way comes first.
pub(crate) fn sql_problems(editor: &Editor, width: usize, most: usize, theme: &Theme) -> Vec<Line<'static>> {
    let mut problems: Vec<&Problem> = editor.problems.iter().collect();
    problems.sort_by_key(|problem| problem.severity == Severity::Advice);
    let said = problems.into_iter().map(|problem| {
        let help = problem.diagnostic.help.as_ref().map(|help| format!(": {help}")).unwrap_or_default();
        let (mark, style) = match problem.severity {
            Severity::Error => ("✗", theme.error),
            Severity::Advice => ("!", theme.warn),
        };
        (format!("{mark} {}{help}", problem.diagnostic.message), style)
    });
    let mut said: Vec<(String, Style)> = said.collect();
    if said.is_empty() {
        said.extend(editor.live.failure.iter().map(|failure| (format!("✗ {failure}"), theme.error)));
    }
    let lines = said.into_iter().flat_map(|(said, style)| {
        text::wrap(&said, width, most).into_iter().map(move |line| Line::styled(line, style))
    });
    let lines: Vec<Line> = lines.take(most).collect();
    if lines.is_empty() {
        return lines;
    }
    std::iter::once(Line::styled("─".repeat(width), theme.faint)).chain(lines).collect()
}
