//! For whom a criterion holds: attributes, purchases, aggregates, worked out over the pieces of a table.

pub mod aggregate;
pub mod attribute;
pub mod by_customer;
pub mod dense;
pub mod frequent;
pub mod keys;
pub mod purchase;
