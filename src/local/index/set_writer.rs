//! Writing many ids into a set.

use crate::local::sets::customer_set::CustomerSet;

const WIDTH: usize = usize::BITS as usize;

/// How ids follow one another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum IdOrder {
    /// Neighbours come one after the other more often than not: [`SetWriter`] writes a word when the next one begins.
    Neighbours,
    /// One is often far from the one before: no processor foresees when a word ends, so [`insert`] writes every id at
    /// once.
    Scattered,
}

impl IdOrder {
    /// Of some ids of which most others are like.
    pub(crate) fn of(ids: impl Iterator<Item = usize>) -> Self {
        let (mut all, mut changes, mut at) = (0, 0, 0);
        for id in ids {
            all += 1;
            changes += usize::from(id / WIDTH != at);
            at = id / WIDTH;
        }
        if changes > all / 4 { Self::Scattered } else { Self::Neighbours }
    }
}

/// Inserts an id into the words of a set. It fits: [`RowMap`](super::row_map::RowMap) checks that of every chunk.
#[inline]
pub(crate) fn insert(words: &mut [usize], id: usize) {
    write(words, id / WIDTH, 1 << (id % WIDTH));
}

#[inline]
fn write(words: &mut [usize], at: usize, bits: usize) {
    debug_assert!(bits == 0 || at < words.len());
    if let Some(word) = words.get_mut(at) {
        *word |= bits;
    }
}

/// Inserts ids into a set of which neighbours come one after the other.
pub(crate) struct SetWriter<'a> {
    words: &'a mut [usize],
    at: usize,
    bits: usize,
}

impl<'a> SetWriter<'a> {
    pub fn new(set: &'a mut CustomerSet) -> Self {
        Self { words: set.as_mut_slice(), at: 0, bits: 0 }
    }

    #[inline]
    pub fn insert(&mut self, id: usize) {
        if id / WIDTH != self.at {
            self.flush();
            (self.at, self.bits) = (id / WIDTH, 0);
        }
        self.bits |= 1 << (id % WIDTH);
    }

    /// Writes the last word.
    #[inline]
    pub fn flush(&mut self) {
        write(self.words, self.at, self.bits);
    }
}
