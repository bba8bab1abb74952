//! The open segment and others side by side: seven figures of each, with what they differ from the baseline.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use super::breakdown_words::currency;
use super::{overlaps, page_line};
use crate::app::App;
use crate::app::layers::editor::state::Editor;
use crate::app::layers::pages::compare::Compare;
use crate::backend::{ComparedFigures, Money};
use crate::ui::theme::Theme;
use crate::ui::{frame as draw_frame, number, text};

/// From here on a column has room for whole numbers.
const WIDE_COLUMN: usize = 14;
/// The fewest columns of a column.
const LEAST_COLUMN: usize = 9;
/// The most.
const MOST_COLUMN: usize = 24;
/// With fewer lines there is no border, and a figure has one line.
const TALL: u16 = 18;

/// The seven figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Figure {
    Unique,
    Active,
    Revenue,
    RevenuePerCustomer,
    OrdersPerCustomer,
    UnitsPerOrder,
    AverageOrderValue,
}

impl Figure {
    const ALL: [Self; 7] = [
        Self::Unique,
        Self::Active,
        Self::Revenue,
        Self::RevenuePerCustomer,
        Self::OrdersPerCustomer,
        Self::UnitsPerOrder,
        Self::AverageOrderValue,
    ];

    /// Its name, and a short one.
    fn titles(self, app: &App) -> [String; 2] {
        let whom = app.whom();
        let per = |what: &str| [format!("{what} per {}", whom.singular), format!("{what}/{}", whom.singular)];
        match self {
            Self::Unique => [format!("Unique {}", whom.plural), "Unique".to_owned()],
            Self::Active => [format!("Active {}", whom.plural), "Active".to_owned()],
            Self::Revenue => ["Revenue".to_owned(), "Revenue".to_owned()],
            Self::RevenuePerCustomer => per("Revenue"),
            Self::OrdersPerCustomer => per("Orders"),
            Self::UnitsPerOrder => ["Units per order".to_owned(), "Units/order".to_owned()],
            Self::AverageOrderValue => ["Average order value".to_owned(), "Avg order value".to_owned()],
        }
    }

    /// The figure itself, for differences.
    #[allow(clippy::cast_precision_loss)]
    fn value(self, of: &ComparedFigures) -> Option<f64> {
        match self {
            Self::Unique => Some(of.unique_customers as f64),
            Self::Active => of.active_customers.map(|count| count as f64),
            Self::Revenue => of.revenue.map(Money::as_f64),
            Self::RevenuePerCustomer => of.revenue_per_customer.map(|number| number.as_f64()),
            Self::OrdersPerCustomer => of.orders_per_customer.map(|number| number.as_f64()),
            Self::UnitsPerOrder => of.units_per_order.map(|number| number.as_f64()),
            Self::AverageOrderValue => of.average_order_value.map(|number| number.as_f64()),
        }
    }

    fn words(self, of: &ComparedFigures, currency: &str, columns: usize) -> Option<String> {
        let count = |count: u64| {
            let whole = number::whole(count);
            if text::width(&whole) <= columns { whole } else { number::short(count) }
        };
        let money = |amount: f64| number::money_of(amount, currency);
        match self {
            Self::Unique => Some(count(of.unique_customers)),
            Self::Active => of.active_customers.map(count),
            Self::Revenue => of.revenue.map(|revenue| {
                let whole = number::money(revenue, currency, false);
                let fits = columns >= WIDE_COLUMN && text::width(&whole) <= columns;
                if fits { whole } else { number::short_money(revenue, currency) }
            }),
            Self::RevenuePerCustomer | Self::AverageOrderValue => self.value(of).map(money),
            Self::OrdersPerCustomer | Self::UnitsPerOrder => {
                self.value(of).map(|value| number::decimal(value, 2))
            }
        }
    }

    /// Whether that of a segment is a part of that of all.
    fn is_part(self) -> bool {
        matches!(self, Self::Unique | Self::Active | Self::Revenue)
    }
}

pub fn draw(app: &App, _: &Editor, page: &Compare, theme: &Theme, frame: &mut Frame, area: Rect) {
    let foot = if area.height >= TALL { 1 } else { 0 };
    let rows = [Constraint::Length(1), Constraint::Min(0), Constraint::Length(foot)];
    let [top, body, bottom] = Layout::vertical(rows).areas(area);
    let columns = usize::from(area.width);
    frame.render_widget(head(app, page, theme, columns), top);
    let (fault, height) = (page.days_fault.as_deref(), usize::from(body.height));
    let room = columns.saturating_sub(2);
    if let Some(lines) = page_line::refusal(app, &page.figures, fault, theme, room, height) {
        let inner = Rect { x: body.x + 1, width: body.width.saturating_sub(2), ..body };
        return frame.render_widget(Paragraph::new(lines), inner);
    }
    if page.overlaps.is_shown {
        return overlaps::draw(app, page, theme, frame, Rect { height: body.height + foot, ..body });
    }
    let inner = match body.height >= TALL {
        true => draw_frame::pane("Figures", app.overlays().is_empty(), theme, frame, body),
        false => Rect { x: body.x + 1, width: body.width.saturating_sub(2), ..body },
    };
    let table = Table::new(app, page, theme, inner);
    frame.render_widget(Paragraph::new(table.lines(inner.height)), inner);
    frame.render_widget(Line::styled(text::fit(&at_cursor(app, page), columns), theme.dim), bottom);
}

fn head(app: &App, page: &Compare, theme: &Theme, columns: usize) -> Line<'static> {
    let baseline = match page.overlaps.is_shown {
        true => " what they share".to_owned(),
        false => format!(" compared to {}", text::fit(&title(app, page, page.baseline), 24)),
    };
    let mut shown = vec![Span::styled(baseline, theme.accent)];
    shown.extend(page_line::state(&page.figures, page.is_current(), theme));
    page_line::line(shown, &page.days, app.as_of(), theme, columns)
}

/// The title of a column: 0 is all customers, then the segments by their numbers.
pub(super) fn title(app: &App, page: &Compare, column: usize) -> String {
    let name = match column.checked_sub(2) {
        Some(other) => page.others.get(other).map(|other| other.name.clone()),
        None => app.editor().map(|editor| editor.segment().name.clone()),
    };
    match column {
        0 => format!("all {}", app.whom().plural),
        column => format!("{column} {}", name.unwrap_or_default()),
    }
}

/// What there is to say of the column at the cursor.
fn at_cursor(app: &App, page: &Compare) -> String {
    let title = title(app, page, page.column);
    let other = page.column.checked_sub(2).and_then(|at| page.others.get(at));
    let is_faulty = match page.column {
        0 => false,
        1 => app.editor().is_some_and(|editor| {
            editor.problems.iter().any(|problem| problem.severity == crate::segment::Severity::Error)
        }),
        _ => other.is_some_and(|other| other.has_fault),
    };
    match other.and_then(|other| other.fault()) {
        Some(fault) => format!(" {title}: {fault}"),
        None if is_faulty => format!(" {title}: conditions that cannot be evaluated are left out"),
        None if page.others.is_empty() => format!(" {title} · a compares with another segment"),
        None => format!(" {title}"),
    }
}

/// The figures as a table, of which the columns that fit are in sight: the baseline and the one at the cursor always.
struct Table<'a> {
    app: &'a App,
    page: &'a Compare,
    theme: &'a Theme,
    shown: Vec<usize>,
    label: usize,
    column: usize,
}

impl<'a> Table<'a> {
    fn new(app: &'a App, page: &'a Compare, theme: &'a Theme, area: Rect) -> Self {
        let room = usize::from(area.width);
        let label = if room >= 100 { 22 } else { 16 };
        let count = page.columns();
        let fitting = (room.saturating_sub(label) / (LEAST_COLUMN + 1)).max(2).min(count);
        let baseline = page.baseline.min(count - 1);
        let mut shown = vec![baseline, page.column.min(count - 1)];
        // Then those beside the cursor.
        let mut others: Vec<usize> = (0..count).collect();
        others.sort_by_key(|column| column.abs_diff(page.column));
        for column in others {
            if shown.len() < fitting + usize::from(baseline == page.column) && !shown.contains(&column) {
                shown.push(column);
            }
        }
        shown.sort_unstable();
        shown.dedup();
        let column = (room.saturating_sub(label) / shown.len().max(1)).saturating_sub(1);
        Self { app, page, theme, shown, label, column: column.min(MOST_COLUMN) }
    }

    /// That there are more columns than fit.
    fn left_out(&self) -> String {
        let more = self.page.columns() - self.shown.len();
        if more > 0 { format!("{more} more ← →") } else { String::new() }
    }

    /// The title of a column.
    fn title(&self, column: usize) -> String {
        match column {
            0 if self.column < WIDE_COLUMN => "all".to_owned(),
            _ => title(self.app, self.page, column),
        }
    }

    fn row(&self, label: &str, style: Style, cell: impl Fn(usize) -> (String, Style)) -> Line<'static> {
        let mut spans = vec![Span::styled(text::left(label, self.label), style)];
        for column in &self.shown {
            let (said, style) = cell(*column);
            let span = Span::styled(format!(" {}", text::right(&said, self.column)), style);
            // Which column the cursor is on is said by more than colour: its title stands in brackets.
            spans.push(if *column == self.page.column {
                span.patch_style(self.theme.selection)
            } else {
                span
            });
        }
        Line::from(spans)
    }

    fn lines(&self, height: u16) -> Vec<Line<'static>> {
        let theme = self.theme;
        let per_figure = usize::from(height.saturating_sub(2)) / Figure::ALL.len();
        let mut lines = vec![self.row(&self.left_out(), theme.dim, |column| {
            let title = self.title(column);
            let style = if column == 0 { theme.dim } else { theme.accent };
            match column == self.page.column {
                true => (format!("[{}]", text::fit(&title, self.column.saturating_sub(2))), style),
                false => (title, style),
            }
        })];
        if per_figure >= 2 {
            lines.push(self.row("", theme.dim, |column| (self.mark(column), theme.dim)));
        }
        for figure in Figure::ALL {
            let [full, short] = figure.titles(self.app);
            let label = if text::width(&full) <= self.label { full } else { short };
            let number = page_line::number_style(self.page.is_current(), theme);
            lines.push(self.row(&label, theme.text, |column| (self.value(figure, column), number)));
            if per_figure >= 2 {
                lines.push(self.row("", theme.dim, |column| self.below(figure, column)));
            }
            if per_figure >= 3 {
                lines.push(Line::default());
            }
        }
        lines
    }

    /// What stands below the title of a column.
    fn mark(&self, column: usize) -> String {
        let other = column.checked_sub(2).and_then(|at| self.page.others.get(at));
        match other {
            Some(other) if other.fault().is_some() => "not compared".to_owned(),
            _ if column == self.page.baseline => "baseline".to_owned(),
            Some(other) if other.has_fault => "! incomplete".to_owned(),
            _ => String::new(),
        }
    }

    fn value(&self, figure: Figure, column: usize) -> String {
        let other = column.checked_sub(2).and_then(|at| self.page.others.get(at));
        if other.is_some_and(|other| other.fault().is_some()) {
            return "–".to_owned();
        }
        let Some(figures) = self.page.column(column) else { return "…".to_owned() };
        figure.words(figures, &currency(self.app), self.column).unwrap_or_else(|| "–".to_owned())
    }

    /// The difference to the baseline; of counts and revenue beside all customers their share instead.
    fn below(&self, figure: Figure, column: usize) -> (String, Style) {
        let nothing = (String::new(), self.theme.dim);
        let other = column.checked_sub(2).and_then(|at| self.page.others.get(at));
        if column == self.page.baseline || other.is_some_and(|other| other.fault().is_some()) {
            return nothing;
        }
        let of = |column: usize| figure.value(self.page.column(column)?);
        let (Some(value), Some(baseline)) = (of(column), of(self.page.baseline)) else { return nothing };
        if figure.is_part() && self.page.baseline == 0 {
            let short = number::share(value, baseline);
            let long = format!("{short} of all");
            let said = if text::width(&long) <= self.column { long } else { short };
            return (said, self.theme.dim);
        }
        difference(value, baseline, self.theme).unwrap_or(nothing)
    }
}

/// `▲ +3.2 %`: what a figure differs from the baseline, as a share of that; nothing where that is 0.
fn difference(value: f64, baseline: f64, theme: &Theme) -> Option<(String, Style)> {
    if baseline == 0.0 {
        return None;
    }
    let [more, less, same] = theme.glyphs.directions();
    let ratio = (value - baseline) / baseline;
    let percent = number::decimal(100.0 * ratio.abs(), 1);
    Some(match ratio.partial_cmp(&0.0)? {
        std::cmp::Ordering::Greater => (format!("{more} +{percent} %"), theme.good),
        std::cmp::Ordering::Less => (format!("{less} −{percent} %"), theme.warn),
        std::cmp::Ordering::Equal => (format!("{same} ±{percent} %"), theme.dim),
    })
}
