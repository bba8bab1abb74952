//! The values of a column that each customer has, so that those of any segment are counted without touching rows.

use std::sync::Arc;

use super::both::Members;
use crate::backend::{BackendError, Cancel, ListedValue, ListedValues, SegmentAndAll};
use crate::database::Table;
use crate::local::chunk_reader::ReadableTable;
use crate::local::columns::{Bitmap, Keys};
use crate::local::condition::value_ids::ValueIds;
use crate::local::consistency::{check_length, checked, checked_mut};
use crate::local::index::customer_index::CustomerIndex;
use crate::local::index::row_map_chunk::RowMapChunk;
use crate::local::listing::{Listing, most_first};
use crate::local::memory::{CacheKey, MemorySize};
use crate::local::pages::rows_within::RowsWithin;
use crate::local::parallel::ROWS_BETWEEN_CHECKS;
use crate::local::parallel::parallel_fold;
use crate::local::sets::block::Block;
use crate::local::sets::insights::InsightTables as _;
use crate::local::view::View;

/// The values of a column that each customer has, each once.
pub(super) struct ValuesByCustomer {
    /// By number.
    values: Vec<ListedValue>,
    /// How many customers have each.
    all: Vec<u64>,
    /// Where in `numbers` those of each customer begin, and where the last one's end.
    starts: Vec<u32>,
    numbers: Vec<u32>,
}

/// A customer in the upper half, and the number of a value.
type Pair = u64;

impl View<'_> {
    /// The values of a column that customers have on any row.
    pub(super) fn values_by_customer(
        &self,
        (table, index): (&Table, &CustomerIndex),
        column: &str,
    ) -> Result<Arc<ValuesByCustomer>, BackendError> {
        self.values_of(table, column, None, |listing, ids| {
            index.customers.check_ids(self.size())?;
            let reader = self.reader();
            parallel_fold(index.customers.chunks(), self.cancel, Vec::new, |pairs, number| {
                let customers = index.customers.chunk(number, reader)?;
                add(pairs, listing, ids.chunk(number)?, &Bitmap::ones(customers.rows()), &customers)
            })
        })
    }

    /// The values of a column that customers have on the rows of their orders in a range of days.
    pub(super) fn values_of_orders(
        &self,
        rows: &RowsWithin<'_>,
        column: &str,
    ) -> Result<Arc<ValuesByCustomer>, BackendError> {
        self.values_of(rows.table(), column, Some(rows), |listing, ids| {
            rows.fold(&[], Vec::new, |pairs, of| {
                add(pairs, listing, ids.chunk(of.number)?, of.rows, of.customers)
            })
        })
    }

    fn values_of(
        &self,
        table: &Table,
        column: &str,
        within: Option<&RowsWithin<'_>>,
        find: impl FnOnce(&Listing<'_>, &ValueIds) -> Result<Vec<Vec<Pair>>, BackendError>,
    ) -> Result<Arc<ValuesByCustomer>, BackendError> {
        let key = CacheKey::ValuesByCustomer {
            id: self.activation_id.to_owned(),
            table: table.key().into_owned(),
            column: column.to_owned(),
            range: within.map(RowsWithin::range),
        };
        self.engine.memory.get_or_make(key, self.cancel, || {
            let reader = self.reader();
            let chunks = reader.column(ReadableTable::new(table)?, column)?;
            let ids = ValueIds::of_column(table, column, reader)?;
            let listing = Listing::new(&ids, &chunks)?;
            let pairs = find(&listing, &ids)?;
            ValuesByCustomer::new(&listing, &pairs, self.size(), self.cancel)
        })
    }
}

/// Adds the values of some rows of a chunk, those that follow one another once.
fn add(
    pairs: &mut Vec<Pair>,
    listing: &Listing<'_>,
    ids: &Keys,
    rows: &Bitmap,
    customers: &RowMapChunk,
) -> Result<(), BackendError> {
    check_length("values of rows", ids.len(), rows.len())?;
    customers.for_each(rows, |row, customer| {
        let pair = (customer as u64) << u32::BITS | u64::from(listing.of_id(number(ids.get(row))));
        if pairs.last() != Some(&pair) {
            pairs.push(pair);
        }
    })?;
    Ok(())
}

#[allow(clippy::cast_possible_truncation)] // ids of values are of 32 bits
fn number(id: u64) -> u32 {
    id as u32
}

fn customer(pair: Pair) -> usize {
    number(pair >> u32::BITS) as usize
}

impl ValuesByCustomer {
    fn new(
        listing: &Listing<'_>,
        pairs: &[Vec<Pair>],
        universe_size: usize,
        cancel: &Cancel,
    ) -> Result<Self, BackendError> {
        let parts = || pairs.iter().flat_map(|part| part.chunks(ROWS_BETWEEN_CHECKS));
        // How many each has, two places further; then where the next one goes, one place further.
        let mut starts = vec![0_u32; universe_size + 2];
        for part in parts() {
            cancel.check()?;
            for pair in part {
                checked_mut(&mut starts, customer(*pair) + 2).into_iter().for_each(|count| *count += 1);
            }
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        let mut numbers = vec![0; sum as usize];
        for part in parts() {
            cancel.check()?;
            for pair in part {
                let Some(next) = checked_mut(&mut starts, customer(*pair) + 1) else { continue };
                let place = checked_mut(&mut numbers, *next as usize);
                place.into_iter().for_each(|place| *place = number(*pair));
                *next += 1;
            }
        }
        starts.pop();
        let mut found = Self {
            values: listing.listed().collect(),
            all: vec![0; listing.len()],
            starts: vec![0],
            numbers: Vec::with_capacity(numbers.len()),
        };
        for (at, [start, end]) in starts.array_windows().enumerate() {
            if at % ROWS_BETWEEN_CHECKS == 0 {
                cancel.check()?;
            }
            found.add_customer(numbers.get_mut(*start as usize..*end as usize).unwrap_or_default());
        }
        Ok(found)
    }

    /// Adds the next customer. A value that somebody has twice counts once.
    fn add_customer(&mut self, numbers: &mut [u32]) {
        numbers.sort_unstable();
        let mut before = None;
        for number in numbers.iter().copied().filter(|number| before.replace(*number) != Some(*number)) {
            self.numbers.push(number);
            checked_mut(&mut self.all, number as usize).into_iter().for_each(|count| *count += 1);
        }
        self.starts.push(u32::try_from(self.numbers.len()).unwrap_or(u32::MAX));
    }

    /// How many have each value.
    pub(super) fn counts(&self, members: &Members<'_>) -> Result<ListedValues<u64>, BackendError> {
        check_length("values of customers", self.starts.len(), members.segment.len() + 1)?;
        let none = || vec![0_u64; self.values.len()];
        let blocks = Block::count(members.segment.len());
        let found = parallel_fold(blocks, members.cancel, none, |counts, number| {
            let block = Block::new(number);
            for customer in block.customers(block.words(&members.segment)) {
                let (start, end) = (checked(&self.starts, customer), checked(&self.starts, customer + 1));
                for number in self.numbers.get(start as usize..end as usize).unwrap_or_default() {
                    checked_mut(counts, *number as usize).into_iter().for_each(|count| *count += 1);
                }
            }
            Ok(())
        })?;
        let both = |mut one: Vec<u64>, other: Vec<u64>| {
            one.iter_mut().zip(other).for_each(|(count, more)| *count += more);
            one
        };
        let segment = found.into_iter().reduce(both).unwrap_or_else(none);
        let counts = self.values.iter().zip(segment).zip(&self.all);
        let counts = counts.filter(|(_, all)| **all > 0);
        Ok(most_first(
            counts.map(|((value, segment), all)| (value.clone(), SegmentAndAll { segment, all: *all })),
        ))
    }
}

impl MemorySize for ValuesByCustomer {
    fn memory_size(&self) -> usize {
        let text = |value: &ListedValue| match value {
            ListedValue::Value(text) => text.capacity(),
            ListedValue::Blank | ListedValue::Null => 0,
        };
        self.values.iter().map(text).sum::<usize>()
            + size_of_val(self.values.as_slice())
            + size_of_val(self.all.as_slice())
            + size_of_val(self.starts.as_slice())
            + size_of_val(self.numbers.as_slice())
    }
}
