//! Finds the orders in the items table.

use std::hash::BuildHasher;
use std::sync::mpsc::sync_channel;

use fixedbitset::FixedBitSet;
use hashbrown::{DefaultHashBuilder, HashTable};
use polars::prelude::{BooleanChunked, Column, DataFrame, DataType};

use super::numbered::{Made, Shelving};
use super::numbered_piece::{NONE, NumberedPiece};
use super::orders::OrderIndex;
use super::row_index::RowIndex;
use super::universe::CHECKED;
use crate::local::columns::Texts;
use crate::local::files::{ItemsColumns, Table, id_texts};
use crate::local::kept::Shelf;
use crate::local::pieces::{Pieces, content};
use crate::local::values::{Point, points};
use crate::local::{Cancel, EngineError};

/// Purchases are the rows of customers, without returns and cancellations, with an order id and a date. An
/// order is identified by customer and order id together; it is as early as its earliest row. So a
/// customer's first order is that of the first row by date and time, then order id.
pub fn read_orders(
    table: &Table,
    columns: &ItemsColumns,
    (index, sequence): (&RowIndex, Sequence),
    universe_size: usize,
    shelf: Option<Shelf>,
    pieces: Pieces<'_>,
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
    let asked = Asked { table, columns, flags: &flags };
    let shelving = Shelving { shelf, pieces };
    let mut found = Found::new(universe_size, sequence, shelving);
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
    orders.shelve();
    Ok(orders)
}

/// Where orders are looked for.
struct Asked<'a> {
    table: &'a Table,
    columns: &'a ItemsColumns,
    /// The columns that drop a row.
    flags: &'a [&'a str],
}

/// In which sequence the rows of customers follow one another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sequence {
    /// In the order of the customers' numbers.
    Ascending,
    /// No customer comes again once another one has come.
    ByCustomer,
    Any,
}

/// The orders so far, numbered as they appear.
struct Found<'a> {
    sequence: Sequence,
    shelving: Shelving<'a>,
    pieces: PiecesSoFar,
    /// For each customer how many orders there are, one place further.
    counts: Vec<u32>,
    earliest: Earliest,
    names: Names,
}

/// The orders of the rows so far.
enum PiecesSoFar {
    /// They will get other numbers.
    Provisional(Vec<NumberedPiece>),
    Final(Vec<Made>),
}

/// The first row of each customer by date and time, then order id: when, and its order.
enum Earliest {
    /// That of the customer in hand, and the orders of those before.
    Ascending(Option<(usize, (Point, u32))>, Vec<u32>),
    Any(Vec<Option<(Point, u32)>>),
}

impl<'a> Found<'a> {
    fn new(universe_size: usize, sequence: Sequence, shelving: Shelving<'a>) -> Self {
        let (pieces, earliest) = match sequence {
            Sequence::Ascending => (PiecesSoFar::Final(Vec::new()), Earliest::Ascending(None, Vec::new())),
            Sequence::ByCustomer | Sequence::Any => {
                (PiecesSoFar::Provisional(Vec::new()), Earliest::Any(vec![None; universe_size]))
            }
        };
        let names = Names { is_ascending: sequence == Sequence::Ascending, ..Names::default() };
        Self { sequence, shelving, pieces, counts: vec![0; universe_size + 1], earliest, names }
    }

    /// Adds to `numbers` the orders of the rows of a frame.
    fn rows(
        &mut self,
        frame: &DataFrame,
        Asked { table, columns, flags }: &Asked<'_>,
        customers: &mut dyn Iterator<Item = Option<usize>>,
        numbers: &mut Vec<u32>,
        cancel: &Cancel,
    ) -> Result<(), EngineError> {
        let unreadable = EngineError::unreadable(&table.name);
        let column = |name: &str| frame.column(name).map_err(&unreadable);
        let ids = id_texts(column(&columns.order_id)?).map_err(&unreadable)?;
        let times = points(column(&columns.order_datetime)?).transpose().map_err(&unreadable)?;
        let times = times.ok_or_else(|| no_dates(table, &columns.order_datetime))?;
        let is_kept = kept(table, frame, flags)?;
        let rows = ids.iter().zip(times).zip(is_kept).zip(customers);
        for (row, (((id, time), is_kept), customer)) in rows.enumerate() {
            if row % CHECKED == 0 {
                cancel.check()?;
            }
            numbers.push(match (id, time, customer, is_kept) {
                (Some(id), Some(time), Some(customer), true) => self.row(customer, id, time),
                _ => NONE,
            });
        }
        Ok(())
    }

    /// Adds a piece: the orders of its rows.
    fn piece(&mut self, number: usize, numbers: &[u32]) {
        let piece = NumberedPiece::of(numbers);
        match &mut self.pieces {
            PiecesSoFar::Provisional(pieces) => pieces.push(piece),
            PiecesSoFar::Final(made) => made.push(self.shelving.put(number, piece)),
        }
    }

    /// The order of a row.
    fn row(&mut self, customer: usize, id: &str, time: Point) -> u32 {
        let owner = u32::try_from(customer).unwrap_or(NONE);
        if self.sequence != Sequence::Any && self.names.last_owner.is_some_and(|last| last != owner) {
            self.names.forget();
        }
        let (order, is_new) = self.names.number(owner, id);
        if is_new && let Some(count) = self.counts.get_mut(customer + 1) {
            *count += 1;
        }
        let names = &self.names;
        let is_earlier =
            |(known, of): (Point, u32)| time.cmp(&known).then_with(|| id.cmp(names.text(of))).is_lt();
        match &mut self.earliest {
            Earliest::Ascending(Some((of, earliest)), _) if *of == customer => {
                if is_earlier(*earliest) {
                    *earliest = (time, order);
                }
            }
            Earliest::Ascending(current, done) => {
                done.extend(current.replace((customer, (time, order))).map(|(_, (_, order))| order));
            }
            Earliest::Any(all) => {
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
    fn finish(self, cancel: &Cancel) -> Result<OrderIndex, EngineError> {
        let Self { shelving, pieces, counts: mut starts, earliest, names, .. } = self;
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
            Earliest::Ascending(current, mut done) => {
                done.extend(current.map(|(_, (_, order))| order));
                done
            }
            Earliest::Any(all) => all.into_iter().flatten().map(|(_, order)| order).collect(),
        };
        let made = match pieces {
            PiecesSoFar::Final(made) => made,
            PiecesSoFar::Provisional(pieces) => {
                let renumbered = renumbered(&owners, starts.clone());
                let anew = |order: u32| renumbered.get(order as usize).copied().unwrap_or(NONE);
                firsts.iter_mut().for_each(|first| *first = anew(*first));
                let piece = |(number, piece): (usize, NumberedPiece)| {
                    cancel.check()?;
                    let orders = piece.iter().map(|order| order.and_then(|order| u32::try_from(order).ok()));
                    let orders: Vec<u32> = orders.map(|order| order.map_or(NONE, anew)).collect();
                    Ok(shelving.put(number, NumberedPiece::of(&orders)))
                };
                pieces.into_iter().enumerate().map(piece).collect::<Result<_, EngineError>>()?
            }
        };
        let mut first_orders = FixedBitSet::with_capacity(count as usize);
        first_orders.extend(firsts.into_iter().map(|first| first as usize));
        Ok(OrderIndex { orders: shelving.finish(made)?, starts, firsts: first_orders })
    }
}

/// The number of each order, customer by customer. `next` are the first ones of all customers.
fn renumbered(owners: &[u32], mut next: Vec<u32>) -> Vec<u32> {
    let number = |owner: &u32| {
        let Some(next) = next.get_mut(*owner as usize) else { return NONE };
        *next += 1;
        *next - 1
    };
    owners.iter().map(number).collect()
}

/// The orders by their owners and ids. Those that nobody will ask for are forgotten.
#[derive(Default)]
struct Names {
    /// How many orders there are.
    count: u32,
    last_owner: Option<u32>,
    /// Whose order each is; empty where the owners ascend and it is that of the customer in hand.
    owners: Vec<u32>,
    is_ascending: bool,
    /// The first order that is not forgotten, and the ids from it on.
    first: u32,
    texts: Texts,
    /// An order, and a part of the hash of its owner and id.
    orders: HashTable<(u32, u32)>,
    hasher: DefaultHashBuilder,
}

impl Names {
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
