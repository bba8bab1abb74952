//! Seeded numbers: every customer has its own streams, so no order of work can change the data.
//!
//! Only integer arithmetic, sums and products are used: they give the same bytes on every platform.

use fastrand::Rng;

/// What a stream of numbers is for. Separate streams keep one part of the world from moving another.
#[derive(Clone, Copy)]
pub(crate) enum Stream {
    /// Sizes of the households within a block of customers.
    Households = 1,
    /// Where and under which name a household lives.
    Household,
    /// Names, contact values, tastes.
    Profile,
    /// Orders and their items.
    Orders,
    /// Noise of the predictions.
    Prediction,
    /// Loyalty membership.
    Loyalty,
    /// Consent and non-customer classes.
    Consent,
    /// Email engagement.
    Engagement,
    /// Survey answers.
    Survey,
    /// Source systems of the merged record.
    Sources,
}

/// The numbers of one stream of one customer (or household, or block).
pub(crate) fn rng(seed: u64, stream: Stream, index: u32) -> Rng {
    Rng::with_seed(mix(mix(seed ^ ((stream as u64) << 56)).wrapping_add(u64::from(index))))
}

/// The finalizer of SplitMix64.
pub(crate) fn mix(value: u64) -> u64 {
    let mut z = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// True in `percent` of 100 cases.
pub(crate) fn chance(rng: &mut Rng, percent: u32) -> bool {
    rng.u32(..100) < percent
}

/// `Some(value)` in `percent` of 100 cases.
pub fn known<T>(rng: &mut Rng, percent: u32, value: T) -> Option<T> {
    chance(rng, percent).then_some(value)
}

/// One of the items, all equally likely.
pub fn pick<T: Copy + Default>(rng: &mut Rng, items: &[T]) -> T {
    rng.choice(items).copied().unwrap_or_default()
}

pub(crate) fn pick_weighted<T: Copy + Default>(rng: &mut Rng, items: &[(T, u32)]) -> T {
    let total: u32 = items.iter().map(|(_, weight)| weight).sum();
    let mut at = rng.u32(..total.max(1));
    for (item, weight) in items {
        if at < *weight {
            return *item;
        }
        at -= weight;
    }
    T::default()
}

/// Quantiles of the exponential distribution with mean 1, in thousandths; the tail is cut at 5.
const EXPONENTIAL: [i64; 17] =
    [0, 65, 134, 208, 288, 375, 470, 575, 693, 827, 981, 1163, 1386, 1674, 2079, 2773, 5000];

/// A waiting time with the given mean.
pub fn waiting(rng: &mut Rng, mean: i64) -> i64 {
    let step = rng.usize(..EXPONENTIAL.len() - 1);
    let at = |i: usize| EXPONENTIAL.get(i).copied().unwrap_or_default();
    let thousandths = rng.i64(at(step)..=at(step + 1));
    mean * thousandths / 1000
}
