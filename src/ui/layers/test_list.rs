//! The tests of the open segment, and whether they hold.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::app::App;
use crate::app::layers::test_list::TestList;
use crate::segment::{Problem, Segment, SegmentTest};
use crate::ui::theme::Theme;
use crate::ui::{frame as draw_frame, text};

/// Columns of the list.
const WIDTH: u16 = 96;
/// What is said of the test at the cursor takes so many lines at most.
const DETAIL: u16 = 7;

/// How a test stands.
struct Standing {
    mark: &'static str,
    style: Style,
    said: String,
}

pub fn draw(app: &App, list: &TestList, theme: &Theme, frame: &mut Frame, area: Rect) {
    let Some(segment) = app.editor().map(|editor| editor.segment()) else { return };
    let tests = segment.tests.read();
    let height = u16::try_from(tests.len()).unwrap_or(u16::MAX).saturating_add(DETAIL + 3).clamp(13, 30);
    let title = title(list, segment, tests.len());
    let inner = draw_frame::popup(&title, WIDTH, height, theme, frame, area);
    let width = usize::from(inner.width);
    if tests.is_empty() {
        let said = "No tests yet: a adds one. They say what must hold of the members, such as an id that must be in \
                    it, and stay in the document; segtui test runs them for all segments.";
        let lines = text::wrap(said, width, 6).into_iter().map(|line| Line::styled(line, theme.dim));
        return draw_frame::lines(lines.collect(), 0, frame, inner);
    }
    let detail = DETAIL.min(inner.height.saturating_sub(2));
    let [above, rule, below] =
        Layout::vertical([Constraint::Min(1), Constraint::Length(1), Constraint::Length(detail)])
            .areas(inner);
    let standings: Vec<Standing> =
        tests.iter().enumerate().map(|(at, test)| standing(app, list, segment, at, test, theme)).collect();
    let lines = standings.iter().enumerate().map(|(at, standing)| {
        let words = words(app, tests.get(at));
        let room = width.saturating_sub(2);
        let line = Line::from(vec![
            Span::styled(format!("{} ", standing.mark), standing.style),
            Span::styled(text::left(&words, room), theme.text),
        ]);
        if at == list.cursor { line.patch_style(theme.selection) } else { line }
    });
    draw_frame::list(lines.collect(), list.cursor, frame, above);
    frame.render_widget(Line::styled("─".repeat(width), theme.faint), rule);
    let said = standings.get(list.cursor).map(|standing| standing.said.clone()).unwrap_or_default();
    let mut lines: Vec<Line> = text::wrap(&said, width, usize::from(detail))
        .into_iter()
        .map(|line| Line::styled(line, theme.text))
        .collect();
    if let Some(outcome) = list.outcome(segment, list.cursor).filter(|outcome| !outcome.ids.is_empty()) {
        let ids =
            text::wrap_list(&outcome.ids.join(", "), width, usize::from(detail).saturating_sub(lines.len()));
        lines.extend(ids.into_iter().map(|line| Line::styled(line, theme.dim)));
    }
    draw_frame::lines(lines, 0, frame, below);
}

/// `Tests: 1 of 3 fails`
fn title(list: &TestList, segment: &Segment, count: usize) -> String {
    match list.report(segment) {
        _ if count == 0 => "Tests".to_owned(),
        None => "Tests".to_owned(),
        Some(report) => match report.failed() {
            0 => "Tests · ✓ all hold".to_owned(),
            1 => format!("Tests · ✗ 1 of {count} fails"),
            failed => format!("Tests · ✗ {failed} of {count} fail"),
        },
    }
}

fn words(app: &App, test: Option<&Result<SegmentTest, Problem>>) -> String {
    let name = |id: &str| Some(app.workspace()?.segment(id)?.name.clone());
    match test {
        Some(Ok(test)) => test.words(&name),
        _ => "a test that is not understood".to_owned(),
    }
}

fn standing(
    app: &App,
    list: &TestList,
    segment: &Segment,
    at: usize,
    test: &Result<SegmentTest, Problem>,
    theme: &Theme,
) -> Standing {
    if let Some(outcome) = list.outcome(segment, at) {
        let (mark, style) = if outcome.passed { ("✓", theme.good) } else { ("✗", theme.error) };
        return Standing { mark, style, said: outcome.message.clone() };
    }
    let (mark, style, said) = match (test, list.failure(), app.database()) {
        (Err(problem), ..) => ("✗", theme.error, problem.diagnostic.one_line()),
        (_, Some(failure), _) => ("?", theme.warn, format!("it cannot be said: {failure}")),
        (_, _, None) => ("·", theme.dim, "no database is open".to_owned()),
        _ => ("…", theme.dim, "being worked out".to_owned()),
    };
    Standing { mark, style, said }
}
