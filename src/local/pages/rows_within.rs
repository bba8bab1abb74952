//! The rows of the orders of a range of days.

use std::sync::Arc;

use fixedbitset::FixedBitSet;

use super::order_source::OrderSource;
use crate::backend::{BackendError, DayRange};
use crate::database::Table;
use crate::local::cache_key::CacheKey;
use crate::local::chunk_reader::{ChunkReader, ReadableTable};
use crate::local::columns::{Bitmap, Chunk};
use crate::local::consistency::{check_length, checked, checked_mut, inconsistent};
use crate::local::index::orders::OrderIndex;
use crate::local::index::row_map_chunk::RowMapChunk;
use crate::local::memory::MemorySize;
use crate::local::predicate::column_predicate::ColumnPredicate;
use crate::local::predicate::date_predicate::DatePredicate;
use crate::local::predicate::row_mask::RowMask;
use crate::local::sets::insights::{InsightTables as _, within};
use crate::local::values::day_number;
use crate::local::view::View;
use crate::segment::DateTest;

/// The rows of the orders of a range of days. Those of purchases are in it if the day of their order is.
pub(crate) struct RowsWithin<'a> {
    source: &'a OrderSource<'a>,
    reader: ChunkReader<'a>,
    range: DayRange,
    days: DateTest,
    /// Of purchases: the orders of the range.
    orders: Option<(Arc<OrderIndex>, FixedBitSet)>,
}

/// Some rows of a chunk of orders.
pub(crate) struct RowsOfChunk<'a> {
    /// The number of the chunk, and its first row in the table.
    pub number: usize,
    pub first: usize,
    pub rows: &'a Bitmap,
    pub customers: &'a RowMapChunk,
    /// The chunks of the columns that were asked for.
    pub columns: &'a [Arc<Chunk>],
}

/// The day of each order that purchases make up: that of its earliest row.
pub(crate) struct OrderDays(Vec<i32>);

/// The day of what has no row, after every other.
pub(crate) const NEVER: i32 = i32::MAX;

impl View<'_> {
    /// The rows of the orders of a range of days.
    pub(crate) fn rows_within<'a>(
        &'a self,
        source: &'a OrderSource<'a>,
        range: DayRange,
    ) -> Result<RowsWithin<'a>, BackendError> {
        let orders = match &source.rows.purchases {
            None => None,
            Some(purchases) => {
                let (from, to) = (day_number(range.from), day_number(range.to));
                let days = self.order_days(source, purchases)?;
                let mut orders = FixedBitSet::with_capacity(purchases.len());
                let is_within = |day: &i32| *day != NEVER && (from..=to).contains(&i64::from(*day));
                orders.extend(
                    days.0.iter().enumerate().filter(|(_, day)| is_within(day)).map(|(order, _)| order),
                );
                Some((Arc::clone(purchases), orders))
            }
        };
        source.rows.index.customers.check_ids(self.size())?;
        Ok(RowsWithin { source, reader: self.reader(), range, days: within(range), orders })
    }

    /// The day of each order that purchases make up, kept from one answer to the next.
    fn order_days(
        &self,
        source: &OrderSource<'_>,
        purchases: &OrderIndex,
    ) -> Result<Arc<OrderDays>, BackendError> {
        let key = CacheKey::OrderDays { id: self.activation_id.to_owned() };
        self.engine.memory.get_or_make(key, self.cancel, || {
            let (table, reader) = (ReadableTable::new(source.rows.table)?, self.reader());
            purchases.orders.check_ids(purchases.len())?;
            let never = || vec![NEVER; purchases.len()];
            let found = reader.fold(table, [source.rows.day], never, |days, number, [times]| {
                let orders = purchases.orders.chunk(number, reader)?;
                check_length("rows of orders", times.rows(), orders.rows())?;
                orders.for_each(&Bitmap::ones(orders.rows()), |row, order| {
                    if let (Some(known), Some(day)) = (checked_mut(days, order), day(&times, row)) {
                        *known = day.min(*known);
                    }
                })?;
                Ok(())
            })?;
            let earlier = |mut one: Vec<i32>, other: Vec<i32>| {
                one.iter_mut().zip(other).for_each(|(day, other)| *day = other.min(*day));
                one
            };
            Ok(OrderDays(found.into_iter().reduce(earlier).unwrap_or_else(never)))
        })
    }
}

/// The day of a row, by its number since 1970-01-01.
#[inline]
pub(crate) fn day(times: &Chunk, row: usize) -> Option<i32> {
    if times.is_null(row) {
        return None;
    }
    // No date that there is lies beyond.
    i32::try_from(times.value(row).timestamp()?.day).ok()
}

impl RowsWithin<'_> {
    /// The table that they are in.
    pub fn table(&self) -> &Table {
        self.source.rows.table
    }

    pub fn range(&self) -> DayRange {
        self.range
    }

    /// Of purchases: the orders of the range, and of whom they are.
    pub fn orders(&self) -> Option<&(Arc<OrderIndex>, FixedBitSet)> {
        self.orders.as_ref()
    }

    /// Goes through the rows with all cores, chunk by chunk; see [`ChunkReader::fold`].
    pub fn fold<A: Send>(
        &self,
        columns: &[&str],
        new: impl Fn() -> A + Sync,
        add: impl Fn(&mut A, &RowsOfChunk<'_>) -> Result<(), BackendError> + Sync,
    ) -> Result<Vec<A>, BackendError> {
        let (source, reader) = (self.source, self.reader);
        let mut wanted = columns.to_vec();
        if self.orders.is_none() {
            wanted.push(source.rows.day);
        }
        let is_within = ColumnPredicate::Date(DatePredicate::new(&self.days));
        reader.fold_columns(ReadableTable::new(source.rows.table)?, &wanted, new, |result, number, chunks| {
            let customers = source.rows.index.customers.chunk(number, reader)?;
            let (columns, rows) = match (&self.orders, chunks) {
                (Some((purchases, orders)), columns) => {
                    (columns, rows_of(orders, &*purchases.orders.chunk(number, reader)?)?)
                }
                (None, [columns @ .., times]) => (columns, RowMask::new(&is_within, times)?.trues),
                (None, []) => return Err(inconsistent("a column has no chunk")),
            };
            let first = reader.chunk_size.first_row(number);
            add(result, &RowsOfChunk { number, first, rows: &rows, customers: &customers, columns })
        })
    }
}

/// The rows of some orders.
fn rows_of(orders: &FixedBitSet, of_rows: &RowMapChunk) -> Result<Bitmap, BackendError> {
    let mut words = vec![0_u64; of_rows.rows().div_ceil(64)];
    let sets = orders.as_slice();
    of_rows.for_each(&Bitmap::ones(of_rows.rows()), |row, order| {
        let bit = checked(sets, order / usize::BITS as usize) >> (order % usize::BITS as usize) & 1;
        if let Some(word) = checked_mut(&mut words, row / 64) {
            *word |= (bit as u64) << (row % 64);
        }
    })?;
    Bitmap::from_words(words, of_rows.rows())
        .ok_or_else(|| inconsistent("rows of orders do not fit together"))
}

impl MemorySize for OrderDays {
    fn memory_size(&self) -> usize {
        size_of_val(self.0.as_slice())
    }
}
