//! Purchase conditions: customers by their orders in the items table.

use fixedbitset::FixedBitSet;

use super::most_frequent::most_frequent;
use crate::backend::BackendError;
use crate::database::Table;
use crate::local::chunk_reader::ChunkReader;
use crate::local::columns::remove;
use crate::local::index::customer_index::CustomerIndex;
use crate::local::index::orders::OrderIndex;
use crate::local::index::rows_by_customer::RowsByCustomer;
use crate::local::predicate::interval::Interval;
use crate::local::predicate::row_filter::RowFilter;
use crate::local::sets::customer_set::{CustomerSet, TernaryMask, full_set, union};
use crate::local::sets::totals::Totals;
use crate::segment::{AmountTest, ColumnTest, DateTest, Number, PurchaseTest};

/// What is asked of purchases.
pub struct PurchaseSpec<'a> {
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

/// What is known of the rows of the items table.
pub struct PurchaseIndexes<'a> {
    pub rows: &'a CustomerIndex,
    pub orders: &'a OrderIndex,
    /// Made where it is needed.
    pub grouped: &'a (dyn Fn() -> Result<std::sync::Arc<RowsByCustomer>, BackendError> + Sync),
}

/// For whom a purchase condition holds; it is never unknown.
pub fn evaluate(
    asked: &PurchaseSpec,
    indexes: &PurchaseIndexes,
    universe_size: usize,
    pieces: ChunkReader,
) -> Result<TernaryMask, BackendError> {
    let index = indexes.orders;
    let orders = || matching_orders(asked, index, pieces);
    let any = |orders: &FixedBitSet| index.customers(orders, |count| count > 0, pieces.cancel);
    let holds = match asked.test {
        PurchaseTest::Orders(amount) => {
            let passes = |count: u32| count > 0 && amount.holds(Number::Integer(i64::from(count)));
            index.customers(&orders()?, passes, pieces.cancel)?
        }
        PurchaseTest::None => {
            let mut without = full_set(universe_size);
            without.difference_with(&any(&orders()?)?);
            without
        }
        PurchaseTest::First => {
            let mut first = orders()?;
            first.intersect_with(&index.firsts);
            any(&first)?
        }
        PurchaseTest::Repeat => {
            let mut others = orders()?;
            others.difference_with(&index.firsts);
            any(&others)?
        }
        PurchaseTest::MostFrequent => most_frequent(asked, indexes, universe_size, pieces)?,
        PurchaseTest::Total { column, amount } => {
            totalled(asked, (column, amount), indexes, universe_size, pieces)?
        }
    };
    Ok(TernaryMask::known(holds))
}

impl<'a> PurchaseSpec<'a> {
    /// The test that a row's date is within the window, if there is one.
    pub fn window(&self, pieces: ChunkReader<'a>) -> Result<RowFilter<'a>, BackendError> {
        within(RowFilter::new(self.table, &[], pieces)?, self)
    }

    /// The test that a row is within the window and that all filters hold.
    fn rows(&self, pieces: ChunkReader<'a>) -> Result<RowFilter<'a>, BackendError> {
        within(RowFilter::new(self.table, self.filters, pieces)?, self)
    }
}

fn within<'a>(tests: RowFilter<'a>, asked: &PurchaseSpec<'a>) -> Result<RowFilter<'a>, BackendError> {
    match asked.when {
        Some(when) => tests.within(asked.order_datetime, when),
        None => Ok(tests),
    }
}

/// The orders with a row within the window on which all filters hold.
fn matching_orders(
    asked: &PurchaseSpec,
    index: &OrderIndex,
    pieces: ChunkReader,
) -> Result<FixedBitSet, BackendError> {
    let tests = asked.rows(pieces)?;
    if tests.is_empty() {
        return Ok(full_set(index.len()));
    }
    let none = || FixedBitSet::with_capacity(index.len());
    let found = pieces.fold(asked.table, &[], none, |found, number, _| {
        let orders = index.orders.piece(number, pieces)?;
        orders.mark(&tests.rows(number)?, found);
        Ok(())
    })?;
    Ok(found.into_iter().reduce(|one, other| union(one, &other)).unwrap_or_else(none))
}

/// The customers whose sum over the rows that are left passes, of those with such a row. NULL counts
/// as nothing.
fn totalled(
    asked: &PurchaseSpec,
    (column, amount): (&str, &AmountTest),
    indexes: &PurchaseIndexes,
    universe_size: usize,
    pieces: ChunkReader,
) -> Result<CustomerSet, BackendError> {
    const CENTS: u32 = 2;
    let tests = asked.rows(pieces)?;
    let none = || (Totals::new(universe_size), CustomerSet::with_capacity(universe_size));
    let found = pieces.fold(asked.table, &[column], none, |(totals, buyers), number, columns| {
        if let Some(amounts) = columns.first() {
            let customers = indexes.rows.customers.piece(number, pieces)?;
            let orders = indexes.orders.orders.piece(number, pieces)?;
            let mut rows = tests.rows(number)?;
            orders.without.iter().for_each(|without| remove(&mut rows, without));
            totals.add(amounts, &rows, &customers, buyers);
        }
        Ok(())
    })?;
    let (totals, buyers) = found
        .into_iter()
        .reduce(|(totals, buyers), (more, others)| (totals.and(more), union(buyers, &others)))
        .unwrap_or_else(none);
    Ok(totals.passing(&buyers, CENTS, &Interval::of_amount(amount)))
}
