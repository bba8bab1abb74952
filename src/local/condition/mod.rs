//! For whom a condition holds: attributes, purchases, aggregates, worked out over the chunks of a table.

pub mod aggregate;
pub mod attribute;
pub(crate) mod by_customer;
pub(crate) mod count_lanes;
pub(crate) mod most_frequent;
pub mod purchase;
pub(crate) mod purchase_spec;
pub(crate) mod sort_keys;
pub(crate) mod table_bitmap;
pub(crate) mod value_bits;
pub(crate) mod value_ids;
