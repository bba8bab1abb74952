//! What stands on the cards of the summary.

use ratatui::buffer::Buffer;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::text::{Line, Span};
use ratatui::widgets::Widget;

use super::page_line;
use super::summary_figures as figures;
use super::summary_pen::Pen;
use crate::app::App;
use crate::app::layers::editor::state::Editor;
use crate::app::layers::pages::Asked;
use crate::app::layers::pages::card_table;
use crate::app::layers::pages::cards::CardKind;
use crate::app::layers::pages::summary::Summary;
use crate::backend::{Available, Metric, MetricValue, Summary as SummaryAnswer, TrendStep};
use crate::ui::charts::{LineChart, change};
use crate::ui::insights::Density;
use crate::ui::theme::Theme;
use crate::ui::{cells, diagnostic, insights, number, text};

/// Lines of why there are no figures.
const MOST_REASON: usize = 6;
/// Columns of the numbers beside a line.
const NUMBERS: u16 = 44;

/// What the cards are drawn from.
pub(super) struct Cards<'a> {
    pub app: &'a App,
    pub editor: &'a Editor,
    pub page: &'a Summary,
    pub theme: &'a Theme,
    pen: Pen<'a>,
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
        let pen = Pen { theme, currency, is_current: page.figures.is_current() };
        Self { app, editor, page, theme, pen }
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
                self.part(&summary.revenue_tree, columns, |both| figures::tree(&self.pen, both, columns))
            }
            CardKind::Historical => self
                .part(&summary.revenue_tree, columns, |both| figures::historical(&self.pen, both, columns)),
            CardKind::Predicted => {
                self.part(&summary.predicted, columns, |both| figures::predicted(&self.pen, both, columns))
            }
            CardKind::Reachability => self
                .part(&summary.reachability, columns, |both| figures::reachability(&self.pen, both, columns)),
            CardKind::Channels => {
                self.part(&summary.channels, columns, |values| self.pen.values(values, columns))
            }
            CardKind::LifetimeSpend => {
                self.part(&summary.lifetime_spend, columns, |bands| figures::bands(&self.pen, bands, columns))
            }
            CardKind::NewPurchasers => self
                .part(&summary.new_purchasers, columns, |months| figures::months(&self.pen, months, columns)),
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
            insights::lines(
                &insight,
                insights::are_all_known(evaluation),
                value,
                Density::Line,
                self.theme,
                columns,
            )
        });
        lines.collect()
    }

    fn metric(&self, metric: &Metric, summary: &SummaryAnswer, columns: usize) -> Vec<Line<'static>> {
        let found = summary.metrics.iter().find(|(name, _)| *name == metric.name);
        let Some((_, found)) = found else {
            return vec![Line::styled("counting …", self.theme.dim)];
        };
        self.part(found, columns, |found| match found {
            MetricValue::Bars(values) => self.pen.values(values, columns),
            MetricValue::Number(both) => {
                let words = |number| cells::of_metric(metric, number, &self.pen.currency);
                let mut lines = vec![
                    Line::styled(text::fit(&words(both.segment), columns), self.pen.number()),
                    Line::styled(text::fit(&format!("all: {}", words(both.all)), columns), self.theme.dim),
                ];
                let (Some(segment), Some(all)) = (both.segment, both.all) else { return lines };
                if card_table::is_part(metric.function) {
                    let share = format!("{} of all", number::share(segment.as_f64(), all.as_f64()));
                    lines.push(Line::styled(text::fit(&share, columns), self.theme.dim));
                } else {
                    let change = change(segment.as_f64(), all.as_f64(), self.theme, |amount| {
                        cells::of_metric(
                            metric,
                            Some(crate::segment::Number::Decimal(amount)),
                            &self.pen.currency,
                        )
                    });
                    let style = if self.pen.is_current { change.style(self.theme) } else { self.theme.dim };
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
        let beside = columns >= usize::from(NUMBERS) + 27;
        let room = if beside { usize::from(NUMBERS) } else { columns };
        let mut lines = figures::points(&self.pen, trend, style, room);
        let (by, of) = (format!("by {step} (t)"), "attributes are as the tables say today");
        if beside {
            lines.extend([by, of.to_owned()].map(|line| Line::styled(line, self.theme.dim)));
            return Body::Chart { lines, room: NUMBERS };
        }
        let wrapped = text::wrap(&format!("{by} · {of}"), room, 2)
            .into_iter()
            .chain(["no room for a chart here".to_owned()]);
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
        let [head, below] = Layout::vertical([Constraint::Length(1), Constraint::Min(0)]).areas(area);
        title.render(head, buffer);
        LineChart { points: &points, ends: (&first, &last), label: &label, is_old }
            .render(self.theme, buffer, below);
    }
}
