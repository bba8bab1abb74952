//! Purchase conditions: customers by their orders in the items table.

use fixedbitset::FixedBitSet;

use super::column_test::ColumnMatcher;
use super::date_test::DateMatcher;
use super::frequent::most_frequent;
use super::orders::OrderIndex;
use super::row_test::RowMatcher;
use super::scan::scan;
use super::sum::{Sum, amounts};
use super::truth::{Customers, Truth, everybody};
use super::{Cancel, EngineError};
use crate::catalog::Table;
use crate::segment::{AmountTest, ColumnTest, DateTest, Number, PurchaseTest};

/// What is asked of purchases.
pub struct Asked<'a> {
    /// The items table.
    pub table: &'a Table,
    /// Its column of dates and times.
    pub order_datetime: &'a str,
    /// Of the rows that are left.
    pub test: &'a PurchaseTest,
    /// Which dates count.
    pub when: Option<&'a DateTest>,
    /// What must hold on the same row.
    pub filters: &'a [ColumnTest],
}

/// For whom a purchase condition holds; it is never unknown.
pub fn evaluate(
    asked: &Asked,
    index: &OrderIndex,
    universe_size: usize,
    cancel: &Cancel,
) -> Result<Truth, EngineError> {
    let orders = || matching_orders(asked, index, cancel);
    let customers_of = |orders: &FixedBitSet, wanted: &dyn Fn(usize) -> bool| {
        let mut customers = Customers::with_capacity(universe_size);
        let wanted = orders.ones().filter(|order| wanted(*order));
        customers.extend(wanted.filter_map(|order| index.customer(order)));
        customers
    };
    let holds = match asked.test {
        PurchaseTest::Orders(amount) => counted(&orders()?, amount, index, universe_size),
        PurchaseTest::None => {
            let mut without = everybody(universe_size);
            without.difference_with(&customers_of(&orders()?, &|_| true));
            without
        }
        PurchaseTest::First => customers_of(&orders()?, &|order| index.is_first(order)),
        PurchaseTest::Repeat => customers_of(&orders()?, &|order| !index.is_first(order)),
        PurchaseTest::MostFrequent => {
            let passes = most_frequent(asked, index, cancel)?;
            let mut holds = Customers::with_capacity(universe_size);
            holds.extend(passes);
            holds
        }
        PurchaseTest::Total { column, amount } => {
            totalled(asked, column, amount, index, universe_size, cancel)?
        }
    };
    Ok(Truth::known(holds))
}

impl<'a> Asked<'a> {
    /// The test that a row's date is within the window, if there is one.
    pub fn window(&self) -> RowMatcher<'a> {
        within(RowMatcher::new(&[]), self)
    }

    /// The test that a row is within the window and that all filters hold.
    fn rows(&self) -> RowMatcher<'a> {
        within(RowMatcher::new(self.filters), self)
    }
}

fn within<'a>(tests: RowMatcher<'a>, asked: &Asked<'a>) -> RowMatcher<'a> {
    match asked.when {
        Some(when) => tests.and(asked.order_datetime, ColumnMatcher::Date(DateMatcher::new(when))),
        None => tests,
    }
}

/// The orders with a row within the window on which all filters hold.
fn matching_orders(asked: &Asked, index: &OrderIndex, cancel: &Cancel) -> Result<FixedBitSet, EngineError> {
    let tests = asked.rows();
    if tests.is_empty() {
        return Ok(everybody(index.len()));
    }
    let mut found = FixedBitSet::with_capacity(index.len());
    let columns: Vec<&str> = tests.columns().collect();
    scan(asked.table, &columns, cancel, |first, frame| {
        let rows = tests.rows(&asked.table.name, frame, cancel)?;
        let orders = rows.into_iter().zip(index.from(first));
        found.extend(orders.filter_map(|(passes, order)| order.filter(|_| passes)));
        Ok(())
    })?;
    Ok(found)
}

/// The customers whose number of orders passes, of those with any.
fn counted(orders: &FixedBitSet, amount: &AmountTest, index: &OrderIndex, universe_size: usize) -> Customers {
    let mut counts = vec![0_i64; universe_size];
    for customer in orders.ones().filter_map(|order| index.customer(order)) {
        if let Some(count) = counts.get_mut(customer) {
            *count += 1;
        }
    }
    let passing = counts.iter().enumerate();
    let passing = passing.filter(|(_, count)| **count > 0 && amount.holds(Number::Integer(**count)));
    let mut holds = Customers::with_capacity(universe_size);
    holds.extend(passing.map(|(customer, _)| customer));
    holds
}

/// The customers whose sum over the rows that are left passes, of those with such a row. NULL counts
/// as nothing.
fn totalled(
    asked: &Asked,
    column: &str,
    amount: &AmountTest,
    index: &OrderIndex,
    universe_size: usize,
    cancel: &Cancel,
) -> Result<Customers, EngineError> {
    let unreadable = EngineError::unreadable(&asked.table.name);
    let tests = asked.rows();
    let mut sums = vec![Sum::default(); universe_size];
    let mut buyers = Customers::with_capacity(universe_size);
    let columns: Vec<&str> = tests.columns().chain([column]).collect();
    scan(asked.table, &columns, cancel, |first, frame| {
        let rows = tests.rows(&asked.table.name, frame, cancel)?;
        let amounts = amounts(frame.column(column).map_err(&unreadable)?).map_err(&unreadable)?;
        for ((passes, amount), order) in rows.into_iter().zip(amounts).zip(index.from(first)) {
            let customer = order.filter(|_| passes).and_then(|order| index.customer(order));
            let Some((customer, sum)) = customer.and_then(|at| Some((at, sums.get_mut(at)?))) else {
                continue;
            };
            buyers.insert(customer);
            *sum += amount.unwrap_or_default();
        }
        Ok(())
    })?;
    const CENTS: u32 = 2;
    let passes = |customer: &usize| {
        let sum = sums.get(*customer).and_then(|sum| sum.rounded(CENTS));
        sum.is_some_and(|sum| amount.holds(sum))
    };
    let mut holds = Customers::with_capacity(universe_size);
    holds.extend(buyers.ones().filter(passes));
    Ok(holds)
}
