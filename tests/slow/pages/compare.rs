//! Segments side by side.

use std::collections::BTreeSet;

use segtui::backend::{ComparedFigures, DayRange, Region};

use super::Pages;
use super::exactly::{ONE, money, ratio};
use super::orders::Orders;

/// What some segments come to and share.
pub struct SlowComparison {
    pub columns: Vec<ComparedFigures>,
    pub pairs: Vec<([usize; 2], u64)>,
    /// Without an order among those of one size.
    pub regions: Vec<Region>,
}

impl Pages<'_> {
    fn figures(
        &self,
        orders: Option<&Orders>,
        members: &BTreeSet<String>,
        range: DayRange,
    ) -> ComparedFigures {
        let unique_customers = members.len() as u64;
        let Some(orders) = orders else {
            return ComparedFigures { unique_customers, ..ComparedFigures::default() };
        };
        let sums = orders.sums(members, range);
        let active = sums.active.len() as i128;
        let of_revenue = |by| if orders.has_revenue { ratio(sums.revenue, by) } else { None };
        ComparedFigures {
            unique_customers,
            active_customers: Some(sums.active.len() as u64),
            revenue: orders.has_revenue.then(|| money(sums.revenue)),
            revenue_per_customer: of_revenue(active * ONE),
            orders_per_customer: ratio(sums.orders, active),
            units_per_order: if orders.has_units { ratio(sums.units, sums.orders * ONE) } else { None },
            average_order_value: of_revenue(sums.orders * ONE),
        }
    }

    pub fn comparison(
        &self,
        orders: Option<&Orders>,
        segments: &[BTreeSet<String>],
        range: DayRange,
    ) -> SlowComparison {
        let mut columns: Vec<ComparedFigures> =
            segments.iter().map(|members| self.figures(orders, members, range)).collect();
        columns.push(self.figures(orders, &self.all, range));
        let mut pairs = Vec::new();
        for first in 0..segments.len() {
            for second in first + 1..segments.len() {
                let shared = segments[first].intersection(&segments[second]).count() as u64;
                pairs.push(([first, second], shared));
            }
        }
        let mut regions = Vec::new();
        for chosen in 0..1_usize << segments.len() {
            let within: Vec<usize> = (0..segments.len()).filter(|at| chosen >> at & 1 == 1).collect();
            let is_exactly = |id: &&String| {
                (0..segments.len()).all(|at| segments[at].contains(*id) == within.contains(&at))
            };
            let ids: BTreeSet<String> = self.all.iter().filter(is_exactly).cloned().collect();
            let figures = self.figures(orders, &ids, range);
            if !ids.is_empty() {
                regions.push(Region {
                    within,
                    unique_customers: figures.unique_customers,
                    active_customers: figures.active_customers,
                    revenue: figures.revenue,
                });
            }
        }
        SlowComparison { columns, pairs, regions }
    }
}
