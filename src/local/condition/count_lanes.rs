//! Counts of few values side by side, without a branch for each.

use super::value_bits::ValueBits;

/// How many values are counted side by side: a byte each, in two numbers.
const LANES: u32 = 16;
/// The most that a byte counts: its highest bit is needed to compare.
const MOST: usize = 127;

/// Tells whether a passing value is one of the most frequent ones.
pub(crate) struct CountLanes {
    /// All bits of the bytes of passing values.
    passing: (u64, u64),
}

impl CountLanes {
    /// `passing` has a bit for each value that passes.
    pub(crate) fn new(passing: u64) -> Self {
        let [low, high, ..] = passing.to_le_bytes();
        let all_bits = |half: u8| spread(half) * u64::from(u8::MAX);
        Self { passing: (all_bits(low), all_bits(high)) }
    }

    /// Whether of the values with a bit in any of `all`, each counted once for each of these, one passes that is as frequent
    /// as any. `None` where there are more values or more of `all` than are counted side by side.
    #[inline]
    pub(crate) fn count_all<B: ValueBits>(&self, all: &[B]) -> Option<bool> {
        if B::MAX.widen() >> LANES > 0 || all.len() > MOST {
            return None;
        }
        let (mut low, mut high) = (0, 0);
        for bits in all {
            let [first, second, ..] = bits.widen().to_le_bytes();
            low += SPREAD.get(usize::from(first)).copied().unwrap_or_default();
            high += SPREAD.get(usize::from(second)).copied().unwrap_or_default();
        }
        let of_passing = greatest(low & self.passing.0, high & self.passing.1);
        Some(of_passing > 0 && of_passing == greatest(low, high))
    }
}

/// The greatest byte of two numbers, of bytes up to [`MOST`].
#[inline]
fn greatest(low: u64, high: u64) -> u64 {
    let mut greatest = greater(low, high);
    for half in [32, 16, 8] {
        greatest = greater(greatest, greatest >> half);
    }
    greatest & 0xff
}

/// The greater byte at each place, of bytes up to [`MOST`].
#[inline]
fn greater(one: u64, other: u64) -> u64 {
    const HIGHEST: u64 = 0x8080_8080_8080_8080;
    // The highest bit of a byte stays where the first one is not less; no byte borrows from the next.
    let not_less = ((one | HIGHEST) - other) & HIGHEST;
    let mask = (not_less - (not_less >> 7)) | not_less;
    one & mask | other & !mask
}

/// For each byte the number that has its bits as bytes.
static SPREAD: [u64; 256] = {
    let mut all = [0; 256];
    let mut rest: &mut [u64] = &mut all;
    let mut byte = 0;
    while let Some((first, others)) = rest.split_first_mut() {
        *first = spread(byte);
        byte = byte.wrapping_add(1);
        rest = others;
    }
    all
};

const fn spread(byte: u8) -> u64 {
    let (mut bytes, mut bit) = (0, 0);
    while bit < 8 {
        bytes |= (byte as u64 >> bit & 1) << (8 * bit);
        bit += 1;
    }
    bytes
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_most_frequent_are_found(
            all in prop::collection::vec(any::<u16>(), 0..300),
            passing: u16,
        ) {
            let count = |value: u32| all.iter().filter(|bits| *bits >> value & 1 == 1).count();
            let most = (0..16).map(count).max().unwrap_or(0);
            let passes = (0..16).any(|value| passing >> value & 1 == 1 && count(value) == most && most > 0);
            let found = CountLanes::new(passing.into()).count_all(&all);
            prop_assert_eq!(found, (all.len() <= MOST).then_some(passes));
        }
    }

    #[test]
    fn more_values_are_not_counted_side_by_side() {
        assert_eq!(CountLanes::new(1).count_all(&[1_u64]), None);
        assert_eq!(CountLanes::new(1).count_all(&[1_u8]), Some(true));
        assert_eq!(CountLanes::new(2).count_all(&[1_u8, 3, 1]), Some(false));
    }
}
