//! For whom a condition holds: attributes, purchases, aggregates, worked out over the chunks of a table.

pub mod aggregate;
pub mod attribute;
pub mod by_customer;
pub mod most_frequent;
pub mod purchase;
pub mod purchase_spec;
pub mod sort_keys;
pub mod table_bitmap;
pub mod value_ids;
