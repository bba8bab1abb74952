//! What the customers with each value of a column have bought.

use std::ops::AddAssign;
use std::sync::Arc;

use super::order_sums::OrderSums;
use super::order_totals::OrderTotals;
use crate::backend::{BackendError, Purchases, SegmentAndAll};
use crate::local::chunk_reader::ChunkReader;
use crate::local::columns::{Bitmap, KeyType as _, same_length, with_keys};
use crate::local::condition::by_customer::for_each_customer;
use crate::local::condition::value_ids::ValueIds;
use crate::local::consistency::{check_length, checked, checked_mut};
use crate::local::index::customer_index::CustomerIndex;
use crate::local::index::rows_by_customer::RowsByCustomer;
use crate::local::listing::Listing;
use crate::local::parallel::parallel_fold;
use crate::local::sets::block::Block;
use crate::local::sets::customer_set::{CustomerSet, full_set};
use crate::local::sets::insights::cents;
use crate::local::sets::sum::Sum;

/// Whose purchases are counted.
pub(super) struct Buyers<'a> {
    pub members: &'a CustomerSet,
    /// Of everybody.
    pub totals: &'a OrderTotals,
}

impl Buyers<'_> {
    /// Of the members, and of everybody.
    pub fn total(&self) -> SegmentAndAll<Purchases> {
        let purchases = |customers: &CustomerSet| {
            let mut sums = OrderSums::default();
            for block in (0..Block::count(customers.len())).map(Block::new) {
                sums.add(block.words(customers), Some(self.totals), block);
            }
            Purchases { purchasers: sums.active, revenue: sums.money(Some(self.totals)) }
        };
        SegmentAndAll { segment: purchases(self.members), all: purchases(&full_set(self.members.len())) }
    }
}

/// Makes the rows of each customer, which tables with one row for each need not.
type Rows<'a> = dyn Fn() -> Result<Arc<RowsByCustomer>, BackendError> + Sync + 'a;

/// The purchases of the customers with each value that is listed, in that order; someone with several values counts
/// at each.
pub(super) fn purchases_by_value(
    column: (&Listing<'_>, &ValueIds),
    table: (&CustomerIndex, &Rows<'_>),
    buyers: &Buyers<'_>,
    reader: ChunkReader<'_>,
) -> Result<Vec<SegmentAndAll<Purchases>>, BackendError> {
    let counter = Counter { column, table, buyers, reader };
    let Some(revenue) = &buyers.totals.revenue else {
        let lines = counter.count(|_| 0_i64)?;
        return Ok(lines.iter().map(|line| line.purchases(|_| None)).collect());
    };
    match revenue.as_whole() {
        Some((decimals, sums)) => {
            check_length("revenue of customers", sums.len(), buyers.members.len())?;
            let lines = counter.count(|customer| sums.get(customer))?;
            let sum = |sum: i64| Some(Sum::from_scaled(sum.into(), decimals));
            Ok(lines.iter().map(|line| line.purchases(sum)).collect())
        }
        None => {
            let lines = counter.count(|customer| revenue.sum(customer))?;
            Ok(lines.iter().map(|line| line.purchases(Some)).collect())
        }
    }
}

/// The purchases of a value, added up.
#[derive(Clone, Copy, Default)]
struct Line<A> {
    /// In the segment, and of all.
    purchasers: [u32; 2],
    revenue: [A; 2],
}

impl<A: Copy + AddAssign> Line<A> {
    #[inline]
    fn add(&mut self, amount: A, is_member: bool) {
        let ([in_segment, of_all], [in_segment_revenue, revenue]) = (&mut self.purchasers, &mut self.revenue);
        *of_all += 1;
        *revenue += amount;
        if is_member {
            *in_segment += 1;
            *in_segment_revenue += amount;
        }
    }

    fn merge(&mut self, other: Self) {
        self.purchasers.iter_mut().zip(other.purchasers).for_each(|(count, more)| *count += more);
        self.revenue.iter_mut().zip(other.revenue).for_each(|(sum, more)| *sum += more);
    }

    fn purchases(&self, sum: impl Fn(A) -> Option<Sum>) -> SegmentAndAll<Purchases> {
        let purchases = |purchasers: u32, revenue: A| Purchases {
            purchasers: purchasers.into(),
            revenue: sum(revenue).and_then(cents),
        };
        let ([segment, all], [segment_revenue, all_revenue]) = (self.purchasers, self.revenue);
        SegmentAndAll { segment: purchases(segment, segment_revenue), all: purchases(all, all_revenue) }
    }
}

struct Counter<'a> {
    column: (&'a Listing<'a>, &'a ValueIds),
    table: (&'a CustomerIndex, &'a Rows<'a>),
    buyers: &'a Buyers<'a>,
    reader: ChunkReader<'a>,
}

impl Counter<'_> {
    /// `revenue` is what a customer has spent.
    fn count<A: Copy + Default + AddAssign + Send>(
        &self,
        revenue: impl Fn(usize) -> A + Sync,
    ) -> Result<Vec<Line<A>>, BackendError> {
        let (members, active) = (self.buyers.members, &self.buyers.totals.active);
        self.buyers.totals.check_size(members.len())?;
        let add = |lines: &mut [Line<A>], listed: u32, customer: usize| {
            if let Some(line) = checked_mut(lines, listed as usize) {
                line.add(revenue(customer), members.contains(customer));
            }
        };
        let found = match self.table.0.counts(self.reader)?.is_multi_row {
            false => self.by_row(|lines, listed, customer| {
                if active.contains(customer) {
                    add(lines, listed, customer);
                }
            }),
            true => self.by_customer(|lines, listed, customer| {
                listed.iter().for_each(|listed| add(lines, *listed, customer));
            }),
        }?;
        let mut lines = self.no_lines();
        for of_core in found {
            lines.iter_mut().zip(of_core).for_each(|(line, more)| line.merge(more));
        }
        Ok(lines)
    }

    fn no_lines<A: Copy + Default>(&self) -> Vec<Line<A>> {
        vec![Line { purchasers: [0; 2], revenue: [A::default(); 2] }; self.column.0.len()]
    }

    /// Where no customer has two rows: each row is a customer with a value.
    fn by_row<A: Copy + Default + Send>(
        &self,
        add: impl Fn(&mut [Line<A>], u32, usize) + Sync,
    ) -> Result<Vec<Vec<Line<A>>>, BackendError> {
        let ((listing, ids), (index, _)) = (self.column, self.table);
        index.customers.check_ids(self.buyers.members.len())?;
        parallel_fold(
            index.customers.chunks(),
            self.reader.cancel,
            || self.no_lines(),
            |lines, number| {
                let (customers, ids) = (index.customers.chunk(number, self.reader)?, ids.chunk(number)?);
                same_length(ids.len(), customers.rows())?;
                with_keys!(ids, ids => customers.for_each(&Bitmap::ones(ids.len()), |row, customer| {
                    // Ids are of 32 bits.
                    let id = u32::saturate(checked(ids, row).widen());
                    add(lines, listing.of_id(id), customer);
                })?);
                Ok(())
            },
        )
    }

    /// A customer with a value on several rows has it once.
    fn by_customer<A: Copy + Default + Send>(
        &self,
        add: impl Fn(&mut [Line<A>], &[u32], usize) + Sync,
    ) -> Result<Vec<Vec<Line<A>>>, BackendError> {
        let ((listing, ids), (_, rows), active) = (self.column, self.table, &self.buyers.totals.active);
        let new = || (self.no_lines(), Vec::new());
        let of_buyers = rows()?;
        let found = for_each_customer(
            active.len(),
            &of_buyers,
            self.reader.cancel,
            new,
            |(lines, listed), customer, rows| {
                if active.contains(customer) {
                    listed.clear();
                    listed.extend(rows.map(|row| listing.of_id(ids.id(row))));
                    listed.sort_unstable();
                    listed.dedup();
                    add(lines, listed, customer);
                }
            },
        )?;
        Ok(found.into_iter().map(|(lines, _)| lines).collect())
    }
}
