//! Who the customers are, and whose each row is: customers numbered without gaps, and for each row of a table
//! the number of its customer and of its order.

pub mod customer_index;
pub mod orders;
pub mod read_orders;
pub mod row_map;
pub mod row_map_chunk;
pub mod rows_by_customer;
pub mod universe;
