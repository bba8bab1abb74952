//! Which values of a column are listed, and how (`docs/reference/insights.md`, Value counts, Pages of a saved segment).

use std::borrow::Cow;
use std::cmp::{Ordering, Reverse};
use std::collections::HashMap;
use std::sync::Arc;

use super::columns::{Chunk, Value};
use super::condition::value_ids::{NULL_ID, ValueIds};
use super::consistency::{check_length, checked, missing_chunk};
use super::values::{Timestamp, day_text, is_blank};
use crate::backend::{BackendError, ListedValue, ListedValues, SegmentAndAll};
use crate::segment::Number;

/// How many values are listed at most.
pub(crate) const MOST_VALUES: usize = 100_000;

/// Stands for all blank texts; [`NULL_ID`] for NULL.
const BLANK: u32 = 1;
/// The first number that stands for a value.
pub(crate) const FIRST: usize = 2;

// Values come before blanks, and these before NULL.
const VALUE: u8 = 0;
const BLANKS: u8 = 1;
const NULLS: u8 = 2;

/// Which values are listed: the datetimes of a day are one, blank texts as well.
pub(crate) struct Listing<'a> {
    /// What is listed for each id of a value, from 0 on, which is NULL's.
    of_ids: Vec<u32>,
    /// What is listed, from [`FIRST`] on.
    pub values: Vec<Value<'a>>,
}

impl<'a> Listing<'a> {
    /// From the ids of a column and its chunks.
    ///
    /// # Errors
    /// They are not of one column.
    pub fn new(ids: &ValueIds, chunks: &'a [Arc<Chunk>]) -> Result<Self, BackendError> {
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
    #[inline]
    pub fn of_id(&self, id: u32) -> u32 {
        checked(&self.of_ids, id as usize)
    }

    /// All that anybody has, with its figures: by the segment's number, then that of all, most first, then by value.
    ///
    /// # Errors
    /// There are not as many figures as there is listed.
    pub(crate) fn sorted<T: Copy>(
        &self,
        figures: &[SegmentAndAll<T>],
        number: impl Fn(&T) -> u64,
    ) -> Result<ListedValues<T>, BackendError> {
        check_length("values of a column", figures.len(), self.len())?;
        let rank = |(at, figures): (usize, &SegmentAndAll<T>)| {
            let (segment, all) = (number(&figures.segment), number(&figures.all));
            (all > 0).then(|| (Reverse(segment), Reverse(all), self.sort_key(at), at))
        };
        let mut ranks: Vec<_> = figures.iter().enumerate().filter_map(rank).collect();
        let left_out = ranks.len().saturating_sub(MOST_VALUES);
        if left_out > 0 {
            ranks.select_nth_unstable(MOST_VALUES);
            ranks.truncate(MOST_VALUES);
        }
        ranks.sort_unstable();
        let line = |(.., (kind, text), at): (_, _, (u8, Cow<'_, str>), usize)| {
            let value = match kind {
                VALUE => ListedValue::Value(text.into_owned()),
                BLANKS => ListedValue::Blank,
                _ => ListedValue::Null,
            };
            figures.get(at).map(|figures| (value, *figures))
        };
        Ok(ListedValues { values: ranks.into_iter().filter_map(line).collect(), left_out: left_out as u64 })
    }

    /// What is listed, in the order of [`ListedValue`], without a copy of texts.
    fn sort_key(&self, at: usize) -> (u8, Cow<'a, str>) {
        match at.checked_sub(FIRST).and_then(|at| self.values.get(at)) {
            Some(value) => (VALUE, text(*value)),
            None if at == BLANK as usize => (BLANKS, Cow::Borrowed("")),
            None => (NULLS, Cow::Borrowed("")),
        }
    }

    /// How many numbers of what is listed there are.
    pub fn len(&self) -> usize {
        FIRST + self.values.len()
    }

    /// What is listed, by number.
    pub(crate) fn listed(&self) -> impl Iterator<Item = ListedValue> {
        let values = self.values.iter().map(|value| ListedValue::Value(text(*value).into_owned()));
        [ListedValue::Null, ListedValue::Blank].into_iter().chain(values)
    }
}

/// Values by the segment's number, then that of all, most first, then by value; at most so many as are listed.
pub(crate) fn most_first<T: Copy + Ord>(
    values: impl Iterator<Item = (ListedValue, SegmentAndAll<T>)>,
) -> ListedValues<T> {
    let mut values: Vec<_> = values.collect();
    let rank = |(_, numbers): &(_, SegmentAndAll<T>)| Reverse((numbers.segment, numbers.all));
    values.sort_unstable_by(|a, b| rank(a).cmp(&rank(b)).then_with(|| a.0.cmp(&b.0)));
    let left_out = values.len().saturating_sub(MOST_VALUES) as u64;
    values.truncate(MOST_VALUES);
    ListedValues { values, left_out }
}

/// A value as pickers list it: as text, a datetime as its day.
pub(crate) fn text(value: Value<'_>) -> Cow<'_, str> {
    Cow::Owned(match value {
        Value::Text(text) => return Cow::Borrowed(text),
        Value::Integer(number) => number.to_string(),
        // As ids are written.
        Value::Decimal(number) => number.to_string(),
        Value::Exact { parts, decimals } => Number::text_of_parts(parts, decimals),
        Value::Boolean(value) => value.to_string(),
        Value::Date(day) => day_text(day),
        Value::Datetime(micros) => day_text(Timestamp::from_micros(micros).day),
    })
}

/// The least and the greatest of some values of one column, as text; `None` if they are neither numbers nor dates.
pub(crate) fn range<'a>(values: impl Iterator<Item = Value<'a>> + Clone) -> Option<(String, String)> {
    let order = |one: &Value<'_>, other: &Value<'_>| compare(*one, *other);
    values.clone().min_by(order).and_then(end).zip(values.max_by(order).and_then(end))
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
#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_come_most_first_and_those_beyond_are_counted() {
        let value = |number: u32| ListedValue::Value(format!("{number:06}"));
        let both = |segment, all| SegmentAndAll { segment, all };
        let some = [
            (ListedValue::Null, both(1, 2)),
            (value(9), both(1, 2)),
            (ListedValue::Blank, both(1, 2)),
            (value(3), both(1, 3)),
            (value(4), both(2, 2)),
        ];
        let order: Vec<ListedValue> =
            most_first(some.into_iter()).values.into_iter().map(|(v, _)| v).collect();
        assert_eq!(order, [value(4), value(3), value(9), ListedValue::Blank, ListedValue::Null]);
        let many = most_first((1..100_003).map(|number| (value(number), both(0, u64::from(number)))));
        assert_eq!((many.values.len(), many.left_out), (MOST_VALUES, 2));
        assert_eq!(many.values.last(), Some(&(value(3), both(0, 3))));
    }
}
