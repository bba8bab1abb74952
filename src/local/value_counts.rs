//! How many customers have each value of a column (`docs/reference/insights.md`, Value counts).

use std::cmp::Ordering;
use std::collections::HashMap;
use std::sync::Arc;

use super::columns::{Chunk, Value};
use super::condition::by_customer::for_each_customer;
use super::condition::value_ids::{NULL_ID, ValueIds};
use super::consistency::{check_length, checked, checked_mut, inconsistent, missing_chunk};
use super::index::rows_by_customer::RowsByCustomer;
use super::sets::customer_set::CustomerSet;
use super::values::{Timestamp, day_text, is_blank};
use crate::backend::{BackendError, Cancel, Count, ValueCount, ValueCounts};
use crate::segment::Number;

/// How many values are listed at most.
const MOST_VALUES: usize = 100_000;

/// One core's part of the work.
struct PartialCounts {
    /// By what is listed.
    counts: Vec<Count>,
    /// What is listed of the customer in hand.
    listed: Vec<u32>,
}

/// Counts the customers of each value. `segment` are the members that the second number counts.
pub fn value_counts(
    (chunks, ids): (&[Arc<Chunk>], &ValueIds),
    rows: &RowsByCustomer,
    segment: &CustomerSet,
    cancel: &Cancel,
) -> Result<ValueCounts, BackendError> {
    let listing = Listing::new(ids, chunks)?;
    let zeros = || vec![Count::default(); listing.values.len() + FIRST];
    let new = || PartialCounts { counts: zeros(), listed: Vec::new() };
    let found = for_each_customer(segment.len(), rows, cancel, new, |part, customer, rows| {
        part.listed.clear();
        part.listed.extend(rows.map(|row| listing.of_id(ids.id(row))));
        // A customer with a value twice counts once.
        part.listed.sort_unstable();
        part.listed.dedup();
        let one = Count { all: 1, segment: u64::from(segment.contains(customer)) };
        for listed in &part.listed {
            checked_mut(&mut part.counts, *listed as usize).into_iter().for_each(|count| *count += one);
        }
    })?;
    cancel.check()?;
    let mut counts = zeros();
    for part in found {
        counts.iter_mut().zip(part.counts).for_each(|(count, more)| *count += more);
    }
    let [null, blank, ref counts @ ..] = *counts else {
        return Err(inconsistent("NULLs and blanks are not counted"));
    };
    // What stands only on rows of nobody is not listed.
    let counted = || listing.values.iter().zip(counts).filter(|(_, count)| count.all > 0);
    let order = |a: &&Value<'_>, b: &&Value<'_>| compare(**a, **b);
    let least = counted().map(|(value, _)| value).min_by(order).and_then(|value| end(*value));
    let greatest = counted().map(|(value, _)| value).max_by(order).and_then(|value| end(*value));
    let mut values: Vec<ValueCount> =
        counted().map(|(value, count)| ValueCount { value: text(*value), count: *count }).collect();
    values.sort_unstable_by(|a, b| b.count.all.cmp(&a.count.all).then_with(|| a.value.cmp(&b.value)));
    let left_out = values.len().saturating_sub(MOST_VALUES) as u64;
    values.truncate(MOST_VALUES);
    Ok(ValueCounts { values, left_out, null, blank, range: least.zip(greatest) })
}

/// Stands for all blank texts; [`NULL_ID`] for NULL.
const BLANK: u32 = 1;
/// The first that stands for a value.
const FIRST: usize = 2;

/// Which values are listed: the datetimes of a day are one, blank texts as well.
struct Listing<'a> {
    /// What is listed for each id of a value, from 0 on, which is NULL's.
    of_ids: Vec<u32>,
    /// What is listed, from [`FIRST`] on.
    values: Vec<Value<'a>>,
}

impl<'a> Listing<'a> {
    fn new(ids: &ValueIds, chunks: &'a [Arc<Chunk>]) -> Result<Self, BackendError> {
        let (mut of_ids, mut values) = (vec![NULL_ID], Vec::new());
        let mut days: HashMap<i64, u32> = HashMap::new();
        for (number, key) in ids.examples() {
            let chunk = chunks.get(*number).ok_or_else(|| missing_chunk("a column", *number))?;
            let value = chunk.dictionary().value(*key);
            #[allow(clippy::cast_possible_truncation)] // no more values than rows, which a u32 counts
            let next = (values.len() + FIRST) as u32;
            let listed = match (value, value.timestamp()) {
                (Value::Text(text), _) if is_blank(text) => BLANK,
                (Value::Datetime(_), Some(timestamp)) => *days.entry(timestamp.day).or_insert(next),
                _ => next,
            };
            if listed == next {
                values.push(value);
            }
            of_ids.push(listed);
        }
        check_length("ids of values", of_ids.len(), ids.count() as usize)?;
        Ok(Self { of_ids, values })
    }

    /// What is listed for the id of a value, of which there are as many as were checked.
    fn of_id(&self, id: u32) -> u32 {
        checked(&self.of_ids, id as usize)
    }
}

/// How values of one column follow one another.
fn compare(one: Value<'_>, other: Value<'_>) -> Ordering {
    match (one.number(), other.number()) {
        (Some(one), Some(other)) => one.cmp(&other),
        // Texts and booleans have no range.
        _ => one.timestamp().cmp(&other.timestamp()),
    }
}

/// A value as pickers list it: as text, a datetime as its day.
fn text(value: Value<'_>) -> String {
    match value {
        Value::Text(text) => text.to_owned(),
        Value::Integer(number) => number.to_string(),
        // As ids are written.
        Value::Decimal(number) => number.to_string(),
        Value::Exact { parts, decimals } => Number::text_of_parts(parts, decimals),
        Value::Boolean(value) => value.to_string(),
        Value::Date(day) => day_text(day),
        Value::Datetime(micros) => day_text(Timestamp::from_micros(micros).day),
    }
}

/// An end of the range of numbers and dates.
fn end(value: Value<'_>) -> Option<String> {
    match value {
        Value::Integer(number) => Some(Number::Integer(number).to_string()),
        Value::Decimal(number) => Some(Number::Decimal(number).to_string()),
        Value::Exact { .. } => Some(text(value)),
        Value::Date(_) | Value::Datetime(_) => Some(text(value)),
        Value::Text(_) | Value::Boolean(_) => None,
    }
}
