//! How many customers have each value of a column (`docs/reference/insights.md`, Value counts).

use super::listing::MOST_VALUES;
use super::sets::customer_set::CustomerSet;
use super::values_by_customer::ValuesByCustomer;
use crate::backend::{BackendError, Cancel, Count, ListedValue, ValueCount, ValueCounts};

/// Counts the customers of each value. `segment` are the members that the second number counts.
pub fn value_counts(
    values: &ValuesByCustomer,
    segment: &CustomerSet,
    cancel: &Cancel,
) -> Result<ValueCounts, BackendError> {
    let in_segment = values.counts_of(segment, cancel)?;
    let (mut null, mut blank) = (Count::default(), Count::default());
    let mut counted: Vec<(&str, Count)> = Vec::new();
    for ((value, all), segment) in values.values.iter().zip(&values.all).zip(in_segment) {
        let count = Count { all: *all, segment };
        match value {
            ListedValue::Null => null = count,
            ListedValue::Blank => blank = count,
            // What stands only on rows of nobody is not listed.
            ListedValue::Value(value) if *all > 0 => counted.push((value, count)),
            ListedValue::Value(_) => {}
        }
    }
    cancel.check()?;
    let left_out = counted.len().saturating_sub(MOST_VALUES) as u64;
    counted.sort_unstable_by(|a, b| b.1.all.cmp(&a.1.all).then_with(|| a.0.cmp(b.0)));
    counted.truncate(MOST_VALUES);
    let values_of = |(value, count): (&str, Count)| ValueCount { value: value.to_owned(), count };
    Ok(ValueCounts {
        values: counted.into_iter().map(values_of).collect(),
        left_out,
        null,
        blank,
        range: values.range.clone(),
    })
}
