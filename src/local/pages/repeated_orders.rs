//! Rows of the orders table that are about the same order: of one customer, and with the same order id.
//!
//! In most tables there are none. Then the rows of a customer are as many orders, which is found out once and kept.

use std::collections::HashSet;
use std::hash::BuildHasher;

use hashbrown::DefaultHashBuilder;
use serde::{Deserialize, Serialize};

use super::order_source::OrderSource;
use crate::backend::BackendError;
use crate::local::cache::persisted::packed;
use crate::local::cache_key::CacheKey;
use crate::local::chunk_reader::{ChunkReader, ReadableTable};
use crate::local::columns::Bitmap;
use crate::local::consistency::{checked, checked_mut};
use crate::local::error::unreadable;
use crate::local::files::id_texts;
use crate::local::index::order_numbers::OrderNumbers;
use crate::local::memory::MemorySize;
use crate::local::parallel::{ROWS_BETWEEN_CHECKS, parallel_fold, parallel_map};
use crate::local::sets::insights::InsightTables as _;
use crate::local::view::View;

/// The rows that are about an order of which there are several.
#[derive(Debug, Default, Deserialize, PartialEq, Serialize)]
pub(crate) struct RepeatedOrders {
    /// In order.
    #[serde(with = "packed")]
    rows: Vec<u32>,
    /// The order of each.
    #[serde(with = "packed")]
    orders: Vec<u32>,
    /// The customer of each order.
    #[serde(with = "packed")]
    owners: Vec<u32>,
}

/// So many hashes are sorted at a time.
const MOST_HASHES: usize = 1 << 24;
const BUCKETS: usize = 1 << 8;

impl View<'_> {
    /// The rows of the orders table that repeat an order; a row without an order id (NULL) repeats none.
    pub(crate) fn repeated_orders(
        &self,
        source: &OrderSource<'_>,
    ) -> Result<std::sync::Arc<RepeatedOrders>, BackendError> {
        let key = CacheKey::RepeatedOrders { id: self.activation_id.to_owned() };
        self.engine.memory.get_or_make(key, self.cancel, || {
            let is_multi_row = source.rows.index.counts(self.reader())?.is_multi_row;
            let Some(order_id) = source.order_id.filter(|_| is_multi_row) else {
                return Ok(RepeatedOrders::default());
            };
            let slot = self.engine.disk_cache.repeated_orders(&self.engine.database, self.activation_id);
            let known = slot.as_ref().and_then(|slot| slot.load());
            if let Some(known) = known.filter(|known: &RepeatedOrders| known.fits(self.size())) {
                return Ok(known);
            }
            let finding =
                Finding { source, order_id, reader: self.reader(), hasher: DefaultHashBuilder::default() };
            let found = finding.find()?;
            slot.iter().for_each(|slot| slot.store_now(&found));
            Ok(found)
        })
    }
}

impl RepeatedOrders {
    /// Adds to `orders` those of some rows of a chunk, which begins at row `first` of the table.
    pub fn add_of_rows(&self, first: usize, rows: &Bitmap, orders: &mut Vec<u32>) {
        let start = self.rows.partition_point(|row| (*row as usize) < first);
        let entries = self.rows.iter().zip(&self.orders).skip(start);
        let within = entries.map_while(|(row, order)| {
            let row = *row as usize - first;
            (row < rows.len()).then_some((row, *order))
        });
        orders.extend(within.filter(|(row, _)| rows.get(*row)).map(|(_, order)| order));
    }

    /// From the orders of all rows: takes every further row of an order off the counts of rows.
    pub fn count_once(&self, mut orders: Vec<u32>, counts: &mut [u32]) {
        orders.sort_unstable();
        for again in orders.array_windows().filter(|[one, next]| one == next).map(|[order, _]| *order) {
            let owner = checked(&self.owners, again as usize) as usize;
            checked_mut(counts, owner).into_iter().for_each(|count| *count = count.saturating_sub(1));
        }
    }

    /// Whether it fits together, for so many customers.
    fn fits(&self, universe_size: usize) -> bool {
        self.rows.len() == self.orders.len()
            && self.rows.is_sorted()
            && self.orders.iter().all(|order| (*order as usize) < self.owners.len())
            && self.owners.iter().all(|owner| (*owner as usize) < universe_size)
    }
}

impl MemorySize for RepeatedOrders {
    fn memory_size(&self) -> usize {
        [&self.rows, &self.orders, &self.owners].into_iter().map(|part| size_of_val(part.as_slice())).sum()
    }
}

struct Finding<'a> {
    source: &'a OrderSource<'a>,
    order_id: &'a str,
    reader: ChunkReader<'a>,
    hasher: DefaultHashBuilder,
}

impl Finding<'_> {
    fn find(&self) -> Result<RepeatedOrders, BackendError> {
        let chunks = self.reader.chunk_count(ReadableTable::new(self.source.rows.table)?);
        let passes = (chunks * self.reader.chunk_size.rows()).div_ceil(MOST_HASHES).max(1);
        let mut suspects = HashSet::default();
        for pass in 0..passes {
            suspects.extend(self.hashes_of_several(chunks, pass, passes)?);
        }
        if suspects.is_empty() { Ok(RepeatedOrders::default()) } else { self.compare(chunks, &suspects) }
    }

    /// The hashes that several rows have; of all hashes those of a pass.
    fn hashes_of_several(&self, chunks: usize, pass: usize, passes: usize) -> Result<Vec<u64>, BackendError> {
        let new = || vec![Vec::new(); BUCKETS];
        let found = parallel_fold(chunks, self.reader.cancel, new, |buckets, number| {
            self.for_each_row(number, |_, customer, id| {
                let hash = self.hash(customer, id);
                if passes == 1 || hash % passes as u64 == pass as u64 {
                    // The highest bits say which.
                    let bucket = checked_mut(buckets, (hash >> (u64::BITS - BUCKETS.ilog2())) as usize);
                    bucket.into_iter().for_each(|bucket: &mut Vec<u64>| bucket.push(hash));
                }
            })
        })?;
        let several = parallel_map(BUCKETS, self.reader.cancel, |bucket| {
            let mut hashes: Vec<u64> =
                found.iter().filter_map(|all| all.get(bucket)).flatten().copied().collect();
            hashes.sort_unstable();
            Ok(hashes.array_windows().filter(|[one, next]| one == next).map(|[hash, _]| *hash).collect())
        })?;
        Ok(several.into_iter().flat_map(|hashes: Vec<u64>| hashes).collect())
    }

    /// Numbers the orders of the rows with these hashes: not all of them need be the same order.
    fn compare(
        &self,
        chunks: usize,
        suspects: &HashSet<u64, DefaultHashBuilder>,
    ) -> Result<RepeatedOrders, BackendError> {
        let mut numbers = OrderNumbers::default();
        let (mut rows, mut orders) = (Vec::new(), Vec::new());
        for number in 0..chunks {
            let first = self.reader.chunk_size.first_row(number);
            self.for_each_row(number, |row, customer, id| {
                if suspects.contains(&self.hash(customer, id)) {
                    rows.push(to_u32(first + row));
                    orders.push(numbers.find_or_add(customer, id));
                }
            })?;
        }
        let mut counts = vec![0_u32; numbers.count()];
        for order in &orders {
            checked_mut(&mut counts, *order as usize).into_iter().for_each(|count| *count += 1);
        }
        let several = rows.into_iter().zip(orders).filter(|(_, order)| checked(&counts, *order as usize) > 1);
        let (rows, orders) = several.unzip();
        Ok(RepeatedOrders { rows, orders, owners: numbers.into_owners() })
    }

    /// Does something with each row of a chunk that has a customer and an order id.
    fn for_each_row(&self, number: usize, mut act: impl FnMut(usize, u32, &str)) -> Result<(), BackendError> {
        let Self { source, order_id, reader, .. } = self;
        let customers = source.rows.index.customers.chunk(number, *reader)?;
        let mut row = 0;
        for frame in reader.frames(ReadableTable::new(source.rows.table)?, &[order_id], number) {
            let (frame, unreadable) = (frame?, unreadable(&source.rows.table.name));
            let ids = id_texts(frame.column(order_id).map_err(&unreadable)?).map_err(&unreadable)?;
            for id in ids.iter() {
                if row % ROWS_BETWEEN_CHECKS == 0 {
                    reader.cancel.check()?;
                }
                if let Some((id, customer)) = id.zip(customers.get(row)) {
                    act(row, to_u32(customer), id);
                }
                row += 1;
            }
        }
        Ok(())
    }

    fn hash(&self, customer: u32, id: &str) -> u64 {
        self.hasher.hash_one((customer, id))
    }
}

/// Customers and rows are counted in 32 bits.
#[allow(clippy::cast_possible_truncation)]
fn to_u32(number: usize) -> u32 {
    number as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_one_order_count_once_whatever_chunks_they_are_in() {
        // Rows 1, 3 and 9 are about one order of customer 0, rows 4 and 5 about one of customer 1.
        let repeated =
            RepeatedOrders { rows: vec![1, 3, 4, 5, 9], orders: vec![0, 0, 1, 1, 0], owners: vec![0, 1] };
        let count = |wanted: &[usize]| {
            let (mut orders, mut counts) = (Vec::new(), vec![0_u32; 2]);
            for first in [8, 0, 4] {
                let rows: Vec<bool> = (first..first + 4).map(|row| wanted.contains(&row)).collect();
                let rows = Bitmap::from_values(&rows, |wanted| wanted);
                repeated.add_of_rows(first, &rows, &mut orders);
                let owners = [0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0];
                rows.iter_ones().for_each(|row| counts[owners[first + row]] += 1);
            }
            repeated.count_once(orders, &mut counts);
            counts
        };
        assert_eq!(count(&[1, 3, 4, 5, 9]), [1, 1]);
        assert_eq!(count(&[0, 3, 5]), [2, 1]);
        assert_eq!(count(&[2, 3, 4, 6, 9, 10]), [3, 2]);
        assert!(repeated.fits(2) && !repeated.fits(1));
        assert!(!RepeatedOrders { orders: vec![2; 5], ..repeated }.fits(2));
    }
}
