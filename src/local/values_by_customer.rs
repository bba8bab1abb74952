//! The values of a column that each customer has, so that those of any segment are counted without touching rows.

use std::sync::Arc;

use super::cache_key::CacheKey;
use super::chunk_reader::{ChunkReader, ReadableTable};
use super::columns::{Bitmap, KeyType as _, Keys, with_keys};
use super::condition::value_bits::{ValueBits, merge_bits};
use super::condition::value_ids::ValueIds;
use super::consistency::{check_length, checked, checked_mut};
use super::index::customer_index::CustomerIndex;
use super::index::row_map_chunk::RowMapChunk;
use super::listing::{FIRST, Listing, most_first, range};
use super::memory::MemorySize;
use super::parallel::{ROWS_BETWEEN_CHECKS, parallel_fold};
use super::sets::block::Block;
use super::sets::customer_set::CustomerSet;
use super::sets::insights::InsightTables as _;
use super::view::View;
use crate::backend::{BackendError, Cancel, DayRange, ListedValue, ListedValues, SegmentAndAll};
use crate::database::Table;

/// The values of a column that each customer has, each once.
pub(crate) struct ValuesByCustomer {
    /// By number.
    pub values: Vec<ListedValue>,
    /// How many customers have each.
    pub all: Vec<u64>,
    /// Of numbers and dates that anybody has the least and the greatest one.
    pub range: Option<(String, String)>,
    /// Where in `numbers` those of each customer begin, and where the last one's end.
    starts: Vec<u32>,
    numbers: Keys,
}

/// A customer in the upper half, and the number of a value.
type Pair = u64;

impl View<'_> {
    /// The values of a column that customers have on any row.
    pub(crate) fn values_by_customer(
        &self,
        (table, index): (&Table, &CustomerIndex),
        column: &str,
    ) -> Result<Arc<ValuesByCustomer>, BackendError> {
        index.customers.check_ids(self.size())?;
        self.values_of(table, column, None, |listing, ids| {
            let of = (listing, ids, index);
            match listing.len() {
                ..=8 => self.few_values::<u8>(of),
                9..=16 => self.few_values::<u16>(of),
                17..=32 => self.few_values::<u32>(of),
                33..=64 => self.few_values::<u64>(of),
                65.. => {
                    let reader = self.reader();
                    let found = parallel_fold(
                        index.customers.chunks(),
                        self.cancel,
                        Pairs::default,
                        |pairs, number| {
                            let customers = index.customers.chunk(number, reader)?;
                            let rows = Bitmap::ones(customers.rows());
                            pairs.add(listing, ids.chunk(number)?, &rows, &customers)
                        },
                    )?;
                    ValuesByCustomer::from_pairs(listing, &found, self.size(), self.cancel)
                }
            }
        })
    }

    /// The values of a column on some rows, kept from one answer to the next. `range` says which rows these are, `make`
    /// finds the values.
    pub(crate) fn values_of(
        &self,
        table: &Table,
        column: &str,
        range: Option<DayRange>,
        make: impl FnOnce(&Listing<'_>, &ValueIds) -> Result<ValuesByCustomer, BackendError>,
    ) -> Result<Arc<ValuesByCustomer>, BackendError> {
        let key = CacheKey::ValuesByCustomer {
            id: self.activation_id.to_owned(),
            table: table.key().into_owned(),
            column: column.to_owned(),
            range,
        };
        self.engine.memory.get_or_make(key, self.cancel, || {
            let reader = self.reader();
            let chunks = reader.column(ReadableTable::new(table)?, column)?;
            let ids = ValueIds::of_column(table, column, reader)?;
            make(&Listing::new(&ids, &chunks)?, &ids)
        })
    }

    /// Where the values of a customer fit into one number, a bit each.
    fn few_values<B: ValueBits>(
        &self,
        (listing, ids, index): (&Listing<'_>, &ValueIds, &CustomerIndex),
    ) -> Result<ValuesByCustomer, BackendError> {
        let none = || vec![B::default(); self.size()];
        let reader: ChunkReader<'_> = self.reader();
        let bit_of_id: Vec<B> = (0..ids.count()).map(|id| B::of_value(listing.of_id(id).into())).collect();
        let found = parallel_fold(index.customers.chunks(), self.cancel, none, |bits, number| {
            let (customers, ids) = (index.customers.chunk(number, reader)?, ids.chunk(number)?);
            let (bits, bit_of_id) = (bits.as_mut_slice(), bit_of_id.as_slice());
            with_keys!(ids, ids => {
                customers.for_each_value(&Bitmap::ones(ids.len()), ids, move |customer, id| {
                    if let Some(bits) = checked_mut(bits, customer) {
                        *bits |= checked(bit_of_id, number_of(id.widen()) as usize);
                    }
                })?;
            });
            Ok(())
        })?;
        let bits = found.into_iter().reduce(merge_bits).unwrap_or_else(none);
        let mut values = Builder::new(listing, bits.len());
        for part in bits.chunks(ROWS_BETWEEN_CHECKS) {
            self.cancel.check()?;
            for bits in part {
                let mut left = bits.widen();
                while left != 0 {
                    values.add(left.trailing_zeros());
                    left &= left - 1;
                }
                values.end_customer();
            }
        }
        Ok(values.finish(listing))
    }
}

/// The values of customers as they stand on rows.
#[derive(Default)]
pub(crate) struct Pairs(Vec<Pair>);

impl Pairs {
    /// Adds the values of some rows of a chunk, those that follow one another once.
    ///
    /// # Errors
    /// They are of different chunks.
    pub(crate) fn add(
        &mut self,
        listing: &Listing<'_>,
        ids: &Keys,
        rows: &Bitmap,
        customers: &RowMapChunk,
    ) -> Result<(), BackendError> {
        check_length("values of rows", ids.len(), rows.len())?;
        customers.for_each(rows, |row, customer| {
            let pair = (customer as u64) << u32::BITS | u64::from(listing.of_id(number_of(ids.get(row))));
            if self.0.last() != Some(&pair) {
                self.0.push(pair);
            }
        })?;
        Ok(())
    }
}

#[allow(clippy::cast_possible_truncation)] // ids of values are of 32 bits
fn number_of(id: u64) -> u32 {
    id as u32
}

fn customer(pair: Pair) -> usize {
    number_of(pair >> u32::BITS) as usize
}

/// Takes the values of one customer after the other.
struct Builder {
    all: Vec<u64>,
    starts: Vec<u32>,
    numbers: Vec<u32>,
}

impl Builder {
    fn new(listing: &Listing<'_>, universe_size: usize) -> Self {
        let mut starts = Vec::with_capacity(universe_size + 1);
        starts.push(0);
        Self { all: vec![0; listing.len()], starts, numbers: Vec::with_capacity(universe_size) }
    }

    /// Adds a value of the customer in hand, which comes once.
    fn add(&mut self, number: u32) {
        self.numbers.push(number);
        checked_mut(&mut self.all, number as usize).into_iter().for_each(|count| *count += 1);
    }

    fn end_customer(&mut self) {
        self.starts.push(u32::try_from(self.numbers.len()).unwrap_or(u32::MAX));
    }

    fn finish(self, listing: &Listing<'_>) -> ValuesByCustomer {
        let last = listing.len() as u64;
        let held = self.all.iter().skip(FIRST).zip(&listing.values).filter(|(all, _)| **all > 0);
        ValuesByCustomer {
            values: listing.listed().collect(),
            range: range(held.map(|(_, value)| *value)),
            all: self.all,
            starts: self.starts,
            numbers: Keys::collect(last, self.numbers.into_iter().map(u64::from)),
        }
    }
}

impl ValuesByCustomer {
    /// From what several cores have found.
    ///
    /// # Errors
    /// Cancelled.
    pub(crate) fn from_pairs(
        listing: &Listing<'_>,
        pairs: &[Pairs],
        universe_size: usize,
        cancel: &Cancel,
    ) -> Result<Self, BackendError> {
        let parts = || pairs.iter().flat_map(|part| part.0.chunks(ROWS_BETWEEN_CHECKS));
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
                place.into_iter().for_each(|place| *place = number_of(*pair));
                *next += 1;
            }
        }
        starts.pop();
        let mut values = Builder::new(listing, universe_size);
        for (at, [start, end]) in starts.array_windows().enumerate() {
            if at % ROWS_BETWEEN_CHECKS == 0 {
                cancel.check()?;
            }
            let numbers = numbers.get_mut(*start as usize..*end as usize).unwrap_or_default();
            numbers.sort_unstable();
            let mut before = None;
            let once = numbers.iter().copied().filter(|number| before.replace(*number) != Some(*number));
            once.for_each(|number| values.add(number));
            values.end_customer();
        }
        Ok(values.finish(listing))
    }

    /// How many of some customers have each value.
    ///
    /// # Errors
    /// They are of another universe; cancelled.
    pub(crate) fn counts_of(
        &self,
        customers: &CustomerSet,
        cancel: &Cancel,
    ) -> Result<Vec<u64>, BackendError> {
        check_length("values of customers", self.starts.len(), customers.len() + 1)?;
        let none = || vec![0_u64; self.values.len()];
        let found = parallel_fold(Block::count(customers.len()), cancel, none, |counts, number| {
            let block = Block::new(number);
            with_keys!(&self.numbers, numbers => {
                for customer in block.customers(block.words(customers)) {
                    let (start, end) = (checked(&self.starts, customer), checked(&self.starts, customer + 1));
                    for number in numbers.get(start as usize..end as usize).unwrap_or_default() {
                        let count = checked_mut(counts, number_of(number.widen()) as usize);
                        count.into_iter().for_each(|count| *count += 1);
                    }
                }
            });
            Ok(())
        })?;
        let both = |mut one: Vec<u64>, other: Vec<u64>| {
            one.iter_mut().zip(other).for_each(|(count, more)| *count += more);
            one
        };
        Ok(found.into_iter().reduce(both).unwrap_or_else(none))
    }

    /// How many have each value, of some customers and of all; what anybody has, most first.
    ///
    /// # Errors
    /// As [`Self::counts_of`].
    pub(crate) fn listed(
        &self,
        segment: &CustomerSet,
        cancel: &Cancel,
    ) -> Result<ListedValues<u64>, BackendError> {
        let counts = self.values.iter().zip(self.counts_of(segment, cancel)?).zip(&self.all);
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
            + self.numbers.memory_size()
    }
}
