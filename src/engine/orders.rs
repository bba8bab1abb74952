//! Purchases (`segment-language.md`, Purchase behaviours): which rows of the items table are purchases,
//! and of which orders.

use std::collections::HashMap;

use polars::prelude::{BooleanChunked, Column, DataFrame, DataType};

use super::index::{NOBODY, RowIndex, customers_from};
use super::scan::scan;
use super::values::id_texts;
use super::{Cancel, EngineError};
use crate::catalog::{ItemsColumns, Table};

/// The order of each row of the items table, for the rows that are purchases.
pub struct OrderIndex {
    orders: Vec<u32>,
    /// The customer of each order.
    customers: Vec<u32>,
}

impl OrderIndex {
    /// Purchases are the rows of customers, without returns and cancellations, with an order id and a
    /// date. An order is identified by customer and order id together.
    pub fn read(
        table: &Table,
        columns: &ItemsColumns,
        index: &RowIndex,
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
        let mut names: HashMap<String, u32> = HashMap::new();
        let mut numbers: HashMap<(u32, u32), u32> = HashMap::new();
        let (mut orders, mut customers) = (Vec::new(), Vec::new());
        scan(table, &wanted, cancel, |first, frame| {
            let column = |name: &str| frame.column(name).map_err(&unreadable);
            let ids = id_texts(column(&columns.order_id)?).map_err(&unreadable)?;
            let is_dated = column(&columns.order_datetime)?.is_not_null();
            let is_kept = kept(table, frame, &flags)?;
            let rows = ids.iter().zip(is_dated.iter()).zip(is_kept).zip(index.from(first));
            for (((id, is_dated), is_kept), customer) in rows {
                let order = match (id, customer.and_then(|customer| u32::try_from(customer).ok())) {
                    (Some(id), Some(customer)) if is_dated == Some(true) && is_kept => {
                        let next = length(&names);
                        let name = match names.get(id) {
                            Some(name) => *name,
                            None => *names.entry(id.to_owned()).or_insert(next),
                        };
                        let next = length(&numbers);
                        *numbers.entry((customer, name)).or_insert_with(|| {
                            customers.push(customer);
                            next
                        })
                    }
                    _ => NOBODY,
                };
                orders.push(order);
            }
            Ok(())
        })?;
        Ok(Self { orders, customers })
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
