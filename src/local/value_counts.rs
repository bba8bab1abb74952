//! How many customers have each value of a column (`docs/reference/insights.md`, Value counts).

use std::cmp::Ordering;
use std::sync::Arc;

use super::columns::{Chunk, Value};
use super::condition::by_customer::for_each_customer;
use super::condition::value_ids::ValueIds;
use super::consistency::{checked_mut, inconsistent};
use super::index::rows_by_customer::RowsByCustomer;
use super::listing::{FIRST, Listing, MOST_VALUES, text};
use super::sets::customer_set::CustomerSet;
use crate::backend::{BackendError, Cancel, Count, ValueCount, ValueCounts};
use crate::segment::Number;

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
    let mut values: Vec<ValueCount> = counted()
        .map(|(value, count)| ValueCount { value: text(*value).into_owned(), count: *count })
        .collect();
    values.sort_unstable_by(|a, b| b.count.all.cmp(&a.count.all).then_with(|| a.value.cmp(&b.value)));
    let left_out = values.len().saturating_sub(MOST_VALUES) as u64;
    values.truncate(MOST_VALUES);
    Ok(ValueCounts { values, left_out, null, blank, range: least.zip(greatest) })
}

/// How values of one column follow one another.
fn compare(one: Value<'_>, other: Value<'_>) -> Ordering {
    match (one.number(), other.number()) {
        (Some(one), Some(other)) => one.cmp(&other),
        // Texts and booleans have no range.
        _ => one.timestamp().cmp(&other.timestamp()),
    }
}

/// An end of the range of numbers and dates.
fn end(value: Value<'_>) -> Option<String> {
    match value {
        Value::Integer(number) => Some(Number::Integer(number).to_string()),
        Value::Decimal(number) => Some(Number::Decimal(number).to_string()),
        Value::Exact { .. } => Some(text(value).into_owned()),
        Value::Date(_) | Value::Datetime(_) => Some(text(value).into_owned()),
        Value::Text(_) | Value::Boolean(_) => None,
    }
}
