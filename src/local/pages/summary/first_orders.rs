//! When customers have bought for the first time.

use std::sync::Arc;

use chrono::{Datelike as _, Months, NaiveDate};

use super::both::Members;
use crate::backend::{BackendError, MonthCount, SegmentAndAll};
use crate::local::cache_key::CacheKey;
use crate::local::chunk_reader::ReadableTable;
use crate::local::columns::Bitmap;
use crate::local::consistency::{check_length, checked, checked_mut};
use crate::local::memory::MemorySize;
use crate::local::pages::order_source::OrderSource;
use crate::local::pages::rows_within::{NEVER, day};
use crate::local::sets::insights::InsightTables as _;
use crate::local::values::day_number;
use crate::local::view::View;

/// How many months are shown.
const MONTHS: usize = 12;

/// The day of the first order of each customer, the earliest of all.
struct FirstDays(Vec<i32>);

/// How many there are of each month.
type Counts = [u64; MONTHS];

impl View<'_> {
    /// The members by the month of their first order, for the months that end with that of a day. Orders after the day
    /// do not count.
    pub(super) fn new_purchasers(
        &self,
        source: &OrderSource<'_>,
        as_of: NaiveDate,
        members: &Members<'_>,
    ) -> Result<Vec<MonthCount>, BackendError> {
        let first_days = self.first_days(source)?;
        check_length("first orders of customers", first_days.0.len(), members.all.len())?;
        let months = months(as_of);
        // The month of each day, from the first one on to the day itself.
        let (start, end) = (months.first().map_or(0, |month| day_number(*month)), day_number(as_of));
        let month_of = |day: i64| months.partition_point(|month| day_number(*month) <= day).saturating_sub(1);
        let of_days: Vec<usize> = (start..=end).map(month_of).collect();
        let counts = members.fold(
            |counts: &mut Counts, members, block| {
                for customer in block.customers(members) {
                    let first = i64::from(checked(&first_days.0, customer));
                    // Others have bought before, later or never.
                    let day = usize::try_from(first - start).ok().and_then(|day| of_days.get(day));
                    let count = day.and_then(|month| counts.get_mut(*month));
                    count.into_iter().for_each(|count| *count += 1);
                }
            },
            |mut one, other| {
                one.iter_mut().zip(other).for_each(|(count, more)| *count += more);
                one
            },
        )?;
        let counts = counts.segment.into_iter().zip(counts.all);
        let counts = counts.map(|(segment, all)| SegmentAndAll { segment, all });
        Ok(months.into_iter().zip(counts).map(|(month, customers)| MonthCount { month, customers }).collect())
    }

    fn first_days(&self, source: &OrderSource<'_>) -> Result<Arc<FirstDays>, BackendError> {
        let key = CacheKey::FirstDays { id: self.activation_id.to_owned() };
        self.engine.memory.get_or_make(key, self.cancel, || {
            let (rows, reader) = (&source.rows, self.reader());
            let never = || vec![NEVER; self.size()];
            rows.index.customers.check_ids(self.size())?;
            let table = ReadableTable::new(rows.table)?;
            let found = reader.fold(table, [rows.day], never, |days, number, [times]| {
                let customers = rows.index.customers.chunk(number, reader)?;
                check_length("rows of a column", times.rows(), customers.rows())?;
                let mut counted = Bitmap::ones(customers.rows());
                if let Some(nulls) = times.nulls() {
                    counted.and_not(nulls)?;
                }
                if let Some(purchases) = &rows.purchases
                    && let Some(without) = purchases.orders.chunk(number, reader)?.without()
                {
                    counted.and_not(without)?;
                }
                customers.for_each(&counted, |row, customer| {
                    if let (Some(known), Some(day)) = (checked_mut(days, customer), day(&times, row)) {
                        *known = day.min(*known);
                    }
                })?;
                Ok(())
            })?;
            let earlier = |mut one: Vec<i32>, other: Vec<i32>| {
                one.iter_mut().zip(other).for_each(|(day, other)| *day = other.min(*day));
                one
            };
            Ok(FirstDays(found.into_iter().reduce(earlier).unwrap_or_else(never)))
        })
    }
}

/// The first days of the months that end with that of a day, ascending.
fn months(last: NaiveDate) -> Vec<NaiveDate> {
    let month = last.with_day(1).unwrap_or(last);
    let before = |months| month.checked_sub_months(Months::new(months)).unwrap_or(NaiveDate::MIN);
    (0..12).rev().map(before).collect()
}

impl MemorySize for FirstDays {
    fn memory_size(&self) -> usize {
        size_of_val(self.0.as_slice())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_end_with_that_of_the_day() {
        let months = months("2024-02-29".parse().unwrap());
        assert_eq!(
            (months.len(), months[0].to_string(), months[11].to_string()),
            (12, "2023-03-01".to_owned(), "2024-02-01".to_owned())
        );
        assert!(months.is_sorted());
    }
}
