//! Finds the orders in the items table.

use std::sync::mpsc::sync_channel;

use polars::prelude::{BooleanChunked, Column, DataFrame, DataType};

use super::customer_index::CustomerIndex;
use super::order_builder::OrderBuilder;
use super::orders::OrderIndex;
use super::row_map::RowMapWriter;
use super::row_map_chunk::NO_ID;
use super::row_order::RowOrder;
use super::universe::ROWS_BETWEEN_CHECKS;
use crate::backend::{BackendError, Cancel};
use crate::database::{ItemsColumns, Table};
use crate::local::cache::CacheSlot;
use crate::local::chunk_reader::{ChunkReader, ReadableTable};
use crate::local::consistency::check_length;
use crate::local::error::unreadable;
use crate::local::files::id_texts;
use crate::local::values::timestamps;

/// Purchases are the rows of customers, without returns and cancellations, with an order id and a date. An
/// order is identified by customer and order id together; it is as early as its earliest row. So a
/// customer's first order is that of the first row by date and time, then order id.
pub(crate) fn read_orders(
    table: &Table,
    columns: &ItemsColumns,
    (index, row_order): (&CustomerIndex, RowOrder),
    universe_size: usize,
    slot: Option<CacheSlot>,
    reader: ChunkReader<'_>,
) -> Result<OrderIndex, BackendError> {
    let source = ReadableTable::new(table)?;
    index.customers.check_ids(universe_size)?;
    let chunks = reader.chunk_count(source);
    check_length("chunks of an index", index.customers.chunks(), chunks)?;
    let columns = OrderColumns::new(table, columns);
    let wanted = columns.names();
    let mut builder = OrderBuilder::new(universe_size, row_order, RowMapWriter { slot, reader });
    std::thread::scope(|scope| {
        // One chunk is read while the orders of the one before are found.
        let (send, receive) = sync_channel(0);
        let wanted = &wanted;
        scope.spawn(move || {
            for number in 0..chunks {
                for frame in reader.frames(source, wanted, number) {
                    let is_last = frame.is_err();
                    if send.send(frame).is_err() || is_last {
                        return;
                    }
                }
            }
        });
        for number in 0..chunks {
            let customers = index.customers.chunk(number, reader)?;
            let mut orders = Vec::with_capacity(customers.rows());
            let mut of_rows = customers.iter();
            while orders.len() < customers.rows() {
                // The other end is gone only after an error that it has sent.
                let Ok(frame) = receive.recv() else { break };
                columns.add_orders(&frame?, &mut builder, &mut of_rows, &mut orders, reader.cancel)?;
            }
            check_length("orders of rows", orders.len(), customers.rows())?;
            builder.add_chunk(number, &orders);
        }
        Ok::<_, BackendError>(())
    })?;
    let orders = builder.finish(reader.cancel)?;
    orders.store();
    Ok(orders)
}

/// The columns of the items table that say what an order is.
struct OrderColumns<'a> {
    table: &'a Table,
    columns: &'a ItemsColumns,
    /// The columns that drop a row.
    flags: Vec<&'a str>,
}

impl<'a> OrderColumns<'a> {
    fn new(table: &'a Table, columns: &'a ItemsColumns) -> Self {
        let flags = [&columns.is_return, &columns.is_cancellation];
        let flags = flags.into_iter().filter(|name| table.column(name).is_some()).map(String::as_str);
        Self { table, columns, flags: flags.collect() }
    }

    /// Each of them once.
    fn names(&self) -> Vec<&'a str> {
        let mut names = vec![self.columns.order_id.as_str(), self.columns.order_datetime.as_str()];
        names.extend(&self.flags);
        names.sort_unstable();
        names.dedup();
        names
    }

    /// Adds to `orders` those of the rows of a frame.
    fn add_orders(
        &self,
        frame: &DataFrame,
        builder: &mut OrderBuilder<'_>,
        customers: &mut dyn Iterator<Item = Option<usize>>,
        orders: &mut Vec<u32>,
        cancel: &Cancel,
    ) -> Result<(), BackendError> {
        let Self { table, columns, flags } = self;
        let unreadable = unreadable(&table.name);
        let column = |name: &str| frame.column(name).map_err(&unreadable);
        let ids = id_texts(column(&columns.order_id)?).map_err(&unreadable)?;
        let times = timestamps(column(&columns.order_datetime)?).transpose().map_err(&unreadable)?;
        let times = times.ok_or_else(|| no_dates(table, &columns.order_datetime))?;
        let is_counted = counted(table, frame, flags)?;
        let rows = ids.iter().zip(times).zip(is_counted).zip(customers);
        for (row, (((id, time), is_counted), customer)) in rows.enumerate() {
            if row % ROWS_BETWEEN_CHECKS == 0 {
                cancel.check()?;
            }
            orders.push(match (id, time, customer, is_counted) {
                (Some(id), Some(time), Some(customer), true) => builder.add_row(to_u32(customer), id, time),
                _ => NO_ID,
            });
        }
        Ok(())
    }
}

#[allow(clippy::cast_possible_truncation)] // ids of a row map are of 32 bits
fn to_u32(customer: usize) -> u32 {
    customer as u32
}

fn no_dates(table: &Table, column: &str) -> BackendError {
    BackendError::Unreadable {
        table: table.name.clone(),
        message: format!("column {column:?} holds no dates any more; open the database again"),
        help: None,
    }
}

/// Which rows no flag drops: true drops a row, false and NULL keep it.
fn counted(table: &Table, frame: &DataFrame, flags: &[&str]) -> Result<Vec<bool>, BackendError> {
    let mut counted = vec![true; frame.height()];
    for name in flags {
        let column = frame.column(name).map_err(unreadable(&table.name))?;
        for (counted, drops) in counted.iter_mut().zip(flag(table, column)?.iter()) {
            *counted &= drops != Some(true);
        }
    }
    Ok(counted)
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
            help: None,
        }),
    }
}
