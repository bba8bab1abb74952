//! The summary for people.

use super::parts::Parts;
use crate::backend::{ListedValues, MetricFormat, MetricValue, Money, SegmentAndAll, Summary, WantedNumbers};
use crate::cli::insights;
use crate::cli::numbers;
use crate::cli::page::{self, Cells};
use crate::cli::session::Opened;
use crate::cli::sheet::{self, Align};
use crate::database::ActivationId;
use crate::segment::{Number, Segment};

/// Lifetime spend is cut into five bands.
const BANDS: [&str; 5] = ["Top 20 %", "Second 20 %", "Third 20 %", "Fourth 20 %", "Lowest 20 %"];

pub(super) fn text(segment: &Segment, summary: &Summary, parts: &Parts<'_>, opened: &Opened) -> String {
    let people = opened.database.words(&summary.activation_id);
    let SegmentAndAll { segment: own, all } = &summary.insights;
    let insights = insights::table((own, all), WantedNumbers::All, &people.plural, opened);
    let cells = Cells { currency: &opened.database.currency };
    let mut page = Page { cells, rows: Vec::new() };
    page.tree(parts, &people);
    page.predicted(parts, &people.singular);
    page.reachability(parts);
    if let Some(channels) = parts.channels {
        page.section("PURCHASERS BY CHANNEL, 1 YEAR", "SHARE OF ALL");
        page.bars(channels);
    }
    page.spend(parts);
    page.new_purchasers(parts);
    page.metrics(parts, &opened.database.currency);
    let right = Align::Right;
    let rest = sheet::set(&page.rows, &[Align::Left, right, right, right]);
    let heading = page::heading(segment, opened);
    let remark = "Reachable says nothing of consent.";
    format!("{heading}\n\n{insights}\n{rest}\n\n{remark}").trim_end().to_owned()
}

struct Page<'a> {
    cells: Cells<'a>,
    rows: Vec<Vec<String>>,
}

impl Page<'_> {
    fn section(&mut self, title: &str, last: &str) {
        self.rows.push(Vec::new());
        self.rows.push([title, "SEGMENT", "ALL", last].map(str::to_owned).to_vec());
    }

    fn row(&mut self, title: impl Into<String>, segment: String, all: String, last: String) {
        self.rows.push(vec![title.into(), segment, all, last]);
    }

    fn amount(&mut self, title: &str, segment: Option<Money>, all: Option<Money>) {
        let share = self.cells.money_share(segment, all);
        self.row(title, self.cells.money(segment), self.cells.money(all), share);
    }

    fn count(&mut self, title: impl Into<String>, segment: Option<u64>, all: Option<u64>) {
        let share = self.cells.share(segment, all);
        self.row(title, self.cells.count(segment), self.cells.count(all), share);
    }

    fn average(&mut self, title: &str, segment: Option<Number>, all: Option<Number>) {
        let delta = self.cells.delta(segment, all);
        self.row(title, self.cells.average(segment), self.cells.average(all), delta);
    }

    fn average_money(&mut self, title: &str, segment: Option<Number>, all: Option<Number>) {
        let delta = self.cells.delta(segment, all);
        self.row(title, self.cells.average_money(segment), self.cells.average_money(all), delta);
    }

    fn tree(&mut self, parts: &Parts<'_>, people: &ActivationId) {
        let Some(SegmentAndAll { segment, all }) = parts.tree else { return };
        self.section("REVENUE TREE, 1 YEAR", "SHARE OR DELTA");
        self.amount("Net revenue", segment.net_revenue, all.net_revenue);
        let active = format!("Active {}", people.plural);
        self.count(active, Some(segment.customers), Some(all.customers));
        let per_person = format!("Revenue per {}", people.singular);
        self.average_money(&per_person, segment.revenue_per_customer, all.revenue_per_customer);
        let per_person = format!("Orders per {}", people.singular);
        self.average(&per_person, segment.orders_per_customer, all.orders_per_customer);
        self.average_money("Average order value", segment.average_order_value, all.average_order_value);
        self.average("Units per transaction", segment.units_per_transaction, all.units_per_transaction);
        self.average_money("Average unit revenue", segment.average_unit_revenue, all.average_unit_revenue);
    }

    fn predicted(&mut self, parts: &Parts<'_>, person: &str) {
        let Some(SegmentAndAll { segment, all }) = parts.predicted else { return };
        self.section("PREDICTED, NEXT YEAR", "DELTA");
        self.average_money(&format!("Revenue per {person}"), segment.clv, all.clv);
        let of_order = (segment.average_order_revenue, all.average_order_revenue);
        self.average_money("Average order value", of_order.0, of_order.1);
        self.average(&format!("Orders per {person}"), segment.order_frequency, all.order_frequency);
    }

    fn reachability(&mut self, parts: &Parts<'_>) {
        let Some(SegmentAndAll { segment, all }) = parts.reachability else { return };
        self.section("REACHABLE BY", "SHARE OF ALL");
        self.count("Email", segment.email, all.email);
        self.count("Phone", segment.phone, all.phone);
        self.count("Mail", segment.address, all.address);
        self.count("Paid social media", segment.paid_social, all.paid_social);
    }

    fn bars(&mut self, values: &ListedValues<u64>) {
        for (value, counts) in &values.values {
            self.count(page::value_words(value), Some(counts.segment), Some(counts.all));
        }
        self.rows.extend(page::left_out_words(values.left_out).map(|more| vec![more]));
    }

    fn spend(&mut self, parts: &Parts<'_>) {
        let Some(bands) = parts.spend else { return };
        self.section("CUSTOMERS BY LIFETIME SPEND", "SHARE OF ALL");
        for (name, SegmentAndAll { segment, all }) in BANDS.iter().zip(bands) {
            self.count(*name, Some(segment.customers), Some(all.customers));
        }
        self.section("REVENUE BY LIFETIME SPEND", "SHARE OF ALL");
        for (name, SegmentAndAll { segment, all }) in BANDS.iter().zip(bands) {
            self.amount(name, segment.revenue, all.revenue);
        }
    }

    fn new_purchasers(&mut self, parts: &Parts<'_>) {
        let Some(months) = parts.new_purchasers else { return };
        self.section("NEW PURCHASERS", "SHARE OF ALL");
        for month in months {
            let SegmentAndAll { segment, all } = month.customers;
            self.count(month.month.format("%Y-%m").to_string(), Some(segment), Some(all));
        }
    }

    fn metrics(&mut self, parts: &Parts<'_>, currency: &str) {
        let numbers = parts.metrics.iter().filter_map(|(metric, value)| match value {
            Some(MetricValue::Number(number)) => Some((metric, number)),
            _ => None,
        });
        for (at, (metric, SegmentAndAll { segment, all })) in numbers.enumerate() {
            if at == 0 {
                self.section("METRICS", "DELTA");
            }
            let cell = |number: &Option<Number>| match number {
                None => page::NONE.to_owned(),
                Some(number) => format!("{} {}", formatted(*number, metric.format, currency), metric.unit),
            };
            let delta = self.cells.delta(*segment, *all);
            self.row(
                &metric.name,
                cell(segment).trim_end().to_owned(),
                cell(all).trim_end().to_owned(),
                delta,
            );
        }
        for (metric, value) in &parts.metrics {
            if let Some(MetricValue::Bars(values)) = value {
                self.section(&metric.name, "SHARE OF ALL");
                self.bars(values);
            }
        }
    }
}

fn formatted(number: Number, format: MetricFormat, currency: &str) -> String {
    match format {
        MetricFormat::Integer => numbers::decimal(number, 0),
        MetricFormat::Money => numbers::average_money(number, currency),
        MetricFormat::Percent => format!("{:.1}%", number.as_f64() * 100.0),
    }
}
