//! For each row of a piece a number: whose row it is, or of which order.

use serde::{Deserialize, Serialize};

use crate::local::cache::persisted::packed;
use crate::local::columns::{Bitmap, Code, Keys, all, bits, is_bitmap_of, is_set, with_keys};
use crate::local::sets::customer_set::CustomerSet;

/// Stands for "of none" where numbers are handed over one by one.
pub const NO_ID: u32 = u32::MAX;

/// The numbers of the first and the last row; `None` where no row has one.
pub type FirstAndLast = Option<(usize, usize)>;

/// The numbers of the rows of a piece, in the smallest type: where a table is in the order of its
/// customers, a piece knows few of them.
#[derive(Debug, Deserialize, PartialEq, Serialize)]
#[serde(try_from = "StoredRowMapChunk")]
pub struct RowMapChunk {
    /// The least number.
    pub start: u32,
    /// What the greatest one has beyond it.
    pub last: u64,
    /// What each row has beyond it.
    pub codes: Keys,
    /// The rows without a number; `None` if there are none.
    #[serde(serialize_with = "packed::option::serialize")]
    pub without: Option<Bitmap>,
}

/// A chunk as it was stored; what is in a file need not fit together.
#[derive(Deserialize)]
struct StoredRowMapChunk {
    start: u32,
    last: u64,
    codes: Keys,
    #[serde(deserialize_with = "packed::option::deserialize")]
    without: Option<Bitmap>,
}

impl TryFrom<StoredRowMapChunk> for RowMapChunk {
    type Error = &'static str;

    fn try_from(stored: StoredRowMapChunk) -> Result<Self, Self::Error> {
        let StoredRowMapChunk { start, last, codes, without } = stored;
        if without.as_deref().is_some_and(|without| !is_bitmap_of(without, codes.len())) {
            return Err("the bitmap of rows without a number is not that of the rows");
        }
        let greatest = u64::from(start).checked_add(last);
        if codes.max().is_some_and(|code| code > last) || greatest.is_none_or(|end| end >= NO_ID.into()) {
            return Err("a number is beyond the greatest one");
        }
        Ok(Self { start, last, codes, without })
    }
}

impl RowMapChunk {
    /// From a number for each row; [`NO_ID`] for none.
    pub fn of(numbers: &[u32]) -> Self {
        let present = || numbers.iter().copied().filter(|number| *number != NO_ID);
        let start = present().min().unwrap_or_default();
        let last = u64::from(present().max().unwrap_or_default() - start);
        let beyond = |number: u32| if number == NO_ID { 0 } else { u64::from(number - start) };
        let codes = Keys::collect(last, numbers.iter().map(|number| beyond(*number)));
        let without = numbers.contains(&NO_ID).then(|| bits(numbers, |number| number == NO_ID));
        Self { start, last, codes, without }
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.codes.len()
    }

    /// The least number, and how many there are from it to the greatest one.
    pub fn range(&self) -> (usize, usize) {
        (self.start as usize, to_usize(self.last).saturating_add(1))
    }

    /// The number of a row.
    #[inline]
    pub fn get(&self, row: usize) -> Option<usize> {
        let is_without = self.without.as_deref().is_some_and(|without| is_set(without, row));
        (!is_without && row < self.rows()).then(|| self.start as usize + to_usize(self.codes.get(row)))
    }

    /// The number of each row.
    pub fn iter(&self) -> impl Iterator<Item = Option<usize>> {
        (0..self.rows()).map(|row| self.get(row))
    }

    /// Adds the numbers of some rows to a set.
    pub fn mark(&self, rows: &[u64], set: &mut CustomerSet) {
        let mut marks = Marks::new(set);
        self.each(rows, |_, number| marks.add(number));
        marks.write();
    }

    /// Does something with each of some rows that has a number, in order.
    pub fn each(&self, rows: &[u64], act: impl FnMut(usize, usize)) {
        let without = self.without.as_deref();
        with_keys!(&self.codes, codes => each(codes, self.start as usize, rows, without, act));
    }

    /// How many rows have a number.
    pub fn numbered_rows(&self) -> usize {
        let without = self.without.iter().flatten().map(|word| word.count_ones() as usize);
        self.rows() - without.sum::<usize>()
    }

    /// The numbers of the first and the last row that have one, if no row has a greater number than a later
    /// one.
    pub fn ascends(&self) -> Option<FirstAndLast> {
        let (mut ends, mut ascends) = (None::<(usize, usize)>, true);
        self.each(&all(self.rows()), |_, number| {
            let (first, last) = ends.unwrap_or((number, number));
            ascends &= last <= number;
            ends = Some((first, number));
        });
        ascends.then_some(ends)
    }

    /// How many bytes they take.
    pub fn memory_size(&self) -> usize {
        self.codes.memory_size() + self.without.as_deref().map_or(0, size_of_val)
    }
}

fn each<C: Code>(
    codes: &[C],
    start: usize,
    rows: &[u64],
    without: Option<&[u64]>,
    mut act: impl FnMut(usize, usize),
) {
    let mut without = without.into_iter().flatten();
    for (at, (word, codes)) in rows.iter().zip(codes.chunks(64)).enumerate() {
        let mut word = word & !without.next().copied().unwrap_or_default();
        if word == u64::MAX {
            for (row, code) in codes.iter().enumerate() {
                act(at * 64 + row, start + to_usize(code.wide()));
            }
            continue;
        }
        while word != 0 {
            let row = word.trailing_zeros() as usize;
            word &= word - 1;
            if let Some(code) = codes.get(row) {
                act(at * 64 + row, start + to_usize(code.wide()));
            }
        }
    }
}

/// Marks numbers in a set. Neighbours come one after the other more often than not, so a block is written
/// when the next one begins.
pub struct Marks<'a> {
    blocks: &'a mut [usize],
    at: usize,
    bits: usize,
}

impl<'a> Marks<'a> {
    const WIDTH: usize = usize::BITS as usize;

    pub fn new(set: &'a mut CustomerSet) -> Self {
        Self { blocks: set.as_mut_slice(), at: 0, bits: 0 }
    }

    #[inline]
    pub fn add(&mut self, number: usize) {
        if number / Self::WIDTH != self.at {
            self.write();
            (self.at, self.bits) = (number / Self::WIDTH, 0);
        }
        self.bits |= 1 << (number % Self::WIDTH);
    }

    /// Writes the last block.
    #[inline]
    pub fn write(&mut self) {
        if let Some(block) = self.blocks.get_mut(self.at) {
            *block |= self.bits;
        }
    }
}

#[inline]
fn to_usize(code: u64) -> usize {
    usize::try_from(code).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn numbers_are_kept_and_marked(
            numbers in prop::collection::vec(prop_oneof![Just(NO_ID), 3_u32..900, Just(5_u32)], 0..300),
            some: Vec<bool>,
        ) {
            let piece = RowMapChunk::of(&numbers);
            let number = |number: &u32| (*number != NO_ID).then_some(*number as usize);
            let expected: Vec<Option<usize>> = numbers.iter().map(number).collect();
            prop_assert_eq!(piece.iter().collect::<Vec<_>>(), expected.clone());
            let present: Vec<usize> = expected.iter().flatten().copied().collect();
            prop_assert_eq!(piece.numbered_rows(), present.len());
            let ends = present.first().copied().zip(present.last().copied());
            prop_assert_eq!(piece.ascends(), present.is_sorted().then_some(ends));
            let mut rows = all(numbers.len());
            let wanted: Vec<bool> = (0..numbers.len()).map(|row| some.get(row) != Some(&false)).collect();
            crate::local::columns::keep(&mut rows, &bits(&wanted, |wanted| wanted));
            let mut marked = CustomerSet::with_capacity(900);
            piece.mark(&rows, &mut marked);
            let mut right = CustomerSet::with_capacity(900);
            right.extend(expected.iter().zip(&wanted).filter_map(|(number, wanted)| number.filter(|_| *wanted)));
            prop_assert_eq!(marked, right);
        }
    }
}
