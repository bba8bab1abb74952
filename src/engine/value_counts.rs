//! How many customers have each value of a column (`insights.md`, Value counts).

use std::collections::HashMap;

use hashbrown::DefaultHashBuilder;

use super::by_customer::{Whole, each_customer};
use super::grouped::Grouped;
use super::keys;
use super::passing::point;
use super::store::{Domain, Kind, Value};
use super::truth::Customers;
use super::values::{day_text, is_blank};
use super::{Cancel, Count, EngineError, ValueCount, ValueCounts};
use crate::segment::Number;

/// How many values are listed at most.
const MOST_VALUES: usize = 100_000;

/// Counts by key; `None` stands for every blank text.
type ByKey = HashMap<Option<u64>, Count, DefaultHashBuilder>;

/// One core's part of the work.
struct Part {
    counts: ByKey,
    null: Count,
    /// The keys of the customer in hand.
    keys: Vec<Option<u64>>,
}

/// Counts the customers of each value. `segment` are the members that the second number counts.
pub fn value_counts(
    column: &Whole,
    grouped: &Grouped,
    segment: &Customers,
    cancel: &Cancel,
) -> Result<ValueCounts, EngineError> {
    let new = || Part { counts: HashMap::default(), null: Count::default(), keys: Vec::new() };
    let listed_keys = ListedKeys::of(column);
    let found = each_customer(segment.len(), grouped, cancel, new, |part, customer, rows| {
        part.keys.clear();
        let mut is_null = false;
        for row in rows {
            match column.key(row) {
                Some(key) => part.keys.push(listed_keys.key(key)),
                None => is_null = true,
            }
        }
        // A customer with a value twice counts once.
        part.keys.sort_unstable();
        part.keys.dedup();
        let one = Count { all: 1, segment: u64::from(segment.contains(customer)) };
        part.keys.iter().for_each(|key| *part.counts.entry(*key).or_default() += one);
        if is_null {
            part.null += one;
        }
    })?;
    cancel.check()?;
    let mut null = Count::default();
    let mut by_key: ByKey = HashMap::default();
    for part in found {
        null += part.null;
        part.counts.into_iter().for_each(|(key, count)| *by_key.entry(key).or_default() += count);
    }
    let Some(like) = column.pieces.first() else { return Ok(ValueCounts { null, ..ValueCounts::default() }) };
    let blank = by_key.remove(&None).unwrap_or_default();
    let value = |key: u64| column.keys.value(key, like);
    let range = by_key.keys().flatten().min().zip(by_key.keys().flatten().max());
    let range = range.and_then(|(low, high)| Some((end(value(*low))?, end(value(*high))?)));
    let values = by_key.into_iter();
    let values = values.filter_map(|(key, count)| Some(ValueCount { value: text(value(key?)), count }));
    let mut values: Vec<ValueCount> = values.collect();
    values.sort_unstable_by(|a, b| b.count.all.cmp(&a.count.all).then_with(|| a.value.cmp(&b.value)));
    let left_out = values.len().saturating_sub(MOST_VALUES) as u64;
    values.truncate(MOST_VALUES);
    Ok(ValueCounts { values, left_out, null, blank, range })
}

/// Which values count as one: the instants of a day, and blank texts.
enum ListedKeys {
    Each,
    Days,
    /// Those that are blank.
    Texts(Vec<bool>),
}

impl ListedKeys {
    fn of(column: &Whole) -> Self {
        let Some(like) = column.pieces.first() else { return Self::Each };
        match &like.domain {
            Domain::Texts(_) => {
                let is_blank =
                    |key| matches!(column.keys.value(key, like), Value::Text(text) if is_blank(text));
                Self::Texts((0..column.keys.texts() as u64).map(is_blank).collect())
            }
            Domain::Steps { kind: Kind::Instant, .. } => Self::Days,
            Domain::Steps { .. } | Domain::Doubles(_) => Self::Each,
        }
    }

    fn key(&self, key: u64) -> Option<u64> {
        match self {
            Self::Each => Some(key),
            Self::Days => Some(keys::start_of_day(key)),
            Self::Texts(blank) => {
                let is_blank = usize::try_from(key).ok().and_then(|key| blank.get(key));
                (is_blank != Some(&true)).then_some(key)
            }
        }
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
        Value::Day(_) | Value::Instant(_) => day_text(point(value).day),
    }
}

/// An end of the range of numbers and dates.
fn end(value: Value<'_>) -> Option<String> {
    match value {
        Value::Integer(number) => Some(Number::Integer(number).to_string()),
        Value::Decimal(number) => Some(Number::Decimal(number).to_string()),
        Value::Day(_) | Value::Instant(_) => Some(day_text(point(value).day)),
        Value::Text(_) | Value::Boolean(_) => None,
    }
}
