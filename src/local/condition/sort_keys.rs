//! The values of a whole column as numbers: the same for the same value, and in the order of the values.

use std::sync::Arc;

use crate::local::columns::{Chunk, Dictionary, LogicalType, StringArray, StringIndex, Value};
use crate::local::consistency::{checked, checked_mut};

/// Makes sort keys of the keys of the chunks of one column.
pub(crate) struct SortKeys {
    /// For each chunk with strings: the sort key of each key.
    tables: Vec<Vec<u32>>,
    strings: StringArray,
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
                Dictionary::Range { .. } | Dictionary::Doubles(_) => Vec::new(),
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
        Self { tables, strings }
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
            Dictionary::Range { .. } => from_whole(chunk.dictionary().whole(key)),
        }
    }

    /// The value of a sort key of a column with chunks such as this one; `None` if it is none of these.
    pub fn value(&self, sort_key: u64, like: &Chunk) -> Option<Value<'_>> {
        Some(match like.dictionary() {
            Dictionary::Strings(_) => Value::Text(self.strings.get(usize::try_from(sort_key).ok()?)?),
            Dictionary::Range { logical_type: LogicalType::Decimal(_), .. } | Dictionary::Doubles(_) => {
                Value::Decimal(to_double(sort_key))
            }
            Dictionary::Range { logical_type, .. } => logical_type.value(to_whole(sort_key)),
        })
    }
}

const SIGN: u64 = 1 << 63;

fn from_whole(whole: i64) -> u64 {
    whole.cast_unsigned() ^ SIGN
}

fn to_whole(sort_key: u64) -> i64 {
    (sort_key ^ SIGN).cast_signed()
}

/// Negative doubles order by their bits the other way round.
fn from_double(number: f64) -> u64 {
    let bits = number.to_bits();
    if bits & SIGN == 0 { bits | SIGN } else { !bits }
}

fn to_double(sort_key: u64) -> f64 {
    f64::from_bits(if sort_key & SIGN == 0 { !sort_key } else { sort_key & !SIGN })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn sort_keys_are_in_the_order_of_their_numbers(a: i64, b: i64, c in -1e300..1e300_f64, d in -1e300..1e300_f64) {
            prop_assert_eq!(from_whole(a).cmp(&from_whole(b)), a.cmp(&b));
            prop_assert_eq!(from_double(c).cmp(&from_double(d)), c.total_cmp(&d));
            prop_assert_eq!((to_whole(from_whole(a)), to_double(from_double(c))), (a, c));
        }
    }
}
