//! Who the customers are, and whose each row is: customers numbered without gaps, and for each row of a table
//! the number of its customer and of its order.
//!
//! A number that comes out of a [`RowMap`](row_map::RowMap) is below the count that the map was checked with
//! ([`RowMap::check_ids`](row_map::RowMap::check_ids)).

pub mod customer_index;
mod order_builder;
mod order_numbers;
pub mod orders;
pub mod read_orders;
pub mod row_map;
pub mod row_map_chunk;
pub mod row_order;
pub mod rows_by_customer;
pub mod set_writer;
pub mod universe;
