//! The most frequent order (`segment-language.md`, Purchase behaviours).

use std::ops::BitOrAssign;
use std::sync::{Arc, Mutex, PoisonError};

use super::by_customer::{TableBitmap, each_customer};
use super::purchase::{PurchaseIndexes, PurchaseSpec};
use super::value_ids::ValueIds;
use crate::backend::BackendError;
use crate::local::chunk_reader::ChunkReader;
use crate::local::columns::{Code, each_row, with_keys};
use crate::local::index::orders::OrderIndex;
use crate::local::parallel::parallel_fold;
use crate::local::predicate::row_filter::RowFilter;
use crate::local::sets::customer_set::{CustomerSet, union};

/// How many customers are taken in one go.
const CUSTOMERS: usize = 1 << 14;

/// The customers with a most frequent combination of the filters' columns for which the filters hold.
pub fn most_frequent(
    asked: &PurchaseSpec,
    indexes: &PurchaseIndexes,
    universe_size: usize,
    pieces: ChunkReader,
) -> Result<CustomerSet, BackendError> {
    let (window, filters) = (asked.window(pieces)?, RowFilter::new(asked.table, asked.filters, pieces)?);
    let count = indexes.orders.orders.pieces();
    let within = TableBitmap::of(&window, count, pieces)?;
    let rows = (0..count).map(|number| filters.len(number));
    let combinations =
        combinations(asked, &filters, pieces)?.unwrap_or_else(|| Arc::new(ValueIds::one(rows, pieces.size)));
    let passing = passing(&TableBitmap::of(&filters, count, pieces)?, &combinations, pieces)?;
    match combinations.count() {
        ..=16 => few::<u16>(&combinations, &passing, &within, indexes, pieces),
        17..=64 => few::<u64>(&combinations, &passing, &within, indexes, pieces),
        _ => many(&combinations, &passing, &within, indexes, universe_size, pieces),
    }
}

fn combinations(
    asked: &PurchaseSpec,
    filters: &RowFilter,
    pieces: ChunkReader,
) -> Result<Option<Arc<ValueIds>>, BackendError> {
    let mut names = filters.columns();
    names.sort_unstable();
    names.dedup();
    let mut combined: Option<Arc<ValueIds>> = None;
    for name in names {
        let column = pieces.dense(asked.table, name)?;
        combined = Some(match combined {
            Some(others) => Arc::new(others.with(&column, pieces.cancel)?),
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
    pieces: ChunkReader,
) -> Result<Vec<bool>, BackendError> {
    let none = || vec![false; combinations.count() as usize];
    let found = parallel_fold(rows.pieces.len(), pieces.cancel, none, |passing, number| {
        let (Some(rows), Some(codes)) = (rows.pieces.get(number), combinations.piece(number)) else {
            return Ok(());
        };
        with_keys!(codes, codes => each_row(rows).filter_map(|row| codes.get(row)).for_each(|code| {
            let place = usize::try_from(code.wide()).ok().and_then(|code| passing.get_mut(code));
            place.into_iter().for_each(|place| *place = true);
        }));
        Ok(())
    })?;
    let mut passing = none();
    for other in found {
        passing.iter_mut().zip(other).for_each(|(passes, other)| *passes |= other);
    }
    Ok(passing)
}

/// A number of as many bits as there are combinations, or more.
trait Bits: Code + Default + BitOrAssign {}

impl Bits for u16 {}
impl Bits for u64 {}

/// With few combinations each order keeps those on its rows as bits.
fn few<B: Bits>(
    combinations: &ValueIds,
    passing: &[bool],
    within: &TableBitmap,
    indexes: &PurchaseIndexes,
    pieces: ChunkReader,
) -> Result<CustomerSet, BackendError> {
    let index = indexes.orders;
    let bought: Vec<B> = bought(combinations, within, index, pieces)?;
    let passing = (0..).zip(passing).fold(0_u64, |bits, (at, passes)| bits | u64::from(*passes) << at);
    let size = index.starts.len().saturating_sub(1);
    let found = parallel_fold(size.div_ceil(CUSTOMERS), pieces.cancel, Vec::new, |found, job| {
        let first = job * CUSTOMERS;
        let starts = index.starts.get(first..).unwrap_or_default();
        let mut counts = vec![0_u32; combinations.count() as usize];
        for (customer, range) in starts.windows(2).take(CUSTOMERS).enumerate() {
            let [start, end] = range else { continue };
            let orders = bought.get(*start as usize..*end as usize).unwrap_or_default();
            let any = orders.iter().fold(0, |any, bits| any | bits.wide());
            if any & passing == 0 {
                continue;
            }
            // Who has ever had but one combination needs no counting.
            if !any.is_power_of_two() {
                counts.fill(0);
                orders.iter().for_each(|bits| {
                    each_bit(bits.wide(), |at| {
                        counts.get_mut(at).into_iter().for_each(|count| *count += 1);
                    })
                });
                let most = counts.iter().max();
                let mut favourites = (0..).zip(&counts).filter(|(_, count)| Some(*count) == most);
                if !favourites.any(|(at, _)| passing >> at & 1 == 1) {
                    continue;
                }
            }
            found.push(first + customer);
        }
        Ok(())
    })?;
    let mut holds = CustomerSet::with_capacity(size);
    holds.extend(found.into_iter().flatten());
    Ok(holds)
}

/// For each order the combinations on its rows within the window, a bit each.
fn bought<B: Bits>(
    combinations: &ValueIds,
    within: &TableBitmap,
    index: &OrderIndex,
    pieces: ChunkReader,
) -> Result<Vec<B>, BackendError> {
    let all = Mutex::new(vec![B::default(); index.len()]);
    parallel_fold(
        index.orders.pieces(),
        pieces.cancel,
        || (),
        |(), number| {
            let Some(rows) = within.pieces.get(number) else { return Ok(()) };
            let orders = index.orders.piece(number, pieces)?;
            // A piece knows only some orders where the table is in the order of its customers.
            let (first, count) = orders.range();
            let mut bought = vec![B::default(); count];
            if let Some(codes) = combinations.piece(number) {
                with_keys!(codes, codes => orders.each(rows, |row, order| {
                    if let (Some(bought), Some(code)) = (bought.get_mut(order - first), codes.get(row)) {
                        *bought |= B::narrow(1 << code.wide());
                    }
                }));
            }
            let mut all = all.lock().unwrap_or_else(PoisonError::into_inner);
            let of_piece = all.get_mut(first..).unwrap_or_default();
            of_piece.iter_mut().zip(bought).for_each(|(all, bits)| *all |= bits);
            Ok(())
        },
    )?;
    Ok(all.into_inner().unwrap_or_else(PoisonError::into_inner))
}

#[inline]
fn each_bit(mut bits: u64, mut act: impl FnMut(usize)) {
    while bits != 0 {
        act(bits.trailing_zeros() as usize);
        bits &= bits - 1;
    }
}

/// One core's part of the work with many combinations.
struct Part {
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
    pieces: ChunkReader,
) -> Result<CustomerSet, BackendError> {
    let orders = indexes.orders.orders.all(pieces)?;
    let new = || Part { holds: CustomerSet::with_capacity(universe_size), bought: Vec::new() };
    let grouped = (indexes.grouped)()?;
    let found = each_customer(universe_size, &grouped, pieces.cancel, new, |part, customer, rows| {
        part.bought.clear();
        for row in rows.filter(|row| within.has(*row)) {
            let (piece, place) = pieces.size.split(row);
            let order = orders.get(piece).and_then(|orders| orders.get(place));
            let order = order.and_then(|order| u32::try_from(order).ok());
            part.bought.extend(order.map(|order| (combinations.number(row), order)));
        }
        part.bought.sort_unstable();
        part.bought.dedup();
        let of_combinations = || part.bought.chunk_by(|a, b| a.0 == b.0);
        let most = of_combinations().map(<[_]>::len).max();
        let mut favourites = of_combinations().filter(|orders| Some(orders.len()) == most);
        let passes = |orders: &[(u32, u32)]| {
            orders.first().and_then(|(combination, _)| passing.get(*combination as usize)) == Some(&true)
        };
        if favourites.any(passes) {
            part.holds.insert(customer);
        }
    })?;
    let holds = found.into_iter().map(|part| part.holds);
    Ok(holds
        .reduce(|one, other| union(one, &other))
        .unwrap_or_else(|| CustomerSet::with_capacity(universe_size)))
}
