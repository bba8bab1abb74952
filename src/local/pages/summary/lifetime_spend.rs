//! All customers who have ever bought, in bands by what they have spent.

use std::cmp::Reverse;
use std::sync::Arc;

use chrono::NaiveDate;
use rayon::slice::ParallelSliceMut as _;

use super::both::{Both, Members};
use crate::backend::{Available, BackendError, DayRange, SegmentAndAll, SpendBand};
use crate::diagnostic::Diagnostic;
use crate::local::cache_key::CacheKey;
use crate::local::consistency::check_length;
use crate::local::memory::MemorySize;
use crate::local::pages::order_source::OrderSource;
use crate::local::sets::block::{and, count_ones};
use crate::local::sets::customer_set::{CustomerSet, union};
use crate::local::sets::insights::cents;
use crate::local::sets::sum::Sum;
use crate::local::sets::totals::Totals;
use crate::local::view::View;

const BANDS: usize = 5;

/// The bands, those who spent most first.
struct SpendBands {
    bands: [CustomerSet; BANDS],
    revenue: Totals,
}

/// What a customer has spent, in billionths, and the customer.
type Spent = (Reverse<i128>, u32);

impl View<'_> {
    /// The members by bands of all customers with an order up to a day.
    pub(super) fn lifetime_spend(
        &self,
        source: &OrderSource<'_>,
        as_of: NaiveDate,
        members: &Members<'_>,
    ) -> Result<Available<Vec<SegmentAndAll<SpendBand>>>, BackendError> {
        let Some(revenue) = source.rows.revenue else {
            let table = &source.rows.table.name;
            return Ok(Err(Diagnostic::new(format!("table {table:?} does not say how much was spent"))
                .with_help(
                    "add a column of numbers: \"order_revenue\" of orders, \"item_revenue\" of items",
                )));
        };
        let spend = self.spend_bands(source, revenue, as_of)?;
        check_length("sums of customers", spend.revenue.customers(), members.all.len())?;
        let found = members.fold(
            |sums: &mut [(u64, Sum); BANDS], customers, block| {
                for ((count, sum), band) in sums.iter_mut().zip(&spend.bands) {
                    let mut within = customers.to_vec();
                    and(&mut within, block.words(band));
                    *count += count_ones(&within);
                    *sum += spend.revenue.total(&within, block);
                }
            },
            |mut one, other| {
                for ((count, sum), (more, other)) in one.iter_mut().zip(other) {
                    *count += more;
                    *sum += other;
                }
                one
            },
        )?;
        let band = |(customers, sum): (u64, Sum)| SpendBand { customers, revenue: cents(sum) };
        let bands = found.segment.into_iter().zip(found.all);
        Ok(Ok(bands.map(|(segment, all)| Both { segment: band(segment), all: band(all) }).collect()))
    }

    fn spend_bands(
        &self,
        source: &OrderSource<'_>,
        revenue: &str,
        as_of: NaiveDate,
    ) -> Result<Arc<SpendBands>, BackendError> {
        let key = CacheKey::SpendBands { id: self.activation_id.to_owned(), day: as_of };
        self.engine.memory.get_or_make(key, self.cancel, || {
            let rows = self.rows_within(source, DayRange { from: NaiveDate::MIN, to: as_of })?;
            let none = || (CustomerSet::with_capacity(self.size()), Totals::new(self.size()));
            let found = rows.fold(&[revenue], none, |(active, totals), of| {
                of.columns.iter().try_for_each(|amounts| totals.add(amounts, of.rows, of.customers, active))
            })?;
            let both = found.into_iter().reduce(|one, other| (union(one.0, &other.0), one.1.merge(other.1)));
            let (active, revenue) = both.unwrap_or_else(none);
            self.cancel.check()?;
            #[allow(clippy::cast_possible_truncation)] // customers are counted in 32 bits
            let spent = |customer| (Reverse(revenue.sum(customer).billionths()), customer as u32);
            let mut ranked: Vec<Spent> = active.ones().map(spent).collect();
            ranked.par_sort_unstable();
            let ends = ends(ranked.len());
            self.cancel.check()?;
            self.order_ties(&mut ranked, &ends)?;
            let mut start = 0;
            let bands = ends.map(|end| {
                let mut band = CustomerSet::with_capacity(self.size());
                let within = ranked.get(start..end).unwrap_or_default();
                within.iter().for_each(|(_, customer)| band.insert(*customer as usize));
                start = end;
                band
            });
            Ok(SpendBands { bands, revenue })
        })
    }

    /// Brings those who have spent the same into the order of their ids, where a band ends between them.
    fn order_ties(&self, ranked: &mut [Spent], ends: &[usize]) -> Result<(), BackendError> {
        for end in ends {
            let (Some((last, _)), Some((next, _))) =
                (end.checked_sub(1).and_then(|at| ranked.get(at)), ranked.get(*end))
            else {
                continue;
            };
            if last != next {
                continue;
            }
            let (ids, spent) = (self.ids()?, *last);
            let first = ranked.partition_point(|(other, _)| *other < spent);
            let after = ranked.partition_point(|(other, _)| *other <= spent);
            // The bytes of UTF-8 sort as code points do.
            let tied = ranked.get_mut(first..after).unwrap_or_default();
            tied.sort_unstable_by(|(_, one), (_, other)| ids.id(*one).cmp(&ids.id(*other)));
        }
        Ok(())
    }
}

/// Where the bands of so many customers end: their sizes differ by one at most, the larger ones first.
fn ends(customers: usize) -> [usize; BANDS] {
    let (size, larger) = (customers / BANDS, customers % BANDS);
    std::array::from_fn(|band| size * (band + 1) + larger.min(band + 1))
}

impl MemorySize for SpendBands {
    fn memory_size(&self) -> usize {
        let sets = self.bands.iter().map(|band| size_of_val(band.as_slice()));
        sets.sum::<usize>() + self.revenue.memory_size()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_differ_by_one_at_most_and_larger_ones_come_first() {
        assert_eq!(
            [0, 1, 4, 5, 13].map(ends),
            [[0, 0, 0, 0, 0], [1, 1, 1, 1, 1], [1, 2, 3, 4, 4], [1, 2, 3, 4, 5], [3, 6, 9, 11, 13],]
        );
    }
}
