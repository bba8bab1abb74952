//! How many rows of a chunk have each key.

use crate::local::columns::{Chunk, KeyType, with_keys};
use crate::local::consistency::checked_mut;

/// Tables of so many keys are worth it in any case.
const FEW: u64 = 1 << 16;

/// The keys on rows that are no NULL, in order, and on how many.
pub(super) fn key_counts(chunk: &Chunk) -> Vec<(u64, u32)> {
    let Some(last) = chunk.dictionary().last() else { return Vec::new() };
    if last <= FEW.max(2 * chunk.rows() as u64) {
        let counts = table(chunk, to_usize(last) + 1);
        return (0..).zip(counts).filter(|(_, rows)| *rows > 0).collect();
    }
    fn present<K: KeyType>(chunk: &Chunk, keys: &[K]) -> Vec<K> {
        match chunk.nulls() {
            None => keys.to_vec(),
            Some(nulls) => (0..).zip(keys).filter(|(row, _)| !nulls.get(*row)).map(|(_, key)| *key).collect(),
        }
    }
    with_keys!(chunk.keys(), keys => {
        let mut keys = present(chunk, keys);
        keys.sort_unstable();
        runs(&keys)
    })
}

/// For each key of a short dictionary its rows.
fn table(chunk: &Chunk, len: usize) -> Vec<u32> {
    let mut counts = vec![0_u32; len];
    with_keys!(chunk.keys(), keys => {
        for key in keys {
            checked_mut(&mut counts, to_usize(key.widen())).into_iter().for_each(|count| *count += 1);
        }
    });
    for row in chunk.nulls().into_iter().flat_map(|nulls| nulls.iter_ones()) {
        let key = to_usize(chunk.keys().get(row));
        checked_mut(&mut counts, key).into_iter().for_each(|count| *count = count.saturating_sub(1));
    }
    counts
}

fn runs<K: KeyType>(keys: &[K]) -> Vec<(u64, u32)> {
    let mut runs: Vec<(u64, u32)> = Vec::new();
    for key in keys {
        match runs.last_mut() {
            Some((last, rows)) if *last == key.widen() => *rows += 1,
            _ => runs.push((key.widen(), 1)),
        }
    }
    runs
}

#[allow(clippy::cast_possible_truncation)] // of a short dictionary
fn to_usize(key: u64) -> usize {
    key as usize
}
