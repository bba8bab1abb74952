//! Sets of rows: one bit for each.

use std::ops::{BitAndAssign, BitOrAssign, Not};

/// One bit for each row of a piece, 64 in a word, the first in the lowest bit. Bits beyond the last row
/// are never set.
pub type Bitmap = Vec<u64>;

/// A set of none of so many rows.
pub fn zeros(rows: usize) -> Bitmap {
    vec![0; rows.div_ceil(64)]
}

/// Whether there is a word for every 64 of so many rows, and no bit beyond the last row.
pub fn is_bitmap_of(words: &[u64], rows: usize) -> bool {
    let beyond = words.last().filter(|_| rows % 64 != 0).map_or(0, |last| last >> (rows % 64));
    words.len() == rows.div_ceil(64) && beyond == 0
}

/// Whether a row is in a set.
#[inline]
pub fn is_set(words: &[u64], row: usize) -> bool {
    words.get(row / 64).is_some_and(|word| word >> (row % 64) & 1 == 1)
}

/// The rows of a set, in order.
pub fn each_row(rows: &[u64]) -> impl Iterator<Item = usize> {
    (0..).zip(rows).flat_map(|(at, word)| {
        let mut left = *word;
        std::iter::from_fn(move || {
            let row = (left != 0).then(|| at * 64 + left.trailing_zeros() as usize);
            left &= left.wrapping_sub(1);
            row
        })
    })
}

/// All of so many rows.
pub fn all(rows: usize) -> Bitmap {
    let mut words = vec![u64::MAX; rows.div_ceil(64)];
    let beyond = words.len() * 64 - rows;
    if let Some(last) = words.last_mut() {
        *last >>= beyond;
    }
    words
}

/// Leaves only what is also in `other`: rows, or customers.
pub fn keep<B: Copy + BitAndAssign>(rows: &mut [B], other: &[B]) {
    rows.iter_mut().zip(other).for_each(|(rows, other)| *rows &= *other);
}

/// Takes out what is in `other`.
pub fn remove<B: Copy + BitAndAssign + Not<Output = B>>(rows: &mut [B], other: &[B]) {
    rows.iter_mut().zip(other).for_each(|(rows, other)| *rows &= !*other);
}

/// Adds what is in `other`.
pub fn add<B: Copy + BitOrAssign>(rows: &mut [B], other: &[B]) {
    rows.iter_mut().zip(other).for_each(|(rows, other)| *rows |= *other);
}

/// The rows whose value passes.
pub fn bits<T: Copy>(values: &[T], passes: impl Fn(T) -> bool) -> Bitmap {
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
        let mut bytes = [0; 64];
        bytes.iter_mut().zip(rest).for_each(|(byte, value)| *byte = u8::from(passes(*value)));
        words.push(pack(&bytes));
    }
    words
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
            let words = bits(&values, |value| value > 4);
            assert_eq!(words.len(), usize::from(rows).div_ceil(64));
            for (row, value) in values.iter().enumerate() {
                assert_eq!(is_set(&words, row), *value > 4, "row {row} of {rows}");
            }
            let set: u32 = words.iter().map(|word| word.count_ones()).sum();
            assert_eq!(set as usize, values.iter().filter(|value| **value > 4).count());
        }
    }
}
