//! The purchasers of the open segment by the values of attributes: a chart for each attribute, or one of them as a
//! whole table.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use super::breakdown_words::{currency, label, place, purchaser_share, table_label, words};
use super::{breakdown_table, page_line};
use crate::app::App;
use crate::app::layers::editor::state::Editor;
use crate::app::layers::pages::breakdown::{Breakdown, value_label};
use crate::app::layers::pages::measure::Measure;
use crate::backend::{AttributeBreakdown, ColumnName, Purchases, SegmentAndAll};
use crate::ui::charts::{PairedRow, legend, pairs};
use crate::ui::theme::Theme;
use crate::ui::{diagnostic, frame as draw_frame, number, text};

/// The fewest columns of a chart where several stand beside each other.
const CHART_COLUMNS: u16 = 38;
/// The fewest lines of a chart where several stand below each other.
const CHART_LINES: u16 = 8;
/// The most charts beside each other.
const MOST_BESIDE: usize = 3;
/// With fewer columns the legend has a line of its own.
const WIDE: u16 = 76;
/// With fewer lines nothing is said of the value at the cursor.
const TALL: u16 = 14;

pub fn draw(app: &App, _: &Editor, page: &Breakdown, theme: &Theme, frame: &mut Frame, area: Rect) {
    let head = if area.width < WIDE { 2 } else { 1 };
    let foot = if area.height >= TALL { 1 } else { 0 };
    let rows = [Constraint::Length(head), Constraint::Min(0), Constraint::Length(foot)];
    let [top, body, bottom] = Layout::vertical(rows).areas(area);
    let columns = usize::from(body.width);
    let fault = page.days_fault.as_deref();
    if let Some(lines) = page_line::refusal(
        app,
        &page.figures,
        fault,
        theme,
        columns.saturating_sub(2),
        usize::from(body.height),
    ) {
        draw_head(app, page, None, theme, frame, top);
        let inner = Rect { x: body.x + 1, width: body.width.saturating_sub(2), ..body };
        return frame.render_widget(Paragraph::new(lines), inner);
    }
    if page.attributes.is_empty() {
        draw_head(app, page, None, theme, frame, top);
        let said = " none of the usual attributes is here: a chooses one";
        return frame.render_widget(Line::styled(text::fit(said, columns), theme.dim), body);
    }
    let grid = Grid::new(page.attributes.len(), page.focus, body);
    let place = if page.is_open { None } else { grid.place() };
    draw_head(app, page, place, theme, frame, top);
    if let (true, Some(attribute)) = (page.is_open, page.attribute()) {
        breakdown_table::draw(app, page, attribute, theme, frame, body);
    } else {
        for (at, cell) in grid.cells() {
            if let Some(attribute) = page.attributes.get(at) {
                chart(app, page, attribute, at == page.focus, theme, frame, cell);
            }
        }
    }
    frame.render_widget(at_cursor(app, page, theme, columns), bottom);
}

/// Which charts are in sight, and where.
struct Grid {
    area: Rect,
    count: usize,
    beside: usize,
    /// The first row that is in sight.
    first: usize,
    /// How many rows are.
    rows: usize,
}

impl Grid {
    fn new(count: usize, focus: usize, area: Rect) -> Self {
        let most = usize::from(area.width / CHART_COLUMNS).clamp(1, MOST_BESIDE);
        let all = count.div_ceil(most).max(1);
        let beside = count.div_ceil(all).max(1);
        let rows = usize::from(area.height / CHART_LINES).clamp(1, all);
        let first = (focus / beside).min(all - rows);
        Self { area, count, beside, first, rows }
    }

    /// Which of how many are shown, where that is not all.
    fn place(&self) -> Option<String> {
        let first = self.first * self.beside;
        let last = (first + self.rows * self.beside).min(self.count);
        let shown = last.saturating_sub(first);
        let said = match shown {
            1 => format!("{last} of {}", self.count),
            _ => format!("{}–{last} of {}", first + 1, self.count),
        };
        (shown < self.count).then_some(said)
    }

    fn cells(&self) -> Vec<(usize, Rect)> {
        let rows = Layout::vertical(vec![Constraint::Fill(1); self.rows]).split(self.area);
        let mut cells = Vec::new();
        for (row, area) in rows.iter().enumerate() {
            let across = Layout::horizontal(vec![Constraint::Fill(1); self.beside]).split(*area);
            let first = (self.first + row) * self.beside;
            cells.extend(across.iter().enumerate().map(|(column, cell)| (first + column, *cell)));
        }
        cells
    }
}

fn draw_head(
    app: &App,
    page: &Breakdown,
    place: Option<String>,
    theme: &Theme,
    frame: &mut Frame,
    area: Rect,
) {
    let columns = usize::from(area.width);
    let whom = app.whom().plural;
    let legend = || legend("segment", &format!("all {whom}"), theme);
    let mut shown = vec![Span::styled(format!(" {}", page.measure.title()), theme.accent)];
    shown.extend(place.map(|place| Span::styled(format!("  {place}"), theme.dim)));
    shown.extend(page_line::state(&page.figures, page.is_current(), theme));
    if area.height < 2 {
        shown.push(Span::raw("   "));
        shown.extend(legend().spans);
    }
    let line = page_line::line(shown, &page.days, app.as_of(), theme, columns);
    let mut lines = vec![line];
    if area.height >= 2 {
        lines.push(Line::from([vec![Span::raw(" ")], legend().spans].concat()));
    }
    frame.render_widget(Paragraph::new(lines), area);
}

fn chart(
    app: &App,
    page: &Breakdown,
    attribute: &ColumnName,
    is_focused: bool,
    theme: &Theme,
    frame: &mut Frame,
    area: Rect,
) {
    let is_top = app.overlays().is_empty();
    let title = format!("{} · {}", label(app, attribute), table_label(app, attribute));
    let inner = draw_frame::pane(&title, is_focused && is_top, theme, frame, area);
    let (columns, height) = (usize::from(inner.width), usize::from(inner.height));
    let lines = match page.figures_of(attribute) {
        None => vec![Line::styled("…", theme.dim)],
        Some(Err(missing)) => diagnostic::lines(missing, columns, height, theme),
        Some(Ok(figures)) if figures.values.values.is_empty() => {
            let said = format!("nobody among all {} has an order in these days", app.whom().plural);
            text::wrap(&said, columns, height).into_iter().map(|line| Line::styled(line, theme.dim)).collect()
        }
        Some(Ok(figures)) => {
            let cursor = page.cursor(attribute);
            draw_frame::note(&place(figures, cursor, is_focused), theme, frame, inner);
            bars(app, page, (attribute, figures), (cursor, is_focused), theme, inner)
        }
    };
    frame.render_widget(Paragraph::new(lines), inner);
}

/// The bars of the values around the cursor. They are as long as they would be beside all others.
fn bars(
    app: &App,
    page: &Breakdown,
    (attribute, figures): (&ColumnName, &AttributeBreakdown),
    (cursor, is_focused): (usize, bool),
    theme: &Theme,
    inner: Rect,
) -> Vec<Line<'static>> {
    let currency = currency(app);
    let count = figures.values.values.len();
    let fit = usize::from(inner.height / 2).max(1);
    let first = cursor.saturating_sub(fit / 2).min(count.saturating_sub(fit));
    let amount = |of: &Purchases, total: &Purchases| page.measure.amount(of, total);
    let both = |of: &SegmentAndAll<Purchases>| {
        (amount(&of.segment, &figures.total.segment), amount(&of.all, &figures.total.all))
    };
    let longest = page.ranking(attribute).map(|ranking| ranking.longest);
    let shown = page.listed(attribute, first, fit).map(|(value, of)| PairedRow {
        label: value_label(value),
        values: both(of),
        numbers: (
            words(page.measure, &of.segment, &figures.total.segment, &currency),
            words(page.measure, &of.all, &figures.total.all, &currency),
        ),
    });
    let scale = PairedRow { values: (longest, None), ..PairedRow::default() };
    let rows: Vec<PairedRow> = shown.chain([scale]).collect();
    let style = page_line::number_style(page.is_current(), theme);
    let mut lines = pairs(&rows, style, theme, usize::from(inner.width));
    lines.truncate(lines.len().saturating_sub(2));
    if is_focused {
        let at = 2 * cursor.saturating_sub(first);
        lines.iter_mut().skip(at).take(2).for_each(|line| *line = line.clone().patch_style(theme.selection));
    }
    lines
}

/// All that there is to say of the value at the cursor, the measure first, and whom a new segment would have.
fn at_cursor(app: &App, page: &Breakdown, theme: &Theme, columns: usize) -> Line<'static> {
    let Some((attribute, (value, of))) = page.attribute().zip(page.at_cursor()) else {
        return Line::default();
    };
    let Some(Ok(figures)) = page.figures_of(attribute) else { return Line::default() };
    let currency = currency(app);
    let said = format!(
        " {}: {}; all: {} · Enter: all members with it",
        text::fit(&value_label(value), columns / 4),
        of_value(page.measure, &of.segment, &figures.total.segment, &currency),
        of_value(page.measure, &of.all, &figures.total.all, &currency),
    );
    Line::styled(text::fit(&said, columns), theme.dim)
}

/// `$1,204 of $9,000 (13.4 %), 12 purchasers`
fn of_value(measure: Measure, of: &Purchases, total: &Purchases, currency: &str) -> String {
    let share = words(measure, of, total, currency);
    let purchasers = number::whole(of.purchasers);
    let money = |of: &Purchases| of.revenue.map(|revenue| number::money(revenue, currency, false));
    match (measure, money(of), money(total)) {
        (Measure::Revenue, Some(revenue), Some(all)) => {
            format!("{revenue} of {all} ({share}), {purchasers} purchasers")
        }
        (Measure::RevenuePerPurchaser, Some(revenue), _) => {
            format!("{share} per purchaser, {revenue}, {purchasers} purchasers")
        }
        _ => {
            let (all, share) = (number::whole(total.purchasers), purchaser_share(of, total));
            format!("{purchasers} of {all} purchasers ({share})")
        }
    }
}
