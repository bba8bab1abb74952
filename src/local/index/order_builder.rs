//! Builds the index of orders from rows.

use fixedbitset::FixedBitSet;

use super::order_numbers::OrderNumbers;
use super::orders::OrderIndex;
use super::row_map::{RowMapWriter, WrittenChunk};
use super::row_map_chunk::{NO_ID, RowMapChunk};
use super::row_order::RowOrder;
use super::universe::ROWS_BETWEEN_CHECKS;
use crate::backend::{BackendError, Cancel};
use crate::local::consistency::{checked, checked_mut};
use crate::local::values::Timestamp;

/// The orders so far, numbered as they appear.
pub(crate) struct OrderBuilder<'a> {
    row_order: RowOrder,
    writer: RowMapWriter<'a>,
    chunks: BuiltChunks,
    /// For each customer how many orders there are, one place further.
    counts: Vec<u32>,
    earliest: FirstOrders,
    numbers: OrderNumbers,
}

/// The orders of the rows so far.
enum BuiltChunks {
    /// They will get other numbers.
    Provisional(Vec<RowMapChunk>),
    Final(Vec<WrittenChunk>),
}

/// The first row of each customer by date and time, then order id: when, and its order.
enum FirstOrders {
    /// That of the customer in hand, and the orders of those before.
    Sorted(Option<(usize, (Timestamp, u32))>, Vec<u32>),
    Any(Vec<Option<(Timestamp, u32)>>),
}

impl<'a> OrderBuilder<'a> {
    pub fn new(universe_size: usize, row_order: RowOrder, writer: RowMapWriter<'a>) -> Self {
        let (chunks, earliest) = match row_order {
            RowOrder::Sorted => (BuiltChunks::Final(Vec::new()), FirstOrders::Sorted(None, Vec::new())),
            RowOrder::Clustered | RowOrder::Unordered => {
                (BuiltChunks::Provisional(Vec::new()), FirstOrders::Any(vec![None; universe_size]))
            }
        };
        let numbers = OrderNumbers::new(row_order == RowOrder::Sorted);
        Self { row_order, writer, chunks, counts: vec![0; universe_size + 1], earliest, numbers }
    }

    /// Adds a chunk: the orders of its rows.
    pub(crate) fn add_chunk(&mut self, number: usize, orders: &[u32]) {
        let chunk = RowMapChunk::from_ids(orders);
        match &mut self.chunks {
            BuiltChunks::Provisional(chunks) => chunks.push(chunk),
            BuiltChunks::Final(written) => written.push(self.writer.put(number, chunk)),
        }
    }

    /// The order of a row. `customer` is one of the universe.
    pub(crate) fn add_row(&mut self, customer: u32, id: &str, time: Timestamp) -> u32 {
        if self.row_order != RowOrder::Unordered
            && self.numbers.last_owner().is_some_and(|last| last != customer)
        {
            self.numbers.forget();
        }
        let (order, is_new) = self.numbers.find_or_add(customer, id);
        let at = customer as usize;
        if is_new && let Some(count) = checked_mut(&mut self.counts, at + 1) {
            *count += 1;
        }
        let numbers = &self.numbers;
        let is_earlier = |(known, of): (Timestamp, u32)| {
            time.cmp(&known).then_with(|| Some(id).cmp(&numbers.id(of))).is_lt()
        };
        match &mut self.earliest {
            FirstOrders::Sorted(Some((of, earliest)), _) if *of == at => {
                if is_earlier(*earliest) {
                    *earliest = (time, order);
                }
            }
            FirstOrders::Sorted(current, done) => {
                done.extend(current.replace((at, (time, order))).map(|(_, (_, order))| order));
            }
            FirstOrders::Any(all) => {
                if let Some(earliest) = checked_mut(all, at)
                    && earliest.is_none_or(is_earlier)
                {
                    *earliest = Some((time, order));
                }
            }
        }
        order
    }

    /// Numbers the orders customer by customer.
    pub fn finish(self, cancel: &Cancel) -> Result<OrderIndex, BackendError> {
        let Self { writer, chunks, counts: mut starts, earliest, numbers, .. } = self;
        let count = numbers.count() as usize;
        let mut sum = 0;
        for starts in starts.chunks_mut(ROWS_BETWEEN_CHECKS) {
            cancel.check()?;
            for start in starts {
                sum += *start;
                *start = sum;
            }
        }
        let mut firsts: Vec<u32> = match earliest {
            FirstOrders::Sorted(current, mut done) => {
                done.extend(current.map(|(_, (_, order))| order));
                done
            }
            FirstOrders::Any(all) => all.into_iter().flatten().map(|(_, order)| order).collect(),
        };
        let written = match chunks {
            BuiltChunks::Final(written) => written,
            BuiltChunks::Provisional(chunks) => {
                let numbers = renumbered(&numbers.into_owners(), starts.clone());
                firsts.iter_mut().for_each(|first| *first = checked(&numbers, *first as usize));
                renumber(chunks, &numbers, &writer, cancel)?
            }
        };
        let mut first_orders = FixedBitSet::with_capacity(count);
        first_orders.extend(firsts.into_iter().map(|first| first as usize));
        OrderIndex::new(writer.finish(written, count)?, starts, first_orders)
    }
}

/// The number of each order, customer by customer. `next` are the first ones of all customers.
fn renumbered(owners: &[u32], mut next: Vec<u32>) -> Vec<u32> {
    let number = |owner: &u32| {
        let Some(next) = checked_mut(&mut next, *owner as usize) else { return NO_ID };
        *next += 1;
        *next - 1
    };
    owners.iter().map(number).collect()
}

/// Writes chunks with other numbers for their orders.
fn renumber(
    chunks: Vec<RowMapChunk>,
    numbers: &[u32],
    writer: &RowMapWriter<'_>,
    cancel: &Cancel,
) -> Result<Vec<WrittenChunk>, BackendError> {
    let mut written = Vec::with_capacity(chunks.len());
    for (number, chunk) in chunks.into_iter().enumerate() {
        cancel.check()?;
        let orders = chunk.iter().map(|order| order.map_or(NO_ID, |order| checked(numbers, order)));
        let orders: Vec<u32> = orders.collect();
        written.push(writer.put(number, RowMapChunk::from_ids(&orders)));
    }
    Ok(written)
}
