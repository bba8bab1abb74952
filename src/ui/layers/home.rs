//! The list of segments: the folder tree, and the definition of the one at the cursor.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::app::layers::home::{DAMAGED, Home, HomeRow};
use crate::app::{App, DatabaseState};
use crate::segment::{Keyword, Segment};
use crate::ui::theme::Theme;
use crate::ui::{definition, diagnostic, frame as draw_frame, text};
use crate::workspace::{Damaged, Entry};

/// From here on the definition stands beside the list.
const WIDE: u16 = 76;

pub fn draw(app: &App, home: &Home, theme: &Theme, frame: &mut Frame, area: Rect) {
    if area.width < WIDE {
        return list(app, home, theme, frame, area);
    }
    let columns = [Constraint::Percentage(58), Constraint::Min(1)];
    let [left, right] = Layout::horizontal(columns).areas(area);
    list(app, home, theme, frame, left);
    preview(app, home, theme, frame, right);
}

fn list(app: &App, home: &Home, theme: &Theme, frame: &mut Frame, area: Rect) {
    let testing = app.tests_running().map(|(done, all)| format!(" · testing {done} of {all}"));
    // They stand below everything else.
    let title = match app.workspace().map_or(0, |listing| listing.damaged.len()) {
        0 => "Segments".to_owned(),
        1 => "Segments · ✗ 1 file cannot be read".to_owned(),
        count => format!("Segments · ✗ {count} files cannot be read"),
    };
    let title = format!("{title}{}", testing.unwrap_or_default());
    let inner = draw_frame::pane(&title, app.overlays().is_empty(), theme, frame, area);
    let [find, rest] = Layout::vertical([Constraint::Length(1), Constraint::Min(0)]).areas(inner);
    if home.finding || !home.find.text().is_empty() {
        let has_keys = home.finding && app.overlays().is_empty();
        draw_frame::field("/ ", &home.find, has_keys, theme, frame, find);
    } else {
        frame.render_widget(
            Line::styled(text::fit("/ find by name", usize::from(find.width)), theme.dim),
            find,
        );
    }
    let width = usize::from(rest.width);
    let rows = home.rows(app.workspace().map(|listing| &**listing));
    let near = draw_frame::near(rows.len(), home.cursor, rest);
    let lines: Vec<Line> = match app.listing() {
        None => vec![Line::styled("reading the workspace …", theme.dim)],
        Some(Err(failure)) => text::wrap(&format!("{}: {}", failure.message, failure.help_text()), width, 6)
            .into_iter()
            .map(|line| Line::styled(line, theme.error))
            .collect(),
        Some(Ok(_)) if rows.is_empty() && !home.find.text().is_empty() => {
            vec![Line::styled("nothing has that name", theme.dim)]
        }
        Some(Ok(_)) if rows.is_empty() => vec![
            Line::default(),
            Line::styled("No segments yet.", theme.strong),
            Line::styled("n starts one.", theme.dim),
        ],
        Some(Ok(_)) => rows
            .iter()
            .enumerate()
            .skip(near.start)
            .take(near.len())
            .map(|(at, row)| {
                let line = line(app, home, row, width, theme);
                if at == home.cursor { line.patch_style(theme.selection) } else { line }
            })
            .collect(),
    };
    draw_frame::list(lines, home.cursor.saturating_sub(near.start), frame, rest);
}

fn line(app: &App, home: &Home, row: &HomeRow, width: usize, theme: &Theme) -> Line<'static> {
    match row {
        HomeRow::Folder { depth, folder, open } => {
            let mark = if *open { "▾" } else { "▸" };
            let name = format!("{}{mark} {}", "  ".repeat(*depth), folder.name);
            draw_frame::two((&name, theme.strong), ("", theme.dim), width)
        }
        HomeRow::Segment { depth, entry } => {
            let listing = app.workspace().filter(|_| !home.find.text().trim().is_empty());
            let name = listing.map_or_else(|| entry.name.clone(), |listing| listing.full_name(entry));
            let newer = if entry.is_newer { "newer version  " } else { "" };
            let day = entry.updated.as_ref().map(|stamp| stamp.at.chars().take(10).collect::<String>());
            let who = entry.updated.as_ref().map(|stamp| stamp.by.clone()).unwrap_or_default();
            let indent = format!("{}  ", "  ".repeat(*depth));
            let day = day.unwrap_or_default();
            // What says least goes first where there is too little room for the name.
            let room = width.saturating_sub(text::width(&indent) + text::width(&name) + 1);
            let full = format!("{newer}{}  {day}  {}", text::left(entry.status.id(), 6), text::left(&who, 8));
            let (mark, style) = tests(app, entry, theme);
            let gap = if mark.is_empty() { "" } else { "  " };
            let room = room.saturating_sub(text::width(&mark) + gap.len());
            let ends = [full, format!("{newer}{day}"), newer.to_owned()];
            let end = ends.into_iter().find(|end| text::width(end) <= room).unwrap_or_default();
            let gap = if end.is_empty() { "" } else { gap };
            // Of a long name the end goes before the mark.
            let most = width.saturating_sub(text::width(&mark) + gap.len() + text::width(&end) + 1);
            let name = Span::styled(text::fit(&format!("{indent}{name}"), most), theme.text);
            let end = format!("{gap}{end}");
            draw_frame::ends(vec![name], vec![Span::styled(mark, style), Span::styled(end, theme.dim)], width)
        }
        HomeRow::Damaged(damaged) => {
            let file = format!("✗ {}", damaged.file_name());
            draw_frame::two((&file, theme.error), ("cannot be read", theme.dim), width)
        }
    }
}

/// How the tests of a segment stood when they were run last, and how many there are.
fn tests(app: &App, entry: &Entry, theme: &Theme) -> (String, Style) {
    let Some(tests) = &entry.tests else { return (String::new(), theme.dim) };
    match app.test_result(entry) {
        None => (format!("· {}", tests.count), theme.dim),
        Some(Ok(report)) if report.passed() => (format!("✓ {}", tests.count), theme.good),
        Some(Ok(report)) => (format!("✗ {}/{}", report.failed(), tests.count), theme.error),
        Some(Err(_)) => ("✗ ?".to_owned(), theme.error),
    }
}

/// What is said of the tests of a segment beside the list.
fn tests_of(app: &App, entry: &Entry, theme: &Theme, width: usize) -> Vec<Line<'static>> {
    const MOST_FAILURES: usize = 3;
    let Some(tests) = &entry.tests else { return Vec::new() };
    let plural = if tests.count == 1 { "" } else { "s" };
    let line = |said: String, style: Style| Line::styled(text::fit(&said, width), style);
    match app.test_result(entry) {
        None => vec![line(format!("· {} test{plural}, not run", tests.count), theme.dim)],
        Some(Ok(report)) if report.passed() => {
            let verb = if tests.count == 1 { "holds" } else { "hold" };
            vec![line(format!("✓ {} test{plural} {verb}", tests.count), theme.good)]
        }
        Some(Ok(report)) => {
            let failed = report.outcomes.iter().filter(|outcome| !outcome.passed);
            let said = failed.take(MOST_FAILURES).map(|outcome| format!("✗ {}", outcome.message));
            said.flat_map(|said: String| wrapped(&said, 4, theme.error, width)).collect()
        }
        Some(Err(failure)) => {
            wrapped(&format!("✗ the tests cannot be run: {}", failure.one_line()), 4, theme.error, width)
                .collect()
        }
    }
}

fn preview(app: &App, home: &Home, theme: &Theme, frame: &mut Frame, area: Rect) {
    let inner = draw_frame::pane("", false, theme, frame, area);
    let width = usize::from(inner.width);
    let listing = app.workspace().map(|listing| &**listing);
    let lines = match home.selected(listing) {
        None => match home.rows(listing).get(home.cursor) {
            Some(HomeRow::Damaged(damaged)) => damaged_file(damaged, theme, width),
            _ => hint(app, theme, width),
        },
        Some(entry) => match home.previews.get(&entry.id) {
            None => Vec::new(),
            Some(Err(failure)) => {
                wrapped(&format!("{}: {}", failure.message, failure.help_text()), 6, theme.error, width)
                    .collect()
            }
            Some(Ok(segment)) => {
                let mut lines = definition_of(app, segment, theme, width);
                let tests = tests_of(app, &entry, theme, width);
                if !tests.is_empty() {
                    lines.push(Line::default());
                    lines.extend(tests);
                }
                lines
            }
        },
    };
    draw_frame::lines(lines, 0, frame, inner);
}

fn wrapped(
    text: &str,
    most: usize,
    style: Style,
    width: usize,
) -> impl Iterator<Item = Line<'static>> + use<> {
    text::wrap(text, width, most).into_iter().map(move |line| Line::styled(line, style))
}

fn damaged_file(damaged: &Damaged, theme: &Theme, width: usize) -> Vec<Line<'static>> {
    let mut lines: Vec<Line> = wrapped(DAMAGED, 3, theme.strong, width).collect();
    lines.extend(wrapped(&damaged.message_with_line(), 8, theme.error, width));
    lines.extend(wrapped(&damaged.help, 4, theme.text, width));
    lines.push(Line::default());
    lines.extend(wrapped(&damaged.path.display().to_string(), 4, theme.dim, width));
    lines
}

/// What to do; before that why there is no database.
fn hint(app: &App, theme: &Theme, width: usize) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    // What the bottom line said until the next key still holds.
    if let DatabaseState::Failed(failure) = app.database_state() {
        lines.extend(diagnostic::lines(failure, width, 24, theme));
        lines.push(Line::default());
    }
    lines.extend(wrapped("n starts a segment, Enter opens one", 3, theme.dim, width));
    lines
}

fn definition_of(app: &App, segment: &Segment, theme: &Theme, width: usize) -> Vec<Line<'static>> {
    let mut lines = vec![Line::styled(text::fit(&segment.name, width), theme.strong)];
    let facts = format!("{}  revision {}", segment.database, segment.revision);
    lines.push(Line::styled(text::fit(&facts, width), theme.dim));
    if !segment.labels.is_empty() {
        lines.push(Line::styled(text::fit(&segment.labels.join("  "), width), theme.dim));
    }
    if !segment.description.is_empty() {
        lines.extend(text::wrap(&segment.description, width, 4).into_iter().map(Line::raw));
    }
    lines.push(Line::default());
    lines.extend(definition::lines(app, segment, theme, width));
    lines
}
