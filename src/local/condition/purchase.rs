//! Purchase conditions: customers by their orders in the items table.

use fixedbitset::FixedBitSet;

use super::most_frequent::most_frequent;
use super::purchase_spec::{PurchaseIndexes, PurchaseSpec};
use crate::backend::BackendError;
use crate::database::ItemsColumns;
use crate::local::chunk_reader::{ChunkReader, ReadableTable};
use crate::local::columns::Bitmap;
use crate::local::consistency::check_length;
use crate::local::index::customer_index::CustomerIndex;
use crate::local::index::orders::OrderIndex;
use crate::local::index::purchase_rows::PurchaseRows;
use crate::local::index::read_orders::count_orders;
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
            let purchases = |number, mut rows: Bitmap| {
                if let Some(without) = index.orders.chunk(number, reader)?.without() {
                    rows.and_not(without)?;
                }
                Ok(rows)
            };
            totalled(spec, (column, amount), (indexes.customers, &purchases), universe_size, reader)?
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
        let rows = filter.rows(number)?;
        if rows.is_zero() {
            return Ok(());
        }
        Ok(index.orders.chunk(number, reader)?.add_to(&rows, found)?)
    })?;
    Ok(found.into_iter().reduce(|one, other| union(one, &other)).unwrap_or_else(none))
}

/// The same without an index of all orders, which takes longer to make than one answer: as far as only the rows within the
/// window count on which all filters hold. `None` if other rows count, too,
/// or all.
pub fn evaluate_without_orders(
    spec: &PurchaseSpec,
    index: &CustomerIndex,
    columns: &ItemsColumns,
    universe_size: usize,
    reader: ChunkReader,
) -> Result<Option<TernaryMask>, BackendError> {
    let filter = spec.rows(reader)?;
    if filter.is_empty() {
        return Ok(None);
    }
    let count = || count_orders(columns, index, universe_size, &filter, reader);
    let holds = match spec.test {
        PurchaseTest::Orders(amount) => {
            let passes = |count: u32| count > 0 && amount.holds(Number::Integer(i64::from(count)));
            customers_where(&count()?, passes)
        }
        PurchaseTest::None => customers_where(&count()?, |count| count == 0),
        PurchaseTest::Total { column, amount } => {
            let source = ReadableTable::new(spec.table)?;
            let purchases = |number, rows: Bitmap| {
                let mut purchases = PurchaseRows::read(source, columns, number, reader)?;
                purchases.retain(&rows)?;
                purchases.with_order_ids(source, &columns.order_id, number, reader)
            };
            totalled(spec, (column, amount), (index, &purchases), universe_size, reader)?
        }
        PurchaseTest::First | PurchaseTest::Repeat | PurchaseTest::MostFrequent => return Ok(None),
    };
    Ok(Some(TernaryMask::from_known(holds)))
}

/// The customers whose number of orders passes.
fn customers_where(counts: &[u32], passes: impl Fn(u32) -> bool) -> CustomerSet {
    let mut customers = CustomerSet::with_capacity(counts.len());
    customers
        .extend(counts.iter().enumerate().filter(|(_, count)| passes(**count)).map(|(customer, _)| customer));
    customers
}

/// The customers whose sum over the rows that are left passes, of those with such a row. NULL counts as nothing.
/// `purchases` are those of some rows of a chunk that are purchases.
fn totalled(
    spec: &PurchaseSpec,
    (column, amount): (&str, &AmountTest),
    (index, purchases): (&CustomerIndex, &(dyn Fn(usize, Bitmap) -> Result<Bitmap, BackendError> + Sync)),
    universe_size: usize,
    reader: ChunkReader,
) -> Result<CustomerSet, BackendError> {
    const CENTS: u32 = 2;
    let filter = spec.rows(reader)?;
    let none = || (Totals::new(universe_size), CustomerSet::with_capacity(universe_size));
    let source = ReadableTable::new(spec.table)?;
    let found = reader.fold(source, [], none, |(totals, buyers), number, []| {
        let rows = filter.rows(number)?;
        if rows.is_zero() {
            return Ok(());
        }
        let customers = index.customers.chunk_with(number, &rows, reader)?;
        let amounts = reader.chunk(source, column, number)?;
        totals.add(&amounts, &purchases(number, rows)?, &customers, buyers)
    })?;
    let (totals, buyers) = found
        .into_iter()
        .reduce(|(totals, buyers), (more, others)| (totals.merge(more), union(buyers, &others)))
        .unwrap_or_else(none);
    totals.passing(&buyers, CENTS, &Interval::from_amount_test(amount))
}
