//! What stands beside a line: problems and advice, told apart by their marks.

use ratatui::style::Style;

use super::text;
use super::theme::Theme;
use crate::segment::{Problem, ProblemKind, Severity};

/// The most lines that advice takes beside its line.
const ADVICE_LINES: usize = 2;

/// The letter before a remark.
#[must_use]
pub fn mark(problem: &Problem) -> &'static str {
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
