//! The values of a whole column as numbers: the same for the same value, and in the order of the values.

use std::sync::Arc;

use crate::local::columns::{Chunk, Dictionary, LogicalType, StringArray, StringIndex, Value};

/// Makes keys of the codes of the pieces of one column.
pub struct SortKeys {
    /// For each piece with texts: the key of each code.
    tables: Vec<Vec<u32>>,
    /// The text of each key.
    texts: StringArray,
}

impl SortKeys {
    /// Of all pieces of a column. SortKeys of texts are in the order of the texts only where that is wanted.
    pub fn from_chunks(pieces: &[Arc<Chunk>], is_ordered: bool) -> Self {
        let (mut texts, mut numbers) = (StringArray::default(), StringIndex::default());
        let mut tables: Vec<Vec<u32>> = pieces
            .iter()
            .map(|piece| match &piece.domain {
                Dictionary::Strings(of_piece) => {
                    of_piece.iter().map(|text| numbers.find_or_add(&mut texts, text)).collect()
                }
                Dictionary::Range { .. } | Dictionary::Doubles(_) => Vec::new(),
            })
            .collect();
        if is_ordered && texts.len() > 0 {
            let mut order: Vec<u32> = (0..u32::try_from(texts.len()).unwrap_or(u32::MAX)).collect();
            order.sort_unstable_by(|a, b| texts.get(*a as usize).cmp(texts.get(*b as usize)));
            let mut ranks = vec![0; order.len()];
            let mut sorted = StringArray::default();
            for (rank, number) in (0..).zip(&order) {
                sorted.push(texts.get(*number as usize));
                ranks.get_mut(*number as usize).into_iter().for_each(|place| *place = rank);
            }
            for key in tables.iter_mut().flatten() {
                *key = ranks.get(*key as usize).copied().unwrap_or_default();
            }
            texts = sorted;
        }
        Self { tables, texts }
    }

    /// The key of a code of a piece.
    #[inline]
    pub fn key(&self, number: usize, piece: &Chunk, code: u64) -> u64 {
        match &piece.domain {
            Dictionary::Strings(_) => {
                let key = self.tables.get(number).and_then(|table| table.get(usize::try_from(code).ok()?));
                key.copied().unwrap_or_default().into()
            }
            Dictionary::Range { kind: LogicalType::Decimal(_), .. } | Dictionary::Doubles(_) => {
                match piece.domain.value(code) {
                    Value::Decimal(number) => of_double(number),
                    _ => 0,
                }
            }
            Dictionary::Range { .. } => of_whole(piece.domain.whole(code)),
        }
    }

    /// The value of a key of a column with pieces such as this one.
    pub fn value(&self, key: u64, like: &Chunk) -> Value<'_> {
        match &like.domain {
            Dictionary::Strings(_) => Value::Text(self.texts.get(usize::try_from(key).unwrap_or(usize::MAX))),
            Dictionary::Range { kind: LogicalType::Decimal(_), .. } | Dictionary::Doubles(_) => {
                Value::Decimal(to_double(key))
            }
            Dictionary::Range { kind, .. } => kind.value(to_whole(key)),
        }
    }
}

const SIGN: u64 = 1 << 63;

fn of_whole(whole: i64) -> u64 {
    whole.cast_unsigned() ^ SIGN
}

fn to_whole(key: u64) -> i64 {
    (key ^ SIGN).cast_signed()
}

/// Negative doubles order by their bits the other way round.
fn of_double(number: f64) -> u64 {
    let bits = number.to_bits();
    if bits & SIGN == 0 { bits | SIGN } else { !bits }
}

fn to_double(key: u64) -> f64 {
    f64::from_bits(if key & SIGN == 0 { !key } else { key & !SIGN })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn keys_are_in_the_order_of_their_numbers(a: i64, b: i64, c in -1e300..1e300_f64, d in -1e300..1e300_f64) {
            prop_assert_eq!(of_whole(a).cmp(&of_whole(b)), a.cmp(&b));
            prop_assert_eq!(of_double(c).cmp(&of_double(d)), c.total_cmp(&d));
            prop_assert_eq!((to_whole(of_whole(a)), to_double(of_double(c))), (a, c));
        }
    }
}
