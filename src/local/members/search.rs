//! The customers with a text in a value, in any case of letters.

use std::sync::Arc;

use super::column::FoundColumn;
use super::text::exact_text;
use crate::backend::{BackendError, Cancel};
use crate::local::columns::{Chunk, Dictionary, LogicalType, Value};
use crate::local::consistency::inconsistent;
use crate::local::index::universe::CustomerIds;
use crate::local::memory::MemorySize;
use crate::local::parallel::parallel_fold;
use crate::local::sets::customer_set::{CustomerSet, union};
use crate::local::text_search::TextSearch;

/// How many customers are looked at in one go.
const CUSTOMERS: usize = 1 << 14;
/// Up to so many different values of a chunk it is remembered which are found.
const REMEMBERED: u64 = 1 << 16;
/// All letters that numbers and points in time are written with, in lower case.
const OF_NUMBERS: &str = "0123456789-+.: einfty";

/// The customers who are found.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct FoundCustomers(pub CustomerSet);

impl MemorySize for FoundCustomers {
    fn memory_size(&self) -> usize {
        self.0.len() / 8
    }
}

/// Finds a text, which is in lower case.
pub(super) struct Search<'a> {
    text: TextSearch<'a>,
    /// Whether a number or a date can have it.
    is_of_numbers: bool,
}

impl<'a> Search<'a> {
    pub fn new(text: &'a str) -> Self {
        let is_of_numbers = text.chars().all(|letter| OF_NUMBERS.contains(letter));
        Self { text: TextSearch::new(text), is_of_numbers }
    }

    /// Those with the text in their id.
    pub fn ids(&self, ids: &CustomerIds, cancel: &Cancel) -> Result<FoundCustomers, BackendError> {
        each(ids.len(), cancel, String::new, |buffer, customer| {
            ids.get(customer).is_some_and(|id| self.is_in(id, buffer))
        })
    }

    /// Those with the text in their value of a column, of which there are all chunks.
    pub fn column(
        &self,
        column: &FoundColumn<'_>,
        chunks: &[Arc<Chunk>],
        cancel: &Cancel,
    ) -> Result<FoundCustomers, BackendError> {
        let size = column.rows.len();
        if column.is_count() {
            return each(size, cancel, String::new, |buffer, customer| {
                self.is_in(&column.rows.count(customer).to_string(), buffer)
            });
        }
        let is_hopeless = |chunk: &Arc<Chunk>| !self.is_of_numbers && is_of_numbers(chunk);
        if chunks.iter().all(is_hopeless) {
            return Ok(FoundCustomers(CustomerSet::with_capacity(size)));
        }
        let new = || (Remembered(vec![Vec::new(); chunks.len()]), String::new());
        each(size, cancel, new, |(remembered, buffer), customer| {
            let Some((number, chunk, row)) = column.place(customer, chunks) else { return false };
            let key = chunk.keys().get(row);
            remembered.get(number, chunk, key, |value| match value {
                Value::Text(text) => self.is_in(text, buffer),
                value => self.is_in(&exact_text(value), buffer),
            })
        })
    }

    fn is_in(&self, value: &str, buffer: &mut String) -> bool {
        self.text.look(value, buffer).is_some()
    }
}

fn is_of_numbers(chunk: &Chunk) -> bool {
    !matches!(
        chunk.dictionary(),
        Dictionary::Strings(_) | Dictionary::Range { logical_type: LogicalType::Boolean, .. }
    )
}

/// What is known of the values of each chunk.
struct Remembered(Vec<Vec<Option<bool>>>);

impl Remembered {
    fn get(&mut self, number: usize, chunk: &Chunk, key: u64, look: impl FnOnce(Value<'_>) -> bool) -> bool {
        let Some(last) = chunk.dictionary().last().filter(|last| *last < REMEMBERED) else {
            return look(chunk.dictionary().value(key));
        };
        let known = self.0.get_mut(number).and_then(|known| {
            if known.is_empty() {
                known.resize(usize::try_from(last).ok()? + 1, None);
            }
            known.get_mut(usize::try_from(key).ok()?)
        });
        match known {
            Some(known) => *known.get_or_insert_with(|| look(chunk.dictionary().value(key))),
            None => look(chunk.dictionary().value(key)),
        }
    }
}

/// The customers who are `found`; each core has something of its own to look with.
fn each<A: Send>(
    size: usize,
    cancel: &Cancel,
    new: impl Fn() -> A + Sync,
    found: impl Fn(&mut A, usize) -> bool + Sync,
) -> Result<FoundCustomers, BackendError> {
    let start = || (new(), CustomerSet::with_capacity(size));
    let parts = parallel_fold(size.div_ceil(CUSTOMERS), cancel, start, |(with, set), job| {
        for customer in job * CUSTOMERS..((job + 1) * CUSTOMERS).min(size) {
            if found(with, customer) {
                set.insert(customer);
            }
        }
        Ok(())
    })?;
    let sets = parts.into_iter().map(|(_, set)| set);
    let whole = sets.reduce(|one, other| union(one, &other));
    whole.map(FoundCustomers).ok_or_else(|| inconsistent("nobody has searched"))
}
