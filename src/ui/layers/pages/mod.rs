//! The pages of the open segment, drawn.

mod breakdown;
mod breakdown_table;
mod compare;
mod customers;
mod draw;
mod overlaps;
mod page_line;
mod summary;

pub use draw::draw;
