//! The revenue tree.

use super::both::Members;
use crate::backend::{Available, BackendError, DayRange, RevenueTree, SegmentAndAll};
use crate::local::pages::order_sums::OrderSums;
use crate::local::pages::order_totals::OrderTotals;
use crate::local::view::View;

impl View<'_> {
    /// What the orders of a range of days come to.
    pub(super) fn revenue_tree(
        &self,
        range: DayRange,
        members: &Members<'_>,
    ) -> Result<Available<SegmentAndAll<RevenueTree>>, BackendError> {
        let totals = match self.order_totals(range)? {
            Ok(totals) => totals,
            Err(missing) => return Ok(Err(missing)),
        };
        totals.check_size(members.all.len())?;
        let add =
            |sums: &mut OrderSums, customers: &[usize], block| sums.add(customers, Some(&totals), block);
        Ok(Ok(members.fold(add, OrderSums::merge)?.map(|sums| tree(sums, &totals))))
    }
}

/// Decimals to which ratios are rounded.
const DECIMALS: u32 = 6;

fn tree(sums: OrderSums, totals: &OrderTotals) -> RevenueTree {
    let figures = sums.figures(Some(totals));
    let both = totals.revenue.as_ref().zip(totals.units.as_ref());
    RevenueTree {
        net_revenue: figures.revenue,
        customers: sums.active,
        revenue_per_customer: figures.revenue_per_customer,
        orders_per_customer: figures.orders_per_customer,
        average_order_value: figures.average_order_value,
        units_per_transaction: figures.units_per_order,
        average_unit_revenue: both.and_then(|_| sums.revenue.divided_by(sums.units, DECIMALS)),
    }
}
