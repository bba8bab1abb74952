//! Finds the orders in the items table.

use std::collections::HashMap;
use std::ops::Range;

use fixedbitset::FixedBitSet;
use polars::prelude::StringChunked;

use super::customer_index::CustomerIndex;
use super::order_key::OrderKey;
use super::order_numbering::{PartOrders, RowNumbers, Tie, TooManyOrders};
use super::order_runs::{CUSTOMERS, FinishedRuns, OrderRuns, Run};
use super::orders::OrderIndex;
use super::purchase_rows::PurchaseRows;
use super::row_map::RowMapWriter;
use super::row_map_chunk::{NO_ID, RowMapChunk};
use crate::backend::BackendError;
use crate::database::{ItemsColumns, Table};
use crate::local::cache::CacheSlot;
use crate::local::chunk_reader::{ChunkReader, ReadableTable};
use crate::local::columns::Bitmap;
use crate::local::consistency::{check_length, checked, checked_mut};
use crate::local::error::unreadable;
use crate::local::files::id_texts;
use crate::local::parallel::{ROWS_BETWEEN_CHECKS, parallel_fold, parallel_map};
use crate::local::predicate::row_filter::RowFilter;

/// Purchases are the rows of customers, without returns and cancellations, with an order id and a date. An
/// order is identified by customer and order id together; it is as early as its earliest row. So a
/// customer's first order is that of the first row by date and time, then order id.
///
/// The rows are brought into the order of the customers by counting, as many parts of the customers at once as there is
/// memory for; then orders are told apart within each customer.
pub(crate) fn read_orders(
    table: &Table,
    columns: &ItemsColumns,
    index: &CustomerIndex,
    universe_size: usize,
    slot: Option<CacheSlot>,
    reader: ChunkReader<'_>,
) -> Result<OrderIndex, BackendError> {
    let source = ReadableTable::new(table)?;
    index.customers.check_ids(universe_size)?;
    check_length("chunks of an index", index.customers.chunks(), reader.chunk_count(source))?;
    let task = OrderReader { source, columns, index, universe_size, filter: None, reader };
    let orders = task.read(slot)?;
    orders.store();
    Ok(orders)
}

/// For each customer how many orders have a row on which a filter holds. It reads nothing of chunks without such rows, and
/// numbers no rows: so it is quicker than [`read_orders`] where one answer is all that is wanted.
pub(crate) fn count_orders(
    columns: &ItemsColumns,
    index: &CustomerIndex,
    universe_size: usize,
    filter: &RowFilter<'_>,
    reader: ChunkReader<'_>,
) -> Result<Vec<u32>, BackendError> {
    index.customers.check_ids(universe_size)?;
    let task =
        OrderReader { source: filter.table(), columns, index, universe_size, filter: Some(filter), reader };
    // Without numbers for rows there are never too many.
    let counts = task.number(None)?.unwrap_or_default().counts;
    check_length("customers with orders", counts.len(), universe_size)?;
    Ok(counts)
}

/// About how many bytes a core needs to decode the ids of a chunk.
const DECODING: usize = 96 << 20;

struct OrderReader<'a> {
    source: ReadableTable<'a>,
    columns: &'a ItemsColumns,
    index: &'a CustomerIndex,
    universe_size: usize,
    /// Which rows count, if not all.
    filter: Option<&'a RowFilter<'a>>,
    reader: ChunkReader<'a>,
}

/// The orders of all customers.
#[derive(Default)]
struct FoundOrders {
    /// How many each customer has.
    counts: Vec<u32>,
    /// Which of them is the first; [`NO_ID`] without any.
    firsts: Vec<u32>,
}

impl OrderReader<'_> {
    fn read(&self, slot: Option<CacheSlot>) -> Result<OrderIndex, BackendError> {
        let chunks = self.reader.chunk_count(self.source);
        let rows: usize = (0..chunks).map(|number| self.reader.chunk_rows(self.source, number)).sum();
        let mut numbers = RowNumbers::narrow(rows);
        let found = match self.number(Some(&numbers))? {
            Ok(found) => found,
            Err(TooManyOrders) => {
                numbers = RowNumbers::wide(rows);
                // In the widest type there is room for all.
                self.number(Some(&numbers))?.unwrap_or_default()
            }
        };
        check_length("customers with orders", found.counts.len(), self.universe_size)?;
        let mut starts = Vec::with_capacity(self.universe_size + 1);
        let mut sum = 0;
        starts.push(0);
        starts.extend(found.counts.iter().map(|count| {
            sum += count;
            sum
        }));
        let mut firsts = FixedBitSet::with_capacity(sum as usize);
        let with_orders = starts.iter().zip(&found.firsts).filter(|(_, first)| **first != NO_ID);
        firsts.extend(with_orders.map(|(start, first)| (*start + *first) as usize));
        let writer = RowMapWriter { slot, reader: self.reader };
        let written = parallel_map(chunks, self.reader.cancel, |number| {
            let customers = self.index.customers.chunk(number, self.reader)?.to_ids();
            let mut orders = numbers.of_rows(self.reader.chunk_size.first_row(number), customers.len());
            for (order, customer) in orders.iter_mut().zip(customers).filter(|(order, _)| **order != NO_ID) {
                *order += checked(&starts, customer as usize);
            }
            Ok(writer.put(number, RowMapChunk::from_ids(&orders)))
        })?;
        OrderIndex::new(writer.finish(written, firsts.len())?, starts, firsts)
    }

    /// Numbers the orders of each customer, part by part.
    fn number(
        &self,
        numbers: Option<&RowNumbers>,
    ) -> Result<Result<FoundOrders, TooManyOrders>, BackendError> {
        // Each time that there is no room for more, the table is read once more: some room is taken in any case.
        let least = self.reader.chunk_size.rows() * 10;
        let room = (self.reader.memory.budget() / 5 / size_of::<Run>()).max(least);
        // Where only some rows count there is little beside what is kept.
        let _reserved = numbers.map(|_| {
            let rows = self.source.rows();
            let of_rows = room.min(rows) * size_of::<Run>() + rows * size_of::<u16>();
            let of_customers = self.universe_size * size_of::<[u32; 3]>();
            let decoding = rayon::current_num_threads() * DECODING;
            self.reader.memory.reserve(of_rows + of_customers + decoding)
        });
        let (parts, mut found) = (self.universe_size.div_ceil(CUSTOMERS), FoundOrders::default());
        let mut done = 0;
        while done < parts {
            let runs = self.runs(done..parts, room)?;
            done = runs.parts.end;
            match self.number_parts(&runs, numbers)? {
                Ok(numbered) => numbered.into_iter().for_each(|part| {
                    found.counts.extend(part.counts);
                    found.firsts.extend(part.firsts);
                }),
                Err(error) => return Ok(Err(error)),
            }
        }
        // The last part has room for customers that do not exist.
        found.counts.truncate(self.universe_size);
        found.firsts.truncate(self.universe_size);
        Ok(Ok(found))
    }

    /// For each part how many orders each customer has, and which of them is the first.
    fn number_parts(
        &self,
        runs: &FinishedRuns,
        numbers: Option<&RowNumbers>,
    ) -> Result<Result<Vec<PartOrders>, TooManyOrders>, BackendError> {
        let numbered = parallel_map(runs.parts.len(), self.reader.cancel, |at| {
            Ok(PartOrders::number(runs.of_part(runs.parts.start + at), numbers))
        })?;
        let numbered: Result<Vec<PartOrders>, TooManyOrders> = numbered.into_iter().collect();
        let mut numbered = match numbered {
            Ok(numbered) => numbered,
            Err(error) => return Ok(Err(error)),
        };
        if numbers.is_some() {
            self.settle(&mut numbered)?;
        }
        Ok(Ok(numbered))
    }

    /// Reads the ids of orders of which they say which is the first.
    fn settle(&self, parts: &mut [PartOrders]) -> Result<(), BackendError> {
        let ties = parts.iter().flat_map(|part| &part.ties);
        let mut rows: Vec<u32> = ties.flat_map(|tie| &tie.orders).map(|(row, _)| *row).collect();
        if rows.is_empty() {
            return Ok(());
        }
        rows.sort_unstable();
        let ids = self.ids_of(&rows)?;
        for part in parts {
            for Tie { customer, orders } in &part.ties {
                let first = orders.iter().min_by_key(|(row, _)| ids.get(row));
                let place = checked_mut(&mut part.firsts, *customer);
                place.into_iter().zip(first).for_each(|(place, (_, number))| *place = *number);
            }
        }
        Ok(())
    }

    /// The order ids of some rows, which are sorted.
    fn ids_of(&self, rows: &[u32]) -> Result<HashMap<u32, String>, BackendError> {
        let split = |row: u32| self.reader.chunk_size.split(row as usize);
        let by_chunk: Vec<&[u32]> = rows.chunk_by(|one, other| split(*one).0 == split(*other).0).collect();
        let found = parallel_map(by_chunk.len(), self.reader.cancel, |at| {
            let rows = by_chunk.get(at).copied().unwrap_or_default();
            let (Some(number), mut ids) = (rows.first().map(|row| split(*row).0), HashMap::new()) else {
                return Ok(HashMap::new());
            };
            self.for_each_frame(number, |texts, first| {
                for row in rows {
                    let at = (*row as usize).checked_sub(first).filter(|at| *at < texts.len());
                    ids.extend(at.and_then(|at| Some((*row, texts.get(at)?.to_owned()))));
                }
                Ok(())
            })?;
            Ok(ids)
        })?;
        Ok(found.into_iter().flatten().collect())
    }

    /// The runs of as many of these parts of the customers as there is room for.
    fn runs(&self, parts: Range<usize>, room: usize) -> Result<FinishedRuns, BackendError> {
        let runs = OrderRuns::new(parts, room);
        let chunks = self.reader.chunk_count(self.source);
        parallel_fold(chunks, self.reader.cancel, Vec::new, |of_chunk: &mut Vec<(usize, Run)>, number| {
            let rows = self.filter.map(|filter| filter.rows(number)).transpose()?;
            if rows.as_ref().is_some_and(Bitmap::is_zero) {
                return Ok(());
            }
            let customers = match &rows {
                Some(rows) => self.index.customers.chunk_with(number, rows, self.reader)?,
                None => self.index.customers.chunk(number, self.reader)?,
            };
            let wanted = runs.parts();
            let (first, count) = customers.range();
            if (first + count - 1) / CUSTOMERS < wanted.start || first / CUSTOMERS >= wanted.end {
                return Ok(());
            }
            of_chunk.clear();
            let mut purchases = PurchaseRows::read(self.source, self.columns, number, self.reader)?;
            if let Some(rows) = &rows {
                purchases.retain(rows)?;
            }
            self.read_runs(number, (&customers.to_ids(), &purchases), wanted, of_chunk)?;
            runs.add(number, of_chunk);
            Ok(())
        })?;
        Ok(runs.finish())
    }

    /// Adds the runs of a chunk that are of these parts of the customers.
    fn read_runs(
        &self,
        number: usize,
        (customers, rows): (&[u32], &PurchaseRows),
        parts: Range<usize>,
        runs: &mut Vec<(usize, Run)>,
    ) -> Result<(), BackendError> {
        check_length("rows of a chunk", rows.len(), customers.len())?;
        let Some(times) = rows.times() else { return Ok(()) };
        let first_row = self.reader.chunk_size.first_row(number);
        let is_wanted = |customer: u32| customer != NO_ID && parts.contains(&(customer as usize / CUSTOMERS));
        self.for_each_frame(number, |texts, first| {
            let mut before: Option<(u32, &str)> = None;
            for (at, id) in (first - first_row..).zip(texts.iter()) {
                if at % ROWS_BETWEEN_CHECKS == 0 {
                    self.reader.cancel.check()?;
                }
                let customer = checked(customers, at);
                let order =
                    id.filter(|_| is_wanted(customer) && rows.are_counted(at)).map(|id| (customer, id));
                let time = times.get(at);
                let same = runs.last_mut().filter(|(_, run)| before == order && run.count < u16::MAX);
                match (order, same) {
                    (Some(_), Some((_, run))) => {
                        run.count += 1;
                        run.time = run.time.min(time);
                    }
                    (Some((_, id)), None) => {
                        let part = customer as usize / CUSTOMERS;
                        runs.push((
                            part,
                            Run::new(customer, OrderKey::new(id), time, to_u32(first_row + at)),
                        ));
                    }
                    (None, _) => {}
                }
                before = order;
            }
            Ok(())
        })
    }

    /// Does something with the order ids of a chunk, some rows after the others, and the number of the first row.
    fn for_each_frame(
        &self,
        number: usize,
        mut act: impl FnMut(&StringChunked, usize) -> Result<(), BackendError>,
    ) -> Result<(), BackendError> {
        let unreadable = unreadable(&self.source.table.name);
        let mut first = self.reader.chunk_size.first_row(number);
        for frame in self.reader.frames(self.source, &[&self.columns.order_id], number) {
            let frame = frame?;
            let column = frame.column(&self.columns.order_id).map_err(&unreadable)?;
            act(&*id_texts(column).map_err(&unreadable)?, first)?;
            first += frame.height();
        }
        Ok(())
    }
}

#[allow(clippy::cast_possible_truncation)] // no table has more rows than a u32 counts, which is checked
fn to_u32(row: usize) -> u32 {
    row as u32
}
