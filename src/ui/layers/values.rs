//! The value picker: values with two counts and small bars.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span};

use crate::app::App;
use crate::app::layers::values::{ValueOrder, Values};
use crate::app::prompt::Prompt;
use crate::backend::{Count, ValueCounts};
use crate::ui::theme::Theme;
use crate::ui::{frame as draw_frame, number, text};

/// Columns of one count.
const COUNT: usize = 10;
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
    let most = counts.and_then(|counts| counts.values.iter().map(|value| value.count.all).max()).unwrap_or(0);
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
            let line = pen.line(&row.value, row.count);
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
    let all = text::right(&format!("all {}", app.whom().plural), COUNT + 6);
    let heads = format!("{all}{}{bar}", text::right("here", COUNT));
    draw_frame::two((order, theme.dim), (&heads, theme.dim), width)
}

fn footing(values: &Values, width: usize, theme: &Theme) -> Line<'static> {
    if let Some(complaint) = &values.complaint {
        return Line::styled(text::fit(complaint, width), theme.warn);
    }
    let ticked = match (values.is_many(), values.ticked().len()) {
        (false, _) => "Enter takes the value".to_owned(),
        (true, 0) => "Space ticks, Enter takes".to_owned(),
        (true, count) => format!("{count} ticked, Enter takes them"),
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
    fn line(&self, value: &str, count: Option<Count>) -> Line<'static> {
        let tick = match (self.values.is_many(), self.values.is_ticked(value)) {
            (true, true) => "[x] ",
            (true, false) => "[ ] ",
            (false, _) => "",
        };
        let style = if self.values.is_ticked(value) { self.theme.accent } else { self.theme.text };
        self.counted(tick, value, style, count)
    }

    #[allow(clippy::cast_precision_loss)]
    fn counted(
        &self,
        tick: &str,
        value: &str,
        style: ratatui::style::Style,
        count: Option<Count>,
    ) -> Line<'static> {
        let mut end = Vec::new();
        let known = count.is_some();
        let whole = |number: Option<u64>| {
            if known { number.map(number::whole).unwrap_or_default() } else { "as typed".into() }
        };
        end.push(Span::styled(text::right(&whole(count.map(|count| count.all)), COUNT), self.theme.dim));
        let here = count.map(|count| number::whole(count.segment)).unwrap_or_default();
        end.push(Span::styled(text::right(&here, COUNT), self.theme.text));
        if self.bars {
            let part = count.map_or(0, |count| count.segment) as f64;
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
                lines.push(self.counted(blank, name, self.theme.dim, Some(count)));
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
