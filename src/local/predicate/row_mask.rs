//! The rows of a chunk on which a predicate holds.

use std::cmp::Ordering;

use super::column_predicate::ColumnPredicate;
use super::date_predicate::DatePredicate;
use super::interval::Interval;
use super::key_set::KeySet;
use crate::backend::BackendError;
use crate::local::columns::{Bitmap, Chunk, Dictionary, KeyType as _, Keys, LogicalType, with_keys};
use crate::local::consistency::{checked, inconsistent};
use crate::local::values::{DAY, Timestamp, compare};
use crate::segment::{Comparison, Number, NumberTest};

/// Up to here every key is tried by itself.
const FEW: u64 = u16::MAX as u64;
/// Up to here the keys of listed numbers are looked for, and not the numbers of all rows in the list.
const SHORT: usize = 4096;

/// The rows of a chunk by what a predicate says of them.
pub(crate) struct RowMask {
    /// Where it is true.
    pub trues: Bitmap,
    /// Where it is neither true nor false; `None` if nowhere.
    pub unknowns: Option<Bitmap>,
}

impl RowMask {
    /// Tests all rows of a chunk.
    ///
    /// # Errors
    /// The values are of another type than the predicate.
    pub fn new(predicate: &ColumnPredicate<'_>, chunk: &Chunk) -> Result<Self, BackendError> {
        let Some(nulls) = chunk.nulls() else {
            return Ok(Self { trues: passing(predicate, chunk)?, unknowns: None });
        };
        let mut trues = match nulls.count_ones() == chunk.rows() {
            // Without any value a column has no type of its own either.
            true => Bitmap::zeros(chunk.rows()),
            false => passing(predicate, chunk)?,
        };
        trues.and_not(nulls)?;
        match predicate.of_null() {
            Some(true) => trues.or(nulls)?,
            Some(false) => {}
            None => return Ok(Self { trues, unknowns: Some(nulls.clone()) }),
        }
        Ok(Self { trues, unknowns: None })
    }
}

/// The rows whose value passes; rows with a NULL may be among them.
fn passing(predicate: &ColumnPredicate<'_>, chunk: &Chunk) -> Result<Bitmap, BackendError> {
    let (dictionary, keys) = (chunk.dictionary(), chunk.keys());
    // A chunk without rows may have no value at all.
    let Some(last) = dictionary.last() else { return Ok(Bitmap::zeros(chunk.rows())) };
    if !predicate.is_for(dictionary) {
        return Err(inconsistent("a condition is of another type than its column"));
    }
    if let Some(passing) = range_of_keys(predicate, dictionary, last) {
        return Ok(passing.rows(keys)?);
    }
    Ok(match (predicate, dictionary) {
        (ColumnPredicate::Null(is_wanted), _) => match is_wanted {
            true => Bitmap::zeros(chunk.rows()),
            false => Bitmap::ones(chunk.rows()),
        },
        (ColumnPredicate::Number(predicate), Dictionary::Range { .. })
            if last > FEW
                && let NumberTest::In { numbers, negated } = predicate.of_dictionary(dictionary)
                && numbers.len() <= SHORT =>
        {
            // A number that no key stands for is on no row.
            let found = numbers.iter().filter_map(|number| key_of(dictionary, last, *number));
            let mut listed: Vec<u64> = found.collect();
            listed.sort_unstable();
            rows_where(keys, |key| listed.binary_search(&key).is_ok() != *negated)
        }
        (ColumnPredicate::Date(predicate), Dictionary::Range { logical_type: LogicalType::Datetime, .. })
            if last > FEW =>
        {
            by_day(predicate, dictionary, keys, last)
        }
        (_, Dictionary::Range { .. }) if last > FEW => {
            rows_where(keys, |key| predicate.holds(dictionary.value(key), &mut String::new()))
        }
        _ => {
            let mut buffer = String::new();
            let holds = |key| predicate.holds(dictionary.value(key), &mut buffer);
            KeySet::from_table((0..=last).map(holds).collect()).rows(keys)?
        }
    })
}

/// The keys that pass, where they are all from one to another: of values in ascending order.
fn range_of_keys(predicate: &ColumnPredicate<'_>, dictionary: &Dictionary, last: u64) -> Option<KeySet> {
    match (predicate, dictionary) {
        (_, Dictionary::Strings(_)) => None,
        (ColumnPredicate::Number(predicate), _) => {
            let interval = Interval::from_number_test(predicate.of_dictionary(dictionary));
            interval.map(|interval| interval.keys(last, number_order(dictionary)))
        }
        (ColumnPredicate::Date(DatePredicate::Range(test)), _) => {
            Interval::from_date_test(test).map(|interval| {
                interval.keys(last, |key, date| match dictionary.value(key).timestamp() {
                    Some(timestamp) => compare(timestamp, date.at),
                    // Not of this type, which was compared before.
                    None => Ordering::Less,
                })
            })
        }
        _ => None,
    }
}

/// How the number of a key stands to another.
fn number_order(dictionary: &Dictionary) -> impl Fn(u64, &Number) -> Ordering {
    |key, other| match dictionary.value(key).number() {
        Some(number) => number.cmp(other),
        // Not of this type, which was compared before.
        None => Ordering::Less,
    }
}

/// The rows whose day passes, each day tried once.
fn by_day(predicate: &DatePredicate<'_>, dictionary: &Dictionary, keys: &Keys, last: u64) -> Bitmap {
    let day = |key| dictionary.whole(key).div_euclid(DAY);
    let (first, last) = (day(0), day(last));
    let days: Vec<bool> = (first..=last).map(|day| predicate.holds(Timestamp { day, micros: 0 })).collect();
    // Of keys up to the last one: none is before the first day or after the last.
    rows_where(keys, |key| usize::try_from(day(key) - first).is_ok_and(|day| checked(&days, day)))
}

/// The key of a number in a range; `None` if it has none.
fn key_of(dictionary: &Dictionary, last: u64, number: Number) -> Option<u64> {
    let test = NumberTest::Compare(Comparison::Equal, number);
    match Interval::from_number_test(&test)?.keys(last, number_order(dictionary)) {
        KeySet::Within { first, .. } => Some(first),
        _ => None,
    }
}

fn rows_where(keys: &Keys, passes: impl Fn(u64) -> bool) -> Bitmap {
    with_keys!(keys, keys => Bitmap::from_values(keys, |key| passes(key.widen())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::segment::Predicate;

    #[test]
    fn a_predicate_of_another_type_is_an_error() {
        let logical_type = LogicalType::Boolean;
        let dictionary = || Dictionary::Range { logical_type, start: 0, step: 1, last: 1 };
        let chunk = Chunk::new(dictionary(), Keys::U8(vec![0, 1]), None).unwrap();
        let mask =
            |predicate: &Predicate, chunk: &Chunk| RowMask::new(&ColumnPredicate::new(predicate), chunk);
        let number = Predicate::Number(NumberTest::Compare(Comparison::Equal, Number::Integer(1)));
        assert!(mask(&number, &chunk).is_err());
        let trues = mask(&Predicate::Boolean(true), &chunk).unwrap().trues;
        assert_eq!(trues.iter_ones().collect::<Vec<_>>(), [1]);
        // Where everything is NULL there is no type.
        let nulls = Chunk::new(dictionary(), Keys::U8(vec![0, 0]), Some(Bitmap::ones(2))).unwrap();
        let mask = mask(&number, &nulls).unwrap();
        assert_eq!((mask.trues.count_ones(), mask.unknowns), (0, Some(Bitmap::ones(2))));
    }
}
