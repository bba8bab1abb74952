//! Few values as the bits of a number.

use std::ops::BitOrAssign;

use rayon::prelude::*;

use crate::local::columns::KeyType;

/// A number with a bit for each value, in the narrowest type that has as many: less memory is gone through.
pub(crate) trait ValueBits: KeyType + Default + BitOrAssign {
    /// The bit of a value, which is below the number of bits.
    fn of_value(id: u64) -> Self;
}

macro_rules! value_bits {
    ($($type:ty),*) => { $(impl ValueBits for $type {
        #[inline]
        fn of_value(id: u64) -> Self {
            debug_assert!(id < Self::BITS.into());
            1 << (id % u64::from(Self::BITS))
        }
    })* };
}

value_bits!(u8, u16, u32, u64);

/// Those of both at each place.
pub(crate) fn merge_bits<B: ValueBits>(mut one: Vec<B>, other: Vec<B>) -> Vec<B> {
    const TOGETHER: usize = 1 << 16;
    let parts = one.par_chunks_mut(TOGETHER).zip(other.par_chunks(TOGETHER));
    parts.for_each(|(one, other)| one.iter_mut().zip(other).for_each(|(bits, more)| *bits |= *more));
    one
}
