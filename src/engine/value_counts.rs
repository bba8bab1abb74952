//! How many customers have each value of a column (`insights.md`, Value counts).

use std::collections::HashMap;

use polars::prelude::{Column, DataType, PolarsResult, StringChunked};

use super::index::RowIndex;
use super::scan::scan;
use super::truth::Customers;
use super::values::{day_text, is_blank, points};
use super::{Cancel, Count, EngineError, ValueCount, ValueCounts};
use crate::catalog::{Table, id_texts};
use crate::segment::Number;

/// How many values are listed at most.
const MOST_VALUES: usize = 100_000;

/// Counts the customers of each value. `segment` are the members that the second number counts.
pub fn value_counts(
    table: &Table,
    column: &str,
    index: &RowIndex,
    segment: &Customers,
    cancel: &Cancel,
) -> Result<ValueCounts, EngineError> {
    let unreadable = EngineError::unreadable(&table.name);
    let mut codes: HashMap<String, u32> = HashMap::new();
    // A customer with a value twice counts once: sorted by value, then customer.
    let mut pairs: Vec<(u32, u32)> = Vec::new();
    let mut nulls = Customers::with_capacity(segment.len());
    let mut blanks = nulls.clone();
    let mut range: Option<(Number, Number)> = None;
    let mut is_dated = false;
    scan(table, &[column], cancel, |first, frame| {
        let values = frame.column(column).map_err(&unreadable)?;
        is_dated = matches!(values.dtype(), DataType::Date | DataType::Datetime(..));
        let numbers = numbers(values).map_err(&unreadable)?;
        for (number, _) in numbers.into_iter().zip(index.from(first)).filter(|(_, of)| of.is_some()) {
            let Some(number) = number else { continue };
            range = Some(range.map_or((number, number), |(low, high)| (low.min(number), high.max(number))));
        }
        let texts = listed_texts(values).map_err(&unreadable)?;
        for (text, customer) in texts.iter().zip(index.from(first)) {
            let Some(customer) = customer else { continue };
            match text {
                None => nulls.insert(customer),
                Some(text) if is_blank(text) => blanks.insert(customer),
                Some(text) => {
                    let next = u32::try_from(codes.len()).unwrap_or(u32::MAX);
                    let code = match codes.get(text) {
                        Some(code) => *code,
                        None => *codes.entry(text.to_owned()).or_insert(next),
                    };
                    pairs.push((code, u32::try_from(customer).unwrap_or(u32::MAX)));
                }
            }
        }
        Ok(())
    })?;
    pairs.sort_unstable();
    pairs.dedup();
    cancel.check()?;
    let mut counts = vec![Count::default(); codes.len()];
    for (code, customer) in pairs {
        if let Some(count) = counts.get_mut(code as usize) {
            count.all += 1;
            count.segment += u64::from(segment.contains(customer as usize));
        }
    }
    let mut values: Vec<ValueCount> = codes
        .into_iter()
        .filter_map(|(value, code)| Some(ValueCount { value, count: *counts.get(code as usize)? }))
        .collect();
    values.sort_unstable_by(|a, b| b.count.all.cmp(&a.count.all).then_with(|| a.value.cmp(&b.value)));
    let left_out = values.len().saturating_sub(MOST_VALUES) as u64;
    values.truncate(MOST_VALUES);
    let of = |set: &Customers| Count {
        all: set.count_ones(..) as u64,
        segment: set.intersection_count(segment) as u64,
    };
    let text = |number: Number| match number {
        Number::Integer(day) if is_dated => day_text(day),
        other => other.to_string(),
    };
    let range = range.map(|(low, high)| (text(low), text(high)));
    Ok(ValueCounts { values, left_out, null: of(&nulls), blank: of(&blanks), range })
}

/// The values as pickers list them: as text, a datetime as its day.
fn listed_texts(column: &Column) -> PolarsResult<StringChunked> {
    match points(column) {
        Some(points) => Ok(points?.into_iter().map(|point| Some(day_text(point?.day))).collect()),
        None => id_texts(column).map(std::borrow::Cow::into_owned),
    }
}

/// Numbers as they are, dates as the number of their day, nothing for other types.
fn numbers(column: &Column) -> PolarsResult<Vec<Option<Number>>> {
    Ok(match column.dtype() {
        DataType::Int64 => column.i64()?.iter().map(|value| value.map(Number::Integer)).collect(),
        DataType::Float64 => {
            column.f64()?.iter().map(|value| value.map(|value| Number::Decimal(value + 0.0))).collect()
        }
        _ => match points(column) {
            Some(points) => {
                points?.into_iter().map(|point| point.map(|point| Number::Integer(point.day))).collect()
            }
            None => Vec::new(),
        },
    })
}
