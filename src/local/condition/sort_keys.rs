//! The values of a whole column as numbers: the same for the same value, and in the order of the values.

use std::sync::Arc;

use crate::local::columns::{Chunk, Dictionary, LogicalType, StringArray, StringIndex, Value};
use crate::local::consistency::{checked, checked_mut};

/// Makes sort keys of the keys of the chunks of one column.
pub(crate) struct SortKeys {
    /// For each chunk with strings: the sort key of each key.
    tables: Vec<Vec<u32>>,
    strings: StringArray,
    /// All decimals of a column, in order, where they have more digits than sort keys.
    exact: Vec<i128>,
}

impl SortKeys {
    /// From all chunks of a column. Those of strings are in the order of the strings only where that is wanted.
    pub fn new(chunks: &[Arc<Chunk>], is_ordered: bool) -> Self {
        let (mut strings, mut numbers) = (StringArray::default(), StringIndex::default());
        let mut tables: Vec<Vec<u32>> = chunks
            .iter()
            .map(|chunk| match chunk.dictionary() {
                Dictionary::Strings(of_chunk) => {
                    of_chunk.iter().map(|text| numbers.find_or_add(&mut strings, text)).collect()
                }
                Dictionary::Range { .. } | Dictionary::Doubles(_) | Dictionary::Exact { .. } => Vec::new(),
            })
            .collect();
        if is_ordered && strings.len() > 0 {
            let mut order: Vec<(&str, u32)> = strings.iter().zip(0..).collect();
            order.sort_unstable();
            let mut ranks = vec![0; order.len()];
            let mut sorted = StringArray::default();
            for (rank, (text, number)) in (0..).zip(&order) {
                sorted.push(text);
                checked_mut(&mut ranks, *number as usize).into_iter().for_each(|place| *place = rank);
            }
            for sort_key in tables.iter_mut().flatten() {
                *sort_key = checked(&ranks, *sort_key as usize);
            }
            strings = sorted;
        }
        Self { tables, strings, exact: exact(chunks) }
    }

    /// The sort key of a key of a chunk: one of those that these are made from.
    #[inline]
    pub(crate) fn sort_key(&self, number: usize, chunk: &Chunk, key: u64) -> u64 {
        match chunk.dictionary() {
            Dictionary::Strings(_) => {
                let sort_key =
                    self.tables.get(number).and_then(|table| table.get(usize::try_from(key).ok()?));
                debug_assert!(sort_key.is_some());
                sort_key.copied().unwrap_or_default().into()
            }
            Dictionary::Range { logical_type: LogicalType::Decimal(_), .. } | Dictionary::Doubles(_) => {
                match chunk.dictionary().value(key) {
                    Value::Decimal(number) => from_double(number),
                    // Such dictionaries have decimals only.
                    _ => 0,
                }
            }
            dictionary => match exact_parts(dictionary, key).filter(|_| !self.exact.is_empty()) {
                Some(parts) => {
                    let found = self.exact.binary_search(&parts);
                    debug_assert!(found.is_ok());
                    found.unwrap_or_else(|place| place) as u64
                }
                None => from_whole(dictionary.whole(key)),
            },
        }
    }

    /// The value of a sort key of a column with chunks such as this one; `None` if it is none of these.
    pub fn value(&self, sort_key: u64, like: &Chunk) -> Option<Value<'_>> {
        Some(match like.dictionary() {
            Dictionary::Strings(_) => Value::Text(self.strings.get(usize::try_from(sort_key).ok()?)?),
            Dictionary::Range { logical_type: LogicalType::Decimal(_), .. } | Dictionary::Doubles(_) => {
                Value::Decimal(to_double(sort_key))
            }
            Dictionary::Range { logical_type: LogicalType::Exact(decimals), .. }
            | Dictionary::Exact { decimals, .. }
                if !self.exact.is_empty() =>
            {
                Value::Exact { parts: *self.exact.get(usize::try_from(sort_key).ok()?)?, decimals: *decimals }
            }
            Dictionary::Exact { .. } => return None,
            Dictionary::Range { logical_type, .. } => logical_type.value(to_whole(sort_key)),
        })
    }
}

/// All decimals of a column, in order; none where each is a whole number of 64 bits. They have the same number of
/// decimals.
fn exact(chunks: &[Arc<Chunk>]) -> Vec<i128> {
    if !chunks.iter().any(|chunk| matches!(chunk.dictionary(), Dictionary::Exact { .. })) {
        return Vec::new();
    }
    let mut all = Vec::new();
    for chunk in chunks {
        match chunk.dictionary() {
            Dictionary::Exact { parts, .. } => all.extend(parts),
            dictionary => {
                let keys = (0..chunk.rows()).map(|row| chunk.keys().get(row));
                all.extend(keys.filter_map(|key| exact_parts(dictionary, key)));
            }
        }
        all.sort_unstable();
        all.dedup();
    }
    all
}

fn exact_parts(dictionary: &Dictionary, key: u64) -> Option<i128> {
    match dictionary.value(key) {
        Value::Exact { parts, .. } => Some(parts),
        _ => None,
    }
}

const SIGN: u64 = 1 << 63;

pub(crate) fn from_whole(whole: i64) -> u64 {
    whole.cast_unsigned() ^ SIGN
}

pub(crate) fn to_whole(sort_key: u64) -> i64 {
    (sort_key ^ SIGN).cast_signed()
}

/// Negative doubles order by their bits the other way round.
pub(crate) fn from_double(number: f64) -> u64 {
    let bits = number.to_bits();
    if bits & SIGN == 0 { bits | SIGN } else { !bits }
}

pub(crate) fn to_double(sort_key: u64) -> f64 {
    f64::from_bits(if sort_key & SIGN == 0 { !sort_key } else { sort_key & !SIGN })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::local::columns::Keys;

    #[test]
    fn decimals_of_any_length_are_in_order() {
        let decimals = 2;
        let keys = || Keys::U8(vec![0, 1]);
        let logical_type = LogicalType::Exact(decimals);
        let short = Dictionary::Range { logical_type, start: -5, step: 1, last: 1 };
        let long = Dictionary::Exact { decimals, parts: vec![-10_i128.pow(30), 10_i128.pow(30)] };
        let chunk = |dictionary: &Dictionary| Arc::new(Chunk::new(dictionary.clone(), keys(), None).unwrap());
        let chunks = [chunk(&short), chunk(&long)];
        let sort_keys = SortKeys::new(&chunks, true);
        let key = |number: usize, key| sort_keys.sort_key(number, &chunks[number], key);
        assert_eq!([key(1, 0), key(0, 0), key(0, 1), key(1, 1)], [0, 1, 2, 3]);
        let value = |sort_key| sort_keys.value(sort_key, &chunks[0]);
        assert_eq!(value(1), Some(Value::Exact { parts: -5, decimals }));
        assert_eq!(value(3), Some(Value::Exact { parts: 10_i128.pow(30), decimals }));
        let chunks = [chunk(&short)];
        let sort_keys = SortKeys::new(&chunks, true);
        let sort_key = sort_keys.sort_key(0, &chunks[0], 1);
        assert_eq!(sort_keys.value(sort_key, &chunks[0]), Some(Value::Exact { parts: -4, decimals }));
    }

    proptest! {
        #[test]
        fn sort_keys_are_in_the_order_of_their_numbers(a: i64, b: i64, c in -1e300..1e300_f64, d in -1e300..1e300_f64) {
            prop_assert_eq!(from_whole(a).cmp(&from_whole(b)), a.cmp(&b));
            prop_assert_eq!(from_double(c).cmp(&from_double(d)), c.total_cmp(&d));
            prop_assert_eq!((to_whole(from_whole(a)), to_double(from_double(c))), (a, c));
        }
    }
}
