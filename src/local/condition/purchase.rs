//! Purchase conditions: customers by their orders in the items table.

use fixedbitset::FixedBitSet;

use super::most_frequent::most_frequent;
use super::purchase_spec::{PurchaseIndexes, PurchaseSpec};
use crate::backend::BackendError;
use crate::local::chunk_reader::{ChunkReader, ReadableTable};
use crate::local::consistency::check_length;
use crate::local::index::orders::OrderIndex;
use crate::local::predicate::interval::Interval;
use crate::local::sets::customer_set::{CustomerSet, full_set, union};
use crate::local::sets::ternary_mask::TernaryMask;
use crate::local::sets::totals::Totals;
use crate::segment::{AmountTest, Number, PurchaseTest};

/// For whom a purchase condition holds; it is never unknown.
pub fn evaluate(
    spec: &PurchaseSpec,
    indexes: &PurchaseIndexes,
    universe_size: usize,
    reader: ChunkReader,
) -> Result<TernaryMask, BackendError> {
    let index = indexes.orders;
    indexes.customers.customers.check_ids(universe_size)?;
    check_length("customers with orders", index.customers(), universe_size)?;
    let orders = || matching_orders(spec, index, reader);
    let any = |orders: &FixedBitSet| index.customers_by_count(orders, |count| count > 0, reader.cancel);
    let holds = match spec.test {
        PurchaseTest::Orders(amount) => {
            let passes = |count: u32| count > 0 && amount.holds(Number::Integer(i64::from(count)));
            index.customers_by_count(&orders()?, passes, reader.cancel)?
        }
        PurchaseTest::None => {
            let mut without = full_set(universe_size);
            without.difference_with(&any(&orders()?)?);
            without
        }
        PurchaseTest::First => {
            let mut first = orders()?;
            first.intersect_with(index.firsts());
            any(&first)?
        }
        PurchaseTest::Repeat => {
            let mut others = orders()?;
            others.difference_with(index.firsts());
            any(&others)?
        }
        PurchaseTest::MostFrequent => most_frequent(spec, indexes, universe_size, reader)?,
        PurchaseTest::Total { column, amount } => {
            totalled(spec, (column, amount), indexes, universe_size, reader)?
        }
    };
    Ok(TernaryMask::from_known(holds))
}

/// The orders with a row within the window on which all filters hold.
fn matching_orders(
    spec: &PurchaseSpec,
    index: &OrderIndex,
    reader: ChunkReader,
) -> Result<FixedBitSet, BackendError> {
    let filter = spec.rows(reader)?;
    if filter.is_empty() {
        return Ok(full_set(index.len()));
    }
    let none = || FixedBitSet::with_capacity(index.len());
    let source = ReadableTable::new(spec.table)?;
    let found = reader.fold(source, [], none, |found, number, []| {
        let orders = index.orders.chunk(number, reader)?;
        Ok(orders.add_to(&filter.rows(number)?, found)?)
    })?;
    Ok(found.into_iter().reduce(|one, other| union(one, &other)).unwrap_or_else(none))
}

/// The customers whose sum over the rows that are left passes, of those with such a row. NULL counts
/// as nothing.
fn totalled(
    spec: &PurchaseSpec,
    (column, amount): (&str, &AmountTest),
    indexes: &PurchaseIndexes,
    universe_size: usize,
    reader: ChunkReader,
) -> Result<CustomerSet, BackendError> {
    const CENTS: u32 = 2;
    let filter = spec.rows(reader)?;
    let none = || (Totals::new(universe_size), CustomerSet::with_capacity(universe_size));
    let source = ReadableTable::new(spec.table)?;
    let found = reader.fold(source, [column], none, |(totals, buyers), number, [amounts]| {
        let customers = indexes.customers.customers.chunk(number, reader)?;
        let orders = indexes.orders.orders.chunk(number, reader)?;
        let mut rows = filter.rows(number)?;
        if let Some(without) = orders.without() {
            rows.and_not(without)?;
        }
        totals.add(&amounts, &rows, &customers, buyers)
    })?;
    let (totals, buyers) = found
        .into_iter()
        .reduce(|(totals, buyers), (more, others)| (totals.merge(more), union(buyers, &others)))
        .unwrap_or_else(none);
    totals.passing(&buyers, CENTS, &Interval::from_amount_test(amount))
}
