//! The insights pane: the four numbers and those of the line at the cursor.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::app::layers::editor::criteria::Cursor;
use crate::app::layers::editor::state::{Editor, Pane};
use crate::app::layers::pages::explain::verdict_in_words;
use crate::app::{App, DatabaseState};
use crate::backend::{ColumnName, IdCounts, IdStanding};
use crate::diagnostic::Diagnostic;
use crate::segment::{Node, Severity, words};
use crate::ui::insights::Density;
use crate::ui::layers::explorer::profile;
use crate::ui::theme::Theme;
use crate::ui::{diagnostic, frame as draw_frame, insights, marks, number, remarks, text};

pub fn draw(app: &App, editor: &Editor, theme: &Theme, frame: &mut Frame, area: Rect) {
    let inner = draw_frame::pane(
        "Insights",
        editor.pane == Pane::Insights && app.overlays().is_empty(),
        theme,
        frame,
        area,
    );
    let width = usize::from(inner.width);
    let (evaluation, is_current) = insights::current(editor);
    let value = if is_current { theme.strong } else { theme.dim };
    let roomy = inner.height >= 24;
    let density = match inner.height {
        0..14 => Density::Line,
        14..19 => Density::Plain,
        _ => Density::Bar,
    };
    if let DatabaseState::Failed(failure) = app.database_state() {
        let lines = failed(failure, width, usize::from(inner.height), theme);
        return draw_frame::lines(lines, 0, frame, inner);
    }
    let mut lines = Vec::new();
    for insight in insights::of_segment(app, editor, false) {
        lines.extend(insights::lines(
            &insight,
            insights::are_all_known(evaluation),
            value,
            density,
            theme,
            width,
        ));
        if roomy {
            lines.push(Line::default());
        }
    }
    lines.extend(pinned(app, is_current, theme, width));
    if editor.sql().is_some() {
        // What is wrong stands below the text.
        if editor.live.failure.is_some() {
            lines.push(Line::styled(text::fit("✗ no numbers", width), theme.error));
        }
        return draw_frame::lines(lines, 0, frame, inner);
    }
    let room = usize::from(inner.height).saturating_sub(lines.len() + 1);
    lines.extend(problems(editor, theme, width, room));
    match editor.tables.column().filter(|_| editor.pane == Pane::Tables) {
        Some(name) => {
            let room = usize::from(inner.height).saturating_sub(lines.len());
            lines.extend(attribute(editor, &name, theme, width, room));
        }
        None => lines.extend(at_cursor(app, editor, is_current, theme, width)),
    }
    let room = usize::from(inner.height);
    if roomy && lines.len() + 3 <= room {
        lines.extend(std::iter::repeat_n(Line::default(), room - lines.len() - 2));
        let note = "Reachable says nothing of consent.";
        lines.extend(text::wrap(note, width, 2).into_iter().map(|line| Line::styled(line, theme.dim)));
    }
    draw_frame::lines(lines, 0, frame, inner);
}

/// The answer for the customer who stays beside the criteria.
fn pinned(app: &App, is_current: bool, theme: &Theme, width: usize) -> Vec<Line<'static>> {
    let Some((explain, id)) = app.pinned().and_then(|explain| Some((explain, explain.pinned()?))) else {
        return Vec::new();
    };
    let (said, style) = match explain.answered() {
        Some((_, _, customer)) if customer.standing == IdStanding::Customer => {
            let is_member = customer.verdict.is_member;
            let said = if is_member { "member" } else { "not a member" };
            let said = format!("{said} {}", theme.glyphs.result(Some(is_member)));
            (said, marks::style_of(Some(is_member), theme))
        }
        Some((_, _, customer)) => (verdict_in_words(customer).to_lowercase(), theme.warn),
        None if explain.explanation.failure().is_some() => ("no answer".to_owned(), theme.warn),
        None => ("…".to_owned(), theme.dim),
    };
    let style = if is_current && explain.explanation.is_current() { style } else { theme.dim };
    let start = format!("{} {}", app.whom().singular, text::sanitize(id));
    if text::width(&start) + text::width(&said) < width {
        return vec![draw_frame::two((&start, theme.text), (&said, style), width)];
    }
    let said = Line::styled(text::right(&said, width), style);
    vec![Line::styled(text::fit(&start, width), theme.text), said]
}

/// Why there is no database, and what to do.
fn failed(failure: &Diagnostic, width: usize, room: usize, theme: &Theme) -> Vec<Line<'static>> {
    let mut lines = vec![rule("no database", width, theme)];
    lines.extend(diagnostic::lines(failure, width, room.saturating_sub(1), theme));
    lines
}

/// Why there are no numbers, and how many lines are left out of them.
fn problems(editor: &Editor, theme: &Theme, width: usize, room: usize) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    if let Some(failure) = &editor.live.failure {
        lines.extend(
            text::wrap(failure, width, room.max(1)).into_iter().map(|line| Line::styled(line, theme.error)),
        );
    }
    let left_out = editor.problems.iter().filter(|problem| problem.severity == Severity::Error).count();
    if left_out > 0 {
        let note = if left_out == 1 {
            "1 problem: left out".to_owned()
        } else {
            format!("{left_out} problems: left out")
        };
        lines.push(Line::styled(text::fit(&format!("! {note}"), width), theme.warn));
    }
    lines
}

/// What the attribute at the cursor of the tables holds.
fn attribute(
    editor: &Editor,
    name: &ColumnName,
    theme: &Theme,
    width: usize,
    room: usize,
) -> Vec<Line<'static>> {
    let ColumnName { table, column } = name;
    let profiles = &editor.tables.profiles;
    let mut lines = vec![profile::rule(&text::sanitize(column), width, theme)];
    if let Some(known) = profiles.column(table, column) {
        lines.extend(profile::in_short(known, theme, (width, room.saturating_sub(1))));
    } else if let Some(failure) = profiles.failure(table, Some(column)) {
        let said = text::wrap(&text::sanitize(failure), width, room.saturating_sub(1)).into_iter();
        lines.extend(said.map(|line| Line::styled(line, theme.warn)));
    } else {
        let percent = profiles.column_percent(table, column).unwrap_or(0);
        lines.push(Line::styled(text::fit(&format!("reading, {percent} %"), width), theme.dim));
    }
    lines
}

/// The numbers of the line at the cursor, and what is to be said of it.
fn at_cursor(
    app: &App,
    editor: &Editor,
    is_current: bool,
    theme: &Theme,
    width: usize,
) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    let path = editor.criteria.counted_path();
    lines.push(rule(&name(&editor.criteria.cursor), width, theme));
    if let Some(Node::Condition(condition)) = editor.segment().node(&path)
        && let Some(source) = app.with_schema(|schema| words::condition(condition, schema).source)
    {
        lines.push(Line::styled(text::fit(&source, width), theme.dim));
    }
    match insights::line(editor, &path) {
        Some(counts) => {
            let style = if is_current { theme.text } else { theme.dim };
            let pairs = [
                ("alone", number::whole(counts.alone)),
                ("here", number::whole(counts.here)),
                ("only", number::signed(counts.only)),
                ("null", number::whole(counts.null)),
            ];
            lines.extend(
                pairs.iter().map(|(name, count)| draw_frame::two((name, theme.dim), (count, style), width)),
            );
            if let Some(mark) = marks::mark_of(editor, &path, counts).filter(|_| is_current) {
                let said = text::fit(&format!("{} {}", mark.letter, mark.words), width);
                lines.push(Line::styled(said, theme.warn));
            }
        }
        None => {
            let is_off = editor.segment().node(&path).is_some_and(Node::is_off);
            let is_to_come = !is_current && !is_off && editor.live.failure.is_none();
            let said = if is_to_come { "counting …" } else { "takes no part" };
            lines.push(Line::styled(text::fit(said, width), theme.dim));
        }
    }
    if let Some(counts) = insights::file(editor, &path) {
        let counts = IdCounts { ids: counts.ids, unmatched: counts.unmatched };
        let said = insights::matched(counts, &app.whom());
        let style = if is_current { theme.text } else { theme.dim };
        lines.extend(text::wrap(&said, width, 3).into_iter().map(|line| Line::styled(line, style)));
    }
    for problem in editor.remarks(&path) {
        let help = problem.diagnostic.help.as_ref().map(|help| format!(": {help}")).unwrap_or_default();
        let said = format!("{} {}{help}", remarks::mark(problem), problem.diagnostic.message);
        // Here there is room for advice to be read.
        let style = if problem.severity == Severity::Advice { theme.text } else { theme.warn };
        lines.extend(text::wrap(&said, width, 6).into_iter().map(|line| Line::styled(line, style)));
    }
    lines
}

fn rule(name: &str, width: usize, theme: &Theme) -> Line<'static> {
    let rest = width.saturating_sub(text::width(name) + 4);
    Line::from(vec![
        Span::styled("── ", theme.faint),
        Span::styled(name.to_owned(), theme.dim),
        Span::styled(format!(" {}", "─".repeat(rest)), theme.faint),
    ])
}

fn name(position: &Cursor) -> String {
    match position {
        Cursor::Side(side) | Cursor::Add(side) => side.id().to_owned(),
        Cursor::Node(path) | Cursor::Filter(path, _) => {
            let steps: Vec<String> = path.steps.iter().map(|step| (step + 1).to_string()).collect();
            format!("{} {}", path.side.id(), steps.join("."))
        }
    }
}
