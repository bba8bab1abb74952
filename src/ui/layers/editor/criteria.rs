//! The criteria pane: both sides as a tree of sentences with their numbers.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};

use crate::app::App;
use crate::app::layers::editor::criteria::{Cursor, Line as Row};
use crate::app::layers::editor::state::{Editor, Pane};
use crate::app::layers::pages::explain::Explain;
use crate::segment::words::{self, SentenceParts};
use crate::segment::{ConditionPart, Definition, Match, Node, NodePath, Place, Problem, Schema, Side};
use crate::ui::theme::Theme;
use crate::ui::{frame as draw_frame, insights, marks, number, remarks, text};

/// The least columns of one number, for its heading.
const NUMBER: usize = 7;
/// The columns of what a line comes to for the customer who stays beside the criteria.
const PINNED: usize = 2;
/// The most lines that a value takes.
const VALUE_LINES: usize = 3;

pub fn draw(app: &App, editor: &Editor, theme: &Theme, frame: &mut Frame, area: Rect) {
    let is_focused = editor.pane == Pane::Criteria && app.overlays().is_empty();
    let inner = draw_frame::pane("Criteria", is_focused, theme, frame, area);
    let (evaluation, is_current) = insights::current(editor);
    let pinned = app.pinned();
    // What the lines come to for her stands at the right of all.
    let full = usize::from(inner.width);
    let width = if pinned.is_some() { full.saturating_sub(PINNED) } else { full };
    let all = evaluation.map_or(0, |evaluation| evaluation.all.unique_customers);
    let number = NUMBER.max(text::width(&number::whole(all)) + 2);
    let columns = match width {
        _ if width >= 2 * number + 34 => 2,
        _ if width >= number + 22 => 1,
        _ => 0,
    };
    let room = u16::try_from(width).unwrap_or(inner.width);
    headings(columns, number, theme, frame, Rect { y: area.y, height: 1, width: room, ..inner });
    let text = width.saturating_sub(columns * number + 1);
    let pen = TreeDrawer { editor, pinned, is_current, theme, width, text, columns, number };
    let (lines, cursor) = match &editor.segment().definition {
        Definition::Visual { .. } => app.with_schema(|schema| pen.near_cursor(schema, app, inner.height)),
        // It has a pane of its own.
        Definition::Sql(_) => (Vec::new(), 0),
        Definition::Unreadable { problems, .. } => {
            let said =
                |problem: &Problem| format!("{}: {}", problem.diagnostic.place, problem.diagnostic.message);
            let lines = problems.iter().map(|problem| text::fit(&said(problem), width));
            (lines.map(|line| Line::styled(line, theme.warn)).collect(), 0)
        }
    };
    draw_frame::list(lines, cursor, frame, inner);
}

/// The names of the columns of numbers, in the upper border.
fn headings(columns: usize, number: usize, theme: &Theme, frame: &mut Frame, area: Rect) {
    for (at, name) in ["here", "alone"].into_iter().take(columns).enumerate() {
        let from_right = u16::try_from(at * number + text::width(name) + 1).unwrap_or(u16::MAX);
        let width = u16::try_from(text::width(name) + 2).unwrap_or(u16::MAX);
        let place = Rect { x: area.right().saturating_sub(from_right), width, ..area };
        frame.render_widget(Line::styled(format!(" {name} "), theme.dim), place.intersection(frame.area()));
    }
}

/// A line of the screen.
struct Drawn {
    /// The line of the criteria that it belongs to; `None` for what stands between them.
    position: Option<Cursor>,
    line: Line<'static>,
}

impl Drawn {
    fn new(position: &Cursor, line: Line<'static>) -> Self {
        Self { position: Some(position.clone()), line }
    }
}

struct TreeDrawer<'a> {
    editor: &'a Editor,
    /// The explanation of the customer who stays beside the criteria.
    pinned: Option<&'a Explain>,
    is_current: bool,
    theme: &'a Theme,
    width: usize,
    /// Columns left of the numbers.
    text: usize,
    /// How many columns of numbers there are: none, here, or alone and here.
    columns: usize,
    /// How wide each of them is.
    number: usize,
}

impl TreeDrawer<'_> {
    /// The lines around the cursor, as many in both directions as may be seen, and where it is among them: what a long
    /// segment has elsewhere is not put into words.
    fn near_cursor(&self, schema: &dyn Schema, app: &App, height: u16) -> (Vec<Line<'static>>, usize) {
        let cursor = &self.editor.criteria.cursor;
        let rows = self.editor.criteria.lines(self.editor.segment());
        // A filter is drawn with its condition.
        let is_at = |row: &Row| match cursor {
            Cursor::Filter(path, _) => row.position == Cursor::Node(path.clone()),
            cursor => row.position == *cursor,
        };
        let at = rows.iter().position(is_at).unwrap_or(0);
        let (before, after) = rows.split_at(at);
        let height = usize::from(height);
        let mut above: Vec<Vec<Drawn>> = Vec::new();
        let mut count = 0;
        for row in before.iter().rev() {
            if count >= height {
                break;
            }
            let drawn = self.row(row, schema, app);
            count += drawn.len();
            above.push(drawn);
        }
        let mut drawn: Vec<Drawn> = above.into_iter().rev().flatten().collect();
        let mut cursor_line = None;
        for row in after {
            if cursor_line.is_some_and(|at| drawn.len() >= at + height) {
                break;
            }
            let first = drawn.len();
            drawn.extend(self.row(row, schema, app));
            let found = drawn.iter().skip(first).position(|line| line.position.as_ref() == Some(cursor));
            cursor_line = cursor_line.or(found.map(|at| first + at));
        }
        let lines = drawn.into_iter().map(|line| self.selected(line)).collect();
        (lines, cursor_line.unwrap_or(0))
    }

    /// A line as it is where the cursor may be on it.
    fn selected(&self, Drawn { position, line }: Drawn) -> Line<'static> {
        let is_at = position.as_ref() == Some(&self.editor.criteria.cursor);
        match (is_at, self.editor.pane == Pane::Criteria) {
            (true, true) => line.patch_style(self.theme.selection),
            // Where things are added is seen from the other panes too.
            (true, false) => line.patch_style(Style::new().add_modifier(Modifier::UNDERLINED)),
            (false, _) => line,
        }
    }

    fn row(&self, row: &Row, schema: &dyn Schema, app: &App) -> Vec<Drawn> {
        match &row.position {
            Cursor::Side(side) => vec![Drawn::new(&row.position, self.side(*side, row.off, app))],
            Cursor::Add(side) => {
                let has_sections =
                    self.editor.segment().side(*side).is_some_and(|group| !group.nodes.is_empty());
                let section = if has_sections { "   + add section" } else { "" };
                let text = format!("  + add condition{section}");
                let line = Line::styled(text::left(&text, self.width), self.theme.dim);
                vec![Drawn::new(&row.position, line), Drawn { position: None, line: Line::default() }]
            }
            // Filters are drawn with their condition, whose numbers stand on the last line of all.
            Cursor::Filter(..) => Vec::new(),
            Cursor::Node(path) => {
                let Some(node) = self.editor.segment().node(path) else { return Vec::new() };
                let mut lines = Vec::new();
                if row.depth == 0
                    && let Some(joiner) = row.joiner
                {
                    let word = format!("  {}", joiner_word(joiner).to_uppercase());
                    lines.push(Drawn { position: None, line: Line::styled(word, self.theme.accent) });
                }
                match node {
                    Node::Group(group) => {
                        let line = self.group(row, path, group.matching, group.title.as_deref());
                        lines.push(Drawn::new(&row.position, line));
                        lines.extend(self.problems(path, None, 0, row));
                    }
                    Node::Condition(condition) => {
                        let words = words::condition(condition, schema);
                        let note = if row.off { None } else { self.unmatched(path) };
                        lines.extend(self.condition(row, path, &words, note));
                    }
                    Node::Unreadable(_) => {
                        let sentence = SentenceParts {
                            subject: words::sentence(node, schema),
                            ..SentenceParts::default()
                        };
                        lines.extend(self.condition(row, path, &sentence, None));
                    }
                }
                lines
            }
        }
    }

    fn side(&self, side: Side, off: bool, app: &App) -> Line<'static> {
        let matching = self.editor.segment().side(side).map_or(Match::All, |group| group.matching);
        let verb = match side {
            Side::Include => "Include",
            Side::Exclude => "Exclude",
        };
        let whom = app.whom().plural;
        let off_mark = if off { "  (off)" } else { "" };
        let start = format!("{verb} {whom} with ");
        let style = match side {
            Side::Include => self.theme.strong,
            Side::Exclude => self.theme.exclude.add_modifier(Modifier::BOLD),
        };
        let rest = format!(" of the following{off_mark}");
        let fits = text::width(&start) + 3 + text::width(&rest) <= self.width;
        let (start, rest) = if fits { (start, rest) } else { (format!("{verb} "), format!(" of{off_mark}")) };
        let spans = vec![
            Span::styled(start, style),
            Span::styled(
                words::matching(matching).to_owned(),
                self.theme.accent.add_modifier(Modifier::BOLD),
            ),
            Span::styled(rest, style),
        ];
        self.with_mark(draw_frame::ends(spans, Vec::new(), self.width), &NodePath::root(side))
    }

    /// A line with what it comes to for the customer who stays beside the criteria.
    fn with_mark(&self, mut line: Line<'static>, path: &NodePath) -> Line<'static> {
        let segment = self.editor.segment();
        let is_empty = segment.group(path).is_some_and(|group| group.nodes.is_empty());
        let pinned = self.pinned.filter(|_| !is_empty);
        let result = pinned.and_then(|explain| explain.pinned_result(segment, path));
        if let Some((explain, result)) = self.pinned.zip(result) {
            let is_current = self.is_current && explain.explanation.is_current();
            let style =
                if is_current { marks::style_on(path.side, result, self.theme) } else { self.theme.dim };
            line.push_span(Span::styled(format!(" {}", self.theme.glyphs.result(result)), style));
        }
        line
    }

    fn group(&self, row: &Row, path: &NodePath, matching: Match, title: Option<&str>) -> Line<'static> {
        let fold = if row.folded { "▸" } else { "▾" };
        let number = path.steps.last().map_or(0, |last| last + 1);
        let indent = "  ".repeat(row.depth);
        let joiner = if row.depth > 0 { joiner_mark(row.joiner) } else { "" };
        let title = title.map(|title| format!("{title}: ")).unwrap_or_default();
        let empty = self.editor.segment().group(path).is_some_and(|group| group.nodes.is_empty());
        let off = if row.off { "  (off)" } else { "" };
        let note = if empty { "  empty" } else { "" };
        let style = self.style(row, self.theme.text);
        let spans = vec![
            Span::styled(format!("{indent}{joiner}{fold} {number}  {title}"), style),
            Span::styled(words::matching(matching).to_owned(), self.style(row, self.theme.accent)),
            Span::styled(format!(" of these criteria{off}"), style),
            Span::styled(note, self.theme.dim),
        ];
        self.with_numbers(spans, path, row)
    }

    /// The sentence of a condition. `note` is said quietly behind it.
    fn condition(
        &self,
        row: &Row,
        path: &NodePath,
        words: &SentenceParts,
        note: Option<String>,
    ) -> Vec<Drawn> {
        let below = "  ".repeat(row.depth) + "      ";
        let room = self.width.saturating_sub(text::width(&below));
        let mut lines = self.sentence(row, words, &below);
        if let Some(note) = note {
            let note = Span::styled(format!("  {note}"), self.theme.dim);
            match lines.last_mut() {
                Some(last) if width_of(last) + note.width() <= self.text => last.push(note),
                _ => lines.push(vec![Span::raw(below.clone()), note]),
            }
        }
        let mut parts: Vec<(Option<usize>, Vec<Span>)> = lines.into_iter().map(|line| (None, line)).collect();
        for (at, filter) in words.filters.iter().enumerate() {
            let wrapped = text::wrap_list(filter, room.saturating_sub(2), VALUE_LINES);
            parts.extend(wrapped.into_iter().enumerate().map(|(line, said)| {
                let mark = if line == 0 { "↳ " } else { "  " };
                let said = Span::styled(format!("{mark}{said}"), self.style(row, self.theme.text));
                (Some(at), vec![Span::raw(below.clone()), said])
            }));
        }
        // The numbers stand on the last line that leaves them room.
        let counted =
            parts.iter().rposition(|(_, spans)| width_of(spans) <= self.text).unwrap_or(parts.len());
        if counted == parts.len() {
            parts.push((parts.last().and_then(|(filter, _)| *filter), Vec::new()));
        }
        let mut drawn = Vec::new();
        for (at, (filter, spans)) in parts.iter().enumerate() {
            let position =
                filter.map_or_else(|| row.position.clone(), |filter| Cursor::Filter(path.clone(), filter));
            let spans = spans.clone();
            let line =
                if at == counted { self.with_numbers(spans, path, row) } else { self.cut(spans, self.width) };
            drawn.push(Drawn { position: Some(position), line });
            if parts.get(at + 1).map(|(next, _)| next) != Some(filter) {
                drawn.extend(self.problems(path, *filter, words.filters.len(), row));
            }
        }
        drawn
    }

    /// The sentence without its filters, over as many lines as it needs.
    fn sentence(&self, row: &Row, words: &SentenceParts, below: &str) -> Vec<Vec<Span<'static>>> {
        let theme = self.theme;
        let indent = format!("{}{}", "  ".repeat(row.depth), joiner_mark(row.joiner));
        let source = words.source.as_ref().map(|source| format!("{source} · ")).unwrap_or_default();
        let off = if row.off { "  (off)" } else { "" };
        let operator = if words.operator.is_empty() { String::new() } else { format!(" {}", words.operator) };
        let head = format!("{indent}{source}{}{operator}", words.subject);
        let subject_width = text::width(&indent) + text::width(&words.subject);
        let one_line = format!("{head} {}{off}", words.value);
        // The table's name goes first where there is too little room.
        let source = if text::width(&head) > self.width { String::new() } else { source };
        // Then the operator goes down to the value.
        let (operator, value_text) = if subject_width + text::width(&operator) > self.width {
            (String::new(), format!("{} {}", words.operator, words.value))
        } else {
            (operator, words.value.clone())
        };
        let mut lines = vec![vec![
            Span::styled(indent, theme.dim),
            Span::styled(text::sanitize(&source), self.style(row, theme.dim)),
            Span::styled(text::sanitize(&words.subject), self.style(row, theme.strong)),
            Span::styled(operator, self.style(row, theme.dim)),
        ]];
        let value = self.style(row, theme.accent);
        // Where filters follow, the numbers stand beside them.
        let room = if words.filters.is_empty() { self.text } else { self.width };
        if text::width(&one_line) <= room {
            if let Some(first) = lines.first_mut() {
                first.push(Span::styled(text::sanitize(&format!(" {}{off}", words.value)), value));
            }
        } else {
            let room = self.width.saturating_sub(text::width(below));
            let wrapped = text::wrap_list(&format!("{value_text}{off}"), room, VALUE_LINES);
            lines.extend(
                wrapped.into_iter().map(|line| vec![Span::raw(below.to_owned()), Span::styled(line, value)]),
            );
        }
        lines
    }

    /// How many ids of the uploaded list of a line are no customers.
    fn unmatched(&self, path: &NodePath) -> Option<String> {
        let counts = insights::file(self.editor, path).filter(|counts| counts.unmatched > 0)?;
        Some(format!("{} unmatched", number::whole(counts.unmatched)))
    }

    /// The remarks on a filter, or those on the rest of a node that shows so many filters.
    fn problems(&self, path: &NodePath, filter: Option<usize>, filters: usize, row: &Row) -> Vec<Drawn> {
        let indent = "  ".repeat(row.depth) + if filter.is_some() { "        " } else { "    " };
        let is_here = |place: &Place| match place {
            Place::Node(at, ConditionPart::Where(index)) => {
                at == path && Some(*index).filter(|index| *index < filters) == filter
            }
            Place::Node(at, ConditionPart::Whole | ConditionPart::When) => at == path && filter.is_none(),
            Place::Document | Place::Database | Place::ActivationId | Place::Sql | Place::Tests(_) => false,
        };
        let room = self.width.saturating_sub(text::width(&indent));
        let position =
            filter.map_or_else(|| row.position.clone(), |filter| Cursor::Filter(path.clone(), filter));
        let of_line = self.editor.remarks(path).filter(|problem| is_here(&problem.diagnostic.place));
        let lines = of_line.flat_map(|problem| {
            let style = remarks::style(problem, self.theme);
            let said = remarks::short(problem, room).into_iter();
            said.map(move |said| (said, style))
        });
        let drawn = |(said, style): (String, Style)| Drawn {
            position: Some(position.clone()),
            line: Line::styled(format!("{indent}{said}"), style),
        };
        lines.map(drawn).collect()
    }

    fn style(&self, row: &Row, style: Style) -> Style {
        match (row.off, row.position.side()) {
            (true, _) => self.theme.dim.add_modifier(Modifier::CROSSED_OUT),
            (false, Side::Exclude) if style == self.theme.strong => self.theme.exclude,
            (false, Side::Include | Side::Exclude) => style,
        }
    }

    /// A line with the numbers of its node at the right.
    fn with_numbers(&self, spans: Vec<Span<'static>>, path: &NodePath, row: &Row) -> Line<'static> {
        let spans = self.cut(spans, self.text).spans;
        if self.columns == 0 {
            return self.with_mark(Line::from(spans), path);
        }
        let counts = insights::line(self.editor, path);
        let known = counts.filter(|_| !row.off);
        let style = if self.is_current { self.theme.text } else { self.theme.dim };
        let alone = known.map(|counts| number::whole(counts.alone)).unwrap_or_default();
        let mark =
            known.filter(|_| self.is_current).and_then(|counts| marks::mark_of(self.editor, path, counts));
        let letter = mark.as_ref().map_or("", |mark| mark.letter);
        let here = known.map(|counts| number::whole(counts.here)).unwrap_or_default();
        let here_style = match known {
            Some(counts) if counts.here == 0 && self.is_current => self.theme.warn,
            _ => style,
        };
        let mut end = Vec::new();
        if self.columns > 1 {
            let alone_style = self.theme.dim;
            end.push(Span::styled(text::right(&alone, self.number), alone_style));
        }
        let before = self.number.saturating_sub(text::width(&here));
        end.push(Span::styled(text::right(letter, before), self.theme.dim));
        end.push(Span::styled(here, here_style));
        self.with_mark(draw_frame::ends(spans, end, self.width), path)
    }

    /// A line cut to `columns` and filled up to them.
    fn cut(&self, spans: Vec<Span<'static>>, columns: usize) -> Line<'static> {
        let mut left = columns;
        let mut fitting = Vec::new();
        for span in spans {
            let shown = text::fit(&span.content, left);
            left -= text::width(&shown);
            fitting.push(Span::styled(shown, span.style));
        }
        draw_frame::ends(fitting, Vec::new(), columns)
    }
}

fn width_of(spans: &[Span]) -> usize {
    spans.iter().map(Span::width).sum()
}

fn joiner_word(joiner: Match) -> &'static str {
    match joiner {
        Match::All => "and",
        Match::Any => "or",
    }
}

/// The word before a condition that is not the first of its group, in four columns.
fn joiner_mark(joiner: Option<Match>) -> &'static str {
    match joiner {
        Some(Match::All) => "and ",
        Some(Match::Any) => "or  ",
        None => "    ",
    }
}
