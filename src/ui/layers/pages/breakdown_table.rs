//! The breakdown by one attribute as a whole table, of which only the lines in sight are made.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use super::breakdown_words::{
    currency, label, per_purchaser, place, purchaser_share, revenue_share, table_label,
};
use super::page_line;
use crate::app::App;
use crate::app::layers::pages::breakdown::{Breakdown, value_label};
use crate::app::layers::pages::measure::Measure;
use crate::backend::{AttributeBreakdown, ColumnName, Purchases, SegmentAndAll};
use crate::ui::theme::Theme;
use crate::ui::{diagnostic, frame as draw_frame, number, text};

/// The fewest columns for values.
const VALUE: usize = 12;
/// The most that they are given.
const MOST_VALUE: usize = 40;

/// A figure of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Figure {
    Purchasers,
    PurchaserShare,
    Revenue,
    RevenueShare,
    PerPurchaser,
}

impl Figure {
    /// All of them, and what is left of them for a measure where there is less and less room.
    fn choices(measure: Measure) -> [Vec<Self>; 3] {
        use Figure::{PerPurchaser, PurchaserShare, Purchasers, Revenue, RevenueShare};
        let all = vec![Purchasers, PurchaserShare, Revenue, RevenueShare, PerPurchaser];
        match measure {
            Measure::Purchasers => [all, vec![Purchasers, PurchaserShare], vec![PurchaserShare]],
            Measure::Revenue => [all, vec![Revenue, RevenueShare], vec![RevenueShare]],
            Measure::RevenuePerPurchaser => [all, vec![Purchasers, PerPurchaser], vec![PerPurchaser]],
        }
    }

    /// Its heading, and a short one; a share says of what.
    fn title(self, is_long: bool) -> &'static str {
        match (self, is_long) {
            (Self::Purchasers, _) => "purchasers",
            (Self::PurchaserShare, true) => "% of purchasers",
            (Self::PurchaserShare, false) => "% purch",
            (Self::Revenue, _) => "revenue",
            (Self::RevenueShare, true) => "% of revenue",
            (Self::RevenueShare, false) => "% rev",
            (Self::PerPurchaser, _) => "per purch.",
        }
    }

    fn of(self, of: &Purchases, total: &Purchases, currency: &str) -> String {
        let said = match self {
            Self::Purchasers => Some(number::whole(of.purchasers)),
            Self::PurchaserShare => Some(purchaser_share(of, total)),
            Self::Revenue => of.revenue.map(|revenue| number::money(revenue, currency, false)),
            Self::RevenueShare => revenue_share(of, total),
            Self::PerPurchaser => per_purchaser(of, currency),
        };
        said.unwrap_or_else(|| "–".to_owned())
    }

    /// How wide it is at most.
    fn width(self, total: &SegmentAndAll<Purchases>, dearest: &Purchases, currency: &str) -> usize {
        let wide = |of: &Purchases| text::width(&self.of(of, of, currency));
        match self {
            Self::PurchaserShare | Self::RevenueShare => 7,
            Self::PerPurchaser => wide(dearest),
            // Sums are the widest.
            Self::Purchasers | Self::Revenue => wide(&total.segment).max(wide(&total.all)),
        }
    }

    /// Blanks before it: a share belongs to the number on its left.
    fn gap(self) -> usize {
        if matches!(self, Self::PurchaserShare | Self::RevenueShare) { 1 } else { 2 }
    }
}

/// Which figures fit, and how wide each is.
struct Columns {
    figures: Vec<(Figure, usize)>,
    value: usize,
    /// Whether there is room for long headings.
    is_long: bool,
}

impl Columns {
    fn new(measure: Measure, width: impl Fn(Figure) -> usize, room: usize) -> Self {
        let (mut widths, mut is_long) = (Vec::new(), false);
        let choices = Figure::choices(measure).into_iter().flat_map(|of| [(of.clone(), true), (of, false)]);
        for (figures, long) in choices {
            let wide = |figure: Figure| width(figure).max(text::width(figure.title(long)));
            widths = figures.into_iter().map(|figure| (figure, wide(figure))).collect();
            is_long = long;
            if 2 * Self::group(&widths) + VALUE <= room {
                break;
            }
        }
        let value = room.saturating_sub(2 * Self::group(&widths)).clamp(1, MOST_VALUE);
        Self { figures: widths, value, is_long }
    }

    /// How wide the figures of the segment are, or those of all.
    fn group(widths: &[(Figure, usize)]) -> usize {
        widths.iter().map(|(figure, width)| width + figure.gap()).sum()
    }

    fn line(
        &self,
        first: Span<'static>,
        cell: impl Fn(Figure, bool) -> String,
        styles: [Style; 2],
    ) -> Line<'static> {
        let mut spans = vec![first];
        for (of_all, style) in [false, true].into_iter().zip(styles) {
            for (figure, width) in &self.figures {
                let said = text::right(&cell(*figure, of_all), *width);
                spans.push(Span::styled(format!("{}{said}", " ".repeat(figure.gap())), style));
            }
        }
        Line::from(spans)
    }
}

pub(super) fn draw(
    app: &App,
    page: &Breakdown,
    attribute: &ColumnName,
    theme: &Theme,
    frame: &mut Frame,
    area: Rect,
) {
    let title = format!("{} · {}", label(app, attribute), table_label(app, attribute));
    let inner = draw_frame::pane(&title, app.overlays().is_empty(), theme, frame, area);
    let (columns, height) = (usize::from(inner.width), usize::from(inner.height));
    match page.figures_of(attribute) {
        None => frame.render_widget(Line::styled("…", theme.dim), inner),
        Some(Err(missing)) => {
            frame.render_widget(Paragraph::new(diagnostic::lines(missing, columns, height, theme)), inner);
        }
        Some(Ok(figures)) => {
            let cursor = page.cursor(attribute);
            draw_frame::note(&place(figures, cursor, true), theme, frame, inner);
            table(app, page, (attribute, figures), theme, frame, inner);
        }
    }
}

fn table(
    app: &App,
    page: &Breakdown,
    (attribute, figures): (&ColumnName, &AttributeBreakdown),
    theme: &Theme,
    frame: &mut Frame,
    inner: Rect,
) {
    let currency = currency(app);
    let (total, cursor) = (&figures.total, page.cursor(attribute));
    let dearest = page.ranking(attribute).map(|ranking| ranking.dearest).unwrap_or_default();
    let width = |figure: Figure| figure.width(total, &dearest, &currency);
    let columns = Columns::new(page.measure, width, usize::from(inner.width));
    let heads = if inner.height >= 6 { 2 } else { 1 };
    let rows = [Constraint::Length(heads), Constraint::Min(0), Constraint::Length(1)];
    let [top, body, bottom] = Layout::vertical(rows).areas(inner);
    let blank = Span::raw(" ".repeat(columns.value));
    let mut head = Vec::new();
    if heads == 2 {
        let group = Columns::group(&columns.figures);
        let named = |name: &str| text::right(name, group);
        let all = named(&format!("all {}", app.whom().plural));
        let named = [Span::styled(named("segment"), theme.accent), Span::styled(all, theme.dim)];
        head.push(Line::from([vec![blank.clone()], named.to_vec()].concat()));
    }
    head.push(columns.line(blank, |figure, _| figure.title(columns.is_long).to_owned(), [theme.dim; 2]));
    frame.render_widget(Paragraph::new(head), top);
    let cells = |of: &SegmentAndAll<Purchases>, figure: Figure, of_all: bool| match of_all {
        false => figure.of(&of.segment, &total.segment, &currency),
        true => figure.of(&of.all, &total.all, &currency),
    };
    let near = draw_frame::near(figures.values.values.len(), cursor, body);
    let number = page_line::number_style(page.is_current(), theme);
    let listed = page.listed(attribute, near.start, near.len());
    let lines = listed.zip(near.start..).map(|((value, of), at)| {
        let name = Span::styled(text::left(&value_label(value), columns.value), theme.text);
        let line = columns.line(name, |figure, of_all| cells(of, figure, of_all), [number, theme.dim]);
        if at == cursor { line.patch_style(theme.selection) } else { line }
    });
    draw_frame::list(lines.collect(), cursor - near.start, frame, body);
    let name = Span::styled(text::left("all values", columns.value), theme.dim);
    let line = columns.line(name, |figure, of_all| cells(total, figure, of_all), [number, theme.dim]);
    frame.render_widget(line, bottom);
}
