//! Bitmaps: one bit for each row of a chunk.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::local::cache::persisted::packed;

/// One bit for each row, 64 in a word, the first in the lowest bit. Bits beyond the last row are never set.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(try_from = "StoredBitmap")]
pub(crate) struct Bitmap {
    #[serde(serialize_with = "packed::serialize")]
    words: Vec<u64>,
    len: usize,
}

/// A bitmap as it was stored; what is in a file need not fit together.
#[derive(Deserialize)]
struct StoredBitmap {
    #[serde(deserialize_with = "packed::deserialize")]
    words: Vec<u64>,
    len: usize,
}

impl TryFrom<StoredBitmap> for Bitmap {
    type Error = &'static str;

    fn try_from(StoredBitmap { words, len }: StoredBitmap) -> Result<Self, Self::Error> {
        Self::from_words(words, len).ok_or("a bitmap is not of its rows")
    }
}

/// Two sequences of rows that must have one length do not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{left} rows do not fit with {right} rows")]
pub(crate) struct LengthMismatch {
    /// The rows of the one.
    pub left: usize,
    /// The rows of the other.
    pub right: usize,
}

/// Compares two lengths that must be the same.
pub(crate) fn same_length(left: usize, right: usize) -> Result<(), LengthMismatch> {
    if left == right { Ok(()) } else { Err(LengthMismatch { left, right }) }
}

impl Bitmap {
    /// No bit is set.
    pub(crate) fn zeros(len: usize) -> Self {
        Self { words: vec![0; len.div_ceil(64)], len }
    }

    /// Every bit is set.
    pub fn ones(len: usize) -> Self {
        let mut words = vec![u64::MAX; len.div_ceil(64)];
        let beyond = words.len() * 64 - len;
        if let Some(last) = words.last_mut() {
            *last >>= beyond;
        }
        Self { words, len }
    }

    /// From its words; `None` if they are not of so many rows, or a bit beyond the last row is set.
    pub(crate) fn from_words(words: Vec<u64>, len: usize) -> Option<Self> {
        let beyond = words.len().checked_mul(64)?.checked_sub(len)?;
        let fits = beyond < 64 && words.last().is_none_or(|last| beyond == 0 || last >> (64 - beyond) == 0);
        fits.then_some(Self { words, len })
    }

    /// The bit of each value that passes is set.
    pub(crate) fn from_values<T: Copy>(values: &[T], passes: impl Fn(T) -> bool) -> Self {
        let (whole, rest) = values.as_chunks::<64>();
        let mut words = Vec::with_capacity(values.len().div_ceil(64));
        for values in whole {
            // Tested one by one into bytes, packed afterwards: so compilers make vector instructions of it.
            let mut bytes = [0; 64];
            for (byte, value) in bytes.iter_mut().zip(values) {
                *byte = u8::from(passes(*value));
            }
            words.push(pack(&bytes));
        }
        if !rest.is_empty() {
            // Shorter than 64: the bytes beyond stay 0.
            let mut bytes = [0; 64];
            bytes.iter_mut().zip(rest).for_each(|(byte, value)| *byte = u8::from(passes(*value)));
            words.push(pack(&bytes));
        }
        Self { words, len: values.len() }
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.len
    }

    pub fn words(&self) -> &[u64] {
        &self.words
    }

    /// Whether the bit of a row is set.
    #[inline]
    pub fn get(&self, row: usize) -> bool {
        debug_assert!(row < self.len);
        self.words.get(row / 64).is_some_and(|word| word >> (row % 64) & 1 == 1)
    }

    /// Whether no bit is set.
    pub(crate) fn is_zero(&self) -> bool {
        self.words.iter().all(|word| *word == 0)
    }

    pub(crate) fn count_ones(&self) -> usize {
        self.words.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// The rows of a range whose bit is set, in order.
    pub(crate) fn ones_within(&self, range: Range<usize>) -> impl Iterator<Item = usize> {
        let words = (range.start / 64..range.end.div_ceil(64)).zip(self.words.iter().skip(range.start / 64));
        words.flat_map(ones_of).filter(move |row| range.contains(row))
    }

    /// The rows whose bit is set, in order.
    pub(crate) fn iter_ones(&self) -> impl Iterator<Item = usize> {
        (0..).zip(&self.words).flat_map(ones_of)
    }

    pub fn and(&mut self, other: &Self) -> Result<(), LengthMismatch> {
        self.combine(other, |word, other| *word &= other)
    }

    pub(crate) fn and_not(&mut self, other: &Self) -> Result<(), LengthMismatch> {
        self.combine(other, |word, other| *word &= !other)
    }

    pub fn or(&mut self, other: &Self) -> Result<(), LengthMismatch> {
        self.combine(other, |word, other| *word |= other)
    }

    fn combine(&mut self, other: &Self, combine: impl Fn(&mut u64, u64)) -> Result<(), LengthMismatch> {
        same_length(self.len, other.len)?;
        self.words.iter_mut().zip(&other.words).for_each(|(word, other)| combine(word, *other));
        Ok(())
    }

    /// How many bytes it takes.
    pub(crate) fn memory_size(&self) -> usize {
        size_of_val(self.words.as_slice())
    }
}

/// The places of the bits of a word that are set; before it are `at` words.
fn ones_of((at, word): (usize, &u64)) -> impl Iterator<Item = usize> + use<> {
    let mut left = *word;
    std::iter::from_fn(move || {
        let row = (left != 0).then(|| at * 64 + left.trailing_zeros() as usize);
        left &= left.wrapping_sub(1);
        row
    })
}

/// The lowest bits of 64 bytes.
#[inline]
fn pack(bytes: &[u8; 64]) -> u64 {
    /// Brings the lowest bit of byte i to bit 56 + i.
    const GATHER: u64 = 0x0102_0408_1020_4080;
    let (eights, _) = bytes.as_chunks::<8>();
    let mut word = 0;
    for eight in eights.iter().rev() {
        word = word << 8 | u64::from_le_bytes(*eight).wrapping_mul(GATHER) >> 56;
    }
    word
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_row_has_its_bit() {
        for rows in [0, 1, 63, 64, 65, 200] {
            let values: Vec<u16> = (0..rows).map(|row| row * 7 % 11).collect();
            let bitmap = Bitmap::from_values(&values, |value| value > 4);
            assert_eq!((bitmap.len(), bitmap.words().len()), (values.len(), values.len().div_ceil(64)));
            let expected: Vec<usize> =
                (0..).zip(&values).filter(|(_, value)| **value > 4).map(|(row, _)| row).collect();
            assert_eq!(
                (bitmap.iter_ones().collect::<Vec<_>>(), bitmap.count_ones()),
                (expected.clone(), expected.len())
            );
            assert!((0..values.len()).all(|row| bitmap.get(row) == expected.contains(&row)));
            for range in [0..values.len(), 1..values.len().min(64), 63..values.len(), 70..130] {
                let within = expected.iter().copied().filter(|row| range.contains(row));
                assert_eq!(bitmap.ones_within(range.clone()).collect::<Vec<_>>(), within.collect::<Vec<_>>());
            }
            let ones = Bitmap::ones(values.len());
            assert_eq!((ones.count_ones(), Bitmap::zeros(values.len()).count_ones()), (values.len(), 0));
            assert_eq!(Bitmap::from_words(ones.words().to_vec(), values.len()), Some(ones));
        }
    }

    #[test]
    fn bitmaps_of_different_lengths_are_an_error() {
        let mut one = Bitmap::ones(65);
        assert_eq!(one.and(&Bitmap::zeros(66)), Err(LengthMismatch { left: 65, right: 66 }));
        assert_eq!(one.and_not(&Bitmap::ones(64)), Err(LengthMismatch { left: 65, right: 64 }));
        assert_eq!(one.or(&Bitmap::ones(0)), Err(LengthMismatch { left: 65, right: 0 }));
        assert_eq!(one, Bitmap::ones(65));
        assert_eq!(one.and_not(&Bitmap::ones(65)), Ok(()));
        assert_eq!(one.count_ones(), 0);
    }

    #[test]
    fn words_that_are_of_other_rows_make_no_bitmap() {
        assert_eq!(Bitmap::from_words(vec![0b100], 2), None);
        assert_eq!(Bitmap::from_words(vec![1], 65), None);
        assert_eq!(Bitmap::from_words(vec![1, 0], 64), None);
        assert_eq!(Bitmap::from_words(vec![], 0), Some(Bitmap::zeros(0)));
    }
}
