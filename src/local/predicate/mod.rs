//! Predicates over the values of a column, and the rows of a table on which they hold.

pub mod column_test;
pub mod date_test;
pub mod interval;
pub mod passing;
pub mod row_test;
pub mod text_test;
