//! The pages of the open segment, drawn.

mod breakdown;
mod compare;
mod customers;
mod draw;
mod summary;

pub use draw::draw;
