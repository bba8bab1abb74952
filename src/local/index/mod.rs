//! Who the customers are, and whose each row is: customers numbered without gaps, and for each row of a table
//! the number of its customer and of its order.

pub mod grouped;
pub mod numbered;
pub mod numbered_piece;
pub mod orders;
pub mod read_orders;
pub mod row_index;
pub mod universe;
