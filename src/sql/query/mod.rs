//! Segments as queries: each part a common table expression.

mod aggregate;
mod attribute;
mod lists;
mod nodes;
mod purchase;
mod purchases;
mod purchases_table;
mod sql_segment;
mod table;
mod universe;
mod visual;
mod workspace_table;
mod writer;

pub(crate) use sql_segment::write_sql_segment;
pub(crate) use table::TableSource;
pub(crate) use visual::{head, write_visual};
pub(crate) use writer::QueryWriter;
