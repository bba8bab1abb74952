//! The most frequent order (`docs/reference/segment-language.md`, Purchase behaviours).

use std::sync::{Arc, Mutex, PoisonError};

use super::by_customer::for_each_customer;
use super::count_lanes::CountLanes;
use super::purchase_spec::{PurchaseIndexes, PurchaseSpec};
use super::table_bitmap::TableBitmap;
use super::value_bits::{ValueBits, merge_bits};
use super::value_ids::ValueIds;
use crate::backend::BackendError;
use crate::local::chunk_reader::ChunkReader;
use crate::local::columns::{Bitmap, KeyType, Keys, same_length, with_keys};
use crate::local::consistency::{check_length, checked, checked_mut, inconsistent};
use crate::local::index::orders::OrderIndex;
use crate::local::index::row_map_chunk::RowMapChunk;
use crate::local::parallel::parallel_fold;
use crate::local::predicate::row_filter::RowFilter;
use crate::local::sets::customer_set::{CustomerSet, union};

/// How many customers are taken in one go.
const CUSTOMERS: usize = 1 << 14;

/// The customers with a most frequent combination of the filters' columns for which the filters hold.
pub(crate) fn most_frequent(
    spec: &PurchaseSpec,
    indexes: &PurchaseIndexes,
    universe_size: usize,
    reader: ChunkReader,
) -> Result<CustomerSet, BackendError> {
    let (window, filter) = (spec.window(reader)?, RowFilter::new(spec.table, spec.filters, reader)?);
    let count = indexes.orders.orders.chunks();
    let within = TableBitmap::new(&window, count, reader)?;
    let rows = (0..count).map(|number| filter.len(number));
    let combinations = combinations(spec, &filter, reader)?
        .unwrap_or_else(|| Arc::new(ValueIds::constant(rows, reader.chunk_size)));
    let passing = passing(&TableBitmap::new(&filter, count, reader)?, &combinations, reader)?;
    match combinations.count() {
        ..=8 => few::<u8>(&combinations, &passing, &within, indexes.orders, reader),
        9..=16 => few::<u16>(&combinations, &passing, &within, indexes.orders, reader),
        17..=64 => few::<u64>(&combinations, &passing, &within, indexes.orders, reader),
        _ => many(&combinations, &passing, &within, indexes, universe_size, reader),
    }
}

fn combinations(
    spec: &PurchaseSpec,
    filter: &RowFilter,
    reader: ChunkReader,
) -> Result<Option<Arc<ValueIds>>, BackendError> {
    let mut names = filter.columns();
    names.sort_unstable();
    names.dedup();
    let mut combined: Option<Arc<ValueIds>> = None;
    for name in names {
        let column = ValueIds::of_column(spec.table, name, reader)?;
        combined = Some(match combined {
            Some(others) => Arc::new(others.combine(&column, reader.cancel)?),
            None => column,
        });
    }
    Ok(combined)
}

/// Whether the filters hold for each combination: its rows all pass or all fail, as the filters see nothing
/// else of them.
fn passing(
    rows: &TableBitmap,
    combinations: &ValueIds,
    reader: ChunkReader,
) -> Result<Vec<bool>, BackendError> {
    let none = || vec![false; combinations.count() as usize];
    let found = parallel_fold(rows.chunks(), reader.cancel, none, |passing, number| {
        let (rows, ids) = (rows.chunk(number)?, combinations.chunk(number)?);
        same_length(ids.len(), rows.len())?;
        with_keys!(ids, ids => for row in rows.iter_ones() {
            let place = checked_mut(passing, to_usize(checked(ids, row)));
            place.into_iter().for_each(|place| *place = true);
        });
        Ok(())
    })?;
    let mut passing = none();
    for other in found {
        passing.iter_mut().zip(other).for_each(|(passes, other)| *passes |= other);
    }
    Ok(passing)
}

/// With few combinations each order keeps those on its rows as bits.
fn few<B: ValueBits>(
    combinations: &ValueIds,
    passing: &[bool],
    within: &TableBitmap,
    index: &OrderIndex,
    reader: ChunkReader,
) -> Result<CustomerSet, BackendError> {
    let bought: Vec<B> = bought(combinations, within, index, reader)?;
    let passing = (0..).zip(passing).fold(0_u64, |bits, (at, passes)| bits | u64::from(*passes) << at);
    let lanes = CountLanes::new(passing);
    let size = index.customers();
    let found = parallel_fold(size.div_ceil(CUSTOMERS), reader.cancel, Vec::new, |found, job| {
        let first = job * CUSTOMERS;
        let mut counts = vec![0_u32; combinations.count() as usize];
        for (customer, (start, end)) in index.ranges(first).take(CUSTOMERS).enumerate() {
            let orders = bought
                .get(start..end)
                .ok_or_else(|| inconsistent("a customer has orders that do not exist"))?;
            let is_favourite = match lanes.count_all(orders) {
                Some(is_favourite) => is_favourite,
                None => has_favourite(orders, passing, &mut counts),
            };
            if is_favourite {
                found.push(first + customer);
            }
        }
        Ok(())
    })?;
    let mut holds = CustomerSet::with_capacity(size);
    holds.extend(found.into_iter().flatten());
    Ok(holds)
}

/// Whether one of the combinations passes that most of a customer's orders have. `counts` is memory for one
/// number a combination.
#[inline]
fn has_favourite<B: ValueBits>(orders: &[B], passing: u64, counts: &mut [u32]) -> bool {
    let any = orders.iter().fold(0, |any, bits| any | bits.widen());
    if any & passing == 0 {
        return false;
    }
    // Who has ever had but one combination needs no counting.
    if any.is_power_of_two() {
        return true;
    }
    counts.fill(0);
    for bits in orders {
        for_each_bit(bits.widen(), |at| {
            checked_mut(counts, at).into_iter().for_each(|count| *count += 1);
        });
    }
    let most = counts.iter().max();
    let mut favourites = (0..).zip(&*counts).filter(|(_, count)| Some(*count) == most);
    favourites.any(|(at, _)| passing >> at & 1 == 1)
}

/// For each order the combinations on its rows within the window, a bit each.
fn bought<B: ValueBits>(
    combinations: &ValueIds,
    within: &TableBitmap,
    index: &OrderIndex,
    reader: ChunkReader,
) -> Result<Vec<B>, BackendError> {
    let all = Mutex::new(vec![B::default(); index.len()]);
    let of_cores = parallel_fold(index.orders.chunks(), reader.cancel, Vec::new, |of_core, number| {
        let (rows, ids) = (within.chunk(number)?, combinations.chunk(number)?);
        let orders = index.orders.chunk(number, reader)?;
        // A chunk knows only some orders where the table is in the order of its customers.
        let (first, count) = orders.range();
        if count > index.len() / 4 {
            of_core.resize(index.len(), B::default());
            return add_values(of_core, (ids, rows), &orders, 0);
        }
        let mut bought = vec![B::default(); count];
        add_values(&mut bought, (ids, rows), &orders, first)?;
        let mut all = all.lock().unwrap_or_else(PoisonError::into_inner);
        let of_chunk = all.get_mut(first..).unwrap_or_default();
        // A chunk in which no row has an order has room for one more than there are.
        of_chunk.iter_mut().zip(bought).for_each(|(all, bits)| *all |= bits);
        Ok(())
    })?;
    let all = all.into_inner().unwrap_or_else(PoisonError::into_inner);
    Ok(of_cores.into_iter().filter(|of_core| !of_core.is_empty()).fold(all, merge_bits))
}

/// Adds the ids of some rows of a chunk to those of their orders, which begin with `first`.
fn add_values<B: ValueBits>(
    bought: &mut [B],
    (ids, rows): (&Keys, &Bitmap),
    orders: &RowMapChunk,
    first: usize,
) -> Result<(), BackendError> {
    with_keys!(ids, ids => orders.for_each_value(rows, ids, move |order, id| {
        if let Some(bought) = checked_mut(bought, order - first) {
            *bought |= B::of_value(id.widen());
        }
    })?);
    Ok(())
}

#[inline]
fn for_each_bit(mut bits: u64, mut act: impl FnMut(usize)) {
    while bits != 0 {
        act(bits.trailing_zeros() as usize);
        bits &= bits - 1;
    }
}

#[inline]
#[allow(clippy::cast_possible_truncation)] // ids are of 32 bits
fn to_usize<K: KeyType>(id: K) -> usize {
    id.widen() as usize
}

/// One core's part of the work with many combinations.
struct FoundCustomers {
    holds: CustomerSet,
    /// The combinations of the customer in hand with their orders.
    bought: Vec<(u32, u32)>,
}

fn many(
    combinations: &ValueIds,
    passing: &[bool],
    within: &TableBitmap,
    indexes: &PurchaseIndexes,
    universe_size: usize,
    reader: ChunkReader,
) -> Result<CustomerSet, BackendError> {
    let orders = indexes.orders.orders.all(reader)?;
    check_length("chunks of the items table", orders.len(), within.chunks())?;
    let empty = || CustomerSet::with_capacity(universe_size);
    let new = || FoundCustomers { holds: empty(), bought: Vec::new() };
    let rows_of_customers = (indexes.rows)()?;
    let found =
        for_each_customer(universe_size, &rows_of_customers, reader.cancel, new, |part, customer, rows| {
            part.bought.clear();
            for row in rows.filter(|row| within.contains(*row)) {
                let order = order_of(&orders, reader.chunk_size.split(row));
                part.bought.extend(order.map(|order| (combinations.id(row), order)));
            }
            let passes = |combination: u32| checked(passing, combination as usize);
            let (most, of_passing) = most_orders(&mut part.bought, passes);
            if of_passing > 0 && of_passing == most {
                part.holds.insert(customer);
            }
        })?;
    let holds = found.into_iter().map(|part| part.holds);
    Ok(holds.reduce(|one, other| union(one, &other)).unwrap_or_else(empty))
}

/// Of a customer's combinations, each with an order, the most orders of any, and of any that passes.
pub(crate) fn most_orders(bought: &mut Vec<(u32, u32)>, passes: impl Fn(u32) -> bool) -> (usize, usize) {
    bought.sort_unstable();
    bought.dedup();
    let of_combinations = || bought.chunk_by(|a, b| a.0 == b.0);
    let most = of_combinations().map(<[_]>::len).max();
    let passing = of_combinations().filter(|orders| orders.first().is_some_and(|(of, _)| passes(*of)));
    (most.unwrap_or(0), passing.map(<[_]>::len).max().unwrap_or(0))
}

/// The order of a row in a chunk, of which there are as many as of the rows within the window; `None` for a row
/// that is no purchase.
#[allow(clippy::cast_possible_truncation)] // ids of a row map are of 32 bits
fn order_of(orders: &[Arc<RowMapChunk>], (chunk, row): (usize, usize)) -> Option<u32> {
    debug_assert!(chunk < orders.len());
    orders.get(chunk)?.get(row).map(|order| order as u32)
}
