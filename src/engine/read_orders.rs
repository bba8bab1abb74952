//! Finds the orders in the items table.

use std::hash::BuildHasher;
use std::sync::mpsc::sync_channel;

use fixedbitset::FixedBitSet;
use hashbrown::{DefaultHashBuilder, HashTable};
use polars::prelude::{BooleanChunked, Column, DataFrame, DataType};

use super::grouped::Grouped;
use super::index::RowIndex;
use super::numbered::{NONE, Numbered, NumberedPiece};
use super::orders::OrderIndex;
use super::pieces::{content, pieces_of, rows};
use super::store::Texts;
use super::universe::CHECKED;
use super::values::{Point, points};
use super::{Cancel, EngineError};
use crate::catalog::{ItemsColumns, Table, id_texts};

/// Purchases are the rows of customers, without returns and cancellations, with an order id and a date. An
/// order is identified by customer and order id together; it is as early as its earliest row. So a
/// customer's first order is that of the first row by date and time, then order id.
pub fn read_orders(
    table: &Table,
    columns: &ItemsColumns,
    (index, grouped): (&RowIndex, &Grouped),
    universe_size: usize,
    cancel: &Cancel,
) -> Result<OrderIndex, EngineError> {
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
    let mut found = Found::new(universe_size, matches!(grouped, Grouped::Runs(_)));
    std::thread::scope(|scope| {
        // One piece is read while the orders of the one before are found.
        let (send, receive) = sync_channel(0);
        let wanted = &wanted;
        scope.spawn(move || {
            for number in 0..pieces_of(content) {
                let frame = cancel.check().and_then(|()| rows(table, content, wanted, number));
                let is_last = frame.is_err();
                if send.send(frame).is_err() || is_last {
                    return;
                }
            }
        });
        for (frame, customers) in receive.into_iter().zip(&index.customers.pieces) {
            found.piece(table, columns, &flags, &frame?, customers, cancel)?;
        }
        Ok(())
    })?;
    found.finish(universe_size, cancel)
}

/// The orders so far, numbered as they appear.
struct Found {
    pieces: Vec<NumberedPiece>,
    /// Whose order each is.
    owners: Vec<u32>,
    /// The first row of each customer by date and time, then order id: when, and its order.
    earliest: Vec<Option<(Point, u32)>>,
    /// Whether no customer comes again once another one has come.
    is_by_customer: bool,
    names: Names,
}

impl Found {
    fn new(universe_size: usize, is_by_customer: bool) -> Self {
        Self {
            pieces: Vec::new(),
            owners: Vec::new(),
            earliest: vec![None; universe_size],
            is_by_customer,
            names: Names::default(),
        }
    }

    fn piece(
        &mut self,
        table: &Table,
        columns: &ItemsColumns,
        flags: &[&str],
        frame: &DataFrame,
        customers: &NumberedPiece,
        cancel: &Cancel,
    ) -> Result<(), EngineError> {
        let unreadable = EngineError::unreadable(&table.name);
        let column = |name: &str| frame.column(name).map_err(&unreadable);
        let ids = id_texts(column(&columns.order_id)?).map_err(&unreadable)?;
        let times = points(column(&columns.order_datetime)?).transpose().map_err(&unreadable)?;
        let times = times.ok_or_else(|| no_dates(table, &columns.order_datetime))?;
        let is_kept = kept(table, frame, flags)?;
        let mut numbers = Vec::with_capacity(frame.height());
        let rows = ids.iter().zip(times).zip(is_kept).zip(customers.iter());
        for (row, (((id, time), is_kept), customer)) in rows.enumerate() {
            if row % CHECKED == 0 {
                cancel.check()?;
            }
            numbers.push(match (id, time, customer, is_kept) {
                (Some(id), Some(time), Some(customer), true) => self.row(customer, id, time),
                _ => NONE,
            });
        }
        self.pieces.push(NumberedPiece::of(&numbers));
        Ok(())
    }

    /// The order of a row.
    fn row(&mut self, customer: usize, id: &str, time: Point) -> u32 {
        let owner = u32::try_from(customer).unwrap_or(NONE);
        if self.is_by_customer && self.owners.last().is_some_and(|last| *last != owner) {
            self.names.forget(self.owners.len());
        }
        let order = self.names.number(&mut self.owners, owner, id);
        if let Some(earliest) = self.earliest.get_mut(customer) {
            let names = &self.names;
            let is_earlier = earliest
                .is_none_or(|(known, of)| time.cmp(&known).then_with(|| id.cmp(names.text(of))).is_lt());
            if is_earlier {
                *earliest = Some((time, order));
            }
        }
        order
    }

    /// Numbers the orders anew, customer by customer.
    fn finish(self, universe_size: usize, cancel: &Cancel) -> Result<OrderIndex, EngineError> {
        let Self { mut pieces, owners, earliest, names, .. } = self;
        drop(names);
        let mut starts = vec![0_u32; universe_size + 1];
        for owners in owners.chunks(CHECKED) {
            cancel.check()?;
            for owner in owners {
                if let Some(count) = starts.get_mut(*owner as usize + 1) {
                    *count += 1;
                }
            }
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        let mut firsts: Vec<u32> = earliest.into_iter().flatten().map(|(_, order)| order).collect();
        if !owners.is_sorted() {
            let mut next = starts.clone();
            cancel.check()?;
            let renumbered: Vec<u32> = owners
                .iter()
                .map(|owner| {
                    let Some(next) = next.get_mut(*owner as usize) else { return NONE };
                    *next += 1;
                    *next - 1
                })
                .collect();
            let anew = |order: u32| renumbered.get(order as usize).copied().unwrap_or(NONE);
            firsts.iter_mut().for_each(|first| *first = anew(*first));
            for piece in &mut pieces {
                cancel.check()?;
                let orders = piece.iter().map(|order| order.and_then(|order| u32::try_from(order).ok()));
                let orders: Vec<u32> = orders.map(|order| order.map_or(NONE, anew)).collect();
                *piece = NumberedPiece::of(&orders);
            }
        }
        let mut first_orders = FixedBitSet::with_capacity(owners.len());
        first_orders.extend(firsts.into_iter().map(|first| first as usize));
        Ok(OrderIndex { orders: Numbered { pieces }, starts, firsts: first_orders })
    }
}

/// The ids of the orders from `first` on.
#[derive(Default)]
struct Names {
    first: usize,
    texts: Texts,
    /// An order, and a part of the hash of its owner and id.
    orders: HashTable<(u32, u32)>,
    hasher: DefaultHashBuilder,
}

impl Names {
    /// Forgets the orders before `first`; nobody will ask for them.
    fn forget(&mut self, first: usize) {
        self.first = first;
        self.texts.clear();
        self.orders.clear();
    }

    /// The order of this owner and id; a new one is added to `owners`.
    fn number(&mut self, owners: &mut Vec<u32>, owner: u32, id: &str) -> u32 {
        let last = u32::try_from(owners.len()).unwrap_or(NONE).wrapping_sub(1);
        if owners.last() == Some(&owner) && self.texts.len() > 0 && self.text(last) == id {
            return last;
        }
        #[allow(clippy::cast_possible_truncation)] // half of a hash is a hash
        let hash = self.hasher.hash_one((owner, id)) as u32;
        let wide = |hash: u32| u64::from(hash) << 32 | u64::from(hash);
        let is_it = |entry: &(u32, u32)| {
            entry.1 == hash && owners.get(entry.0 as usize) == Some(&owner) && self.text(entry.0) == id
        };
        if let Some(known) = self.orders.find(wide(hash), is_it) {
            return known.0;
        }
        owners.push(owner);
        self.texts.push(id);
        let order = last.wrapping_add(1);
        self.orders.insert_unique(wide(hash), (order, hash), |entry| wide(entry.1));
        order
    }

    fn text(&self, order: u32) -> &str {
        (order as usize).checked_sub(self.first).map_or("", |at| self.texts.get(at))
    }
}

fn no_dates(table: &Table, column: &str) -> EngineError {
    EngineError::Unreadable {
        table: table.name.clone(),
        message: format!("column {column:?} holds no dates any more; open the database again"),
    }
}
/// Which rows no flag drops: true drops a row, false and NULL keep it.
fn kept(table: &Table, frame: &DataFrame, flags: &[&str]) -> Result<Vec<bool>, EngineError> {
    let mut kept = vec![true; frame.height()];
    for name in flags {
        let column = frame.column(name).map_err(EngineError::unreadable(&table.name))?;
        for (kept, drops) in kept.iter_mut().zip(flag(table, column)?.iter()) {
            *kept &= drops != Some(true);
        }
    }
    Ok(kept)
}

/// A flag that cannot be read must not pass for one that keeps everything.
fn flag(table: &Table, column: &Column) -> Result<BooleanChunked, EngineError> {
    match column.dtype() {
        DataType::Boolean => column.bool().cloned().map_err(EngineError::unreadable(&table.name)),
        // A column without any value has no type of its own.
        _ if column.null_count() == column.len() => {
            Ok(BooleanChunked::from_iter(std::iter::repeat_n(None::<bool>, column.len())))
        }
        other => Err(EngineError::Unreadable {
            table: table.name.clone(),
            message: format!(
                "column {:?} is {other}, where purchases need true or false; \
                 correct it, or name another one under [roles.items_columns] in database.toml",
                column.name()
            ),
        }),
    }
}
