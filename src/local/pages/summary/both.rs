//! The members of a segment beside all customers.

use crate::backend::{BackendError, Cancel, SegmentAndAll};
use crate::local::consistency::check_length;
use crate::local::parallel::parallel_fold;
use crate::local::sets::block::{Block, count_and};
use crate::local::sets::customer_set::{CustomerSet, count, full_set};

/// A figure of the segment and of all.
pub(super) type Both<T> = SegmentAndAll<T>;

/// Those whom the figures are of.
pub(super) struct Members<'a> {
    pub segment: CustomerSet,
    pub all: CustomerSet,
    pub cancel: &'a Cancel,
}

impl<'a> Members<'a> {
    pub fn new(segment: CustomerSet, cancel: &'a Cancel) -> Self {
        let all = full_set(segment.len());
        Self { segment, all, cancel }
    }

    /// How many of them are in a set.
    pub fn count_in(&self, set: &CustomerSet) -> Result<Both<u64>, BackendError> {
        check_length("a set of customers", set.len(), self.segment.len())?;
        Ok(Both { segment: count_and(self.segment.as_slice(), set.as_slice()), all: count(set) })
    }

    /// What both come to, a block of customers after the other, with all cores: `add` is handed those of a block.
    pub fn fold<A: Default + Send>(
        &self,
        add: impl Fn(&mut A, &[usize], Block) + Sync,
        merge: impl Fn(A, A) -> A,
    ) -> Result<Both<A>, BackendError> {
        let none = || (A::default(), A::default());
        let found =
            parallel_fold(Block::count(self.all.len()), self.cancel, none, |(segment, all), number| {
                let block = Block::new(number);
                add(segment, block.words(&self.segment), block);
                add(all, block.words(&self.all), block);
                Ok(())
            })?;
        let both = |one: (A, A), other: (A, A)| (merge(one.0, other.0), merge(one.1, other.1));
        let (segment, all) = found.into_iter().reduce(both).unwrap_or_else(none);
        Ok(Both { segment, all })
    }
}
