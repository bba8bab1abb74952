//! Writing many ids into a set.

use crate::local::sets::customer_set::CustomerSet;

/// Inserts ids into a set. Neighbours come one after the other more often than not, so a word of the set is
/// written when the next one begins.
pub(crate) struct SetWriter<'a> {
    words: &'a mut [usize],
    at: usize,
    bits: usize,
}

impl<'a> SetWriter<'a> {
    const WIDTH: usize = usize::BITS as usize;

    pub fn new(set: &'a mut CustomerSet) -> Self {
        Self { words: set.as_mut_slice(), at: 0, bits: 0 }
    }

    #[inline]
    pub fn insert(&mut self, id: usize) {
        if id / Self::WIDTH != self.at {
            self.flush();
            (self.at, self.bits) = (id / Self::WIDTH, 0);
        }
        self.bits |= 1 << (id % Self::WIDTH);
    }

    /// Writes the last word. Ids fit into the set: [`RowMap`](super::row_map::RowMap) checks that of every
    /// chunk.
    #[inline]
    pub fn flush(&mut self) {
        debug_assert!(self.bits == 0 || self.at < self.words.len());
        if let Some(word) = self.words.get_mut(self.at) {
            *word |= self.bits;
        }
    }
}
