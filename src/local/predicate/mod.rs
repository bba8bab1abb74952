//! Predicates over the values of a column, and the rows of a table on which they hold.

pub(crate) mod column_predicate;
pub(crate) mod date_predicate;
pub(crate) mod interval;
pub(crate) mod key_set;
pub(crate) mod row_filter;
pub(crate) mod row_mask;
pub(crate) mod text_predicate;
