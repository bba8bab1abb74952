//! The line on which a condition is typed: below it what was understood, or the place where it stops
//! making sense, and what may follow.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::Clear;

use crate::app::App;
use crate::app::layers::quick_add::{Completion, QuickAdd};
use crate::app::layers::reading::Reading;
use crate::app::prompt::EditTarget;
use crate::segment::{Condition, Node, Side, words};
use crate::ui::theme::Theme;
use crate::ui::{frame as draw_frame, number, text, what_if};

/// Columns of the box.
const WIDTH: u16 = 100;
/// Lines of the box, frame included.
const HEIGHT: u16 = 18;
/// What stands before the line.
const PROMPT: &str = "› ";
/// Columns of a count.
const COUNT: usize = 12;

pub fn draw(app: &App, line: &QuickAdd, theme: &Theme, frame: &mut Frame, area: Rect) {
    let width = WIDTH.min(area.width);
    let x = area.x + (area.width - width) / 2;
    let area = Rect { x, width, height: HEIGHT.min(area.height), ..area };
    frame.render_widget(Clear, area);
    let title = match &line.target {
        EditTarget::NewCondition(path, _) if path.side == Side::Exclude => "Exclude: type a condition",
        EditTarget::EditCondition(_) => "Rewrite the condition",
        EditTarget::NewCondition(..) | EditTarget::NewFilter(..) | EditTarget::EditFilter(..) => {
            "Type a condition"
        }
    };
    let inner = draw_frame::pane(title, true, theme, frame, area);
    let parts = [1, 1, 2, 1].map(Constraint::Length).into_iter().chain([Constraint::Min(0)]);
    let [typed, caret, said, counts, list] = Layout::vertical(parts).areas(inner);
    draw_frame::field(PROMPT, &line.line, true, theme, frame, typed);
    if let Some(marks) = caret_line(line, theme, typed) {
        frame.render_widget(marks, caret);
    }
    draw_frame::lines(meaning(app, line, theme, usize::from(said.width)), 0, frame, said);
    let counted = what_if::line(&line.what_if, 0, theme, usize::from(counts.width).saturating_sub(2));
    frame.render_widget(
        counted,
        Rect { x: counts.x + 2.min(counts.width), width: counts.width.saturating_sub(2), ..counts },
    );
    let rule = rule(line, theme, usize::from(list.width));
    let [over, list] = Layout::vertical([Constraint::Length(1), Constraint::Min(0)]).areas(list);
    frame.render_widget(rule, over);
    completions(line, theme, frame, list);
}

/// Marks under the place where the line stops making sense.
fn caret_line(line: &QuickAdd, theme: &Theme, area: Rect) -> Option<Line<'static>> {
    let Reading::ParseError(parse_error) = &line.reading else { return None };
    if line.is_under_way() {
        return None;
    }
    let typed = line.line.text();
    let wide =
        |range: std::ops::Range<usize>| text::width(&text::sanitize(typed.get(range).unwrap_or_default()));
    let hidden = draw_frame::hidden(PROMPT, &line.line, area);
    let start = wide(0..parse_error.place().start);
    let length = wide(parse_error.place().clone()).max(1);
    let (start, end) = (start.saturating_sub(hidden), (start + length).saturating_sub(hidden));
    let blanks = " ".repeat(text::width(PROMPT) + start);
    let marks = format!("{blanks}{}", "^".repeat(end.saturating_sub(start).max(1)));
    Some(Line::styled(text::fit(&marks, usize::from(area.width)), theme.warn))
}

fn meaning(app: &App, line: &QuickAdd, theme: &Theme, width: usize) -> Vec<Line<'static>> {
    let (said, style) = match &line.reading {
        Reading::Empty if line.examples.is_empty() => ("type a condition".to_owned(), theme.dim),
        Reading::Empty => (format!("such as: {}", line.examples.join("   ")), theme.dim),
        Reading::Understood(condition) => {
            let said = format!("✓ {}", sentence(app, condition));
            let note = match (line.unknown_value(), line.also_in.as_slice()) {
                (Some(value), _) => format!("· no customer has the value {value:?}"),
                (None, []) => return wrapped(&said, 2, theme.good, width),
                (None, [first, ..]) => {
                    let tables = text::sanitize(&line.also_in.join(", "));
                    format!("· also in {tables}: name the table for that one, {}: …", text::sanitize(first))
                }
            };
            let note = Line::styled(text::fit(&note, width), theme.warn);
            return wrapped(&said, 1, theme.good, width).into_iter().chain([note]).collect();
        }
        Reading::Refused(condition, complaint) => {
            let said = [
                (format!("  {}", sentence(app, condition)), theme.text),
                (format!("✗ {complaint}"), theme.warn),
            ];
            return said
                .into_iter()
                .map(|(said, style)| Line::styled(text::fit(&said, width), style))
                .collect();
        }
        Reading::ParseError(parse_error) => {
            let error = parse_error.diagnostic.one_line();
            match line.is_under_way() {
                true if parse_error.place().is_empty() => (format!("… {error}"), theme.dim),
                true => ("… type on, or Tab takes the first".to_owned(), theme.dim),
                false => (format!("✗ {error}"), theme.warn),
            }
        }
    };
    wrapped(&said, 2, style, width)
}

fn wrapped(said: &str, most: usize, style: ratatui::style::Style, width: usize) -> Vec<Line<'static>> {
    text::wrap(said, width, most).into_iter().map(|line| Line::styled(line, style)).collect()
}

fn sentence(app: &App, condition: &Condition) -> String {
    app.with_schema(|schema| {
        let source = words::condition(condition, schema).source;
        let said = words::sentence(&Node::Condition(condition.clone()), schema);
        source.map_or(said.clone(), |source| format!("{source} · {said}"))
    })
}

/// What stands between the line and what may follow; it names the counts where there are some.
fn rule(line: &QuickAdd, theme: &Theme, width: usize) -> Line<'static> {
    let heads = match line.completions().iter().any(|completion| completion.count.is_some()) {
        true => [" all", " in segment"].map(|head| format!("{head:─>COUNT$}")).concat(),
        false => String::new(),
    };
    let left = "─".repeat(width.saturating_sub(text::width(&heads)));
    Line::styled(format!("{left}{heads}"), theme.dim)
}

fn completions(line: &QuickAdd, theme: &Theme, frame: &mut Frame, area: Rect) {
    let width = usize::from(area.width);
    let at = line.chosen.unwrap_or(0);
    // A workspace may have thousands of names: only those near the cursor are drawn.
    let near = usize::from(area.height);
    let first = at.saturating_sub(near);
    let shown = line.completions().iter().enumerate().skip(first).take(2 * near);
    let mut lines: Vec<Line> = shown
        .map(|(index, completion)| {
            let drawn = self::completion(completion, theme, width);
            if line.chosen == Some(index) { drawn.patch_style(theme.selection) } else { drawn }
        })
        .collect();
    match line.counting() {
        Some(Ok(())) => lines.push(Line::styled("counting the values …", theme.dim)),
        Some(Err(failure)) => lines.push(Line::styled(text::fit(failure, width), theme.error)),
        None => {}
    }
    draw_frame::list(lines, at - first, frame, area);
}

fn completion(completion: &Completion, theme: &Theme, width: usize) -> Line<'static> {
    match completion.count {
        None => {
            // The name comes first; what stands beside it gets the room that is left.
            let room = width.saturating_sub(text::width(&completion.label) + 1);
            let detail = if room < 4 { String::new() } else { text::fit(&completion.detail, room) };
            draw_frame::two((&completion.label, theme.text), (&detail, theme.dim), width)
        }
        Some(count) => {
            let end = vec![
                Span::styled(text::right(&number::whole(count.all), COUNT), theme.dim),
                Span::styled(text::right(&number::whole(count.segment), COUNT), theme.text),
            ];
            let label = text::fit(&completion.label, width.saturating_sub(2 * COUNT + 1));
            draw_frame::ends(vec![Span::styled(label, theme.text)], end, width)
        }
    }
}
