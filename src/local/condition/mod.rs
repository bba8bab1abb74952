//! For whom a criterion holds: attributes, purchases, aggregates, worked out over the pieces of a table.

pub mod aggregate;
pub mod attribute;
pub mod by_customer;
pub mod most_frequent;
pub mod purchase;
pub mod sort_keys;
pub mod value_ids;
