//! How many customers have each value of a column (`insights.md`, Value counts).

use std::cmp::Ordering;
use std::collections::HashMap;
use std::sync::Arc;

use super::columns::{Chunk, Value};
use super::condition::by_customer::each_customer;
use super::condition::value_ids::{NULL, ValueIds};
use super::index::rows_by_customer::RowsByCustomer;
use super::predicate::key_set::timestamp;
use super::sets::customer_set::CustomerSet;
use super::values::{day_text, is_blank};
use crate::backend::{BackendError, Cancel, Count, ValueCount, ValueCounts};
use crate::segment::Number;

/// How many values are listed at most.
const MOST_VALUES: usize = 100_000;

/// One core's part of the work.
struct Part {
    /// By what is listed.
    counts: Vec<Count>,
    /// What is listed of the customer in hand.
    listed: Vec<u32>,
}

/// Counts the customers of each value. `segment` are the members that the second number counts.
pub fn value_counts(
    (pieces, values): (&[Arc<Chunk>], &ValueIds),
    grouped: &RowsByCustomer,
    segment: &CustomerSet,
    cancel: &Cancel,
) -> Result<ValueCounts, BackendError> {
    let listing = Listing::of(values, pieces);
    let new = || Part { counts: vec![Count::default(); listing.values.len() + FIRST], listed: Vec::new() };
    let found = each_customer(segment.len(), grouped, cancel, new, |part, customer, rows| {
        part.listed.clear();
        part.listed.extend(rows.map(|row| listing.of_number(values.number(row))));
        // A customer with a value twice counts once.
        part.listed.sort_unstable();
        part.listed.dedup();
        let one = Count { all: 1, segment: u64::from(segment.contains(customer)) };
        for listed in &part.listed {
            part.counts.get_mut(*listed as usize).into_iter().for_each(|count| *count += one);
        }
    })?;
    cancel.check()?;
    let mut counts = vec![Count::default(); listing.values.len() + FIRST];
    for part in found {
        counts.iter_mut().zip(part.counts).for_each(|(count, more)| *count += more);
    }
    let mut counts = counts.into_iter();
    let (null, blank) = (counts.next().unwrap_or_default(), counts.next().unwrap_or_default());
    // What stands only on rows of nobody is not listed.
    let counted = || listing.values.iter().zip(counts.clone()).filter(|(_, count)| count.all > 0);
    let order = |a: &&Value<'_>, b: &&Value<'_>| compare(**a, **b);
    let least = counted().map(|(value, _)| value).min_by(order).and_then(|value| end(*value));
    let greatest = counted().map(|(value, _)| value).max_by(order).and_then(|value| end(*value));
    let mut values: Vec<ValueCount> =
        counted().map(|(value, count)| ValueCount { value: text(*value), count }).collect();
    values.sort_unstable_by(|a, b| b.count.all.cmp(&a.count.all).then_with(|| a.value.cmp(&b.value)));
    let left_out = values.len().saturating_sub(MOST_VALUES) as u64;
    values.truncate(MOST_VALUES);
    Ok(ValueCounts { values, left_out, null, blank, range: least.zip(greatest) })
}

/// Stands for all blank texts; [`NULL`] for NULL.
const BLANK: u32 = 1;
/// The first that stands for a value.
const FIRST: usize = 2;

/// Which values are listed: the instants of a day are one, blank texts as well.
struct Listing<'a> {
    /// What is listed for each number of a value, from 1 on.
    of_numbers: Vec<u32>,
    /// What is listed, from [`FIRST`] on.
    values: Vec<Value<'a>>,
}

impl<'a> Listing<'a> {
    fn of(numbers: &ValueIds, pieces: &'a [Arc<Chunk>]) -> Self {
        let (mut of_numbers, mut values) = (Vec::new(), Vec::new());
        let mut days: HashMap<i64, u32> = HashMap::new();
        for (number, code) in numbers.examples() {
            let Some(piece) = pieces.get(*number) else { continue };
            let value = piece.domain.value(*code);
            let next = u32::try_from(values.len() + FIRST).unwrap_or(u32::MAX);
            let listed = match value {
                Value::Text(text) if is_blank(text) => BLANK,
                Value::Datetime(_) => *days.entry(timestamp(value).day).or_insert(next),
                _ => next,
            };
            if listed == next {
                values.push(value);
            }
            of_numbers.push(listed);
        }
        Self { of_numbers, values }
    }

    fn of_number(&self, number: u32) -> u32 {
        let at = usize::try_from(number).ok().and_then(|number| number.checked_sub(1));
        at.and_then(|at| self.of_numbers.get(at)).copied().unwrap_or(NULL)
    }
}

/// How values of one column follow one another.
fn compare(one: Value<'_>, other: Value<'_>) -> Ordering {
    match (one.number(), other.number()) {
        (Some(one), Some(other)) => one.cmp(&other),
        _ => timestamp(one).cmp(&timestamp(other)),
    }
}

/// A value as pickers list it: as text, a datetime as its day.
fn text(value: Value<'_>) -> String {
    match value {
        Value::Text(text) => text.to_owned(),
        Value::Integer(number) => number.to_string(),
        // As ids are written.
        Value::Decimal(number) => number.to_string(),
        Value::Boolean(value) => value.to_string(),
        Value::Date(_) | Value::Datetime(_) => day_text(timestamp(value).day),
    }
}

/// An end of the range of numbers and dates.
fn end(value: Value<'_>) -> Option<String> {
    match value {
        Value::Integer(number) => Some(Number::Integer(number).to_string()),
        Value::Decimal(number) => Some(Number::Decimal(number).to_string()),
        Value::Date(_) | Value::Datetime(_) => Some(day_text(timestamp(value).day)),
        Value::Text(_) | Value::Boolean(_) => None,
    }
}
