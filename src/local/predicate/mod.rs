//! Predicates over the values of a column, and the rows of a table on which they hold.

pub mod column_predicate;
pub mod date_predicate;
pub mod interval;
pub mod key_set;
pub mod row_filter;
pub mod row_mask;
pub mod text_predicate;
