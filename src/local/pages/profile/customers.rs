//! How many customers have each of the most frequent values.

use std::ops::Range;

use hashbrown::HashMap;

use super::plain::{OwnPlain, Plain, PlainType, day_of};
use crate::backend::BackendError;
use crate::local::columns::{Bitmap, Chunk, Dictionary, KeyType as _, same_length, with_keys};
use crate::local::index::row_map_chunk::RowMapChunk;
use crate::local::sets::customer_set::{CustomerSet, count};

/// No place.
const NONE: u32 = u32::MAX;
/// A table of so many keys is worth it.
const FEW: u64 = 1 << 20;

/// The customers of some values.
pub(super) struct ValueCustomers<'a> {
    plain: PlainType,
    values: Vec<Plain<'a>>,
    texts: HashMap<&'a str, u32>,
    sets: Vec<CustomerSet>,
}

impl<'a> ValueCustomers<'a> {
    /// Of these values, of points in time their days, among so many customers.
    pub fn new(plain: PlainType, values: &'a [(OwnPlain, u64)], universe_size: usize) -> Self {
        let values: Vec<Plain<'a>> = values.iter().map(|(value, _)| value.as_plain()).collect();
        let mut texts = HashMap::new();
        for (place, value) in (0..).zip(&values) {
            if let Plain::Text(text) = value {
                texts.insert(*text, place);
            }
        }
        let sets = values.iter().map(|_| CustomerSet::with_capacity(universe_size)).collect();
        Self { plain, values, texts, sets }
    }

    /// Adds the rows of a chunk.
    pub fn add(&mut self, chunk: &Chunk, customers: &RowMapChunk) -> Result<(), BackendError> {
        same_length(chunk.rows(), customers.rows())?;
        let Some(last) = chunk.dictionary().last() else { return Ok(()) };
        let mut rows = Bitmap::ones(chunk.rows());
        if let Some(nulls) = chunk.nulls() {
            rows.and_not(nulls)?;
        }
        let Self { plain, values, texts, sets } = self;
        let mut insert = |place: u32, customer: usize| {
            if let Some(set) = sets.get_mut(place as usize) {
                set.insert(customer);
            }
        };
        let dictionary = chunk.dictionary();
        let ranges =
            || (0..).zip(values.iter()).map(|(place, value)| (key_range(dictionary, *plain, *value), place));
        if last > FEW {
            let mut ranges: Vec<(Range<u64>, u32)> =
                ranges().filter(|(range, _)| !range.is_empty()).collect();
            ranges.sort_unstable_by_key(|(range, _)| range.start);
            customers.for_each(&rows, |row, customer| {
                let key = chunk.keys().get(row);
                let at = ranges.partition_point(|(range, _)| range.start <= key).checked_sub(1);
                let found = at.and_then(|at| ranges.get(at)).filter(|(range, _)| range.contains(&key));
                found.into_iter().for_each(|(_, place)| insert(*place, customer));
            })?;
            return Ok(());
        }
        let table = match dictionary {
            Dictionary::Strings(strings) => {
                strings.iter().map(|text| texts.get(text).copied().unwrap_or(NONE)).collect()
            }
            _ => table(last, ranges()),
        };
        with_keys!(chunk.keys(), keys => customers.for_each(&rows, |row, customer| {
            let key = keys.get(row).map_or(u64::MAX, |key| key.widen());
            let place = usize::try_from(key).ok().and_then(|key| table.get(key)).copied().unwrap_or(NONE);
            if place != NONE {
                insert(place, customer);
            }
        }))?;
        Ok(())
    }

    /// How many have each.
    pub fn finish(self) -> Vec<u64> {
        self.sets.iter().map(count).collect()
    }
}

/// For each key the place of its value.
fn table(last: u64, ranges: impl Iterator<Item = (Range<u64>, u32)>) -> Vec<u32> {
    let mut table = vec![NONE; usize::try_from(last).unwrap_or_default() + 1];
    for (range, place) in ranges {
        for key in range {
            usize::try_from(key)
                .ok()
                .and_then(|key| table.get_mut(key))
                .into_iter()
                .for_each(|of| *of = place);
        }
    }
    table
}

/// The keys of a value; of points in time those of its day. Keys are in the order of their values, but for texts.
fn key_range(dictionary: &Dictionary, plain: PlainType, value: Plain<'_>) -> Range<u64> {
    let of = |key: u64| match (plain, Plain::new(dictionary.value(key))) {
        (PlainType::Datetime, Plain::Short(bits)) => Plain::Short(day_of(bits)),
        (_, value) => value,
    };
    let keys = dictionary.last().map_or(0, |last| last.saturating_add(1));
    let first = partition_point(keys, |key| of(key) < value);
    first..partition_point(keys, |key| of(key) <= value)
}

/// The first of so many keys for which it does not hold.
fn partition_point(keys: u64, holds: impl Fn(u64) -> bool) -> u64 {
    let (mut first, mut end) = (0, keys);
    while first < end {
        let middle = first + (end - first) / 2;
        if holds(middle) { first = middle + 1 } else { end = middle }
    }
    first
}
