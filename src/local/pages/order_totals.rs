//! The orders of a range of days, added up for each customer.

use std::sync::Arc;

use super::order_source::OrderSource;
use super::repeated_orders::RepeatedOrders;
use super::rows_within::{RowsOfChunk, RowsWithin};
use crate::backend::{Available, BackendError, DayRange};
use crate::local::cache_key::CacheKey;
use crate::local::consistency::{check_length, checked_mut, inconsistent};
use crate::local::memory::MemorySize;
use crate::local::sets::customer_set::{CustomerSet, union};
use crate::local::sets::totals::Totals;
use crate::local::view::View;

/// The orders of a range of days, for each customer. The figures of a set of customers are sums over it.
pub(crate) struct OrderTotals {
    /// Who has an order.
    pub active: CustomerSet,
    /// What each has spent; `None`: the table has no revenue.
    pub revenue: Option<Totals>,
    /// How many distinct orders each has: distinct pairs of customer and order id. A row without an order id (NULL) is
    /// an order of its own, and so is every row where there is no such column.
    pub orders: Vec<u32>,
    /// How many units each has bought; `None`: the table has no quantity.
    pub units: Option<Totals>,
}

impl View<'_> {
    /// The orders of a range of days, kept from one answer to the next; or what the data lacks for them.
    ///
    /// # Errors
    /// Cancelled; a table cannot be read.
    pub(crate) fn order_totals(&self, range: DayRange) -> Result<Available<Arc<OrderTotals>>, BackendError> {
        let source = match self.order_source()? {
            Ok(source) => source,
            Err(missing) => return Ok(Err(missing)),
        };
        let key = CacheKey::OrderTotals { id: self.activation_id.to_owned(), range };
        let made = self.engine.memory.get_or_make(key, self.cancel, || {
            let rows = self.rows_within(&source, range)?;
            let repeated = match rows.orders() {
                Some(_) => Arc::default(),
                None => self.repeated_orders(&source)?,
            };
            Adding { source: &source, repeated: &repeated, universe_size: self.size() }.add_up(&rows)
        });
        made.map(Ok)
    }
}

struct Adding<'a> {
    source: &'a OrderSource<'a>,
    repeated: &'a RepeatedOrders,
    universe_size: usize,
}

/// What one core has found.
struct Part {
    active: CustomerSet,
    revenue: Totals,
    units: Totals,
    rows: Vec<u32>,
    repeated: Vec<u32>,
}

impl Adding<'_> {
    fn add_up(&self, rows: &RowsWithin<'_>) -> Result<OrderTotals, BackendError> {
        let columns: Vec<&str> =
            [self.source.rows.revenue, self.source.quantity].into_iter().flatten().collect();
        let new = || Part::new(self.universe_size, rows.orders().is_none());
        let found = rows.fold(&columns, new, |part, rows| self.add(part, rows))?;
        let mut part = found.into_iter().reduce(Part::merge).unwrap_or_else(new);
        let orders = match rows.orders() {
            None => {
                self.repeated.count_once(part.repeated, &mut part.rows);
                part.rows
            }
            Some((purchases, orders)) => {
                check_length("orders of customers", purchases.customers(), self.universe_size)?;
                let counts = purchases.ranges(0).map(|(start, end)| count(orders, start, end));
                counts.collect()
            }
        };
        Ok(OrderTotals {
            active: part.active,
            revenue: self.source.rows.revenue.map(|_| part.revenue),
            orders,
            units: self.source.quantity.map(|_| part.units),
        })
    }

    fn add(&self, part: &mut Part, of: &RowsOfChunk<'_>) -> Result<(), BackendError> {
        let mut amounts = of.columns.iter();
        let mut amount = || amounts.next().ok_or_else(|| inconsistent("a column has no chunk"));
        match (self.source.rows.revenue, self.source.quantity) {
            (None, None) => of.customers.add_to(of.rows, &mut part.active)?,
            (revenue, quantity) => {
                for totals in [revenue.map(|_| &mut part.revenue), quantity.map(|_| &mut part.units)]
                    .into_iter()
                    .flatten()
                {
                    totals.add(amount()?, of.rows, of.customers, &mut part.active)?;
                }
            }
        }
        if !part.rows.is_empty() {
            let counts = &mut part.rows;
            of.customers.for_each(of.rows, |_, customer| {
                checked_mut(counts, customer).into_iter().for_each(|count| *count += 1);
            })?;
            self.repeated.add_of_rows(of.first, of.rows, &mut part.repeated);
        }
        Ok(())
    }
}

#[allow(clippy::cast_possible_truncation)] // no more orders than rows, which a u32 counts
fn count(orders: &fixedbitset::FixedBitSet, start: usize, end: usize) -> u32 {
    orders.count_ones(start..end) as u32
}

impl Part {
    fn new(universe_size: usize, counts_rows: bool) -> Self {
        Self {
            active: CustomerSet::with_capacity(universe_size),
            revenue: Totals::new(universe_size),
            units: Totals::new(universe_size),
            rows: if counts_rows { vec![0; universe_size] } else { Vec::new() },
            repeated: Vec::new(),
        }
    }

    fn merge(mut self, other: Self) -> Self {
        self.rows.iter_mut().zip(other.rows).for_each(|(count, more)| *count += more);
        self.repeated.extend(other.repeated);
        Self {
            active: union(self.active, &other.active),
            revenue: self.revenue.merge(other.revenue),
            units: self.units.merge(other.units),
            ..self
        }
    }
}

impl MemorySize for OrderTotals {
    fn memory_size(&self) -> usize {
        let totals = [&self.revenue, &self.units].into_iter().flatten().map(Totals::memory_size);
        size_of_val(self.active.as_slice()) + size_of_val(self.orders.as_slice()) + totals.sum::<usize>()
    }
}
