//! Why the line at the cursor comes to what it does, and what would change the answer.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Line;

use super::pen::{Pen, capital};
use super::rows;
use crate::app::layers::pages::explain::{
    ExplainedLine, LineKind, Words, change_in_words, deciding, flip_in_words, reason, result_in_words,
};
use crate::backend::{Evidence, ExplainedCustomer, ExplainedNode};
use crate::segment::{Condition, Match, Node, NodePath, words};
use crate::ui::marks::style_on;
use crate::ui::{frame as draw_frame, text};

/// The most lines of a sentence.
const MOST_WORDS: usize = 6;

/// The reasons for the line at the cursor; with those for the answer stands what would change it, unless it has a pane of
/// its own.
pub(super) fn draw(
    pen: &Pen<'_>,
    customer: &ExplainedCustomer,
    has_change: bool,
    frame: &mut Frame,
    area: Rect,
) {
    let line = pen.page.line();
    let title = match &line {
        Some(line) if !matches!(line.kind, LineKind::Verdict) => {
            let side = line.place.last().map_or("", |path| path.side.id());
            format!("Why {side} {}", line.number())
        }
        _ => "Why".to_owned(),
    };
    let title = title.trim_end().to_owned();
    let (inner, columns) = match pen.has_borders {
        true => {
            let inner = pen.pane(&title, false, frame, area);
            (inner, usize::from(inner.width))
        }
        false => {
            let rule = format!("── {title} ");
            let rule =
                format!("{rule}{}", "─".repeat(usize::from(area.width).saturating_sub(text::width(&rule))));
            frame.render_widget(
                Line::styled(rule, pen.theme.dim),
                Rect { height: 1.min(area.height), ..area },
            );
            let inner = Rect { y: area.y + 1, height: area.height.saturating_sub(1), ..area };
            (inner, usize::from(area.width))
        }
    };
    let lines = match line {
        Some(line) if !matches!(line.kind, LineKind::Verdict) => of_line(pen, &line, columns),
        _ => of_answer(pen, customer, columns, has_change),
    };
    scrolled(pen, lines, frame, inner);
}

/// Lines from the one that was scrolled to; what is out of sight is said in the border.
fn scrolled(pen: &Pen<'_>, lines: Vec<Line<'static>>, frame: &mut Frame, inner: Rect) {
    let (count, height) = (lines.len(), usize::from(inner.height));
    let from = pen.page.scroll.min(count.saturating_sub(height));
    draw_frame::lines(lines, from, frame, inner);
    let below = count.saturating_sub(from + height);
    if below > 0 && pen.has_borders {
        draw_frame::note(&format!("{below} more: J K"), pen.theme, frame, inner);
    }
}

/// What would change the answer, in a pane of its own.
pub(super) fn draw_change(pen: &Pen<'_>, customer: &ExplainedCustomer, frame: &mut Frame, area: Rect) {
    let inner = pen.pane("What would change it", false, frame, area);
    let (columns, height) = (usize::from(inner.width), usize::from(inner.height));
    let lines = change(pen, customer, columns);
    let count = lines.len();
    draw_frame::lines(lines, 0, frame, inner);
    if count > height {
        draw_frame::note(&format!("{} more: y copies all", count - height), pen.theme, frame, inner);
    }
}

/// How many lines that pane needs.
pub(super) fn change_height(pen: &Pen<'_>, customer: &ExplainedCustomer, width: u16) -> u16 {
    let lines = change(pen, customer, usize::from(width.saturating_sub(4)));
    u16::try_from(lines.len()).unwrap_or(u16::MAX).saturating_add(2)
}

fn wrapped(said: &str, style: Style, columns: usize) -> Vec<Line<'static>> {
    text::wrap(said, columns, MOST_WORDS).into_iter().map(|line| Line::styled(line, style)).collect()
}

/// The sets of lines whose flip would change the answer, and the days on which it is another one.
/// The days come first, as they are few.
fn change(pen: &Pen<'_>, customer: &ExplainedCustomer, columns: usize) -> Vec<Line<'static>> {
    let mut lines = days(pen, customer, columns);
    lines.extend(match customer.flips.is_empty() {
        true => wrapped("No lines whose flip would change the answer are known.", pen.theme.dim, columns),
        false => {
            let other = if customer.verdict.is_member { "not be a member" } else { "be a member" };
            wrapped(&format!("Would {other} if …"), pen.theme.dim, columns)
        }
    });
    lines.extend(flips(pen, customer, columns));
    lines
}

/// The sets of lines whose flip would change the answer.
fn flips(pen: &Pen<'_>, customer: &ExplainedCustomer, columns: usize) -> Vec<Line<'static>> {
    let segment = pen.page.answered().map(|(question, ..)| &question.segment);
    let drawn = |flip: &Vec<NodePath>| {
        let mut said = flip_in_words(flip, customer);
        if let ([path], Some(segment)) = (flip.as_slice(), segment)
            && let Some(node) = segment.node(path)
        {
            let sentence = pen.app.with_schema(|schema| words::sentence(node, schema));
            said = format!("{said}: {sentence}");
        }
        let wrapped = text::wrap(&said, columns.saturating_sub(2), 2).into_iter().enumerate();
        let start = |at: usize| if at == 0 { "· " } else { "  " };
        let lines = wrapped.map(|(at, line)| Line::styled(format!("{}{line}", start(at)), pen.theme.text));
        lines.collect::<Vec<_>>()
    };
    customer.flips.iter().flat_map(drawn).collect()
}

/// The days on which the answer is another one, as far as they are known.
fn days(pen: &Pen<'_>, customer: &ExplainedCustomer, columns: usize) -> Vec<Line<'static>> {
    let theme = pen.theme;
    match (pen.page.changed(), pen.page.change.failure()) {
        (Some(change), _) => {
            let said = change_in_words(change, customer.verdict.is_member);
            said.iter().flat_map(|said| wrapped(&capital(said), theme.text, columns)).collect()
        }
        (None, Some(_)) => {
            let area =
                Rect { width: u16::try_from(columns).unwrap_or(u16::MAX), height: 4, ..Rect::default() };
            pen.refusal(&pen.page.change, area).unwrap_or_default()
        }
        (None, None) => vec![Line::styled("When it changed: …", theme.dim)],
    }
}

/// Which lines decide the answer, each with its reason, and what would change it.
fn of_answer(
    pen: &Pen<'_>,
    customer: &ExplainedCustomer,
    columns: usize,
    has_change: bool,
) -> Vec<Line<'static>> {
    let theme = pen.theme;
    let mut lines = Vec::new();
    let segment = pen.page.answered().map(|(question, ..)| &question.segment);
    let plural = pen.app.whom().plural;
    let decides = |side: &&ExplainedNode| {
        (side.path.side == crate::segment::Side::Include)
            == (customer.verdict.is_member || side.result != Some(true))
    };
    let sides: Vec<&ExplainedNode> = customer.verdict.sides.iter().filter(decides).collect();
    for node in sides.iter().flat_map(|side| deciding(side)).take(20) {
        let Some(node_said) = segment.and_then(|segment| segment.node(&node.path)) else { continue };
        let said = pen.app.with_schema(|schema| {
            let words = Words { schema, as_of: pen.as_of(), moving: theme.glyphs.moving(), plural: &plural };
            words.node(node_said)
        });
        let number = crate::app::layers::pages::explain::number(&node.path);
        let reason = reason(node, condition(node_said));
        let reason = if reason.is_empty() { reason } else { format!(" — {reason}") };
        let mark = theme.glyphs.result(node.result);
        lines.extend(wrapped(&format!("{mark} {number} {said}{reason}"), theme.text, columns));
    }
    if has_change {
        lines.push(Line::default());
        lines.push(Line::styled("What would change it", theme.strong));
        lines.extend(change(pen, customer, columns));
    }
    lines
}

fn condition(node: &Node) -> Option<&Condition> {
    match node {
        Node::Condition(condition) => Some(condition),
        Node::Group(_) | Node::Unreadable(_) => None,
    }
}

/// What a line says in full, what it comes to, and why.
fn of_line(pen: &Pen<'_>, line: &ExplainedLine<'_>, columns: usize) -> Vec<Line<'static>> {
    let theme = pen.theme;
    let plural = pen.app.whom().plural;
    let said = pen.app.with_schema(|schema| {
        let words = Words { schema, as_of: pen.as_of(), moving: theme.glyphs.moving(), plural: &plural };
        let source = match line.kind {
            LineKind::Node(Node::Condition(condition)) => words::condition(condition, schema).source,
            _ => None,
        };
        (source, words.line(line))
    });
    let mut lines = Vec::new();
    if let Some(source) = said.0 {
        lines.push(Line::styled(text::fit(&source, columns), theme.dim));
    }
    lines.extend(wrapped(&said.1, theme.strong, columns));
    let Some(node) = line.explained else {
        lines.extend(wrapped(&takes_no_part(pen, line), theme.warn, columns));
        return lines;
    };
    if line.result().is_none() {
        lines.extend(wrapped("Nobody is excluded: no line takes part.", theme.dim, columns));
        return lines;
    }
    let mark = theme.glyphs.result(node.result);
    let verdict = format!("{mark} {}", result_in_words(node.result));
    let condition = match line.kind {
        LineKind::Node(node) => condition(node),
        _ => None,
    };
    let reason = reason(node, condition);
    let said = if reason.is_empty() { verdict } else { format!("{verdict}: {reason}") };
    lines.extend(wrapped(&said, style_on(line.side(), node.result, theme), columns));
    lines.extend(evidence(pen, node, condition, columns));
    lines
}

/// Why a line is not in the explanation.
fn takes_no_part(pen: &Pen<'_>, line: &ExplainedLine<'_>) -> String {
    let problems = pen.page.answered().map(|(_, explanation, _)| explanation.problems.as_slice());
    let path = line.place.last();
    let mut problems = problems.unwrap_or_default().iter();
    let problem = problems.find(|problem| line.is_own() && problem.diagnostic.place.node() == path);
    match problem {
        Some(problem) => format!("! {}", problem.diagnostic.message),
        None => "it takes no part: it is off, or empty, or has a problem".to_owned(),
    }
}

fn evidence(
    pen: &Pen<'_>,
    node: &ExplainedNode,
    condition: Option<&Condition>,
    columns: usize,
) -> Vec<Line<'static>> {
    let theme = pen.theme;
    match &node.evidence {
        Evidence::Group { matching, of } => {
            let holds = of.iter().filter(|inner| inner.result == Some(true)).count();
            let unknown = of.iter().filter(|inner| inner.result.is_none()).count();
            let unknown = if unknown > 0 { format!(", {unknown} unknown") } else { String::new() };
            let needed = match matching {
                Match::All => "all of them are needed",
                Match::Any => "one of them is enough",
            };
            if of.is_empty() {
                return wrapped("There is no line in it.", theme.dim, columns);
            }
            wrapped(&format!("{holds} of {} hold{unknown}; {needed}", of.len()), theme.text, columns)
        }
        Evidence::Segment { .. } => {
            wrapped("Enter shows the lines of that segment here.", theme.dim, columns)
        }
        Evidence::List { path, .. } => wrapped(path, theme.dim, columns),
        Evidence::Rows(evidence) => rows::lines(pen, evidence, condition, columns),
    }
}
