//! What some customers and their orders come to.

use super::order_totals::OrderTotals;
use crate::backend::{BackendError, ComparedFigures, Money};
use crate::local::consistency::{check_length, checked};
use crate::local::sets::block::{Block, and, count_ones};
use crate::local::sets::insights::cents;
use crate::local::sets::sum::Sum;
use crate::local::sets::totals::Totals;
use crate::segment::Number;

/// How many decimals ratios are rounded to.
const DECIMALS: u32 = 6;

/// Some customers and their orders in a range of days, added up.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct OrderSums {
    pub customers: u64,
    /// Those with an order.
    pub active: u64,
    pub revenue: Sum,
    pub orders: u64,
    pub units: Sum,
}

impl OrderTotals {
    /// Checks that they are of so many customers.
    pub(crate) fn check_size(&self, universe_size: usize) -> Result<(), BackendError> {
        let totals = [&self.revenue, &self.units].into_iter().flatten().map(Totals::customers);
        [self.active.len(), self.orders.len()]
            .into_iter()
            .chain(totals)
            .try_for_each(|customers| check_length("orders of customers", customers, universe_size))
    }
}

impl OrderSums {
    /// Adds some customers of a block; without totals nothing but their number.
    pub fn add(&mut self, customers: &[usize], totals: Option<&OrderTotals>, block: Block) {
        self.customers += count_ones(customers);
        let Some(totals) = totals else { return };
        let mut active = block.words(&totals.active).to_vec();
        and(&mut active, customers);
        self.active += count_ones(&active);
        self.orders += orders_of(&active, block.items(&totals.orders));
        let sum =
            |totals: &Option<Totals>| totals.as_ref().map_or(Sum::default(), |t| t.total(&active, block));
        self.revenue += sum(&totals.revenue);
        self.units += sum(&totals.units);
    }

    /// Both together.
    pub(crate) fn merge(mut self, other: Self) -> Self {
        self.customers += other.customers;
        self.active += other.active;
        self.revenue += other.revenue;
        self.orders += other.orders;
        self.units += other.units;
        self
    }

    /// What they have spent; `None` where the data cannot say.
    pub fn money(&self, totals: Option<&OrderTotals>) -> Option<Money> {
        totals.and_then(|totals| totals.revenue.as_ref()).and_then(|_| cents(self.revenue))
    }

    /// The seven figures of the customers.
    pub fn figures(&self, totals: Option<&OrderTotals>) -> ComparedFigures {
        let revenue = totals.and_then(|totals| totals.revenue.as_ref()).map(|_| self.revenue);
        let units = totals.and_then(|totals| totals.units.as_ref()).map(|_| self.units);
        let orders = totals.and_then(|_| i64::try_from(self.orders).ok()).map(Sum::from);
        ComparedFigures {
            unique_customers: self.customers,
            active_customers: totals.map(|_| self.active),
            revenue: self.money(totals),
            revenue_per_customer: ratio(revenue, self.active),
            orders_per_customer: ratio(orders, self.active),
            units_per_order: ratio(units, self.orders),
            average_order_value: ratio(revenue, self.orders),
        }
    }
}

/// `None` where one of them is not known, there is nothing to divide by, or no number comes of it.
fn ratio(sum: Option<Sum>, of: u64) -> Option<Number> {
    let ratio = sum.filter(|_| of > 0)?.average(of, DECIMALS);
    ratio.filter(|ratio| ratio.as_f64().is_finite())
}

/// How many orders some customers have, of whom there are as many as bits that are set.
fn orders_of(customers: &[usize], orders: &[u32]) -> u64 {
    let mut sum = 0;
    for (word, orders) in customers.iter().zip(orders.chunks(usize::BITS as usize)) {
        let mut left = *word;
        while left != 0 {
            sum += u64::from(checked(orders, left.trailing_zeros() as usize));
            left &= left - 1;
        }
    }
    sum
}
