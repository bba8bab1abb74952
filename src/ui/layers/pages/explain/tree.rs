//! The lines of the segment as a tree, each with what it comes to and why in short.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::pen::Pen;
use crate::app::layers::pages::explain::{ExplainedLine, LineKind, Words, reason};
use crate::segment::{Match, Node};
use crate::ui::marks::style_on;
use crate::ui::{frame as draw_frame, text};

/// The least room of words beside a reason.
const WORDS: usize = 24;

pub(super) fn draw(pen: &Pen<'_>, lines: &[ExplainedLine<'_>], frame: &mut Frame, area: Rect) {
    let inner = pen.pane("Lines", true, frame, area);
    let columns = usize::from(inner.width);
    let is_at = |line: &ExplainedLine<'_>| {
        line.place == pen.page.cursor && !matches!(line.kind, LineKind::Instead(_))
    };
    let cursor = lines.iter().position(is_at).unwrap_or(0);
    let near = draw_frame::near(lines.len(), cursor, inner);
    let shown: Vec<(usize, Vec<Line>)> = pen.app.with_schema(|schema| {
        let plural = pen.app.whom().plural;
        let moving = pen.theme.glyphs.moving();
        let words = Words { schema, as_of: pen.as_of(), moving, plural: &plural };
        let shown = lines.iter().enumerate().skip(near.start).take(near.len());
        // Where there is room for it, words are whole.
        let most = if lines.len() * 2 <= usize::from(inner.height) { 3 } else { 1 };
        shown.map(|(at, line)| (at, drawn(pen, line, &words, (columns, most)))).collect()
    });
    let above = shown.iter().filter(|(at, _)| *at < cursor).map(|(_, lines)| lines.len()).sum();
    let drawn =
        shown.into_iter().flat_map(|(at, lines)| lines.into_iter().map(move |line| (at == cursor, line)));
    let drawn = drawn.map(|(is_at, line)| if is_at { line.patch_style(pen.theme.selection) } else { line });
    draw_frame::list(drawn.collect(), above, frame, inner);
}

fn drawn(
    pen: &Pen<'_>,
    line: &ExplainedLine<'_>,
    words: &Words<'_>,
    (columns, most): (usize, usize),
) -> Vec<Line<'static>> {
    let theme = pen.theme;
    let is_current = pen.page.explanation.is_current();
    let (result, said) = match line.kind {
        LineKind::Verdict => {
            let member = pen.page.answered().map(|(_, _, customer)| customer.verdict.is_member);
            let said = if member == Some(true) { "The answer: a member" } else { "The answer: not a member" };
            (Some(member), said.to_owned())
        }
        _ => (line.result(), words.line(line)),
    };
    let (mark, style) = match result {
        Some(result) => (theme.glyphs.result(result), style_on(line.side(), result, theme)),
        None => (" ", theme.dim),
    };
    let condition = match line.kind {
        LineKind::Node(Node::Condition(condition)) => Some(condition),
        _ => None,
    };
    let reason = line.explained.map(|node| reason(node, condition)).unwrap_or_default();
    let dim = |style| if is_current { style } else { theme.dim };
    let head = [
        Span::raw("  ".repeat(line.depth)),
        Span::styled(format!("{mark} "), dim(style)),
        Span::styled(start_of(pen, line), theme.dim),
    ];
    let used: usize = head.iter().map(Span::width).sum();
    let left = columns.saturating_sub(used);
    // A reason stands at the right where it leaves the words room; it is said beside the tree in full.
    let short = text::fit(&reason, left / 2);
    let short = if left < WORDS + text::width(&short) { String::new() } else { short };
    let room = left.saturating_sub(if short.is_empty() { 0 } else { text::width(&short) + 2 });
    let is_heading = matches!(line.kind, LineKind::Verdict | LineKind::Side(..));
    let own = match (is_heading, result) {
        (true, _) => theme.strong,
        (false, None) => theme.dim,
        (false, Some(_)) => theme.text,
    };
    let mut lines = Vec::new();
    for (at, said) in text::wrap(&said, room, most).into_iter().enumerate() {
        let said = Span::styled(said, dim(own));
        lines.push(match at {
            0 => {
                let start = head.iter().cloned().chain([said]).collect();
                draw_frame::ends(start, vec![Span::styled(short.clone(), dim(style))], columns)
            }
            _ => draw_frame::ends(vec![Span::raw(" ".repeat(used)), said], Vec::new(), columns),
        });
    }
    lines
}

/// The number of a line, whether it can be unfolded, and the word that joins it to the one before.
fn start_of(pen: &Pen<'_>, line: &ExplainedLine<'_>) -> String {
    let fold = match line.nested().is_some() {
        true if pen.page.unfolded.contains(&line.place) => "▾ ",
        true => "▸ ",
        false => "",
    };
    let joiner = match line.joiner {
        Some(Match::All) => "and ",
        Some(Match::Any) => "or ",
        None => "",
    };
    let number = line.number();
    let gap = if number.is_empty() { "" } else { " " };
    format!("{number}{gap}{fold}{joiner}")
}
