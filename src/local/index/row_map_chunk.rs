//! For each row of a chunk an id: of its customer, or of its order.

use serde::{Deserialize, Serialize};

use super::set_writer::{IdOrder, SetWriter, insert};
use crate::local::columns::{Bitmap, KeyType, Keys, LengthMismatch, same_length, with_keys};
use crate::local::sets::customer_set::CustomerSet;

/// Stands for "none" where ids are handed over one by one.
pub(crate) const NO_ID: u32 = u32::MAX;

/// The ids of the rows of a chunk as distances from the least one, in the narrowest type: where a table is in
/// the order of its customers, a chunk knows few of them.
#[derive(Debug, Deserialize, PartialEq, Serialize)]
#[serde(try_from = "StoredRowMapChunk")]
pub(crate) struct RowMapChunk {
    /// The least id.
    base: u32,
    /// The distance of the greatest one.
    span: u32,
    offsets: Keys,
    /// The rows without an id; `None` if there are none.
    without: Option<Bitmap>,
    /// How many of these have something that is none of the ids, which are then those of customers.
    unmatched: u32,
}

/// A chunk as it was stored; what is in a file need not fit together.
#[derive(Deserialize)]
struct StoredRowMapChunk {
    base: u32,
    span: u32,
    offsets: Keys,
    without: Option<Bitmap>,
    unmatched: u32,
}

impl TryFrom<StoredRowMapChunk> for RowMapChunk {
    type Error = &'static str;

    fn try_from(stored: StoredRowMapChunk) -> Result<Self, Self::Error> {
        let StoredRowMapChunk { base, span, offsets, without, unmatched } = stored;
        let rows_without = without.as_ref().map_or(0, Bitmap::count_ones);
        let fits = base.checked_add(span).is_some_and(|greatest| greatest < NO_ID)
            && offsets.max().is_none_or(|offset| offset <= u64::from(span))
            && without.as_ref().is_none_or(|without| without.len() == offsets.len())
            && unmatched as usize <= rows_without;
        if fits {
            Ok(Self { base, span, offsets, without, unmatched })
        } else {
            Err("ids do not fit together")
        }
    }
}

impl RowMapChunk {
    /// From an id for each row; [`NO_ID`] for none.
    pub(crate) fn from_ids(ids: &[u32]) -> Self {
        let present = || ids.iter().copied().filter(|id| *id != NO_ID);
        // Without any id, any range.
        let base = present().min().unwrap_or(0);
        let span = present().max().unwrap_or(base) - base;
        let offset = |id: u32| if id == NO_ID { 0 } else { u64::from(id - base) };
        let offsets = Keys::collect(u64::from(span), ids.iter().map(|id| offset(*id)));
        let without = ids.contains(&NO_ID).then(|| Bitmap::from_values(ids, |id| id == NO_ID));
        Self { base, span, offsets, without, unmatched: 0 }
    }

    /// The same, with so many of the rows without a customer having an id nevertheless.
    pub(crate) fn with_unmatched(self, unmatched: u32) -> Self {
        Self { unmatched, ..self }
    }

    /// How many rows have an id that is none of a customer.
    pub fn unmatched(&self) -> u32 {
        self.unmatched
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.offsets.len()
    }

    /// The rows without an id; `None` if there are none.
    pub fn without(&self) -> Option<&Bitmap> {
        self.without.as_ref()
    }

    /// The least id, and how many there are from it to the greatest one.
    pub fn range(&self) -> (usize, usize) {
        (self.base as usize, self.span as usize + 1)
    }

    /// How the ids of rows follow one another, as the first rows show.
    pub(crate) fn order(&self) -> IdOrder {
        const SAMPLE: usize = 1 << 10;
        with_keys!(&self.offsets, offsets => {
            let ids = offsets.iter().take(SAMPLE).map(|offset| self.base as usize + to_usize(offset.widen()));
            IdOrder::of(ids)
        })
    }

    /// Whether every id is one of so many.
    pub fn fits(&self, ids: usize) -> bool {
        let (base, span) = self.range();
        base + span <= ids || self.rows_with_id() == 0
    }

    #[inline]
    pub fn get(&self, row: usize) -> Option<usize> {
        let is_without = self.without.as_ref().is_some_and(|without| without.get(row));
        (!is_without).then(|| self.base as usize + to_usize(self.offsets.get(row)))
    }

    /// The rows of one id; `None` if it is none of those from the least to the greatest one.
    pub(crate) fn rows_of(&self, id: usize) -> Result<Option<Bitmap>, LengthMismatch> {
        let offset = id.checked_sub(self.base as usize).filter(|offset| *offset <= self.span as usize);
        let Some(offset) = offset else { return Ok(None) };
        let mut rows = self.offsets.within(offset as u64, offset as u64);
        if let Some(without) = &self.without {
            rows.and_not(without)?;
        }
        Ok(Some(rows))
    }

    /// The id of each row; [`NO_ID`] for none.
    pub(crate) fn to_ids(&self) -> Vec<u32> {
        #[allow(clippy::cast_possible_truncation)] // at most the span, which is a u32
        let mut ids: Vec<u32> = with_keys!(&self.offsets, offsets => {
            offsets.iter().map(|offset| self.base + offset.widen() as u32).collect()
        });
        for row in self.without.iter().flat_map(Bitmap::iter_ones) {
            ids.get_mut(row).into_iter().for_each(|id| *id = NO_ID);
        }
        ids
    }

    /// Adds the ids of some rows to a set, which has room for all of them.
    pub(crate) fn add_to(&self, rows: &Bitmap, set: &mut CustomerSet) -> Result<(), LengthMismatch> {
        match self.order() {
            IdOrder::Scattered => {
                let words = set.as_mut_slice();
                self.for_each(rows, move |_, id| insert(words, id))
            }
            IdOrder::Neighbours => {
                let mut writer = SetWriter::new(set);
                self.for_each(rows, |_, id| writer.insert(id))?;
                writer.flush();
                Ok(())
            }
        }
    }

    /// Does something with each of some rows that has an id, in order: the row and the id.
    #[inline]
    pub fn for_each(&self, rows: &Bitmap, act: impl FnMut(usize, usize)) -> Result<(), LengthMismatch> {
        same_length(rows.len(), self.rows())?;
        self.act(rows, act);
        Ok(())
    }

    #[inline]
    fn act(&self, rows: &Bitmap, act: impl FnMut(usize, usize)) {
        let without = self.without.as_ref().map(Bitmap::words);
        with_keys!(&self.offsets, offsets => for_each(offsets, self.base as usize, rows.words(), without, act));
    }

    /// Does something with each of some rows that has an id, in order: the id, and one of the row's own `values`. The less
    /// `act` keeps elsewhere (it had better own what it takes, as by `move`), the more rows a core has in hand at once.
    ///
    /// # Errors
    /// There are not as many rows, or values.
    #[inline]
    pub(crate) fn for_each_value<V: Copy>(
        &self,
        rows: &Bitmap,
        values: &[V],
        act: impl FnMut(usize, V),
    ) -> Result<(), LengthMismatch> {
        same_length(rows.len(), self.rows())?;
        same_length(rows.len(), values.len())?;
        let (base, words) = (self.base as usize, rows.words());
        let without = self.without.as_ref().map(Bitmap::words);
        with_keys!(&self.offsets, offsets => for_each_value((offsets, values), base, words, without, act));
        Ok(())
    }

    /// How many rows have an id.
    pub(crate) fn rows_with_id(&self) -> usize {
        self.rows() - self.without.as_ref().map_or(0, Bitmap::count_ones)
    }

    /// How many bytes it takes.
    pub(crate) fn memory_size(&self) -> usize {
        self.offsets.memory_size() + self.without.as_ref().map_or(0, Bitmap::memory_size)
    }
}

/// The bitmaps are as long as the offsets: [`RowMapChunk::for_each`] and making a chunk compare that.
#[inline]
fn for_each<K: KeyType>(
    offsets: &[K],
    base: usize,
    rows: &[u64],
    without: Option<&[u64]>,
    mut act: impl FnMut(usize, usize),
) {
    let mut without = without.into_iter().flatten();
    for (at, (word, offsets)) in rows.iter().zip(offsets.chunks(64)).enumerate() {
        // Where no row is without an id there are no words.
        let mut word = word & !without.next().copied().unwrap_or(0);
        if word == u64::MAX {
            for (row, offset) in offsets.iter().enumerate() {
                act(at * 64 + row, base + to_usize(offset.widen()));
            }
            continue;
        }
        while word != 0 {
            let row = word.trailing_zeros() as usize;
            word &= word - 1;
            if let Some(offset) = offsets.get(row) {
                act(at * 64 + row, base + to_usize(offset.widen()));
            }
        }
    }
}

/// The same with a value of each row.
#[inline]
fn for_each_value<K: KeyType, V: Copy>(
    (offsets, values): (&[K], &[V]),
    base: usize,
    rows: &[u64],
    without: Option<&[u64]>,
    mut act: impl FnMut(usize, V),
) {
    let mut without = without.into_iter().flatten();
    for (word, (offsets, values)) in rows.iter().zip(offsets.chunks(64).zip(values.chunks(64))) {
        let mut word = word & !without.next().copied().unwrap_or(0);
        if word == u64::MAX {
            for (offset, value) in offsets.iter().zip(values) {
                act(base + to_usize(offset.widen()), *value);
            }
            continue;
        }
        while word != 0 {
            let row = word.trailing_zeros() as usize;
            word &= word - 1;
            if let (Some(offset), Some(value)) = (offsets.get(row), values.get(row)) {
                act(base + to_usize(offset.widen()), *value);
            }
        }
    }
}

#[inline]
#[allow(clippy::cast_possible_truncation)] // at most the span, which is a u32
fn to_usize(offset: u64) -> usize {
    offset as usize
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn ids_are_kept_and_added_to_sets(
            ids in prop::collection::vec(prop_oneof![Just(NO_ID), 3_u32..900, Just(5_u32)], 0..300),
            some: Vec<bool>,
        ) {
            let chunk = RowMapChunk::from_ids(&ids);
            let id = |id: &u32| (*id != NO_ID).then_some(*id as usize);
            let expected: Vec<Option<usize>> = ids.iter().map(id).collect();
            prop_assert_eq!((0..ids.len()).map(|row| chunk.get(row)).collect::<Vec<_>>(), expected.clone());
            prop_assert_eq!(chunk.to_ids(), ids.clone());
            let present: Vec<usize> = expected.iter().flatten().copied().collect();
            prop_assert_eq!(chunk.rows_with_id(), present.len());
            prop_assert!(chunk.fits(900));
            prop_assert_eq!(chunk.fits(0), present.is_empty());
            let wanted: Vec<bool> = (0..ids.len()).map(|row| some.get(row) != Some(&false)).collect();
            let rows = Bitmap::from_values(&wanted, |wanted| wanted);
            let mut added = CustomerSet::with_capacity(900);
            chunk.add_to(&rows, &mut added).unwrap();
            let mut right = CustomerSet::with_capacity(900);
            right.extend(expected.iter().zip(&wanted).filter_map(|(id, wanted)| id.filter(|_| *wanted)));
            prop_assert_eq!(added, right);
            let values: Vec<usize> = (0..ids.len()).collect();
            let (mut by_value, mut by_row) = (Vec::new(), Vec::new());
            chunk.for_each_value(&rows, &values, |id, value| by_value.push((value, id))).unwrap();
            chunk.for_each(&rows, |row, id| by_row.push((row, id))).unwrap();
            prop_assert_eq!(by_value, by_row);
            for id in 0..10 {
                let rows: Vec<usize> = (0..ids.len()).filter(|row| expected[*row] == Some(id)).collect();
                let found = chunk.rows_of(id).unwrap();
                prop_assert_eq!(found.iter().flat_map(Bitmap::iter_ones).collect::<Vec<_>>(), rows);
            }
        }
    }

    #[test]
    fn rows_of_another_chunk_are_an_error() {
        let chunk = RowMapChunk::from_ids(&[1, 2, NO_ID]);
        let mut set = CustomerSet::with_capacity(3);
        let mismatch = LengthMismatch { left: 2, right: 3 };
        assert_eq!(chunk.add_to(&Bitmap::ones(2), &mut set), Err(mismatch));
        assert_eq!(chunk.for_each(&Bitmap::ones(2), |_, _| {}), Err(mismatch));
        assert!(set.is_clear());
    }

    #[test]
    fn damaged_parts_make_no_chunk() {
        let is_whole = |base, span, without| {
            let offsets = Keys::U8(vec![0, 3]);
            RowMapChunk::try_from(StoredRowMapChunk { base, span, offsets, without, unmatched: 0 }).is_ok()
        };
        assert!(is_whole(7, 3, None));
        assert!(!is_whole(7, 2, None));
        assert!(!is_whole(NO_ID - 3, 3, None));
        assert!(!is_whole(7, 3, Some(Bitmap::zeros(3))));
    }
}
