//! The value picker: values with two counts and small bars.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span};

use crate::app::App;
use crate::app::layers::values::{ValueOrder, Values};
use crate::app::prompt::Prompt;
use crate::backend::{Count, ValueCounts};
use crate::ui::theme::Theme;
use crate::ui::{frame as draw_frame, number, text, what_if};

/// Columns of one count.
const COUNT: usize = 12;
/// Columns of a bar.
const BAR: usize = 10;

pub fn draw(app: &App, values: &Values, theme: &Theme, frame: &mut Frame, area: Rect) {
    const WIDTH: u16 = 86;
    let title = title(app, &values.prompt, draw_frame::title_room(WIDTH, area));
    let inner = draw_frame::popup(&title, WIDTH, area.height.saturating_sub(2).min(26), theme, frame, area);
    let rows = [Constraint::Length(1), Constraint::Length(1), Constraint::Min(1), Constraint::Length(1)];
    let [find, heads, list, foot] = Layout::vertical(rows).areas(inner);
    draw_frame::field("/ ", &values.query, true, theme, frame, find);
    let width = usize::from(list.width);
    let counts = values.counts.as_ref().and_then(|counts| counts.as_ref().ok());
    let bars = width >= 56;
    frame.render_widget(headings(app, values, bars, width, theme), heads);
    // Bars compare what the segment would be.
    let most =
        counts.and_then(|counts| counts.values.iter().map(|value| value.count.segment).max()).unwrap_or(0);
    let shown = values.cursor().saturating_sub(usize::from(list.height));
    let near = (shown..shown + 2 * usize::from(list.height)).filter_map(|at| values.would_be(at)).max();
    let most = most.max(near.unwrap_or(0));
    let pen = RowDrawer { values, theme, width, bars, most };
    // A column may have a hundred thousand values: only those near the cursor are drawn.
    let near = usize::from(list.height);
    let first = values.cursor().saturating_sub(near);
    let is_end = first + 2 * near >= values.rows().len();
    let mut lines: Vec<Line> = values
        .rows()
        .iter()
        .enumerate()
        .skip(first)
        .take(2 * near)
        .map(|(at, row)| {
            let line = pen.line(&row.value, row.count, values.would_be(at));
            if at == values.cursor() { line.patch_style(theme.selection) } else { line }
        })
        .collect();
    match &values.counts {
        None => lines.push(Line::styled("counting …", theme.dim)),
        Some(Err(failure)) => {
            lines.extend(
                text::wrap(failure, width, 3).into_iter().map(|line| Line::styled(line, theme.error)),
            );
        }
        Some(Ok(counts)) if is_end => lines.extend(pen.rest(counts)),
        Some(Ok(_)) => {}
    }
    draw_frame::list(lines, values.cursor() - first, frame, list);
    frame.render_widget(footing(values, usize::from(foot.width), theme), foot);
}

/// `Customer 360 · City is exactly` in so many columns: the table's name goes first, then the
/// attribute's is cut; the operator stays.
pub(super) fn title(app: &App, prompt: &Prompt, columns: usize) -> String {
    app.with_schema(|schema| {
        let table = schema.table_label(&prompt.table);
        let measure = prompt.measure.label(&prompt.table, schema);
        let operator = prompt.op.label();
        let room = columns.saturating_sub(text::width(&operator) + 1);
        let whole = format!("{table} · {measure}");
        let subject = if text::width(&whole) <= room { whole } else { text::fit(&measure, room) };
        format!("{subject} {operator}")
    })
}

fn headings(app: &App, values: &Values, bars: bool, width: usize, theme: &Theme) -> Line<'static> {
    let order = match values.order {
        ValueOrder::ByCount => "by count",
        ValueOrder::ByName => "by name",
    };
    let bar = if bars { " ".repeat(BAR + 1) } else { String::new() };
    let all = text::right(&format!("all {}", app.whom().plural), COUNT + 4);
    let heads = format!("{all}{}{bar}", text::right("in segment", COUNT));
    draw_frame::two((order, theme.dim), (&heads, theme.dim), width)
}

fn footing(values: &Values, width: usize, theme: &Theme) -> Line<'static> {
    if let Some(complaint) = &values.complaint {
        return Line::styled(text::fit(complaint, width), theme.warn);
    }
    if values.is_many() && !values.ticked().is_empty() {
        let said = format!("Enter takes {}: ", values.taken().len());
        let case = if values.match_case { "matching case, " } else { "" };
        let start = Span::styled(format!("{case}{said}"), theme.dim);
        let room = width.saturating_sub(start.width());
        let counted = what_if::line(values.with_ticked(), 0, theme, room);
        return std::iter::once(start).chain(counted.spans).collect();
    }
    let ticked = match (values.is_many(), values.ticked().len()) {
        (false, _) => "Enter takes the value, Tab takes several".to_owned(),
        (true, _) => "Space ticks, Tab ticks and finds the next, Enter takes".to_owned(),
    };
    let case = if values.match_case { "  matching case" } else { "" };
    Line::styled(text::fit(&format!("{ticked}{case}"), width), theme.dim)
}

struct RowDrawer<'a> {
    values: &'a Values,
    theme: &'a Theme,
    width: usize,
    bars: bool,
    most: u64,
}

impl RowDrawer<'_> {
    fn line(&self, value: &str, count: Option<Count>, would_be: Option<u64>) -> Line<'static> {
        let tick = match (self.values.is_many(), self.values.is_ticked(value)) {
            (true, true) => "[x] ",
            (true, false) => "[ ] ",
            (false, _) => "",
        };
        let style = if self.values.is_ticked(value) { self.theme.accent } else { self.theme.text };
        self.counted(tick, value, style, count, would_be)
    }

    #[allow(clippy::cast_precision_loss)]
    fn counted(
        &self,
        tick: &str,
        value: &str,
        style: ratatui::style::Style,
        count: Option<Count>,
        would_be: Option<u64>,
    ) -> Line<'static> {
        let mut end = Vec::new();
        let known = count.is_some();
        let whole = |number: Option<u64>| {
            if known { number.map(number::whole).unwrap_or_default() } else { "as typed".into() }
        };
        end.push(Span::styled(text::right(&whole(count.map(|count| count.all)), COUNT), self.theme.dim));
        let would_be_text = would_be.map_or_else(|| "…".to_owned(), number::whole);
        end.push(Span::styled(text::right(&would_be_text, COUNT), self.theme.text));
        if self.bars {
            let part = would_be.unwrap_or(0) as f64;
            let (filled, _) = number::bar(part, self.most as f64, BAR);
            end.push(Span::styled(format!(" {}", text::left(&filled, BAR)), self.theme.bar));
        }
        let used: usize = end.iter().map(Span::width).sum();
        let shown = text::fit(&format!("{tick}{value}"), self.width.saturating_sub(used + 1));
        draw_frame::ends(vec![Span::styled(shown, style)], end, self.width)
    }

    fn rest(&self, counts: &ValueCounts) -> Vec<Line<'static>> {
        if !self.values.query.text().is_empty() {
            return Vec::new();
        }
        let mut lines = Vec::new();
        let blank = if self.values.is_many() { "    " } else { "" };
        for (name, count) in [("NULL", counts.null), ("blank", counts.blank)] {
            if count.all > 0 {
                lines.push(self.counted(blank, name, self.theme.dim, Some(count), Some(count.segment)));
            }
        }
        if counts.left_out > 0 {
            let note =
                format!("{} less frequent values are not listed; type them", number::whole(counts.left_out));
            lines.push(Line::styled(text::fit(&note, self.width), self.theme.dim));
        }
        lines
    }
}
