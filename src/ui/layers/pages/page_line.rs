//! What stands over the figures of a page: what is shown, of which days, and whether it is still being worked out.

use chrono::NaiveDate;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::app::App;
use crate::app::event::SegmentFailure;
use crate::app::layers::pages::{Asked, TypedDays};
use crate::diagnostic::Diagnostic;
use crate::ui::theme::Theme;
use crate::ui::{diagnostic, frame as draw_frame, text};

/// What is shown on the left, the days on the right; without room for the day of evaluation the header says it.
#[must_use]
pub(super) fn line(
    shown: Vec<Span<'static>>,
    days: &TypedDays,
    as_of: NaiveDate,
    theme: &Theme,
    columns: usize,
) -> Line<'static> {
    let used: usize = shown.iter().map(|span| text::width(&span.content)).sum();
    let range = days.range(as_of).map(|range| (range.from, range.to));
    let said = match range {
        Ok((from, to)) => {
            let full = format!("orders from {from} to {to} · as of {as_of} ");
            let short = format!("orders {from} – {to} ");
            let fits = |said: &String| used + text::width(said) < columns;
            [full, short].into_iter().find(fits).unwrap_or_else(|| format!("{from}–{to}"))
        }
        Err(_) => "no days ".to_owned(),
    };
    let room = columns.saturating_sub(text::width(&said) + 1);
    draw_frame::ends(cut(shown, room), vec![Span::styled(said, theme.text)], columns)
}

/// As many of the spans as fit.
fn cut(spans: Vec<Span<'static>>, columns: usize) -> Vec<Span<'static>> {
    let mut left = columns;
    let mut shown = Vec::new();
    for span in spans {
        let fitting = text::fit(&span.content, left);
        left = left.saturating_sub(text::width(&fitting));
        shown.push(Span::styled(fitting, span.style));
    }
    shown
}

/// That the numbers are not those of what is shown yet, where they are not.
#[must_use]
pub(super) fn state(asked: &Asked, is_current: bool, theme: &Theme) -> Option<Span<'static>> {
    if is_current || asked.failure().is_some() {
        return None;
    }
    let percent = asked.percent().map(|percent| format!(" {percent} %")).unwrap_or_default();
    Some(Span::styled(format!("  counting …{percent}"), theme.warn))
}

/// How numbers look: those that are still being worked out stand back.
#[must_use]
pub(super) fn number_style(is_current: bool, theme: &Theme) -> Style {
    if is_current { theme.strong } else { theme.dim }
}

/// Why there are no figures: the days are none, or the question was refused.
#[must_use]
pub(super) fn refusal(
    app: &App,
    asked: &Asked,
    days_fault: Option<&str>,
    theme: &Theme,
    columns: usize,
    most: usize,
) -> Option<Vec<Line<'static>>> {
    let diagnostic = match (days_fault, asked.failure()) {
        (None, None) => return None,
        (Some(fault), _) => Diagnostic::new(fault).with_help("choose other days (t)"),
        (None, Some(SegmentFailure::Other(failure))) => failure.clone(),
        (None, Some(SegmentFailure::Refused(problem))) => {
            let said = Diagnostic::new(app.described(problem));
            match &problem.diagnostic.help {
                Some(help) => said.with_help(help.clone()),
                None => said,
            }
        }
    };
    Some(diagnostic::lines(&diagnostic, columns, most, theme))
}
