//! What stands on the cards of the summary.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::page_line;
use super::summary_figures as figures;
use crate::app::App;
use crate::app::layers::editor::state::Editor;
use crate::app::layers::pages::Asked;
use crate::app::layers::pages::cards::CardKind;
use crate::app::layers::pages::summary::Summary;
use crate::backend::{Available, ListedValues, Metric, MetricValue, Summary as SummaryAnswer, TrendStep};
use crate::ui::charts::{BarRow, LineChart, bars, change};
use crate::ui::insights::Density;
use crate::ui::theme::Theme;
use crate::ui::{cells, diagnostic, insights, number, text};

/// Bars of one card; the others are in its whole table.
const MOST_BARS: usize = 8;
/// Lines of why there are no figures.
const MOST_REASON: usize = 6;
/// Columns of the numbers beside a line.
const NUMBERS: u16 = 40;

/// What the cards are drawn from.
pub(super) struct Cards<'a> {
    pub app: &'a App,
    pub editor: &'a Editor,
    pub page: &'a Summary,
    pub theme: &'a Theme,
    pub currency: String,
    /// Whether the figures of the summary are those of the definition as it is.
    is_current: bool,
}

/// What is on a card.
pub(super) enum Body {
    Lines(Vec<Line<'static>>),
    /// A chart, with its numbers beside it in so many columns.
    Chart {
        lines: Vec<Line<'static>>,
        room: u16,
    },
}

impl Body {
    pub(super) fn height(&self) -> usize {
        match self {
            Self::Lines(lines) | Self::Chart { lines, .. } => lines.len(),
        }
    }
}

impl<'a> Cards<'a> {
    pub(super) fn new(app: &'a App, editor: &'a Editor, page: &'a Summary, theme: &'a Theme) -> Self {
        let currency = app.database().map_or_else(|| "USD".to_owned(), |database| database.currency.clone());
        let is_current = page.figures.is_current();
        Self { app, editor, page, theme, currency, is_current }
    }

    /// How many lines the page has.
    pub(super) fn room(&self) -> u16 {
        self.app.size().1.saturating_sub(4)
    }

    /// That a card's figures are being worked out, in its border.
    pub(super) fn state(&self, card: &CardKind) -> Option<String> {
        if matches!(card, CardKind::Definition | CardKind::Insights) {
            let is_edited = *card == CardKind::Definition && self.editor.is_edited();
            return is_edited.then(|| "not saved".to_owned());
        }
        let asked = self.page.asked(card);
        if asked.is_current() || asked.failure().is_some() {
            return None;
        }
        Some(asked.percent().map_or_else(|| "…".to_owned(), |percent| format!("… {percent} %")))
    }

    /// How numbers look: those that are still being worked out stand back.
    pub(super) fn number(&self) -> Style {
        page_line::number_style(self.is_current, self.theme)
    }

    pub(super) fn body(&self, card: &CardKind, columns: usize) -> Body {
        if *card == CardKind::Insights {
            return Body::Lines(self.insights(columns));
        }
        if *card == CardKind::Trend {
            return self.trend(columns);
        }
        let Some(summary) = self.answer(&self.page.figures) else {
            return Body::Lines(self.missing(&self.page.figures, columns));
        };
        Body::Lines(match card {
            CardKind::Definition | CardKind::Insights | CardKind::Trend => Vec::new(),
            CardKind::RevenueTree => {
                self.part(&summary.revenue_tree, columns, |both| figures::tree(self, both, columns))
            }
            CardKind::Historical => {
                self.part(&summary.revenue_tree, columns, |both| figures::historical(self, both, columns))
            }
            CardKind::Predicted => {
                self.part(&summary.predicted, columns, |both| figures::predicted(self, both, columns))
            }
            CardKind::Reachability => {
                self.part(&summary.reachability, columns, |both| figures::reachability(self, both, columns))
            }
            CardKind::Channels => {
                self.part(&summary.channels, columns, |values| self.values(values, columns))
            }
            CardKind::LifetimeSpend => {
                self.part(&summary.lifetime_spend, columns, |bands| figures::bands(self, bands, columns))
            }
            CardKind::NewPurchasers => {
                self.part(&summary.new_purchasers, columns, |months| figures::months(self, months, columns))
            }
            CardKind::Metric(metric) => self.metric(metric, summary, columns),
        })
    }

    /// The figures to show: old ones only while others are being worked out.
    fn answer(&self, asked: &Asked) -> Option<&'a SummaryAnswer> {
        self.page.answer().filter(|_| asked.failure().is_none())
    }

    /// Why there are no figures.
    fn missing(&self, asked: &Asked, columns: usize) -> Vec<Line<'static>> {
        let refusal = page_line::refusal(self.app, asked, None, self.theme, columns, MOST_REASON);
        let without = self.app.database().is_none().then_some("no database is open");
        let said = without.unwrap_or("counting …");
        refusal.unwrap_or_else(|| vec![Line::styled(text::fit(said, columns), self.theme.dim)])
    }

    /// A part of the summary, or what the data lacks for it.
    fn part<T>(
        &self,
        part: &Available<T>,
        columns: usize,
        draw: impl FnOnce(&T) -> Vec<Line<'static>>,
    ) -> Vec<Line<'static>> {
        match part {
            Ok(part) => draw(part),
            Err(lacking) => {
                let lines = diagnostic::lines(lacking, columns, MOST_REASON, self.theme);
                // It is no error: this database has no such data.
                lines.into_iter().map(|line| line.patch_style(self.theme.dim)).collect()
            }
        }
    }

    fn insights(&self, columns: usize) -> Vec<Line<'static>> {
        let (evaluation, is_current) = insights::current(self.editor);
        let value = if is_current { self.theme.strong } else { self.theme.dim };
        let all = insights::of_segment(self.app, self.editor, false).into_iter();
        let lines = all.flat_map(|insight| {
            insights::lines(&insight, evaluation.is_some(), value, Density::Line, self.theme, columns)
        });
        lines.collect()
    }

    /// Members by value, most first.
    pub(super) fn values(&self, values: &ListedValues<u64>, columns: usize) -> Vec<Line<'static>> {
        use crate::app::layers::pages::card_table::value;
        if values.values.is_empty() {
            return vec![Line::styled("nobody has a value", self.theme.dim)];
        }
        let counts = values.values.iter().map(|(of, both)| (value(of), *both));
        self.counted(counts, values.left_out, columns)
    }

    /// A bar for each count of members, with its share of all.
    pub(super) fn counted(
        &self,
        counts: impl ExactSizeIterator<Item = (String, crate::backend::SegmentAndAll<u64>)>,
        left_out: u64,
        columns: usize,
    ) -> Vec<Line<'static>> {
        let more = counts.len().saturating_sub(MOST_BARS) as u64 + left_out;
        #[allow(clippy::cast_precision_loss)]
        let row = |(label, both): (String, crate::backend::SegmentAndAll<u64>)| BarRow {
            label,
            value: Some(both.segment as f64),
            number: number::whole(both.segment),
            note: number::share(both.segment as f64, both.all as f64),
        };
        let rows: Vec<BarRow> = counts.take(MOST_BARS).map(row).collect();
        let mut lines = bars(&rows, self.number(), self.theme, columns);
        if more > 0 {
            let said = format!("… {} more: Enter shows all", number::whole(more));
            lines.push(Line::styled(text::fit(&said, columns), self.theme.dim));
        }
        lines
    }

    fn metric(&self, metric: &Metric, summary: &SummaryAnswer, columns: usize) -> Vec<Line<'static>> {
        let found = summary.metrics.iter().find(|(name, _)| *name == metric.name);
        let Some((_, found)) = found else {
            return vec![Line::styled("counting …", self.theme.dim)];
        };
        self.part(found, columns, |found| match found {
            MetricValue::Bars(values) => self.values(values, columns),
            MetricValue::Number(both) => {
                let words = |number| cells::of_metric(metric, number, &self.currency);
                let mut lines = vec![
                    Line::styled(text::fit(&words(both.segment), columns), self.number()),
                    Line::styled(text::fit(&format!("all: {}", words(both.all)), columns), self.theme.dim),
                ];
                if let (Some(segment), Some(all)) = (both.segment, both.all) {
                    let change = change(segment.as_f64(), all.as_f64(), self.theme, |amount| {
                        cells::of_metric(
                            metric,
                            Some(crate::segment::Number::Decimal(amount)),
                            &self.currency,
                        )
                    });
                    let style = if self.is_current { change.style(self.theme) } else { self.theme.dim };
                    lines.push(Line::styled(text::fit(&change.full, columns), style));
                }
                lines
            }
        })
    }

    fn trend(&self, columns: usize) -> Body {
        let asked = &self.page.trend;
        let Some(trend) = self.page.points().filter(|_| asked.failure().is_none()) else {
            return Body::Lines(self.missing(asked, columns));
        };
        let style = page_line::number_style(asked.is_current(), self.theme);
        let step = match self.page.step {
            TrendStep::Day => "day",
            TrendStep::Week => "week",
            TrendStep::Month => "month",
            TrendStep::Quarter => "quarter",
        };
        let beside = columns >= usize::from(NUMBERS) + 26;
        let room = if beside { usize::from(NUMBERS) } else { columns };
        let mut lines = figures::points(self, trend, style, room);
        let said = format!("by {step} (t) · attributes are as the tables say today");
        if beside {
            let wrapped = text::wrap(&said, room, 2).into_iter();
            lines.extend(wrapped.map(|line| Line::styled(line, self.theme.dim)));
            return Body::Chart { lines, room: NUMBERS };
        }
        let wrapped = text::wrap(&said, room, 2).into_iter().chain(["no room for a chart here".to_owned()]);
        lines.extend(wrapped.map(|line| Line::styled(text::fit(&line, room), self.theme.dim)));
        Body::Lines(lines)
    }

    /// The line of the members over time.
    pub(super) fn trend_chart(&self, area: Rect, buffer: &mut Buffer) {
        let Some(trend) = self.page.points() else { return };
        #[allow(clippy::cast_precision_loss)]
        let points: Vec<f64> = trend.points.iter().map(|(_, of)| of.unique_customers as f64).collect();
        let day =
            |at: Option<&(chrono::NaiveDate, _)>| at.map(|(day, _)| day.to_string()).unwrap_or_default();
        let (first, last) = (day(trend.points.first()), day(trend.points.last()));
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let label = |value: f64| number::short(value.max(0.0) as u64);
        let is_old = !self.page.trend.is_current();
        let title = Line::from(vec![Span::styled("members", self.theme.dim)]);
        let [head, below] = ratatui::layout::Layout::vertical([
            ratatui::layout::Constraint::Length(1),
            ratatui::layout::Constraint::Min(0),
        ])
        .areas(area);
        ratatui::widgets::Widget::render(title, head, buffer);
        LineChart { points: &points, ends: (&first, &last), label: &label, is_old }
            .render(self.theme, buffer, below);
    }

    /// The change from all customers to the segment, where both are known.
    pub(super) fn change_of(
        &self,
        segment: &crate::app::layers::pages::card_table::Cell,
        all: &crate::app::layers::pages::card_table::Cell,
    ) -> Option<(crate::ui::charts::Change, Style)> {
        let (ours, theirs) = (cells::value(segment)?, cells::value(all)?);
        let change =
            change(ours, theirs, self.theme, |amount| cells::amount(segment, amount, &self.currency));
        let style = if self.is_current { change.style(self.theme) } else { self.theme.dim };
        Some((change, style))
    }
}
