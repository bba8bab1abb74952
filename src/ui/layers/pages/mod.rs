//! The pages of the open segment, drawn.

mod breakdown;
mod breakdown_table;
mod breakdown_words;
mod compare;
mod customers;
mod draw;
mod explain;
mod overlaps;
mod page_line;
mod summary;
mod summary_cards;
mod summary_definition;
mod summary_figures;
mod summary_pen;

pub use draw::draw;
pub(super) use summary_definition::all as whole_definition;
pub(super) use summary_figures::branch;
