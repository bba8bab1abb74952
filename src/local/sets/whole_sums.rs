//! Sums of whole numbers, one for each customer.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::block::Block;
use super::customer_set::CustomerSet;
use crate::local::cache::persisted::packed;
use crate::local::columns::{Bitmap, Chunk, KeyType, LengthMismatch, with_keys};
use crate::local::consistency::{checked, checked_mut};
use crate::local::index::row_map_chunk::RowMapChunk;

/// A sum for each customer, in 32 bits as long as all of them fit: half as much memory is gone through in any order.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) enum WholeSums {
    Narrow(#[serde(with = "packed")] Vec<i32>),
    Wide(#[serde(with = "packed")] Vec<i64>),
}

/// Does something with the sums, whatever their type.
macro_rules! with_sums {
    ($all:expr, $name:ident => $does:expr) => {
        match $all {
            WholeSums::Narrow($name) => $does,
            WholeSums::Wide($name) => $does,
        }
    };
}

const BITS: usize = usize::BITS as usize;

impl WholeSums {
    /// Zeros.
    pub(crate) fn new(universe_size: usize) -> Self {
        Self::Narrow(vec![0; universe_size])
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        with_sums!(self, sums => sums.len())
    }

    /// The sum of a customer.
    #[inline]
    pub(crate) fn get(&self, customer: usize) -> i64 {
        match self {
            Self::Narrow(sums) => checked(sums, customer).into(),
            Self::Wide(sums) => checked(sums, customer),
        }
    }

    /// Those of all customers, in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = i64> {
        (0..self.len()).map(|customer| self.get(customer))
    }

    /// How many bytes they take.
    pub(crate) fn memory_size(&self) -> usize {
        with_sums!(self, sums => size_of_val(sums.as_slice()))
    }

    /// Adds the numbers on some rows of a chunk of whole numbers that are one apart, and calls `see` with the customer of each.
    /// Customers are below [`Self::len`], and nothing is more than 64 bits hold: who calls has checked that.
    ///
    /// # Errors
    /// They are rows of different chunks.
    pub(crate) fn add(
        &mut self,
        amounts: &Chunk,
        rows: &Bitmap,
        customers: &RowMapChunk,
        mut see: impl FnMut(usize),
    ) -> Result<(), LengthMismatch> {
        let dictionary = amounts.dictionary();
        let start = dictionary.whole(0);
        let fits = |key: u64| i32::try_from(dictionary.whole(key)).is_ok();
        if !(fits(0) && dictionary.last().is_none_or(fits)) {
            self.widen();
        }
        with_keys!(amounts.keys(), keys => match self {
            Self::Narrow(sums) => {
                let mut too_much = Vec::new();
                add_narrow((sums, &mut too_much), (start, keys), rows, customers, see)?;
                if !too_much.is_empty() {
                    let sums = self.widen();
                    for (customer, amount) in too_much {
                        checked_mut(sums, customer).into_iter().for_each(|sum| *sum += i64::from(amount));
                    }
                }
            }
            Self::Wide(sums) => {
                let sums = sums.as_mut_slice();
                customers.for_each_value(rows, keys, move |customer, key| {
                    see(customer);
                    let amount = start.wrapping_add(key.widen().cast_signed());
                    checked_mut(sums, customer).into_iter().for_each(|sum| *sum += amount);
                })?;
            }
        });
        Ok(())
    }

    /// In 64 bits.
    fn widen(&mut self) -> &mut [i64] {
        if let Self::Narrow(sums) = self {
            *self = Self::Wide(sums.iter().copied().map(i64::from).collect());
        }
        match self {
            Self::Wide(sums) => sums,
            Self::Narrow(_) => &mut [],
        }
    }

    /// Both together. There are as many of each, and 64 bits hold every sum.
    pub(crate) fn merge(mut self, other: Self) -> Self {
        debug_assert_eq!(self.len(), other.len());
        if let (Self::Narrow(sums), Self::Narrow(more)) = (&mut self, &other)
            && sums.iter().zip(more).all(|(sum, more)| sum.checked_add(*more).is_some())
        {
            sums.iter_mut().zip(more).for_each(|(sum, more)| *sum += more);
            return self;
        }
        let sums = self.widen();
        sums.iter_mut().zip(other.iter()).for_each(|(sum, more)| *sum += more);
        self
    }

    /// What those of some customers of a block come to.
    pub(crate) fn total(&self, of: &[usize], block: Block) -> i128 {
        with_sums!(self, sums => {
            let words = of.iter().zip(block.items(sums).chunks(BITS));
            words.map(|(word, sums)| i128::from(sum_of(*word, sums))).sum()
        })
    }

    /// Those of some customers whose sum passes. There are as many customers as sums.
    pub(crate) fn passing(
        &self,
        of: &CustomerSet,
        passes: impl Fn(i64) -> bool + Copy + Sync,
    ) -> CustomerSet {
        /// How many words a core takes in one go.
        const TOGETHER: usize = 1 << 10;
        debug_assert_eq!(of.len(), self.len());
        let mut passing = CustomerSet::with_capacity(of.len());
        let words = passing.as_mut_slice().par_chunks_mut(TOGETHER).zip(of.as_slice().par_chunks(TOGETHER));
        with_sums!(self, sums => {
            words.zip(sums.par_chunks(TOGETHER * BITS)).for_each(|((passing, of), sums)| {
                // Both in words of customers.
                for ((passing, of), sums) in passing.iter_mut().zip(of).zip(sums.chunks(BITS)) {
                    *passing = of & word_of(sums, passes);
                }
            });
        });
        passing
    }
}

impl PartialEq for WholeSums {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().eq(other.iter())
    }
}

/// Adds numbers that 32 bits hold, each as what it is beyond `start`, to sums, or to `too_much` where a sum would not fit.
fn add_narrow<K: KeyType>(
    (sums, too_much): (&mut [i32], &mut Vec<(usize, i32)>),
    (start, keys): (i64, &[K]),
    rows: &Bitmap,
    customers: &RowMapChunk,
    mut see: impl FnMut(usize),
) -> Result<(), LengthMismatch> {
    #[cold]
    fn keep(too_much: &mut Vec<(usize, i32)>, amount: (usize, i32)) {
        too_much.push(amount);
    }
    customers.for_each_value(rows, keys, move |customer, key| {
        see(customer);
        let Some(sum) = checked_mut(sums, customer) else { return };
        #[allow(clippy::cast_possible_truncation)] // every number of the chunk fits
        let amount = start.wrapping_add(key.widen().cast_signed()) as i32;
        match sum.checked_add(amount) {
            Some(more) => *sum = more,
            None => keep(too_much, (customer, amount)),
        }
    })
}

/// The bits of the sums that pass.
#[inline]
fn word_of<T: Copy + Into<i64>>(sums: &[T], passes: impl Fn(i64) -> bool) -> usize {
    sums.iter().enumerate().fold(0, |bits, (at, sum)| bits | usize::from(passes((*sum).into())) << at)
}

/// The sum of those whose bit is set. There is one for each bit but beyond the last customer, who has none.
fn sum_of<T: Copy + Default + Into<i64>>(word: usize, sums: &[T]) -> i64 {
    if word == usize::MAX {
        return sums.iter().copied().map(Into::into).sum();
    }
    let (mut left, mut sum) = (word, 0);
    while left != 0 {
        sum += checked(sums, left.trailing_zeros() as usize).into();
        left &= left - 1;
    }
    sum
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::local::columns::{Dictionary, Keys, LogicalType};

    fn chunk(start: i64, keys: &[u64]) -> Chunk {
        let last = keys.iter().copied().max().unwrap_or(0);
        let dictionary = Dictionary::Range { logical_type: LogicalType::Integer, start, step: 1, last };
        Chunk::new(dictionary, Keys::collect(last, keys.iter().copied()), None).unwrap()
    }

    fn added(sums: WholeSums, chunk: &Chunk, customers: &[u32]) -> WholeSums {
        let mut sums = sums;
        let rows = Bitmap::ones(customers.len());
        sums.add(chunk, &rows, &RowMapChunk::from_ids(customers), |_| {}).unwrap();
        sums
    }

    #[test]
    fn sums_beyond_32_bits_are_exact() {
        let most = u64::from(u32::MAX >> 1);
        let chunk = chunk(0, &[most, most, 7, most]);
        let narrow = added(WholeSums::new(3), &chunk, &[0, 1, 1, 2]);
        let (most, seven) = (i64::from(i32::MAX), 7);
        assert_eq!(narrow.iter().collect::<Vec<_>>(), [most, most + seven, most]);
        assert!(matches!(narrow, WholeSums::Wide(_)));
    }

    proptest! {
        #[test]
        fn sums_are_exact_at_any_size(
            start in prop_oneof![-9_i64..9, Just(-i64::from(u32::MAX)), Just(i64::from(i32::MAX) - 40)],
            rows in prop::collection::vec((0_u32..70, prop_oneof![0_u64..50, Just(1 << 30), Just(1 << 40)]), 1..300),
            parts in 1_usize..4,
        ) {
            let mut expected = vec![0_i64; 70];
            for (customer, key) in &rows {
                expected[*customer as usize] += start + key.cast_signed();
            }
            let of_parts = rows.chunks(rows.len().div_ceil(parts)).map(|rows| {
                let (customers, keys): (Vec<u32>, Vec<u64>) = rows.iter().copied().unzip();
                added(WholeSums::new(70), &chunk(start, &keys), &customers)
            });
            let sums = of_parts.reduce(WholeSums::merge).unwrap();
            prop_assert_eq!(sums.iter().collect::<Vec<_>>(), expected.clone());
            prop_assert_eq!(&sums, &WholeSums::Wide(expected.clone()));
            let mut even = CustomerSet::with_capacity(70);
            even.extend((0..70).step_by(2));
            let of_even = |sums: &WholeSums| sums.total(even.as_slice(), Block::new(0));
            let total: i64 = expected.iter().step_by(2).sum();
            prop_assert_eq!(of_even(&sums), i128::from(total));
            let passing: Vec<usize> = sums.passing(&even, |sum| sum > 20).ones().collect();
            let right: Vec<usize> = (0..70).step_by(2).filter(|customer| expected[*customer] > 20).collect();
            prop_assert_eq!(passing, right);
        }
    }
}
