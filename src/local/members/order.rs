//! Customers in an order: by id, or by the values of a column.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::column::FoundColumn;
use crate::backend::{BackendError, Cancel};
use crate::local::cache::persisted::packed;
use crate::local::columns::{Chunk, Dictionary};
use crate::local::condition::sort_keys::SortKeys;
use crate::local::consistency::{check_length, checked, checked_mut};
use crate::local::index::universe::CustomerIds;
use crate::local::memory::MemorySize;
use crate::local::parallel::parallel_map;
use crate::local::sets::customer_set::CustomerSet;

/// How many are sorted in one go.
const BLOCK: usize = 1 << 16;

/// All customers in an order.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub(super) struct CustomerOrder(#[serde(with = "packed")] Vec<u32>);

impl CustomerOrder {
    /// By id, in code points.
    pub fn by_id(ids: &CustomerIds, cancel: &Cancel) -> Result<Self, BackendError> {
        sort_texts(ids.len(), |customer| ids.get(customer), cancel).map(Self)
    }

    /// By the values of a column, NULL last, ties by id.
    pub fn by_column(
        column: &FoundColumn<'_>,
        by_id: &Self,
        is_descending: bool,
        chunks: &[Arc<Chunk>],
        cancel: &Cancel,
    ) -> Result<Self, BackendError> {
        check_length("customers in an order", by_id.0.len(), column.rows.len())?;
        let keys = ValueKeys::new(column, chunks, cancel)?;
        let blocks = parallel_map(by_id.0.len().div_ceil(BLOCK), cancel, |job| {
            let (mut known, mut null) = (Vec::new(), Vec::new());
            #[allow(clippy::cast_possible_truncation)] // customers are counted in 32 bits
            for (at, customer) in by_id.0.iter().enumerate().skip(job * BLOCK).take(BLOCK) {
                match keys.key(*customer as usize) {
                    Some(key) => known.push((if is_descending { !key } else { key }, at as u32)),
                    None => null.push(*customer),
                }
            }
            known.sort_unstable();
            Ok((known, null))
        })?;
        let (known, nulls): (Vec<_>, Vec<_>) = blocks.into_iter().unzip();
        let known = merge(known, &|a, b| a <= b, cancel)?;
        let known = known.into_iter().map(|(_, rank)| checked(&by_id.0, rank as usize));
        Ok(Self(known.chain(nulls.into_iter().flatten()).collect()))
    }

    /// Whether it has so many customers, each once: it may come from a file.
    pub fn is_whole(&self, universe_size: usize) -> bool {
        let mut seen = CustomerSet::with_capacity(universe_size);
        let is_new = |customer: &u32| {
            let customer = *customer as usize;
            customer < universe_size && !seen.put(customer)
        };
        self.0.len() == universe_size && self.0.iter().all(is_new)
    }

    /// All of them.
    pub fn customers(&self) -> &[u32] {
        &self.0
    }
}

impl MemorySize for CustomerOrder {
    fn memory_size(&self) -> usize {
        size_of_val(self.0.as_slice())
    }
}

/// The values of customers as numbers in their order.
struct ValueKeys<'a> {
    column: &'a FoundColumn<'a>,
    chunks: &'a [Arc<Chunk>],
    /// Of texts: for each chunk, the rank of each key that a customer has.
    ranks: Vec<Vec<u32>>,
    /// Of everything else.
    sort_keys: Option<SortKeys>,
}

impl<'a> ValueKeys<'a> {
    fn new(
        column: &'a FoundColumn<'a>,
        chunks: &'a [Arc<Chunk>],
        cancel: &Cancel,
    ) -> Result<Self, BackendError> {
        let is_text = chunks.iter().any(|chunk| matches!(chunk.dictionary(), Dictionary::Strings(_)));
        let ranks = if is_text { text_ranks(column, chunks, cancel)? } else { Vec::new() };
        let sort_keys = (!is_text).then(|| SortKeys::new(chunks, false));
        Ok(Self { column, chunks, ranks, sort_keys })
    }

    /// `None` for NULL.
    #[inline]
    fn key(&self, customer: usize) -> Option<u64> {
        if self.column.is_count() {
            return Some(self.column.rows.count(customer).into());
        }
        let (number, chunk, row) = self.column.place(customer, self.chunks)?;
        let key = chunk.keys().get(row);
        match &self.sort_keys {
            Some(sort_keys) => Some(sort_keys.sort_key(number, chunk, key)),
            None => {
                let rank = self.ranks.get(number).and_then(|ranks| ranks.get(usize::try_from(key).ok()?));
                debug_assert!(rank.is_some());
                rank.map(|rank| u64::from(*rank))
            }
        }
    }
}

/// The ranks of the texts that customers have, by chunk and key: the same for the same text.
fn text_ranks(
    column: &FoundColumn<'_>,
    chunks: &[Arc<Chunk>],
    cancel: &Cancel,
) -> Result<Vec<Vec<u32>>, BackendError> {
    const UNUSED: u32 = 0;
    const USED: u32 = 1;
    let len = |chunk: &Arc<Chunk>| chunk.dictionary().last().map_or(0, |last| last as usize + 1);
    let mut ranks: Vec<Vec<u32>> = chunks.iter().map(|chunk| vec![UNUSED; len(chunk)]).collect();
    for customer in 0..column.rows.len() {
        if customer % BLOCK == 0 {
            cancel.check()?;
        }
        if let Some((number, chunk, row)) = column.place(customer, chunks) {
            let key = usize::try_from(chunk.keys().get(row)).unwrap_or(usize::MAX);
            let place = checked_mut(&mut ranks, number).and_then(|ranks| checked_mut(ranks, key));
            place.into_iter().for_each(|place| *place = USED);
        }
    }
    let used = ranks.iter().enumerate().flat_map(|(number, ranks)| {
        ranks.iter().enumerate().filter(|(_, used)| **used == USED).map(move |(key, _)| (number, key))
    });
    let used: Vec<(usize, usize)> = used.collect();
    let text = |at: usize| {
        let (number, key) = used.get(at)?;
        match chunks.get(*number)?.dictionary() {
            Dictionary::Strings(strings) => strings.get(*key),
            _ => None,
        }
    };
    let order = sort_texts(used.len(), text, cancel)?;
    let (mut rank, mut before) = (0, None);
    for at in order {
        let this = text(at as usize);
        if before.is_some_and(|before| before != this) {
            rank += 1;
        }
        before = Some(this);
        let place = used.get(at as usize).and_then(|(number, key)| ranks.get_mut(*number)?.get_mut(*key));
        place.into_iter().for_each(|place| *place = rank);
    }
    Ok(ranks)
}

/// The numbers of so many texts in the order of the texts, whose bytes sort as code points do.
fn sort_texts<'a>(
    count: usize,
    text: impl Fn(usize) -> Option<&'a str> + Sync,
    cancel: &Cancel,
) -> Result<Vec<u32>, BackendError> {
    let text = |number: u32| text(number as usize).unwrap_or_default().as_bytes();
    let shared = shared_bytes(count, &text, cancel)?;
    let compare = |a: &Keyed, b: &Keyed| a.0.cmp(&b.0).then_with(|| text(a.1).cmp(text(b.1)));
    let blocks = parallel_map(count.div_ceil(BLOCK), cancel, |job| {
        let numbers = job * BLOCK..((job + 1) * BLOCK).min(count);
        #[allow(clippy::cast_possible_truncation)] // no more than rows or customers, which a u32 counts
        let mut block: Vec<Keyed> =
            numbers.map(|number| (words(text(number as u32), shared), number as u32)).collect();
        block.sort_unstable_by(compare);
        Ok(block)
    })?;
    let merged = merge(blocks, &|a, b| compare(a, b).is_le(), cancel)?;
    Ok(merged.into_iter().map(|(_, number)| number).collect())
}

/// How many bytes all texts begin with.
#[allow(clippy::cast_possible_truncation)] // no more than rows or customers, which a u32 counts
fn shared_bytes<'a>(
    count: usize,
    text: &(impl Fn(u32) -> &'a [u8] + Sync),
    cancel: &Cancel,
) -> Result<usize, BackendError> {
    let first = if count == 0 { &[] } else { text(0) };
    let shared = parallel_map(count.div_ceil(BLOCK), cancel, |job| {
        let numbers = job * BLOCK..((job + 1) * BLOCK).min(count);
        Ok(numbers.fold(first.len(), |shared, number| {
            let pairs = first.iter().zip(text(number as u32)).take(shared);
            pairs.take_while(|(a, b)| a == b).count()
        }))
    })?;
    Ok(shared.into_iter().min().unwrap_or(0))
}

/// The beginning of a text and its number. Most texts, emails too, differ within so many bytes: a look at the texts
/// themselves waits for memory.
type Keyed = ([u64; 2], u32);

/// The sixteen bytes of a text after the first ones, as numbers of the same order.
fn words(text: &[u8], after: usize) -> [u64; 2] {
    [word(text, after), word(text, after.saturating_add(8))]
}

/// The eight bytes of a text after the first ones, as a number of the same order; after its end there are zeros.
fn word(text: &[u8], after: usize) -> u64 {
    let bytes = text.get(after..).unwrap_or_default();
    match bytes.first_chunk::<8>() {
        Some(word) => u64::from_be_bytes(*word),
        None => {
            let word = bytes.iter().fold(0, |word, byte| word << 8 | u64::from(*byte));
            if bytes.is_empty() { 0 } else { word << (8 * (8 - bytes.len())) }
        }
    }
}

/// Sorted blocks as one, two at a time with all cores.
fn merge<T: Copy + Send + Sync>(
    mut blocks: Vec<Vec<T>>,
    is_in_order: &(impl Fn(&T, &T) -> bool + Sync),
    cancel: &Cancel,
) -> Result<Vec<T>, BackendError> {
    while blocks.len() > 1 {
        blocks = parallel_map(blocks.len().div_ceil(2), cancel, |job| {
            match (blocks.get(job * 2), blocks.get(job * 2 + 1)) {
                (Some(one), Some(other)) => merge_two(one, other, is_in_order, cancel),
                (one, _) => Ok(one.cloned().unwrap_or_default()),
            }
        })?;
    }
    Ok(blocks.pop().unwrap_or_default())
}

fn merge_two<T: Copy>(
    mut one: &[T],
    mut other: &[T],
    is_in_order: &impl Fn(&T, &T) -> bool,
    cancel: &Cancel,
) -> Result<Vec<T>, BackendError> {
    let mut merged = Vec::with_capacity(one.len() + other.len());
    while let (Some((a, after_a)), Some((b, after_b))) = (one.split_first(), other.split_first()) {
        if merged.len() % BLOCK == 0 {
            cancel.check()?;
        }
        if is_in_order(a, b) {
            merged.push(*a);
            one = after_a;
        } else {
            merged.push(*b);
            other = after_b;
        }
    }
    merged.extend_from_slice(one);
    merged.extend_from_slice(other);
    Ok(merged)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn texts_are_sorted_by_code_point(
            texts in prop::collection::vec("(id-)?[ab\u{0}éz\u{10400}]{0,11}", 0..200),
            shared in "[xé]{0,3}",
        ) {
            let texts: Vec<String> = texts.iter().map(|text| format!("{shared}{text}")).collect();
            let order = sort_texts(texts.len(), |at| texts.get(at).map(String::as_str), &Cancel::default());
            let sorted: Vec<&String> = order.unwrap().iter().map(|at| &texts[*at as usize]).collect();
            let mut expected: Vec<&String> = texts.iter().collect();
            expected.sort();
            prop_assert_eq!(sorted, expected);
        }

        #[test]
        fn blocks_are_merged(blocks in prop::collection::vec(prop::collection::vec(0_u8..50, 0..40), 0..9)) {
            let mut expected: Vec<u8> = blocks.iter().flatten().copied().collect();
            expected.sort_unstable();
            let sorted = |mut block: Vec<u8>| {
                block.sort_unstable();
                block
            };
            let blocks = blocks.into_iter().map(sorted).collect();
            prop_assert_eq!(merge(blocks, &|a, b| a <= b, &Cancel::default()).unwrap(), expected);
        }
    }

    #[test]
    fn damaged_orders_are_none() {
        assert!(CustomerOrder(vec![2, 0, 1]).is_whole(3) && CustomerOrder(Vec::new()).is_whole(0));
        for damaged in [vec![0, 1], vec![0, 1, 1], vec![0, 1, 3], vec![0, 1, 2, 2]] {
            assert!(!CustomerOrder(damaged).is_whole(3));
        }
    }

    #[test]
    fn many_texts_are_sorted_and_sorting_is_cancelled() {
        let texts: Vec<String> = (0..BLOCK * 2 + 5).map(|at| format!("{}", (at * 7919) % 300_000)).collect();
        let text = |at: usize| texts.get(at).map(String::as_str);
        let order = sort_texts(texts.len(), text, &Cancel::default()).unwrap();
        assert!(order.is_sorted_by_key(|at| &texts[*at as usize]));
        let cancel = Cancel::default();
        cancel.cancel();
        assert_eq!(sort_texts(texts.len(), text, &cancel), Err(BackendError::Cancelled));
    }
}
