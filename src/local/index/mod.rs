//! Who the customers are, and whose each row is: customers numbered without gaps, and for each row of a table
//! the number of its customer and of its order.
//!
//! A number that comes out of a [`RowMap`](row_map::RowMap) is below the count that the map was checked with
//! ([`RowMap::check_ids`](row_map::RowMap::check_ids)).

mod customer_chunks;
pub(crate) mod customer_index;
pub(crate) mod customers;
mod order_key;
mod order_numbering;
pub(crate) mod order_numbers;
mod order_runs;
pub mod orders;
pub(crate) mod purchase_rows;
mod read_ids;
pub(crate) mod read_orders;
pub(crate) mod row_map;
pub(crate) mod row_map_chunk;
pub(crate) mod rows_by_customer;
pub(crate) mod set_writer;
pub mod universe;
