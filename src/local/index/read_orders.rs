//! Finds the orders in the items table.

use std::hash::BuildHasher;
use std::sync::mpsc::sync_channel;

use fixedbitset::FixedBitSet;
use hashbrown::{DefaultHashBuilder, HashTable};
use polars::prelude::{BooleanChunked, Column, DataFrame, DataType};

use super::customer_index::CustomerIndex;
use super::orders::OrderIndex;
use super::row_map::{RowMapWriter, WrittenChunk};
use super::row_map_chunk::{NO_ID, RowMapChunk};
use super::universe::CHECKED;
use crate::backend::{BackendError, Cancel};
use crate::database::{ItemsColumns, Table};
use crate::local::cache::CacheSlot;
use crate::local::chunk_reader::{ChunkReader, content};
use crate::local::columns::StringArray;
use crate::local::error::unreadable;
use crate::local::files::id_texts;
use crate::local::values::{Timestamp, timestamps};

/// Purchases are the rows of customers, without returns and cancellations, with an order id and a date. An
/// order is identified by customer and order id together; it is as early as its earliest row. So a
/// customer's first order is that of the first row by date and time, then order id.
pub fn read_orders(
    table: &Table,
    columns: &ItemsColumns,
    (index, sequence): (&CustomerIndex, RowOrder),
    universe_size: usize,
    slot: Option<CacheSlot>,
    pieces: ChunkReader<'_>,
) -> Result<OrderIndex, BackendError> {
    let content = content(table)?;
    let flags: Vec<&str> = [&columns.is_return, &columns.is_cancellation]
        .into_iter()
        .filter(|name| table.column(name).is_some())
        .map(String::as_str)
        .collect();
    let mut wanted = vec![columns.order_id.as_str(), columns.order_datetime.as_str()];
    wanted.extend(&flags);
    wanted.sort_unstable();
    wanted.dedup();
    let asked = OrderColumns { table, columns, flags: &flags };
    let writer = RowMapWriter { slot, pieces };
    let mut found = OrderBuilder::new(universe_size, sequence, writer);
    std::thread::scope(|scope| {
        // One piece is read while the orders of the one before are found.
        let (send, receive) = sync_channel(0);
        let wanted = &wanted;
        scope.spawn(move || {
            for number in 0..pieces.of(content) {
                for frame in pieces.frames(table, content, wanted, number) {
                    let is_last = frame.is_err();
                    if send.send(frame).is_err() || is_last {
                        return;
                    }
                }
            }
        });
        for number in 0..pieces.of(content) {
            let customers = index.customers.piece(number, pieces)?;
            let mut numbers = Vec::with_capacity(customers.rows());
            let mut of_rows = customers.iter();
            while numbers.len() < customers.rows() {
                // The other end is gone only after an error that it has sent.
                let Ok(frame) = receive.recv() else { break };
                found.rows(&frame?, &asked, &mut of_rows, &mut numbers, pieces.cancel)?;
            }
            found.piece(number, &numbers);
        }
        Ok(())
    })?;
    let orders = found.finish(pieces.cancel)?;
    orders.store();
    Ok(orders)
}

/// Where orders are looked for.
struct OrderColumns<'a> {
    table: &'a Table,
    columns: &'a ItemsColumns,
    /// The columns that drop a row.
    flags: &'a [&'a str],
}

/// In which sequence the rows of customers follow one another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowOrder {
    /// In the order of the customers' numbers.
    Sorted,
    /// No customer comes again once another one has come.
    Clustered,
    Unordered,
}

/// The orders so far, numbered as they appear.
struct OrderBuilder<'a> {
    sequence: RowOrder,
    writer: RowMapWriter<'a>,
    pieces: BuiltChunks,
    /// For each customer how many orders there are, one place further.
    counts: Vec<u32>,
    earliest: FirstOrders,
    names: OrderNumbers,
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
    Ascending(Option<(usize, (Timestamp, u32))>, Vec<u32>),
    Any(Vec<Option<(Timestamp, u32)>>),
}

impl<'a> OrderBuilder<'a> {
    fn new(universe_size: usize, sequence: RowOrder, writer: RowMapWriter<'a>) -> Self {
        let (pieces, earliest) = match sequence {
            RowOrder::Sorted => (BuiltChunks::Final(Vec::new()), FirstOrders::Ascending(None, Vec::new())),
            RowOrder::Clustered | RowOrder::Unordered => {
                (BuiltChunks::Provisional(Vec::new()), FirstOrders::Any(vec![None; universe_size]))
            }
        };
        let names = OrderNumbers { is_ascending: sequence == RowOrder::Sorted, ..OrderNumbers::default() };
        Self { sequence, writer, pieces, counts: vec![0; universe_size + 1], earliest, names }
    }

    /// Adds to `numbers` the orders of the rows of a frame.
    fn rows(
        &mut self,
        frame: &DataFrame,
        OrderColumns { table, columns, flags }: &OrderColumns<'_>,
        customers: &mut dyn Iterator<Item = Option<usize>>,
        numbers: &mut Vec<u32>,
        cancel: &Cancel,
    ) -> Result<(), BackendError> {
        let unreadable = unreadable(&table.name);
        let column = |name: &str| frame.column(name).map_err(&unreadable);
        let ids = id_texts(column(&columns.order_id)?).map_err(&unreadable)?;
        let times = timestamps(column(&columns.order_datetime)?).transpose().map_err(&unreadable)?;
        let times = times.ok_or_else(|| no_dates(table, &columns.order_datetime))?;
        let is_kept = kept(table, frame, flags)?;
        let rows = ids.iter().zip(times).zip(is_kept).zip(customers);
        for (row, (((id, time), is_kept), customer)) in rows.enumerate() {
            if row % CHECKED == 0 {
                cancel.check()?;
            }
            numbers.push(match (id, time, customer, is_kept) {
                (Some(id), Some(time), Some(customer), true) => self.row(customer, id, time),
                _ => NO_ID,
            });
        }
        Ok(())
    }

    /// Adds a piece: the orders of its rows.
    fn piece(&mut self, number: usize, numbers: &[u32]) {
        let piece = RowMapChunk::of(numbers);
        match &mut self.pieces {
            BuiltChunks::Provisional(pieces) => pieces.push(piece),
            BuiltChunks::Final(made) => made.push(self.writer.put(number, piece)),
        }
    }

    /// The order of a row.
    fn row(&mut self, customer: usize, id: &str, time: Timestamp) -> u32 {
        let owner = u32::try_from(customer).unwrap_or(NO_ID);
        if self.sequence != RowOrder::Unordered && self.names.last_owner.is_some_and(|last| last != owner) {
            self.names.forget();
        }
        let (order, is_new) = self.names.number(owner, id);
        if is_new && let Some(count) = self.counts.get_mut(customer + 1) {
            *count += 1;
        }
        let names = &self.names;
        let is_earlier =
            |(known, of): (Timestamp, u32)| time.cmp(&known).then_with(|| id.cmp(names.text(of))).is_lt();
        match &mut self.earliest {
            FirstOrders::Ascending(Some((of, earliest)), _) if *of == customer => {
                if is_earlier(*earliest) {
                    *earliest = (time, order);
                }
            }
            FirstOrders::Ascending(current, done) => {
                done.extend(current.replace((customer, (time, order))).map(|(_, (_, order))| order));
            }
            FirstOrders::Any(all) => {
                if let Some(earliest) = all.get_mut(customer)
                    && earliest.is_none_or(is_earlier)
                {
                    *earliest = Some((time, order));
                }
            }
        }
        order
    }

    /// Numbers the orders customer by customer.
    fn finish(self, cancel: &Cancel) -> Result<OrderIndex, BackendError> {
        let Self { writer, pieces, counts: mut starts, earliest, names, .. } = self;
        let (owners, count) = (names.owners, names.count);
        let mut sum = 0;
        for starts in starts.chunks_mut(CHECKED) {
            cancel.check()?;
            for start in starts {
                sum += *start;
                *start = sum;
            }
        }
        let mut firsts: Vec<u32> = match earliest {
            FirstOrders::Ascending(current, mut done) => {
                done.extend(current.map(|(_, (_, order))| order));
                done
            }
            FirstOrders::Any(all) => all.into_iter().flatten().map(|(_, order)| order).collect(),
        };
        let made = match pieces {
            BuiltChunks::Final(made) => made,
            BuiltChunks::Provisional(pieces) => {
                let renumbered = renumbered(&owners, starts.clone());
                let anew = |order: u32| renumbered.get(order as usize).copied().unwrap_or(NO_ID);
                firsts.iter_mut().for_each(|first| *first = anew(*first));
                let piece = |(number, piece): (usize, RowMapChunk)| {
                    cancel.check()?;
                    let orders = piece.iter().map(|order| order.and_then(|order| u32::try_from(order).ok()));
                    let orders: Vec<u32> = orders.map(|order| order.map_or(NO_ID, anew)).collect();
                    Ok(writer.put(number, RowMapChunk::of(&orders)))
                };
                pieces.into_iter().enumerate().map(piece).collect::<Result<_, BackendError>>()?
            }
        };
        let mut first_orders = FixedBitSet::with_capacity(count as usize);
        first_orders.extend(firsts.into_iter().map(|first| first as usize));
        Ok(OrderIndex { orders: writer.finish(made)?, starts, firsts: first_orders })
    }
}

/// The number of each order, customer by customer. `next` are the first ones of all customers.
fn renumbered(owners: &[u32], mut next: Vec<u32>) -> Vec<u32> {
    let number = |owner: &u32| {
        let Some(next) = next.get_mut(*owner as usize) else { return NO_ID };
        *next += 1;
        *next - 1
    };
    owners.iter().map(number).collect()
}

/// The orders by their owners and ids. Those that nobody will ask for are forgotten.
#[derive(Default)]
struct OrderNumbers {
    /// How many orders there are.
    count: u32,
    last_owner: Option<u32>,
    /// Whose order each is; empty where the owners ascend and it is that of the customer in hand.
    owners: Vec<u32>,
    is_ascending: bool,
    /// The first order that is not forgotten, and the ids from it on.
    first: u32,
    texts: StringArray,
    /// An order, and a part of the hash of its owner and id.
    orders: HashTable<(u32, u32)>,
    hasher: DefaultHashBuilder,
}

impl OrderNumbers {
    /// Forgets the orders so far.
    fn forget(&mut self) {
        self.first = self.count;
        self.texts.clear();
        self.orders.clear();
    }

    /// The order of this owner and id, and whether it is a new one.
    fn number(&mut self, owner: u32, id: &str) -> (u32, bool) {
        let last = self.count.wrapping_sub(1);
        if self.last_owner == Some(owner) && self.texts.len() > 0 && self.text(last) == id {
            return (last, false);
        }
        #[allow(clippy::cast_possible_truncation)] // half of a hash is a hash
        let hash = self.hasher.hash_one((owner, id)) as u32;
        let wide = |hash: u32| u64::from(hash) << 32 | u64::from(hash);
        let is_owner = |order: u32| self.is_ascending || self.owners.get(order as usize) == Some(&owner);
        let is_it = |entry: &(u32, u32)| entry.1 == hash && is_owner(entry.0) && self.text(entry.0) == id;
        if let Some(known) = self.orders.find(wide(hash), is_it) {
            return (known.0, false);
        }
        let order = self.count;
        if !self.is_ascending {
            self.owners.push(owner);
        }
        (self.count, self.last_owner) = (order.saturating_add(1), Some(owner));
        self.texts.push(id);
        self.orders.insert_unique(wide(hash), (order, hash), |entry| wide(entry.1));
        (order, true)
    }

    fn text(&self, order: u32) -> &str {
        order.checked_sub(self.first).map_or("", |at| self.texts.get(at as usize))
    }
}

fn no_dates(table: &Table, column: &str) -> BackendError {
    BackendError::Unreadable {
        table: table.name.clone(),
        message: format!("column {column:?} holds no dates any more; open the database again"),
    }
}

/// Which rows no flag drops: true drops a row, false and NULL keep it.
fn kept(table: &Table, frame: &DataFrame, flags: &[&str]) -> Result<Vec<bool>, BackendError> {
    let mut kept = vec![true; frame.height()];
    for name in flags {
        let column = frame.column(name).map_err(unreadable(&table.name))?;
        for (kept, drops) in kept.iter_mut().zip(flag(table, column)?.iter()) {
            *kept &= drops != Some(true);
        }
    }
    Ok(kept)
}

/// A flag that cannot be read must not pass for one that keeps everything.
fn flag(table: &Table, column: &Column) -> Result<BooleanChunked, BackendError> {
    match column.dtype() {
        DataType::Boolean => column.bool().cloned().map_err(unreadable(&table.name)),
        // A column without any value has no type of its own.
        _ if column.null_count() == column.len() => {
            Ok(BooleanChunked::from_iter(std::iter::repeat_n(None::<bool>, column.len())))
        }
        other => Err(BackendError::Unreadable {
            table: table.name.clone(),
            message: format!(
                "column {:?} is {other}, where purchases need true or false; \
                 correct it, or name another one under [roles.items_columns] in database.toml",
                column.name()
            ),
        }),
    }
}
