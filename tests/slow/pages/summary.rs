//! The summary.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, Months, NaiveDate};
use segtui::backend::{
    ListedValues, Metric, MetricFunction, MetricKind, MetricValue, MonthCount, Predicted, Reachability,
    RevenueTree, SegmentAndAll, SpendBand,
};
use segtui::segment::Number;

use super::customers::written;
use super::exactly::{ONE, amount, billionths, money, number, ratio, rounded};
use super::orders::{Orders, Sums, is_numeric, past_year};
use super::{Ids, Pages, counted, listed};
use crate::slow::Cell;

impl Pages<'_> {
    fn halves<T>(&self, members: &BTreeSet<String>, of: impl Fn(&BTreeSet<String>) -> T) -> SegmentAndAll<T> {
        SegmentAndAll { segment: of(members), all: of(&self.all) }
    }

    pub fn revenue_tree(
        &self,
        orders: &Orders,
        members: &BTreeSet<String>,
        as_of: NaiveDate,
    ) -> SegmentAndAll<RevenueTree> {
        self.halves(members, |members| {
            let Sums { active, revenue, units, orders: count } = orders.sums(members, past_year(as_of));
            let customers = active.len() as i128;
            let of_revenue = |by| if orders.has_revenue { ratio(revenue, by) } else { None };
            RevenueTree {
                net_revenue: orders.has_revenue.then(|| money(revenue)),
                customers: active.len() as u64,
                revenue_per_customer: of_revenue(customers * ONE),
                orders_per_customer: ratio(count, customers),
                average_order_value: of_revenue(count * ONE),
                units_per_transaction: if orders.has_units { ratio(units, count * ONE) } else { None },
                average_unit_revenue: if orders.has_units { of_revenue(units) } else { None },
            }
        })
    }

    /// `None` without the table.
    pub fn predicted(&self, members: &BTreeSet<String>) -> Option<SegmentAndAll<Predicted>> {
        let rows = self.role(&self.database.roles.predicted)?;
        Some(self.halves(members, |members| {
            let average = |column: &str| {
                let (mut sum, mut count) = (0, 0);
                for row in (0..rows.len()).filter(|_| is_numeric(rows, column)) {
                    let cell = rows.cell(row, column);
                    let is_member = self.customer(rows, row).is_some_and(|id| members.contains(id));
                    if is_member && *cell != Cell::Null {
                        sum += amount(cell);
                        count += 1;
                    }
                }
                ratio(sum, count * ONE)
            };
            Predicted {
                clv: average("predicted_clv_next_365d"),
                average_order_revenue: average("predicted_average_order_revenue_next_365d"),
                order_frequency: average("predicted_order_frequency_next_365d"),
            }
        }))
    }

    pub fn reachability(&self, members: &BTreeSet<String>) -> SegmentAndAll<Reachability> {
        self.halves(members, |members| {
            let count = |way| Some(self.reachable_by(way)?.intersection(members).count() as u64);
            let has_contact = self.role(&self.database.roles.contact).is_some();
            Reachability {
                email: count("email"),
                phone: count("phone"),
                address: count("address"),
                paid_social: has_contact.then(|| count("paid_social")).flatten(),
            }
        })
    }

    pub fn channels(
        &self,
        orders: &Orders,
        members: &BTreeSet<String>,
        as_of: NaiveDate,
    ) -> Option<ListedValues<u64>> {
        let mut ids = Ids::new();
        for bought in orders.within(past_year(as_of)) {
            for channel in &bought.channels {
                ids.entry(listed(channel)).or_default().insert(&bought.customer);
            }
        }
        orders.has_channel.then(|| counted(&ids, members))
    }

    pub fn lifetime_spend(
        &self,
        orders: &Orders,
        members: &BTreeSet<String>,
        as_of: NaiveDate,
    ) -> Option<Vec<SegmentAndAll<SpendBand>>> {
        let mut spent: BTreeMap<&String, i128> = BTreeMap::new();
        for bought in orders.bought.iter().filter(|bought| bought.day <= as_of) {
            *spent.entry(&bought.customer).or_default() += bought.revenue;
        }
        let mut ranked: Vec<(&String, i128)> = spent.into_iter().collect();
        ranked.sort_by_key(|(id, spent)| (Reverse(*spent), id.chars().collect::<Vec<char>>()));
        let mut bands = Vec::new();
        let mut rest = ranked.as_slice();
        for band in 0..5 {
            // Larger ones first: what is left is shared among the bands that are left.
            let size = rest.len().div_ceil(5 - band);
            let (of_band, others) = rest.split_at(size);
            rest = others;
            bands.push(self.halves(members, |members| {
                let of: Vec<i128> =
                    of_band.iter().filter(|(id, _)| members.contains(*id)).map(|(_, spent)| *spent).collect();
                SpendBand { customers: of.len() as u64, revenue: Some(money(of.iter().sum())) }
            }));
        }
        orders.has_revenue.then_some(bands)
    }

    pub fn new_purchasers(
        &self,
        orders: &Orders,
        members: &BTreeSet<String>,
        as_of: NaiveDate,
    ) -> Vec<MonthCount> {
        let mut first: BTreeMap<&String, NaiveDate> = BTreeMap::new();
        for bought in orders.bought.iter().filter(|bought| bought.day <= as_of) {
            let day = first.entry(&bought.customer).or_insert(bought.day);
            *day = bought.day.min(*day);
        }
        let this_month = as_of.with_day(1).unwrap();
        let months = (0..12).rev().map(|back| this_month - Months::new(back));
        let count = |month: NaiveDate| MonthCount {
            month,
            customers: self.halves(members, |members| {
                let is_new = |(id, day): &(&&String, &NaiveDate)| {
                    members.contains(**id) && (day.year(), day.month()) == (month.year(), month.month())
                };
                first.iter().filter(is_new).count() as u64
            }),
        };
        months.map(count).collect()
    }

    /// `None` where there is no such column, or it has no numbers to be worked out.
    pub fn metric(&self, metric: &Metric, members: &BTreeSet<String>) -> Option<MetricValue> {
        let rows = self.slow.tables.get(&metric.table)?;
        let column = metric.column.as_ref();
        if column.is_some_and(|column| !rows.has(column)) {
            return None;
        }
        if metric.kind == MetricKind::Bars {
            let mut ids = Ids::new();
            for row in 0..rows.len() {
                if let Some(id) = self.customer(rows, row) {
                    ids.entry(listed(rows.cell(row, column?))).or_default().insert(id);
                }
            }
            return Some(MetricValue::Bars(counted(&ids, members)));
        }
        let is_counted = matches!(
            metric.function,
            MetricFunction::Rows | MetricFunction::Count | MetricFunction::Distinct
        );
        if !is_counted && !column.is_some_and(|column| is_numeric(rows, column)) {
            return None;
        }
        Some(MetricValue::Number(self.halves(members, |members| {
            let of = (0..rows.len())
                .filter(|row| self.customer(rows, *row).is_some_and(|id| members.contains(id)));
            let of: Vec<usize> = of.collect();
            let whole = |count: usize| Some(Number::Integer(count as i64));
            if metric.function == MetricFunction::Rows {
                return whole(of.len());
            }
            let values: Vec<&Cell> = of
                .iter()
                .map(|row| rows.cell(*row, column.unwrap()))
                .filter(|cell| **cell != Cell::Null)
                .collect();
            let amounts = || values.iter().map(|cell| amount(cell));
            match metric.function {
                MetricFunction::Rows | MetricFunction::Count => whole(values.len()),
                MetricFunction::Distinct => {
                    // Exact stored values, as the language counts them.
                    let texts = values.iter().filter_map(|cell| written(cell));
                    whole(texts.collect::<BTreeSet<String>>().len())
                }
                MetricFunction::Sum if values.is_empty() => None,
                MetricFunction::Sum => Some(billionths(rounded(amounts().sum(), ONE / 1_000_000_000))),
                MetricFunction::Avg => ratio(amounts().sum(), values.len() as i128 * ONE),
                MetricFunction::Min => exact_end(&values, amounts().min()),
                MetricFunction::Max => exact_end(&values, amounts().max()),
            }
        })))
    }
}

/// The value that is so much, with all of its digits.
fn exact_end(values: &[&Cell], end: Option<i128>) -> Option<Number> {
    let value = values.iter().find(|cell| Some(amount(cell)) == end)?;
    Some(number(&value.text().unwrap()))
}
