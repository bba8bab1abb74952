//! A segment's definition in words, to be read.

use ratatui::text::{Line, Span};

use super::sql::{Highlighter, Viewport};
use super::theme::Theme;
use super::{number, text};
use crate::app::App;
use crate::app::layers::pages::explain;
use crate::segment::{Definition, Group, Match, Node, Schema, Segment, Side, words};
use crate::sql::Dialect;
use crate::sql::lexer::{LineState, tokenize};

/// How many lines of a query are shown.
const MOST_SQL: usize = 500;

/// The definition, a line for each criterion, wrapped to `columns`.
#[must_use]
pub fn lines(app: &App, segment: &Segment, theme: &Theme, columns: usize) -> Vec<Line<'static>> {
    written_lines(app, segment, &str::to_owned, theme, columns)
}

/// The same, with the day beside every relative date, and a mark that it moves with the day.
#[must_use]
pub(crate) fn dated_lines(app: &App, segment: &Segment, theme: &Theme, columns: usize) -> Vec<Line<'static>> {
    let (as_of, mark) = (app.as_of(), theme.glyphs.moving());
    written_lines(app, segment, &|relative| explain::with_day(relative, as_of, mark), theme, columns)
}

/// Whether the customers of a segment depend on the day, by its own conditions.
#[must_use]
pub(crate) fn moves(segment: &Segment) -> bool {
    segment.walk().iter().any(|(_, node)| match node {
        Node::Condition(condition) => !words::relative_dates(condition).is_empty(),
        Node::Group(_) | Node::Unreadable(_) => false,
    })
}

/// The definition with its relative dates in these words.
fn written_lines(
    app: &App,
    segment: &Segment,
    date: Date<'_>,
    theme: &Theme,
    columns: usize,
) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    match &segment.definition {
        Definition::Visual { include, exclude } => {
            for (side, group) in [(Side::Include, include), (Side::Exclude, exclude)] {
                if side == Side::Exclude && !has_criteria(group) {
                    continue;
                }
                let style = if side == Side::Exclude { theme.exclude } else { theme.accent };
                let off = if group.off == Some(true) { " (off)" } else { "" };
                let heading = match side {
                    Side::Include => format!("Include {} of{off}", words::matching(group.matching)),
                    Side::Exclude => format!("Exclude {} of{off}", words::matching(group.matching)),
                };
                lines.push(Line::styled(heading, style));
                if !has_criteria(group) {
                    lines.push(Line::styled(format!("  all {}", app.whom().plural), theme.dim));
                }
                app.with_schema(|schema| nodes(group, (schema, date), 1, theme, columns, &mut lines));
            }
        }
        Definition::Sql(sql) => {
            lines.push(Line::styled("SQL", theme.accent));
            query(app, sql, theme, columns, &mut lines);
        }
        Definition::Unreadable { problems, .. } => {
            lines.extend(problems.iter().map(|problem| {
                Line::styled(
                    text::fit(
                        &format!("{}: {}", problem.diagnostic.place, problem.diagnostic.message),
                        columns,
                    ),
                    theme.warn,
                )
            }));
        }
    }
    lines
}

fn query(app: &App, sql: &str, theme: &Theme, columns: usize, lines: &mut Vec<Line<'static>>) {
    let pen = Highlighter::new(app, Dialect::Embedded, theme);
    let window = Viewport { pan: 0, width: columns };
    let mut open = LineState::default();
    for line in sql.split('\n').take(MOST_SQL) {
        lines.push(pen.line(line, open, window, &|_, style| style));
        open = tokenize(line, open, Dialect::Embedded).1;
    }
    let more = sql.split('\n').count().saturating_sub(MOST_SQL);
    if more > 0 {
        let said = format!("… {} more lines; Q shows all", number::whole(more as u64));
        lines.push(Line::styled(text::fit(&said, columns), theme.dim));
    }
}

/// The only criterion of a group without a title, or the node itself.
fn alone_in(node: &Node) -> &Node {
    match node {
        Node::Group(group) if group.title.is_none() && group.off != Some(true) => {
            let mut inside = group.nodes.iter().filter(|node| node.as_group().is_none_or(has_criteria));
            match (inside.next(), inside.next()) {
                (Some(only), None) => alone_in(only),
                _ => node,
            }
        }
        _ => node,
    }
}

fn has_criteria(group: &Group) -> bool {
    group.nodes.iter().any(|node| match node {
        Node::Group(inner) => has_criteria(inner),
        Node::Condition(_) | Node::Unreadable(_) => true,
    })
}

/// How a relative date is written.
type Date<'a> = &'a dyn Fn(&str) -> String;

fn nodes(
    group: &Group,
    (schema, date): (&dyn Schema, Date<'_>),
    depth: usize,
    theme: &Theme,
    columns: usize,
    lines: &mut Vec<Line<'static>>,
) {
    let shown = group.nodes.iter().filter(|node| node.as_group().is_none_or(has_criteria));
    for (index, node) in shown.enumerate() {
        let joiner = match (index, group.matching) {
            (0, _) => "",
            (_, Match::All) => "and ",
            (_, Match::Any) => "or ",
        };
        let indent = "  ".repeat(depth);
        let off = if node.is_off() { " (off)" } else { "" };
        // A section of one criterion is that criterion.
        let node = alone_in(node);
        match node {
            Node::Group(inner) => {
                let title = inner.title.as_ref().map(|title| format!("{title}: ")).unwrap_or_default();
                let head = format!("{indent}{joiner}{title}{} of{off}", words::matching(inner.matching));
                lines.push(Line::styled(text::fit(&head, columns), theme.dim));
                nodes(inner, (schema, date), depth + 1, theme, columns, lines);
            }
            Node::Condition(_) | Node::Unreadable(_) => {
                let sentence = match node {
                    Node::Condition(condition) => {
                        words::sentence(&Node::Condition(words::dated(condition, date)), schema)
                    }
                    _ => words::sentence(node, schema),
                };
                let sentence = format!("{sentence}{off}");
                let room = columns.saturating_sub(indent.len() + joiner.len());
                for (at, line) in text::wrap(&sentence, room.max(8), 4).into_iter().enumerate() {
                    let mark = if at == 0 { joiner.to_owned() } else { " ".repeat(joiner.len()) };
                    let style = if node.is_off() { theme.dim } else { theme.text };
                    lines.push(Line::from(vec![
                        Span::styled(format!("{indent}{mark}"), theme.dim),
                        Span::styled(line, style),
                    ]));
                }
            }
        }
    }
}
