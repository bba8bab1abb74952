//! Purchases (`segment-language.md`, Purchase behaviours): which rows of the items table are purchases,
//! and of which orders.

use std::collections::HashMap;
use std::sync::Arc;

use polars::prelude::{BooleanChunked, Column, DataFrame, DataType};

use super::index::{NOBODY, RowIndex, customers_from};
use super::scan::scan;
use super::values::{Point, points};
use super::{Cancel, EngineError};
use crate::catalog::{ItemsColumns, Table, id_texts};

/// The order of each row of the items table, for the rows that are purchases.
pub struct OrderIndex {
    orders: Vec<u32>,
    /// The customer of each order.
    customers: Vec<u32>,
    /// The first order of each customer.
    firsts: Vec<u32>,
}

impl OrderIndex {
    /// Purchases are the rows of customers, without returns and cancellations, with an order id and a
    /// date. An order is identified by customer and order id together; it is as early as its earliest
    /// row. So a customer's first order is that of the first row by date and time, then order id.
    pub fn read(
        table: &Table,
        columns: &ItemsColumns,
        index: &RowIndex,
        universe_size: usize,
        cancel: &Cancel,
    ) -> Result<Self, EngineError> {
        let unreadable = EngineError::unreadable(&table.name);
        let flags: Vec<&str> = [&columns.is_return, &columns.is_cancellation]
            .into_iter()
            .filter(|name| table.column(name).is_some())
            .map(String::as_str)
            .collect();
        let mut wanted = vec![columns.order_id.as_str(), columns.order_datetime.as_str()];
        wanted.extend(&flags);
        let mut names = Names::default();
        let mut numbers: HashMap<(u32, u32), u32> = HashMap::new();
        let (mut orders, mut customers) = (Vec::new(), Vec::new());
        // The first row of each customer by date and time, then order id.
        let mut earliest: Vec<Option<Earliest>> = vec![None; universe_size];
        scan(table, &wanted, cancel, |first, frame| {
            let column = |name: &str| frame.column(name).map_err(&unreadable);
            let ids = id_texts(column(&columns.order_id)?).map_err(&unreadable)?;
            let times = points(column(&columns.order_datetime)?).transpose().map_err(&unreadable)?;
            let times = times.ok_or_else(|| no_dates(table, &columns.order_datetime))?;
            let is_kept = kept(table, frame, &flags)?;
            let rows = ids.iter().zip(times).zip(is_kept).zip(index.from(first));
            for (((id, time), is_kept), customer) in rows {
                let (Some(id), Some(time), Some(customer), true) = (id, time, customer, is_kept) else {
                    orders.push(NOBODY);
                    continue;
                };
                let (name, owner) = (names.number(id), u32::try_from(customer).unwrap_or(NOBODY));
                let next = length(&numbers);
                let order = *numbers.entry((owner, name)).or_insert_with(|| {
                    customers.push(owner);
                    next
                });
                orders.push(order);
                if let Some(earliest) = earliest.get_mut(customer) {
                    let is_earlier = earliest.is_none_or(|known| {
                        let by_id = || id.cmp(names.text(known.name));
                        time.cmp(&known.time).then_with(by_id).is_lt()
                    });
                    if is_earlier {
                        *earliest = Some(Earliest { time, name, order });
                    }
                }
            }
            Ok(())
        })?;
        let firsts = earliest.into_iter().map(|known| known.map_or(NOBODY, |known| known.order)).collect();
        Ok(Self { orders, customers, firsts })
    }

    /// The order of each row from `first` on; `None` for a row that is no purchase.
    pub fn from(&self, first: usize) -> impl Iterator<Item = Option<usize>> {
        customers_from(&self.orders, first)
    }

    /// How many orders there are.
    pub fn len(&self) -> usize {
        self.customers.len()
    }

    /// Whose order it is.
    pub fn customer(&self, order: usize) -> Option<usize> {
        self.customers.get(order).map(|customer| *customer as usize)
    }

    /// Whether it is its customer's first order, by date and time, then order id as text.
    pub fn is_first(&self, order: usize) -> bool {
        let first = self.customer(order).and_then(|customer| self.firsts.get(customer));
        first.is_some_and(|first| *first as usize == order)
    }
}

/// The order ids by number.
#[derive(Default)]
struct Names {
    numbers: HashMap<Arc<str>, u32>,
    texts: Vec<Arc<str>>,
}

impl Names {
    fn number(&mut self, text: &str) -> u32 {
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        let (number, text) = (length(&self.numbers), Arc::<str>::from(text));
        self.texts.push(Arc::clone(&text));
        self.numbers.insert(text, number);
        number
    }

    fn text(&self, number: u32) -> &str {
        self.texts.get(number as usize).map_or("", |text| text)
    }
}

/// The earliest row of a customer so far.
#[derive(Clone, Copy)]
struct Earliest {
    time: Point,
    name: u32,
    order: u32,
}

fn no_dates(table: &Table, column: &str) -> EngineError {
    EngineError::Unreadable {
        table: table.name.clone(),
        message: format!("column {column:?} holds no dates any more; open the database again"),
    }
}

fn length<K, V>(map: &HashMap<K, V>) -> u32 {
    u32::try_from(map.len()).unwrap_or(NOBODY)
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
